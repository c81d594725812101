"""Does a technical metric move the business metric that a suite says it drives? On data made to say so, or not.

`style` is the technical metric: any number that the test gives an answer. The outcome of an answer is accepted or
redone, or harmful, which the technical metric then follows or not.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.scoring.score import Scored
from bench.stats import spearman_within
from bench.types import Score
from bench.value.drives import drives
from tests.small_parts import parts
from tests.small_run import suite_of, trial

ITEMS = 60
slowly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer(number, kind, style, candidate="a", latency=1.0):
    """One answer whose technical metric is `style`; None: it has none."""
    row = trial(number, kind, candidate, latency=latency)
    scores = row.scores | {"style": Score(label="right", value=style)}
    return Scored(row.answer, scores)


def driving(folder, metric, items=ITEMS, per_cluster=1):
    """A suite that says `style` drives the metric."""

    def change(told):
        told["drives"] = {"style": metric}
        told["business"]["rates"]["usable"] = {
            "title": {"zh": "可用率", "en": "Usable"}, "when": {"right": "right"}, "better": "higher"
        }  # fmt: skip

    return suite_of(folder, items, per_cluster, change)


def link(suite, rows, names=("a",)):
    about, found = parts(suite, rows, names)
    (told,) = drives(about, found)
    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where suites are written, one for each metric."""
    made = {}

    def suite(metric, **told):
        key = (metric, *told.items())
        if key not in made:
            made[key] = driving(tmp_path_factory.mktemp("suite"), metric, **told)
        return made[key]

    return suite


def following(noise, sign=1, bad="harm", seed=0, items=ITEMS):
    """Good and bad answers in turn; `style` is 1 of good ones and 0 of bad ones (`sign` -1: reversed), and noise."""
    draw = random.Random(seed)
    return [
        answer(n, "accept" if n % 2 else bad, sign * (n % 2) + draw.uniform(0, noise), latency=1 + n % 2 * -0.5)
        for n in range(items)
    ]  # fmt: skip


METRICS_THAT_FOLLOW = [
    "net_value_per_case", "straight_through_rate", "minutes_saved_per_case", "usable", "supply_multiplier",
    "right_first_time", "wrong_rate", "escaped_error_rate", "escaped_loss_per_case", "latency_p50", "latency_p95",
]  # fmt: skip


@pytest.mark.parametrize("metric", METRICS_THAT_FOLLOW)
def test_a_metric_that_the_answers_follow_moves_it_towards_better_whichever_way_better_lies(
    folder, metric
):
    """Good answers are accepted and fast; bad ones are slow and harmful, or redone, which takes minutes."""
    bad = "redo" if metric == "minutes_saved_per_case" else "harm"
    up, down = (link(folder(metric), following(0.5, sign, bad)) for sign in (1, -1))
    assert (up.technical, up.drives, up.finding, down.finding) == ("style", metric, "moves", "moves")  # fmt: skip
    assert up.association.low > 0.5
    assert up.with_value.low > 0.5
    assert down.association.high < -0.5
    assert down.association.value == pytest.approx(-up.association.value, abs=0.1)


def test_of_two_halves_that_never_overlap_the_association_is_that_of_their_ranks(folder):
    """Without noise both are 30 ties against 30 ties, in the same order: rho is 1."""
    assert link(folder("straight_through_rate"), following(0)).association.value == 1.0


def test_noise_that_knows_nothing_of_the_outcome_moves_nothing_once_there_is_enough_of_it(folder):
    """Every outcome meets the same styles, so the ranks are uncorrelated exactly."""
    rows = [answer(n, "harm" if n % 4 < 2 else "accept", n % 2) for n in range(400)]
    told = link(folder("escaped_error_rate", items=400), rows)
    assert told.association.value == pytest.approx(0, abs=1e-12)
    assert told.finding == "nothing"
    few = link(folder("escaped_error_rate", items=12), rows[:12])
    assert few.association.value == pytest.approx(0, abs=1e-12)
    assert few.finding == "unclear"


def test_random_styles_seldom_seem_to_move_anything(folder):
    """Forty candidates apart, 60 answers each; at 90 % some four of them may by chance."""
    suite = folder("straight_through_rate")
    found = []
    for seed in range(40):
        draw = random.Random(seed)
        rows = [answer(n, draw.choice(["accept", "redo"]), draw.random()) for n in range(ITEMS)]
        found.append(link(suite, rows).finding)
    assert set(found) <= {"moves", "nothing", "unclear"}
    assert found.count("moves") <= 8


def test_an_association_too_weak_to_name_is_none_however_sure(folder):
    """Of 3,000 answers the styles of good and bad ones differ by 0.06 of rank: sure to differ, and nothing."""
    draw = random.Random(5)
    rows = [answer(n, "accept" if n % 2 else "redo", draw.random() + 0.06 * (n % 2)) for n in range(3000)]  # fmt: skip
    told = link(folder("straight_through_rate", items=3000), rows)
    assert 0 < told.association.low < told.association.value < 0.1
    assert told.finding == "nothing"


@pytest.mark.parametrize("constant", ["style", "outcome"])
def test_where_one_of_the_two_never_varies_nothing_can_be_said(folder, constant):
    rows = [
        answer(n, "accept" if n % 2 or constant == "outcome" else "redo", 0.7 if constant == "style" else n / 60)
        for n in range(ITEMS)
    ]  # fmt: skip
    told = link(folder("straight_through_rate"), rows)
    assert (told.association.value, told.finding) == (None, "constant")


def test_answers_without_the_technical_metric_take_no_part(folder):
    rows = following(0.1)[:40] + [answer(n, "redo", None) for n in range(40, ITEMS)]
    told = link(folder("straight_through_rate"), rows)
    assert told.association.n == 40
    assert told.finding == "moves"


def better_in_both():
    """A candidate with high styles and few errors and one with low styles and many; within each, no link."""
    return [
        answer(n, "accept" if n % 4 < good else "redo", style + 0.01 * (n // 4 % 2), name)
        for name, good, style in (("a", 3, 0.9), ("b", 1, 0.1))
        for n in range(48)
    ]


def test_candidates_being_better_in_both_is_no_sign_that_one_moves_the_other(folder):
    """Simpson's paradox: pooled, the two go together; with the candidate held fixed, not at all."""
    rows = better_in_both()
    pooled = spearman_within(
        [row.scores["style"].value for row in rows],
        [row.scores["right"].label == "right" for row in rows],
        [0] * len(rows),
    )
    told = link(folder("straight_through_rate", items=48), rows, ("a", "b"))
    assert pooled > 0.4
    assert told.association.value == pytest.approx(0, abs=1e-12)
    assert told.finding != "moves"


def test_repeats_and_clusters_of_alike_answers_do_not_make_it_surer(folder):
    """Twelve clusters of five answers that are all alike hold as much as twelve answers."""
    metric = "straight_through_rate"
    draw = random.Random(2)
    said = [(draw.choice(["accept", "redo"]), draw.random()) for _ in range(12)]
    alone = link(folder(metric, items=12), [answer(n, *each) for n, each in enumerate(said)])
    many = link(folder(metric, per_cluster=5), [answer(n, *said[n // 5]) for n in range(ITEMS)])
    assert many.association.n == 5 * alone.association.n
    assert many.association.value == pytest.approx(alone.association.value)
    width = many.association.high - many.association.low
    assert width == pytest.approx(alone.association.high - alone.association.low, rel=0.05)


def ranked(*candidates, bad="redo"):
    """Rows of candidates given as (share accepted of 12, style); None: the candidate has no style."""
    return [
        answer(n, "accept" if n < good else bad, style, name)
        for name, (good, style) in zip("abcd", candidates, strict=False)
        for n in range(12)
    ]


@pytest.mark.parametrize(
    ("candidates", "agreement"),
    [
        (((3, 0.1), (6, 0.5), (9, 0.9)), 1),
        (((3, 0.9), (6, 0.5), (9, 0.1)), -1),
        (((3, 0.1), (6, 0.9), (9, 0.5)), 0.5),
        (((3, 0.1), (9, 0.9)), None),
        (((3, 0.1), (6, None), (9, 0.9)), None),
        (((3, 0.1), (6, None), (9, 0.9), (10, 0.95)), 1),
        (((3, 0.1), (6, 0.1), (9, 0.1)), None),
    ],
)
def test_ranks_of_candidates_agree_or_not_from_three_on_that_have_both(
    folder, candidates, agreement
):
    names = tuple("abcd"[: len(candidates)])
    told = link(folder("straight_through_rate", items=12), ranked(*candidates), names)
    assert told.rank_agreement == agreement
    assert told.candidates == len(names)


@pytest.mark.parametrize("metric", ["net_value_per_case", "wrong_rate", "escaped_loss_per_case"])
def test_ranks_agree_if_a_higher_style_goes_with_better_be_that_more_or_less(folder, metric):
    rows = ranked((3, 0.1), (6, 0.5), (9, 0.9), bad="harm")
    assert link(folder(metric, items=12), rows, ("a", "b", "c")).rank_agreement == 1


def test_a_scorer_and_a_rate_may_share_a_name(tmp_path):
    def change(told):
        told["drives"] = {"style": "style"}
        told["business"]["rates"]["style"] = {
            "title": {"zh": "对", "en": "Right"}, "when": {"right": "right"}, "better": "higher"
        }  # fmt: skip

    told = link(suite_of(tmp_path, ITEMS, change=change), following(0.5))
    assert told.finding == "moves"


@slowly
@given(seed=st.integers(0, 10**6))
def test_every_association_lies_within_its_interval_and_that_within_one(folder, seed):
    draw = random.Random(seed)
    rows = [
        answer(n, draw.choice(["accept", "redo", "harm"]), draw.random(), name)
        for name in "ab"
        for n in range(24)
    ]
    told = link(folder("net_value_per_case", items=24, per_cluster=2), rows, ("a", "b"))
    for each in (told.association, told.with_value):
        assert -1 <= each.low <= each.value <= each.high <= 1


def test_without_an_outcome_or_a_stated_link_there_is_nothing_to_test(folder, tmp_path):
    about, found = parts(folder("straight_through_rate"), [trial(0, "failed")])
    assert drives(about, found) == []
    about, found = parts(suite_of(tmp_path), [trial(0)])
    assert drives(about, found) == []
