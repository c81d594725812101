"""A judged run: its numbers, and what lies beneath them for those who look closer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.value.evidence import Evidence
from bench.value.summary import Summary
from bench.value.what_if import WhatIf


@dataclass(frozen=True, slots=True)
class Judged:
    """What reports are told from. `evidence` and `what_if` are by suite; a suite may lack either."""

    summary: Summary
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    what_if: Mapping[str, WhatIf] = field(default_factory=dict)
