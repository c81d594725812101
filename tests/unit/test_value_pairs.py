"""Pairs of one case told of different people: the share that is judged differently."""

import pytest

from bench.errors import SuiteError
from bench.suites.load import load
from bench.value.ledger import ledger
from tests.small_run import manifest, trial
from tests.small_suite import item, written

RATE = {"title": {"zh": "同病不同判", "en": "judged apart"}, "differs": "right", "within": "pair"}


def paired(number, pair):
    return item(number) | {"tags": {"pair": pair} if pair else {}}


def suite(folder, rate=RATE):
    def change(told):
        told["business"]["rates"]["apart"] = rate

    pairs = ["a", "a", "b", "b", None, "c"]
    return load(str(written(folder, [paired(at, pair) for at, pair in enumerate(pairs)], change)))


def shares(suite, kinds):
    rows = [trial(at, kind) for at, kind in enumerate(kinds) if kind is not None]
    return ledger(suite, rows, manifest())["rate:apart"]


def test_a_pair_counts_once_and_only_where_its_items_are_judged_differently(tmp_path):
    found = shares(suite(tmp_path), ["accept", "harm", "harm", "harm", "accept", "harm"])
    assert found.dropna().tolist() == [1.0, 0.0]


def test_a_pair_with_an_item_that_has_no_answer_counts_neither_way(tmp_path):
    assert shares(
        suite(tmp_path), ["accept", None, "harm", "harm", "harm", "harm"]
    ).dropna().tolist() == [0.0]


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ({"title": RATE["title"], "differs": "right"}, "differs and within go together"),
        ({"title": RATE["title"]}, "needs either when, or differs and within"),
        (RATE | {"when": {"right": "wrong"}}, "needs either when, or differs and within"),
        (RATE | {"differs": "rihgt"}, "no scorer is called 'rihgt'; did you mean 'right'?"),
        (RATE | {"within": "pare"}, "no item has the tag 'pare'; did you mean 'pair'?"),
    ],
)
def test_a_rate_of_pairs_is_checked_when_the_suite_loads(tmp_path, rate, told):
    with pytest.raises(SuiteError, match=told.replace("?", r"\?")):
        suite(tmp_path, rate)
