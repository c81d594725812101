"""The section in which a reader moves assumptions, and the data that its script computes from."""

from collections.abc import Mapping, Sequence

from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.value.judged import Judged


def what_if(judged: Judged, suites: Sequence[Words]) -> Section | None:
    """The section; None where nothing can be recomputed."""
    del judged, suites
    return None


def what_if_data(judged: Judged) -> Mapping[str, str]:
    """Packed data by the id of its place in the page."""
    del judged
    return {}
