"""How a figure changed from one run to another, and how sure that is."""

import math

from bench.types import Estimate
from bench.value.candidate_summary import Better
from bench.value.history.record import Change, Judgement

METHOD = "square and add, runs taken as independent"


def difference(before: Estimate, after: Estimate) -> Estimate | None:
    """After minus before, with an interval out of the two intervals; None when either is not known.

    L = d − √((after − low)² + (high_before − before)²), the upper end likewise. Runs are taken as
    independent; runs on the same items go up and down together, so the interval is rather too wide.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10; Zou & Donner (2008), Statistics in
    Medicine 27:1693-1702, for any intervals. Example: 56 of 70 against 48 of 80, 95 %.

    >>> told = difference(
    ...     Estimate(value=0.6, low=0.4905, high=0.7004, n=80, method="Wilson"),
    ...     Estimate(value=0.8, low=0.6918, high=0.8769, n=70, method="Wilson"),
    ... )
    >>> round(told.value, 3), round(told.low, 3), round(told.high, 3)
    (0.2, 0.052, 0.334)
    """
    if before.value is None or after.value is None:
        return None
    gap = after.value - before.value
    ends: tuple[float, float] | None = None
    if (
        before.low is not None
        and before.high is not None
        and after.low is not None
        and after.high is not None
        and before.level == after.level
    ):
        down = math.hypot(after.value - after.low, before.high - before.value)
        up = math.hypot(after.high - after.value, before.value - before.low)
        ends = gap - down, gap + up
    return Estimate(
        value=gap,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        level=after.level,
        n=min(before.n, after.n),
        method=METHOD,
    )


def change(before: Estimate | None, after: Estimate | None, better: Better) -> Change | None:
    """None unless both runs have the figure."""
    if before is None or after is None:
        return None
    gap = difference(before, after)
    if gap is None or before.value is None or after.value is None:
        return None
    return Change(
        before=before.value,
        after=after.value,
        difference=gap,
        improvement=improvement(before.value, after.value, better),
        better=better,
        judgement=_judgement(gap, better),
    )


def improvement(before: float, after: float, better: Better) -> float | None:
    """The relative improvement, positive when the figure got better.

    None where it would mislead: from zero, and where the sign turns (a loss that became a gain is no
    multiple of the loss).

    >>> improvement(0.5, 0.75, "higher"), improvement(0.04, 0.02, "lower"), improvement(-10, -5, "higher")
    (0.5, 0.5, 0.5)
    >>> improvement(-10, 5, "higher") is None, improvement(0, 5, "higher") is None
    (True, True)
    >>> improvement(0, 0, "lower")
    0.0
    """
    if before == after:
        return 0.0
    if before == 0 or before * after < 0:
        return None
    gain = after - before if better == "higher" else before - after
    return gain / abs(before)


def _judgement(gap: Estimate, better: Better) -> Judgement:
    if gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return "open"
    return "better" if (gap.low > 0) == (better == "higher") else "worse"
