"""The business metrics, each in exactly one of the three values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.suites.model import Business
from bench.types import Pillar, Text
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.sample import (
    IN_TIME,
    RELIABLE,
    REPEATED,
    TIMED,
    UNSERVED,
    UNSERVED_USABLE,
    USABLE_FIRST,
)
from bench.value.worth import ACCEPT, COST

Features = Mapping[str, Array]
Formula = Callable[[Features, Assumed, Business], Array]
TodayFormula = Callable[[Assumed, Business], Array]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of the ledger. `of` maps mean features and assumptions to it; NaN: it does not arise."""

    pillar: Pillar
    unit: Literal["money", "share", "minutes", "seconds", "times", "months"]
    better: Literal["higher", "lower"]
    title: Text
    of: Formula
    today: TodayFormula | None = None


def _ratio(top: Array, bottom: Array) -> Array:
    shape = np.broadcast(top, bottom).shape
    out: Array = np.full(shape, np.nan)
    np.divide(top, bottom, out=out, where=np.broadcast_to(bottom > 0, shape))
    return out


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
        Text(zh="每件净收益", en="Net value per case"),
        worth.value,
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
    ),
    "straight_through_rate": Metric(
        "cost",
        "share",
        "higher",
        Text(zh="直通率（不改即用）", en="Straight-through rate (used as it is)"),
        lambda features, _, __: features[ACCEPT],
    ),
    "minutes_saved_per_case": Metric(
        "cost",
        "minutes",
        "higher",
        Text(zh="每件节省人工分钟", en="Minutes of a person saved per case"),
        lambda features, assumed, business: (
            assumed["done_today_by.minutes"] - worth.human_minutes(features, assumed, business)
        ),
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
    ),
    "cost_per_accepted": Metric(
        "cost",
        "money",
        "lower",
        Text(zh="每件可用成果的成本", en="Cost per accepted output"),
        _cost_per_accepted,
        worth.human_cost,
    ),
    "escaped_error_rate": Metric(
        "cost",
        "share",
        "lower",
        Text(zh="错误外流率", en="Escaped-error rate"),
        lambda features, assumed, business: worth.escaped(features, assumed, list(business.loss)),
        lambda assumed, business: (
            assumed["done_today_by.error_rate"]
            if business.done_today_by.error_rate is not None
            else np.full(1, np.nan)
        ),
    ),
    "escaped_loss_per_case": Metric(
        "cost",
        "money",
        "lower",
        Text(zh="每件外流错误损失", en="Loss by escaped errors per case"),
        lambda features, assumed, business: worth.escaped_loss(
            features, assumed, list(business.loss)
        ),
        worth.human_loss,
    ),
    "served_share_of_unserved": Metric(
        "innovation",
        "share",
        "higher",
        Text(zh="今天无人处理的事项中可办比例", en="Share of cases unserved today that it serves"),
        lambda features, _, __: _ratio(features[UNSERVED_USABLE], features[UNSERVED]),
        lambda assumed, _: np.zeros_like(assumed["wage_per_hour"]),
    ),
    "supply_multiplier": Metric(
        "innovation",
        "times",
        "higher",
        Text(zh="同样人时的产出倍数", en="Output of a person's hour against today"),
        _supply,
        lambda assumed, _: np.ones_like(assumed["wage_per_hour"]),
    ),
    "within_sla": Metric(
        "experience",
        "share",
        "higher",
        Text(zh="时限内答复比例", en="Share answered within the time limit"),
        lambda features, _, __: _ratio(features[IN_TIME], features[TIMED]),
    ),
    "right_first_time": Metric(
        "experience",
        "share",
        "higher",
        Text(zh="一次可用率（直接用或小改）", en="Usable at the first answer (as it is or edited)"),
        lambda features, _, __: features[USABLE_FIRST],
    ),
    "pass_hat_k": Metric(
        "experience",
        "share",
        "higher",
        Text(zh="重复作答全部可用的比例", en="Share usable in every repeat"),
        lambda features, _, __: _ratio(features[RELIABLE], features[REPEATED]),
    ),
}

QUANTILES: dict[str, tuple[float, Text]] = {
    "latency_p50": (0.5, Text(zh="答复时间中位数", en="Median time to the answer")),
    "latency_p95": (0.95, Text(zh="答复时间 95 分位", en="Time to the answer, 95th percentile")),
}
"""Experience metrics that are quantiles of seconds; their intervals come from order statistics."""


def known_metrics(business: Business) -> list[str]:
    """Every name that `business.metrics`, a gate or `drives` may use."""
    return [*METRICS, *QUANTILES, *business.rates]
