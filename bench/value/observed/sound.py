"""What a file of outcomes must be for anything to be computed from it, whoever wrote it.

A baseline comes with a pull request: its seal tells a slip of the hand from what was written, and anybody can make one.
"""

from collections.abc import Iterator

from bench.suites.model import Gate
from bench.value import worth
from bench.value.observed.record import Observed, ObservedCandidate, ObservedSuite, ObservedTrial

_LARGEST = 1e15
"""Money, seconds, minutes."""
_LEAST = 1e-30
"""The smallest that is told from nothing: less would overflow when something is divided by it."""
_LEAST_SHARE = 1e-9
_MOST_REPEATS = _MOST_CLUSTERS = 2**31
_MOST_CANDIDATES = 10_000
"""In all suites together."""
_LONGEST_NAME = 300
_MOST_LOOKS = 100
_PRICED = (worth.ONE, worth.MEASURED_EDIT, worth.REDO, worth.COST)
"""Features that every suite prices."""


def unsound(observed: Observed) -> str | None:
    """The first thing that is wrong, as `where: what`; None for a sound run."""
    return next(_of_run(observed), None)


def _of_run(observed: Observed) -> Iterator[str]:
    if sum(len(suite.candidates) for suite in observed.suites.values()) > _MOST_CANDIDATES:
        yield f"suites: more than {_MOST_CANDIDATES:,} candidates"
    for name, looks in observed.looks.items():
        if not _rises(looks):
            yield f"looks.{_short(name)}: shares that do not rise from above 0"
    for name, suite in observed.suites.items():
        at = f"suites.{_short(name)}"
        if _is_long(name):
            yield f"{at}: a name of {len(name):,} characters"
        yield from (f"{at}.{told}" for told in _of_suite(suite))
        for candidate, one in suite.candidates.items():
            if _is_long(candidate):
                yield f"{at}.candidates: a name of {len(candidate):,} characters"
            yield from (
                f"{at}.candidates.{_short(candidate)}: {told}" for told in _of_one(one, suite)
            )


def _of_suite(suite: ObservedSuite) -> Iterator[str]:
    if not _is_known(suite.human_cost):
        yield "human_cost: no amount of money"
    if suite.ordinary_harm is not None and not _is_known(abs(suite.ordinary_harm)):
        yield "ordinary_harm: no amount of money"
    for name, weight in suite.weights.items():
        if not _is_known(abs(weight)):
            yield f"weights.{_short(name)}: no amount of money"
    for name in _PRICED:
        if name not in suite.weights:
            yield f"weights: '{name}' is missing"
    if not 0 <= suite.coverage_floor <= 1:
        yield "coverage_floor: no share"
    for gate in suite.gates:
        if gate.metric not in suite.rates or not _is_limit(gate):
            yield f"gates: no limit of a rate of the suite: '{_short(gate.metric)}'"
    yield from _of_items(suite)


def _of_items(suite: ObservedSuite) -> Iterator[str]:
    ids = {item.id for item in suite.items}
    if len(ids) < len(suite.items):
        yield "items: an item stands twice"
    if any(_is_long(each) for each in ids):
        yield "items: an id of too many characters"
    if not all(0 <= item.cluster < _MOST_CLUSTERS for item in suite.items):
        yield "items: a cluster that has no number"


def _of_one(one: ObservedCandidate, suite: ObservedSuite) -> Iterator[str]:
    """Trials point at items and kinds that there are, each trial once, and kinds know the suite's rates and rules."""
    items, kinds, rules = range(len(suite.items)), range(len(one.kinds)), range(len(suite.rules))
    if not all(row.item in items and row.kind in kinds for row in one.trials):
        yield "trials that do not fit its lists"
    if len({(row.item, row.repeat) for row in one.trials}) < len(one.trials):
        yield "a trial stands twice"
    if not all(_is_measured(row) for row in one.trials):
        yield "a trial with a number that nobody measures"
    for kind in one.kinds:
        if len(kind.rates) != len(suite.rates) or set(kind.rates) - set("01-"):
            yield "kinds that do not know the suite's rates"
        if kind.rule is not None and kind.rule not in rules:
            yield "kinds by a rule that there is not"


def _is_measured(row: ObservedTrial) -> bool:
    return (
        0 <= row.repeat < _MOST_REPEATS
        and (row.cost is None or _is_known(row.cost))
        and (row.latency_s is None or _is_known(row.latency_s))
        and _is_known(row.edit_minutes)
    )


def _is_known(size: float) -> bool:
    """Whether it is nothing, or a size that can be reckoned with."""
    return size == 0 or _LEAST <= size <= _LARGEST


def _is_limit(gate: Gate) -> bool:
    limits = (gate.upper_bound_95, gate.lower_bound_95)
    return all(each is None or each == 0 or _LEAST_SHARE <= each <= 1 for each in limits)


def _rises(looks: tuple[float, ...]) -> bool:
    """Whether there are not too many, from above 0, each beyond the one before."""
    return len(looks) <= _MOST_LOOKS and all(
        0 < now <= _LARGEST and before < now
        for before, now in zip((0.0, *looks), looks, strict=False)
    )


def _is_long(name: str) -> bool:
    return len(name) > _LONGEST_NAME


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
