"""The best candidate of a suite by its mean, among those that nothing forbids."""

from collections.abc import Iterable

from bench.value.summary import SuiteSummary


def is_barred(summary: SuiteSummary, name: str) -> bool:
    """Whether a hard gate is proven broken."""
    return any(gate.hard and gate.held is False for gate in summary.candidates[name].gates)


def best_of(summary: SuiteSummary, names: Iterable[str]) -> str | None:
    """The candidate of highest mean value, one that is not barred before one that is; the first of equals.

    None when none was measured.
    """

    def rank(name: str) -> tuple[bool, float]:
        return not is_barred(summary, name), summary.candidates[name].net_per_case.value or 0.0

    measured = [name for name in names if summary.candidates[name].net_per_case.value is not None]
    return max(measured, key=rank, default=None)
