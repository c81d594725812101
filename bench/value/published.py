"""What somebody else's published counts are worth: the engine of a run, fed with counts.

Counts do not say which items a system got right, so items are taken as independent and systems as
unpaired: each is resampled on its own, and differences between systems come out wider than on shared
items. Counts are resampled as a multinomial, which is the bootstrap of a run whose every item is its own
cluster, and widened like one (`few_clusters_factor`). A class of error without an event stays without
one: it is in no money, and its exact upper bound is told instead.
"""

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.stats import clopper_pearson_upper, few_clusters_factor, wilson
from bench.suites.model import SHARES, Assumption, Business
from bench.types import Estimate
from bench.value import assumed as assumptions
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.estimates import LEVEL, estimate, share_positive
from bench.value.metrics import METRICS
from bench.value.published_file import Counts, CountsFile
from bench.value.published_summary import (
    BreakEven,
    LikeAccuracy,
    PublishedValue,
    SystemValue,
    Worth,
    Wrong,
)
from bench.value.sample import RESAMPLES
from bench.value.summary import AssumptionEntry, TodaySummary
from bench.value.verdict import FEWEST_CLUSTERS, SURE

METHOD = "multinomial resamples of the counts, joint with assumptions"
_NOISE = 1e-9
"""Relative size below which a change or a break-even is rounding."""


@dataclass(frozen=True, slots=True)
class _Work:
    """The business with its assumptions at their means and drawn; `stated` are those that the file makes."""

    business: Business
    stated: Mapping[str, Assumption]
    mean: Assumed
    drawn: Assumed

    @property
    def classes(self) -> list[str]:
        """Classes of error."""
        return list(self.business.loss)

    def net(self, features: Mapping[str, Array], assumed: Assumed) -> Array:
        """Money per case less its share of the monthly fixed cost."""
        fixed = assumed["monthly_cost"] / assumed["cases_per_month"]
        return worth.value(features, assumed, self.business) - fixed

    def month(self, features: Mapping[str, Array], assumed: Assumed) -> float:
        """The same of a month; linear in every single assumption."""
        return float((self.net(features, assumed) * assumed["cases_per_month"])[0])


def published_value(file: CountsFile, seed: int = 0) -> PublishedValue:
    """Value every system of a counts file against today's way."""
    business = file.business.whole()
    drawn = assumptions.drawn(business, RESAMPLES, seed)
    mean = assumptions.expected(business)
    work = _Work(business, file.business.stated(), mean, drawn)
    features = {
        name: resamples(name, each, work.classes, seed) for name, each in file.systems.items()
    }
    draws = {name: work.net(each, drawn) for name, each in features.items()}
    best, best_today = _shares_best(draws)
    systems = {
        name: _system(work, each, features[name], best[name]) for name, each in file.systems.items()
    }
    ordered = sorted(systems, key=lambda name: -_money(systems[name]))
    return PublishedValue(
        title=file.title,
        source=file.source,
        cases=business.cases,
        currency=business.currency,
        today=_today(work),
        systems={name: systems[name] for name in ordered},
        p_best_today=best_today,
        pairs=_pairs(file.systems, systems),
        assumptions=[_entry(name, each) for name, each in work.stated.items()],
    )


def mean_features(counts: Counts, classes: Sequence[str]) -> dict[str, Array]:
    """Mean features of a system's answers, each an array of one."""
    shares = {name: np.array([n / counts.items]) for name, n in _cells(counts, classes).items()}
    return shares | _constants(counts)


def resamples(name: str, counts: Counts, classes: Sequence[str], seed: int) -> dict[str, Array]:
    """Mean features of resampled answers, each (RESAMPLES,); systems are drawn apart from each other."""
    cells = _cells(counts, classes)
    centre = np.array(list(cells.values())) / counts.items
    rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
    shares = rng.multinomial(counts.items, centre, RESAMPLES) / counts.items
    widened = centre + few_clusters_factor(counts.items) * (shares - centre)
    return dict(zip(cells, widened.T, strict=True)) | _constants(counts)


def _cells(counts: Counts, classes: Sequence[str]) -> dict[str, int]:
    """The counts as a multinomial: every answer falls into one of these features."""
    return {
        worth.ACCEPT: counts.correct,
        worth.EDIT + "edit.minutes": counts.edit,
        worth.REDO: counts.declined,
        **{worth.HARM + name: counts.wrong.get(name, 0) for name in classes},
    }


def _constants(counts: Counts) -> dict[str, Array]:
    return {
        worth.ONE: np.ones(1),
        worth.MEASURED_EDIT: np.zeros(1),
        worth.COST: np.array([counts.cost_per_answer or 0.0]),
    }


def _system(
    work: _Work, counts: Counts, features: Mapping[str, Array], p_best: float
) -> SystemValue:
    n, business = counts.items, work.business
    means = mean_features(counts, work.classes)
    draws = work.net(features, work.drawn)
    p_positive = share_positive(draws)
    accepted = METRICS["cost_per_accepted"].of
    price = float(accepted(means, work.mean, business)[0])
    return SystemValue(
        items=n,
        correct=counts.correct,
        accuracy=accuracy(counts),
        declined=counts.declined / n,
        wrong=counts.harmful / n,
        wrong_upper=clopper_pearson_upper(counts.harmful, n),
        by_class=[
            Wrong(
                error_class=name,
                title=loss.title,
                events=counts.wrong.get(name, 0),
                upper=clopper_pearson_upper(counts.wrong.get(name, 0), n),
            )
            for name, loss in business.loss.items()
        ],
        value_per_case=estimate(float(work.net(means, work.mean)[0]), draws, n, METHOD),
        value_per_month=estimate(
            work.month(means, work.mean), draws * work.drawn["cases_per_month"], n, METHOD
        ),
        p_positive=p_positive,
        p_best=p_best,
        cost_per_accepted=estimate(price, accepted(features, work.drawn, business), n, METHOD),
        cost_known=counts.cost_per_answer is not None,
        verdict=_verdict(n, p_positive),
        break_evens=_break_evens(work, means),
    )


def _verdict(items: int, p_positive: float) -> Worth:
    """The bar of a measured scenario, both ways; too few items decide nothing."""
    if items >= FEWEST_CLUSTERS and p_positive >= SURE:
        return "worth"
    if items >= FEWEST_CLUSTERS and 1 - p_positive >= SURE:
        return "not_worth"
    return "open"


def accuracy(counts: Counts) -> Estimate:
    """The share that was right, with Wilson's interval."""
    low, high = wilson(counts.correct, counts.items, LEVEL)
    share = counts.correct / counts.items
    return Estimate(value=share, low=low, high=high, level=LEVEL, n=counts.items, method="Wilson")


def accuracy_difference(first: Counts, second: Counts, level: float = LEVEL) -> Estimate:
    """First minus second of unpaired systems, from both Wilson intervals; n is the smaller number of items.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10.
    """
    low, high = wilson(first.correct, first.items, level)
    other_low, other_high = wilson(second.correct, second.items, level)
    share, other = first.correct / first.items, second.correct / second.items
    return Estimate(
        value=share - other,
        low=share - other - math.hypot(share - low, other_high - other),
        high=share - other + math.hypot(high - share, other - other_low),
        level=level,
        n=min(first.items, second.items),
        method="Newcombe, from Wilson intervals",
    )


def _pairs(counts: Mapping[str, Counts], systems: Mapping[str, SystemValue]) -> list[LikeAccuracy]:
    """Pairs of like accuracy and opposite value: the sure first, then the most alike, then the widest apart."""
    found = []
    for pair in combinations(systems, 2):
        gains, loses = sorted(pair, key=lambda name: -_money(systems[name]))
        up, down = systems[gains], systems[loses]
        gap = accuracy_difference(counts[gains], counts[loses])
        if _money(down) < 0 < _money(up) and not _is_apart(gap):
            sure = up.verdict == "worth" and down.verdict == "not_worth"
            told = LikeAccuracy(gains=gains, loses=loses, accuracy_difference=gap, sure=sure)
            found.append((not sure, abs(gap.value or 0.0), _money(down) - _money(up), told))
    return [told for *_, told in sorted(found, key=lambda each: each[:3])]


def _money(system: SystemValue) -> float:
    assert system.value_per_case.value is not None
    return system.value_per_case.value


def _is_apart(gap: Estimate) -> bool:
    """Whether an interval lies on one side of zero."""
    assert gap.low is not None
    assert gap.high is not None
    return gap.low > 0 or gap.high < 0


def _shares_best(draws: Mapping[str, Array]) -> tuple[dict[str, float], float]:
    """How often each system is the best of all, and how often today's way is; ties share the draw."""
    table = np.column_stack([*draws.values(), np.zeros(RESAMPLES)])
    wins = table == table.max(axis=1, keepdims=True)
    *shares, today = (wins / wins.sum(axis=1, keepdims=True)).mean(axis=0).tolist()
    return dict(zip(draws, shares, strict=True)), today


def _break_evens(work: _Work, means: Mapping[str, Array]) -> list[BreakEven]:
    """The assumptions that alone can make the value zero at a number they could have."""
    start, found = work.month(means, work.mean), []
    for name, each in work.stated.items():
        here = float(work.mean[name][0])
        step = max(abs(here), 1.0) * 0.01
        change = work.month(means, work.mean.replaced(name, here + step)) - start
        if abs(change) <= _NOISE * max(1.0, abs(start)):
            continue
        at = here - start * step / change
        width = (each.upper - each.lower) or abs(each.base) or 1.0
        if at > _NOISE * width and not (name in SHARES and at > 1):
            found.append((abs(at - here) / width, _break_even(name, each, at, change)))
    return [told for _, told in sorted(found, key=lambda pair: pair[0])]


def _break_even(name: str, each: Assumption, at: float, change: float) -> BreakEven:
    return BreakEven(
        assumption=name,
        low=each.lower,
        base=each.base,
        high=each.upper,
        at=at,
        gains="above" if change > 0 else "below",
        within=each.lower <= at <= each.upper,
        placeholder=each.placeholder,
    )


def _entry(name: str, each: Assumption) -> AssumptionEntry:
    return AssumptionEntry(
        name=name,
        low=each.lower,
        base=each.base,
        high=each.upper,
        source=each.source,
        as_of=each.as_of,
        placeholder=each.placeholder,
        shape=each.shape,
    )


def _today(work: _Work) -> TodaySummary:
    today, business = work.business.done_today_by, work.business
    return TodaySummary(
        role=today.role,
        minutes=float(work.mean["done_today_by.minutes"][0]),
        cost_per_case=float(worth.human_cost(work.mean, business)[0]),
        error_rate=float(work.mean["done_today_by.error_rate"][0]) if today.error_rate else None,
        expected_loss=float(worth.human_loss(work.mean, business)[0]),
    )
