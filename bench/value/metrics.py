"""The business metrics, each in exactly one of the three values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.suites.model import Business
from bench.types import Pillar, Text
from bench.value import worth
from bench.value.assumed import Array, Assumed, spread
from bench.value.candidate_summary import Unit
from bench.value.sample import (
    EARNED,
    FIRST,
    IN_TIME,
    RELIABLE,
    REPEATED,
    TIMED,
    UNSERVED,
    UNSERVED_USABLE,
    USABLE_FIRST,
    VARIANTS,
    WORTH,
)
from bench.value.worth import ACCEPT, COST
from bench.wording.catalogue import say

Features = Mapping[str, Array]
Formula = Callable[[Features, Assumed, Business], Array]
TodayFormula = Callable[[Assumed, Business], Array]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the ledger. `of` maps mean features and assumptions to it; NaN: it does not arise.

    `risked` figures are about money and harm and see harm drawn anew; an `endless` one is beyond every number in a
    resample where it does not arise. `among` is the feature that marks the
    items which the figure is about; None: all of them.
    """

    pillar: Pillar
    unit: Unit
    better: Literal["higher", "lower"]
    of: Formula
    today: TodayFormula | None = None
    risked: bool = False
    endless: bool = False
    among: str | None = None


def _ratio(top: Array, bottom: Array) -> Array:
    shape = np.broadcast(top, bottom).shape
    out: Array = np.full(shape, np.nan)
    np.divide(top, bottom, out=out, where=np.broadcast_to(bottom > 0, shape))
    return out


def _over(top: str, bottom: str) -> Formula:
    """One feature over another."""
    return lambda features, _, __: _ratio(features[top], features[bottom])


def _net(features: Features, assumed: Assumed, business: Business) -> Array:
    """Value per case less its share of the monthly fixed cost, borne by a month's expected cases."""
    cases = spread(business.cases_per_month).mean()
    return worth.value(features, assumed, business) - assumed["monthly_cost"] / cases


def _cost_per_accepted(features: Features, assumed: Assumed, business: Business) -> Array:
    """(review + exchanges) / accepted: what an answer costs that needs no further work."""
    del business
    review = assumed["review.minutes"] * assumed["wage_per_hour"] / 60
    return _ratio(features[COST] + review, features[ACCEPT])


def _supply(features: Features, assumed: Assumed, business: Business) -> Array:
    """Cases finished in a person's hour, harmful ones not counted, over those finished today's way."""
    minutes = worth.human_minutes(features, assumed, business)
    good = 1 - worth.escaped(features, assumed, list(business.loss))
    return good * _ratio(assumed["done_today_by.minutes"], minutes)


METRICS: dict[str, Metric] = {
    "net_value_per_case": Metric(
        "cost",
        "money",
        "higher",
        _net,
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
        risked=True,
    ),
    "straight_through_rate": Metric(
        "cost",
        "share",
        "higher",
        lambda features, _, __: features[ACCEPT],
    ),
    "minutes_saved_per_case": Metric(
        "cost",
        "minutes",
        "higher",
        lambda features, assumed, business: (
            assumed["done_today_by.minutes"] - worth.human_minutes(features, assumed, business)
        ),
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
    ),
    "cost_per_accepted": Metric(
        "cost",
        "money",
        "lower",
        _cost_per_accepted,
        worth.human_cost,
        endless=True,
    ),
    "escaped_error_rate": Metric(
        "cost",
        "share",
        "lower",
        lambda features, assumed, business: worth.escaped(features, assumed, list(business.loss)),
        lambda assumed, business: (
            assumed["done_today_by.error_rate"]
            if business.done_today_by.error_rate is not None
            else np.full(1, np.nan)
        ),
        risked=True,
    ),
    "escaped_loss_per_case": Metric(
        "cost",
        "money",
        "lower",
        lambda features, assumed, business: worth.escaped_loss(
            features, assumed, list(business.loss)
        ),
        worth.human_loss,
        risked=True,
    ),
    "earned_share": Metric(
        "cost",
        "share",
        "higher",
        _over(EARNED, WORTH),
        among=WORTH,
    ),
    "served_share_of_unserved": Metric(
        "innovation",
        "share",
        "higher",
        _over(UNSERVED_USABLE, UNSERVED),
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
        among=UNSERVED,
    ),
    "supply_multiplier": Metric(
        "innovation",
        "times",
        "higher",
        _supply,
        lambda assumed, _: np.ones_like(assumed["wage_per_hour"]),
    ),
    "distinct_variants": Metric(
        "innovation",
        "count",
        "higher",
        _over(VARIANTS, REPEATED),
        lambda assumed, _: np.ones_like(assumed["wage_per_hour"]),
        among=REPEATED,
    ),
    "within_sla": Metric(
        "experience",
        "share",
        "higher",
        _over(IN_TIME, TIMED),
        among=TIMED,
    ),
    "right_first_time": Metric(
        "experience",
        "share",
        "higher",
        _over(USABLE_FIRST, FIRST),
        among=FIRST,
    ),
    "pass_hat_k": Metric(
        "experience",
        "share",
        "higher",
        _over(RELIABLE, REPEATED),
        among=REPEATED,
    ),
}

QUANTILES: dict[str, float] = {
    "latency_p50": 0.5,
    "latency_p95": 0.95,
}
"""Experience metrics that are quantiles of seconds; their intervals come from order statistics."""


def metric_title(name: str) -> Text:
    """What a report calls a metric."""
    return Text(zh=say("zh", f"metric_title.{name}"), en=say("en", f"metric_title.{name}"))
