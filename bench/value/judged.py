"""A judged run: its numbers, and what lies beneath them for those who look closer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.value.evidence import Evidence
from bench.value.history.record import History
from bench.value.observed.record import Observed
from bench.value.summary import Summary
from bench.value.what_if import WhatIf


@dataclass(frozen=True, slots=True)
class Judged:
    """What reports are told from. What is by suite may lack any of them.

    `history` holds the earlier runs beside this one, this one last; `observed` is what other runs are held against.
    """

    summary: Summary
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    what_if: Mapping[str, WhatIf] = field(default_factory=dict)
    history: Mapping[str, History] = field(default_factory=dict)
    observed: Observed | None = None
