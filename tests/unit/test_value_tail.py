"""The worst twentieth, by hand.

An accepted answer is worth 66 - 9 - 0.012 = 56.988, an edited one 4.5 less (3 minutes), a redone one or one whose
harm was noticed -9.012, an escaped error 56.988 less its loss of 800 or, if grave, 5000.
"""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.value.money import net_per_case
from bench.value.tail import tail
from tests.small_parts import answers, harmless, parts, supposed
from tests.small_run import SCORES, suite_of

slowly = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WRONG, GRAVE, REDONE, ACCEPTED = 56.988 - 800, 56.988 - 5000, -9.012, 56.988


@pytest.fixture(scope="module")
def hundred(tmp_path_factory):
    """A hundred items, each its own cluster; no reviewer notices anything."""
    return suite_of(tmp_path_factory.mktemp("hundred"), items=100)


def tail_of(suite, kinds, **told):
    about, found = parts(suite, answers(kinds, **told))
    return tail(about, found["a"])


@pytest.mark.parametrize(
    ("counts", "detects", "worst"),
    [
        ({"harm": 2, "accept": 70, "redo": 28}, 0, (2 * WRONG + 3 * REDONE) / 5),
        ({"harm": 2, "accept": 70, "redo": 28}, 0.5, (1 * WRONG + 4 * REDONE) / 5),
        ({"harm": 2, "accept": 98}, 0.5, (1 * WRONG + 1 * REDONE + 3 * ACCEPTED) / 5),
        ({"harm": 2, "accept": 98}, 1, (2 * REDONE + 3 * ACCEPTED) / 5),
        ({"grave": 1, "harm": 10, "accept": 89}, 0, (1 * GRAVE + 4 * WRONG) / 5),
        ({"harm": 40, "accept": 60}, 0, WRONG),
        ({"redo": 3, "edit": 50, "accept": 47}, 0, (3 * REDONE + 2 * (ACCEPTED - 4.5)) / 5),
        ({"accept": 100}, 0, ACCEPTED),
        ({"edit": 100}, 0, ACCEPTED - 4.5),
    ],
)
def test_the_worst_five_of_a_hundred_cases_are_those_one_would_pick(hundred, counts, detects, worst):  # fmt: skip
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    found = tail_of(supposed(hundred, {"review.detects": detects}), kinds)
    assert (found.share, found.cases) == (0.05, pytest.approx(worst))


def test_kinds_of_edits_are_taken_together_at_their_mean(hundred):
    """Half of them take 3 minutes, half 2: 3.75 on average."""
    assert tail_of(hundred, ["edit", "light edit"] * 50).cases == pytest.approx(ACCEPTED - 3.75)


def test_every_case_bears_its_share_of_the_fixed_cost(tmp_path):
    """20,000 a month over 1,000 cases; nothing varies, so the worst twentieth is the value itself."""
    suite = supposed(suite_of(tmp_path, change=harmless), {"monthly_cost": 20_000})
    found = tail_of(suite, ["accept"] * 12)
    assert (found.draws, found.cases) == pytest.approx((ACCEPTED - 20, ACCEPTED - 20))


def test_the_tail_of_the_value_is_the_mean_of_its_worst_draws(hundred):
    kinds = ["accept"] * 60 + ["redo"] * 38 + ["harm"] * 2
    about, found = parts(supposed(hundred, {"wage_per_hour": (40, 90, 150)}), answers(kinds))
    worst = np.sort(found["a"].net)[: len(found["a"].net) // 20]
    assert tail(about, found["a"]).draws == pytest.approx(worst.mean())


@slowly
@given(seed=st.integers(0, 10**6), detects=st.floats(0, 1), fixed=st.floats(0, 20_000))
def test_no_tail_lies_above_the_mean(hundred, seed, detects, fixed):
    draw = random.Random(seed)
    weights = [draw.random() ** 3 for _ in SCORES]
    told = {
        "review.detects": detects, "monthly_cost": fixed, "loss.wrong_answer": (0, 800, 3000),
        "wage_per_hour": (40, 90, 150),
    }  # fmt: skip
    about, found = parts(
        supposed(hundred, told), answers(draw.choices(list(SCORES), weights, k=100))
    )
    bad = tail(about, found["a"])
    assert bad.draws <= net_per_case(about, found["a"]).value
    assert bad.cases <= net_per_case(about, found["a"]).value + 1e-9


def test_without_an_outcome_there_is_no_tail_and_without_two_clusters_none_of_the_value(hundred):
    nothing = tail_of(hundred, ["failed"] * 100)
    assert (nothing.draws, nothing.cases) == (None, None)
    alone = tail_of(hundred, ["accept"] + ["failed"] * 99)
    assert (alone.draws, alone.cases) == (None, pytest.approx(ACCEPTED))
