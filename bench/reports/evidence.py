"""The section in which a reader browses the answers themselves, and the data that its script draws."""

from collections.abc import Mapping, Sequence

from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.value.judged import Judged


def evidence(judged: Judged, suites: Sequence[Words]) -> Section | None:
    """The section; None where a run has no answer to show."""
    del judged, suites
    return None


def evidence_data(judged: Judged) -> Mapping[str, str]:
    """Packed data by the id of its place in the page."""
    del judged
    return {}
