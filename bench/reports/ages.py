"""How old a price or a source is at the time of a run."""

import calendar
import datetime as dt
import re

OLD_DAYS = 90
"""A price or a source older than this may have changed: its date is told in brown."""


def is_old(as_of: str | None, started: str) -> bool:
    """Whether a day or a month lies more than 90 days before a run began; an unreadable date is not old.

    A month counts from its last day.

    >>> is_old("2026-06", "2026-11-20T08:00:00+00:00"), is_old("2026-09", "2026-11-20T08:00:00+00:00")
    (True, False)
    >>> is_old(None, "2026-11-20"), is_old("last week", "2026-11-20")
    (False, False)
    """
    then, began = _day(as_of), _day(started)
    if then is None or began is None:
        return False
    return (began - then).days > OLD_DAYS


def _day(told: str | None) -> dt.date | None:
    found = re.match(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])", told or "")
    if found is None:
        return None
    year, month, day = (int(each) if each else None for each in found.groups())
    assert year is not None
    assert month is not None
    try:
        return dt.date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:  # the 31st of February, the 13th month
        return None
