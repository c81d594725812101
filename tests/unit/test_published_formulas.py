"""Published and hand-computed numbers of business value, each by the call that yields it."""

import pytest

from bench.stats import non_inferiority
from bench.value.formulas.cascade import cascade_accuracy, cascade_cost, saving_against_big
from bench.value.formulas.earned import earned_value
from bench.value.formulas.horizon import appraise
from bench.value.formulas.hosting import cost_per_million_tokens, kv_cache_gb, weights_gb
from bench.value.formulas.per_case import (
    Stakes,
    acceptance_margin,
    break_even_acceptance,
    conditional_break_even_acceptance,
    conditional_value_per_task,
    cost_per_accepted,
    largest_tolerable_error_rate,
    value_per_task,
)
from bench.value.formulas.review import (
    Effort,
    break_even_success,
    times_better,
    tries_then_by_hand,
    tries_until_good,
)
from bench.value.formulas.tornado import tornado

# 38 minutes saved at 1.5 a minute, 9 to review and discard, 800 lost by an undetected error.
STAKES = Stakes(
    minutes_saved=38,
    wage_per_minute=1.5,
    rejection_cost=9,
    loss_per_error=800,
    inference_cost=0.012,
)
BASE = {"a": 0.72, "S": 38, "w": 1.5, "R": 9, "u": 0.02, "L": 800, "c": 0.012}
RANGES = {
    "a": (0.6, 0.8),
    "S": (25, 45),
    "w": (1, 2),
    "R": (6, 15),
    "u": (0.005, 0.05),
    "L": (200, 2000),
    "c": (0.005, 0.05),
}
# GDPval (2025), arXiv 2510.04374: minutes and dollars of a task, 38.8 % as good as a person's.
MINUTES = Effort(by_hand=404, model=404 / 90, review=109)
DOLLARS = Effort(by_hand=361, model=361 / 474, review=86)
AS_GOOD = 0.388


def told(**values):
    """The value of a task by the symbols of its formula."""
    stakes = Stakes(
        minutes_saved=values["S"],
        wage_per_minute=values["w"],
        rejection_cost=values["R"],
        loss_per_error=values["L"],
        inference_cost=values["c"],
    )
    return value_per_task(values["a"], values["u"], stakes)


def plan():
    benefits, costs = [0, 120_000, 180_000, 200_000], [90_000, 40_000, 42_000, 44_000]
    return appraise(benefits, costs, 0.1, benefit_risk=0.2, cost_risk=0.1)


def tasks():
    return earned_value([500, 2000, 250, 1000, 8000], [True, False, True, True, False])


PUBLISHED = {
    "value of a task": (lambda: value_per_task(0.72, 0.02, STAKES), 22.508),
    "acceptance that breaks even": (
        lambda: break_even_acceptance(0.02, STAKES),
        0.37896969696969696,
    ),
    "largest error rate": (lambda: largest_tolerable_error_rate(0.72, STAKES), 0.048135),
    "value, errors in the accepted": (
        lambda: conditional_value_per_task(0.72, 0.03, STAKES),
        21.228,
    ),
    "acceptance, errors in the accepted": (
        lambda: conditional_break_even_acceptance(0.03, STAKES),
        0.21457142857142858,
    ),
    "margin of two a task": (lambda: acceptance_margin(2, STAKES), 2 / 66),
    "cost of an accepted output": (lambda: cost_per_accepted(0.03, 9, 0.72), 12.541666666666666),
    "one try, minutes": (lambda: tries_then_by_hand(MINUTES, AS_GOOD), 360.73688888888887),
    "one try, times faster": (
        lambda: times_better(MINUTES, tries_then_by_hand(MINUTES, AS_GOOD)),
        1.1199298226592975,
    ),
    "three tries, minutes": (
        lambda: tries_then_by_hand(MINUTES, AS_GOOD, 3),
        318.0559262008889,
    ),
    "three tries, times faster": (
        lambda: times_better(MINUTES, tries_then_by_hand(MINUTES, AS_GOOD, 3)),
        1.2702168603669644,
    ),
    "tries without end, times faster": (
        lambda: times_better(MINUTES, tries_until_good(MINUTES, AS_GOOD)),
        1.3812101037791267,
    ),
    "tries without end, times cheaper": (
        lambda: times_better(DOLLARS, tries_until_good(DOLLARS, AS_GOOD)),
        1.6144007781155016,
    ),
    "success that breaks even": (lambda: break_even_success(MINUTES), 0.28091309130913095),
    "TEI: benefit": (lambda: plan().benefit, 326491.3598797896),
    "TEI: cost": (lambda: plan().cost, 213545.45454545453),
    "TEI: net": (lambda: plan().net, 112945.90533433505),
    "TEI: return": (lambda: plan().roi, 0.5289080283855623),
    "TEI: payback": (lambda: plan().payback_months, 17.766871165644176),
    "cascade: cost": (lambda: cascade_cost(0.001, 0.03, 0.25), 0.0085),
    "cascade: accuracy": (lambda: cascade_accuracy(0.93, 0.8, 0.25), 0.8975),
    "cascade: saving": (lambda: saving_against_big(0.001, 0.03, 0.25), 0.7166666666666666),
    "earned": (lambda: tasks().earned, 1750),
    "earned share": (lambda: tasks().earned_share, 0.14893617021276595),
    "pass share": (lambda: tasks().pass_share, 0.6),
    "a million tokens": (lambda: cost_per_million_tokens(20, 1000, 0.4), 125 / 9),
    "weights of 100 billion": (lambda: weights_gb(100e9), 400),
    "weights of 100 billion, int8": (lambda: weights_gb(100e9, "int8"), 100),
    # Kwon et al. (2023): OPT-13B keeps 800 KiB a token.
    "keys and values of a token": (lambda: kv_cache_gb(40, 40, 128, tokens=1), 800 * 1024 / 1e9),
}
SWINGS = {
    "u": (34.508, -1.492, 36.0),
    "L": (34.508, -1.492, 36.0),
    "w": (8.828, 36.188, 27.36),
    "S": (8.468, 30.068, 21.6),
    "a": (14.588, 27.788, 13.2),
    "R": (23.348, 20.828, 2.52),
    "c": (22.515, 22.47, 0.045),
}


@pytest.mark.parametrize(("found", "published"), PUBLISHED.values(), ids=PUBLISHED)
def test_the_published_number_comes_out(found, published):
    assert found() == pytest.approx(published, rel=1e-9, abs=1e-12)


def test_the_published_tornado_comes_out():
    bars = tornado(told, BASE, RANGES)
    assert {bar.name for bar in bars[:2]} == {"u", "L"}  # equal but for rounding
    assert [bar.name for bar in bars[2:]] == ["w", "S", "a", "R", "c"]
    for bar in bars:
        assert (bar.at_low, bar.at_high, bar.swing) == pytest.approx(SWINGS[bar.name], abs=1e-9)


def test_only_the_error_rate_and_its_loss_turn_the_sign():
    turning = [bar.name for bar in tornado(told, BASE, RANGES) if bar.at_low * bar.at_high < 0]
    assert sorted(turning) == ["L", "u"]


def test_two_a_task_is_a_margin_at_which_four_hundred_items_decide_nothing_yet():
    old, new = [0] * 22 + [1] * 378, [1] * 22 + [0] * 26 + [1] * 352
    found = non_inferiority(old, new, margin=acceptance_margin(2, STAKES))
    assert found.decision == "inconclusive"
