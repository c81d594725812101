"""How many more items would decide what is open."""

import math

from bench.gate.record import Contrast, GateReport

_EXACT = 1000
"""An estimate of as many items or more is told by its two first digits."""


def rounded_up(items: int) -> str:
    """A number of items for a reader: never fewer, and no more digits than such an estimate bears.

    >>> rounded_up(214), rounded_up(2206), rounded_up(19926)
    ('214', '2,300', '20,000')
    """
    step = 1 if items < _EXACT else 10 ** (math.floor(math.log10(items)) - 1)
    return f"{-(-items // step) * step:,}"


def more_items(contrast: Contrast) -> int | None:
    """Items beyond those there are that would decide every criterion that is open.

    0 where none is; None where that is not known of one, or where something else than a criterion leaves it open.
    A criterion that is about some items only asks for so many more of these.
    """
    found = [
        each
        for each in contrast.criteria
        if each.enforced and each.status in ("inconclusive", "not_known")
    ]
    if any(each.needed is None for each in found):
        return None
    if not found and contrast.status == "inconclusive":
        return None
    return max((each.needed - each.n for each in found if each.needed is not None), default=0)


def more_by_suite(report: GateReport) -> dict[str, int] | None:
    """Of each suite that is open the items that its neediest candidate wants; None where it is not known of one."""
    more: dict[str, int] = {}
    for each in report.contrasts:
        found = more_items(each)
        if found is None:
            return None
        if found:
            more[each.suite] = max(more.get(each.suite, 0), found)
    return more


def more_in_all(report: GateReport) -> int | None:
    """The items of all suites together; None where it is not known of one, or the run is not complete."""
    more = more_by_suite(report)
    if not more and report.status == "inconclusive":
        return None
    return None if more is None else sum(more.values())
