"""Which answers are shown when there are more than a page can hold."""

import random
import time
from collections import Counter

import pandas as pd
import pytest

from bench.value.evidence_choice import chosen_rows


def many(items, candidates=3, repeats=1, seed=0):
    """A ledger's columns that choosing reads, for outcomes at random: rare harm, some failures."""
    draw = random.Random(seed)
    rows, errors = [], []
    for candidate in "abcde"[:candidates]:
        for at in range(items):
            for repeat in range(repeats):
                kind = draw.choices(
                    ("accept", "edit", "redo", "harm", "failed"), (80, 10, 6, 3, 1)
                )[0]
                rows.append((candidate, f"i{at}", repeat, kind, f"t{at % 7}"))
                errors.append(frozenset({f"e{at % 40}"} if kind == "harm" else ()))
    table = pd.DataFrame(rows, columns=["candidate", "item", "repeat", "kind", "tag:topic"])
    table["state"] = table["kind"].map(lambda kind: "failed" if kind == "failed" else "answered")
    table["failure"] = table["kind"].map(lambda kind: "timeout" if kind == "failed" else None)
    table["trouble"] = None
    table["outcome"] = table["kind"].where(table["kind"] != "failed", None)
    classes = [f"loss{at % 4}" for at in range(len(table))]
    table["loss_class"] = pd.Series(classes).where(table["outcome"] == "harm", None)
    return table, errors


@pytest.mark.parametrize("most", [30, 100, 1000])
@pytest.mark.parametrize("repeats", [1, 2])
def test_whole_items_are_chosen_up_to_the_bound(most, repeats):
    table, errors = many(700, repeats=repeats)
    chosen = chosen_rows(table, errors, ["topic"], 0, most)
    assert most - 3 * repeats < len(chosen) <= most
    assert len(set(chosen)) == len(chosen)
    assert set(Counter(table["item"].iloc[chosen]).values()) == {3 * repeats}


def test_rare_things_are_chosen_before_common_ones():
    table, errors = many(3000)
    chosen = table.iloc[chosen_rows(table, errors, ["topic"], 0, 1000)]
    harms = table[table["outcome"] == "harm"]
    assert set(map(tuple, harms[["candidate", "loss_class"]].to_numpy())) <= set(
        map(tuple, chosen[["candidate", "loss_class"]].to_numpy())
    )
    assert (chosen["outcome"] == "harm").mean() > 5 * (table["outcome"] == "harm").mean()
    assert {error for at in chosen.index for error in errors[at]} == {f"e{at}" for at in range(40)}
    assert (chosen["state"] == "failed").sum() >= 30
    assert set(chosen["tag:topic"]) == set(table["tag:topic"])
    assert (chosen["outcome"] == "accept").sum() > 100


def test_a_class_with_many_harms_does_not_crowd_out_the_others():
    table, errors = many(3000)
    table["outcome"], table["loss_class"] = "harm", "common"
    table.loc[table["item"] == "i2999", "loss_class"] = "rare"
    chosen = table.iloc[chosen_rows(table, errors, ["topic"], 0, 90)]
    assert "rare" in set(chosen["loss_class"])


def test_the_choice_is_the_same_every_time_and_another_for_another_seed():
    table, errors = many(500)
    told = chosen_rows(table, errors, ["topic"], 0, 90)
    assert told == chosen_rows(table, errors, ["topic"], 0, 90)
    assert told != chosen_rows(table, errors, ["topic"], 1, 90)


def test_all_answers_are_chosen_where_there_is_room():
    table, errors = many(50)
    assert sorted(chosen_rows(table, errors, [], 0, 150)) == list(range(150))


def test_of_one_item_with_too_many_repeats_the_first_of_every_candidate_are_chosen():
    table, errors = many(1, repeats=1000)
    chosen = table.iloc[chosen_rows(table, errors, ["topic"], 0, 30)]
    assert Counter(chosen["candidate"]) == {"a": 10, "b": 10, "c": 10}
    assert set(chosen["repeat"]) == set(range(10))


def test_nothing_but_failures_can_be_chosen():
    table, errors = many(200)
    table["outcome"], table["loss_class"] = None, None
    table["state"], table["failure"] = "failed", "timeout"
    assert len(chosen_rows(table, errors, ["topic"], 0, 60)) == 60


def test_choosing_among_a_hundred_thousand_is_quick():
    table, errors = many(20_000, candidates=5)
    start = time.process_time()
    chosen = chosen_rows(table, errors, ["topic"], 0, 2500)
    assert time.process_time() - start < 2
    assert 2490 < len(chosen) <= 2500
