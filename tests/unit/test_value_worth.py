"""Value per case. The worked example: 44 minutes at 90 an hour, 6 of them review, 800 lost by an error, nobody detects it.

With a the share not redone, S = 44 - 6 minutes saved, w = 1.5 a minute, R = 6 * 1.5 the price of a review, u the share of
undetected errors, L the loss and c the exchanges: V = a*S*w - (1 - a)*R - u*L - c.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import evpi
from bench.suites.model import Business
from bench.value import sample, worth
from bench.value.assumed import Assumed, expected
from bench.value.metrics import METRICS
from tests.small_suite import SUITE

shares = st.floats(0, 1)


def business(**changes):
    told = SUITE["business"] | {"gates": [], "rates": {}} | changes
    return Business.model_validate(told)


def with_human_errors(rate):
    today = {
        "role": {"zh": "人", "en": "a person"},
        "minutes": 44,
        "error_rate": rate,
        "error_class": "wrong_answer",
    }
    return business(done_today_by=today)


def detecting(share):
    return business(review={"minutes": 6, "detects": share})


def features(accept=0.0, harm=0.0, redo=0.0, edit=0.0, cost=0.012):
    told = dict.fromkeys(worth.feature_names(business()), 0.0)
    told |= {
        "one": 1.0,
        "accept": accept,
        "harm:wrong_answer": harm,
        "redo": redo,
        "edit:edit.minutes": edit,
        "cost": cost,
    }
    return {name: np.array([value]) for name, value in told.items()}


def value(work, **told):
    return float(worth.value(features(**told), expected(work), work)[0])


@st.composite
def mixtures(draw):
    """Shares of accept, harm, redo and edit that add up to one."""
    weights = np.array(draw(st.lists(st.floats(0.01, 1), min_size=4, max_size=4)))
    told = dict(
        zip(("accept", "harm", "redo", "edit"), (weights / weights.sum()).tolist(), strict=True)
    )
    return told | {"cost": draw(st.floats(0, 5))}


def test_the_worked_example_is_worth_22_508_per_case():
    assert value(business(), accept=0.70, harm=0.02, redo=0.28) == pytest.approx(22.508, abs=1e-9)


def test_errors_in_three_of_a_hundred_used_answers_make_it_21_228():
    harm = 0.72 * 0.03
    assert value(business(), accept=0.72 - harm, harm=harm, redo=0.28) == pytest.approx(
        21.228, abs=1e-9
    )


def test_with_a_fixed_share_of_errors_the_value_is_zero_at_0_37897_not_redone():
    """a* = (R + u*L + c) / (S*w + R)."""
    used = 0.37896969696969696
    assert value(business(), accept=used - 0.02, harm=0.02, redo=1 - used) == pytest.approx(
        0, abs=1e-9
    )


def test_with_errors_inside_what_is_used_the_value_is_zero_at_0_21457_not_redone():
    """a* = (R + c) / (S*w - e*L + R), e = 0.03."""
    used = 0.21457142857142858
    assert value(business(), accept=used * 0.97, harm=used * 0.03, redo=1 - used) == pytest.approx(
        0, abs=1e-9
    )


def test_the_largest_tolerable_share_of_errors_is_4_8_in_a_hundred():
    assert value(business(), accept=0.72 - 0.048135, harm=0.048135, redo=0.28) == pytest.approx(
        0, abs=1e-4
    )


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        ({"harm": (0.005, 0.05)}, 34.508, -1.492),
        ({"used": (0.60, 0.80)}, 14.588, 27.788),
        ({"cost": (0.005, 0.05)}, 22.515, 22.470),
    ],
)
def test_the_worked_example_moves_as_far_as_its_tornado_says(told, low, high):
    (name, ends) = next(iter(told.items()))
    found = []
    for end in ends:
        at = {"used": 0.72, "harm": 0.02, "cost": 0.012} | {name: end}
        shares_of = {"accept": at["used"] - at["harm"], "harm": at["harm"], "redo": 1 - at["used"]}
        found.append(value(business(), **shares_of, cost=at["cost"]))
    assert found == pytest.approx([low, high], abs=1e-9)


def test_an_accepted_answer_costs_12_54_when_72_of_100_are():
    told = METRICS["cost_per_accepted"].of(
        features(accept=0.72, redo=0.28, cost=0.03), expected(business()), business()
    )
    assert float(told[0]) == pytest.approx(12.541666666666666)


def test_what_perfect_knowledge_is_worth_at_a_mean_of_20_and_a_spread_of_50():
    """Unit normal loss: 50 * (phi(0.4) - 0.4 * (1 - Phi(0.4)))."""
    assert evpi(20, 50) == pytest.approx(11.52194184737265)


@given(rate=shares, cost=st.floats(0, 100))
def test_answers_that_are_all_redone_cost_their_review_and_themselves_whatever_people_get_wrong(
    rate, cost
):
    assert value(with_human_errors(rate), redo=1.0, cost=cost) == pytest.approx(
        -(9 + cost), abs=1e-9
    )


@given(a=mixtures(), b=mixtures(), share=shares)
def test_value_is_linear_in_the_features(a, b, share):
    mixed = {name: share * a[name] + (1 - share) * b[name] for name in a}
    expected = share * value(business(), **a) + (1 - share) * value(business(), **b)
    assert value(business(), **mixed) == pytest.approx(expected, abs=1e-6)


@given(mix=mixtures(), part=shares)
def test_more_harm_never_raises_the_value_when_an_error_costs_more_than_doing_the_case(mix, part):
    """800 against 66: no answer, not even one that is redone, may become harmful for the better."""
    for taken in ("accept", "edit", "redo"):
        moved = mix[taken] * part
        worse = mix | {taken: mix[taken] - moved, "harm": mix["harm"] + moved}
        assert value(business(), **worse) <= value(business(), **mix) + 1e-9


@given(mix=mixtures(), low=shares, high=shares)
def test_detecting_more_never_lowers_the_value_when_an_error_costs_more_than_doing_the_case(
    mix, low, high
):
    low, high = sorted((low, high))
    assert value(detecting(low), **mix) <= value(detecting(high), **mix) + 1e-9


def test_detecting_everything_makes_harm_a_redo():
    assert value(detecting(1), harm=1.0) == pytest.approx(value(detecting(1), redo=1.0))


@given(low=shares, high=shares)
def test_the_worse_people_do_it_the_more_an_accepted_answer_is_worth(low, high):
    low, high = sorted((low, high))
    assert (
        value(with_human_errors(low), accept=1.0)
        <= value(with_human_errors(high), accept=1.0) + 1e-9
    )
    assert value(with_human_errors(0.05), accept=1.0, cost=0) == pytest.approx(57 + 0.05 * 800)


@given(mix=mixtures())
def test_minutes_saved_are_the_value_without_losses_and_exchanges_over_the_wage(mix):
    mix = mix | {"cost": 0.0, "accept": mix["accept"] + mix["harm"], "harm": 0.0}
    told = METRICS["minutes_saved_per_case"].of(features(**mix), expected(business()), business())
    assert float(told[0]) * 1.5 == pytest.approx(value(business(), **mix), abs=1e-9)


def test_an_edit_whose_minutes_a_scorer_measured_costs_those_minutes():
    told = features(edit=0.0, accept=0.0) | {"edit_minutes": np.array([4.0])}
    assert float(worth.value(told, expected(business()), business())[0]) == pytest.approx(
        57 - 4 * 1.5 - 0.012
    )


def test_features_and_assumptions_broadcast():
    work = business()
    drawn = Assumed({name: np.repeat(each, 7) for name, each in expected(work).draws.items()})
    told = worth.value(features(accept=1.0), drawn, work)
    assert told.shape == (7,)
    assert np.allclose(told, value(work, accept=1.0))


@given(mix=mixtures(), detects=shares)
def test_every_metric_is_a_number_or_does_not_arise(mix, detects):
    work = detecting(detects)
    parts = (
        "FIRST",
        "USABLE_FIRST",
        "UNSERVED",
        "UNSERVED_USABLE",
        "TIMED",
        "IN_TIME",
        "REPEATED",
        "RELIABLE",
        "WORTH",
        "EARNED",
        "VARIANTS",
    )
    for measured in (0.0, 1.0):
        told = features(**mix) | {getattr(sample, name): np.array([measured]) for name in parts}
        for name, metric in METRICS.items():
            number = float(np.broadcast_to(metric.of(told, expected(work), work), 1)[0])
            assert np.isfinite(number) or (metric.among is not None and not measured), name
            if metric.unit == "share" and np.isfinite(number):
                assert -1e-9 <= number <= 1 + 1e-9, name


def test_nothing_accepted_has_no_price_of_an_accepted_answer():
    assert np.isnan(
        METRICS["cost_per_accepted"].of(features(redo=1.0), expected(business()), business())
    ).all()
