"""A gate as GitLab's code-quality report: a finding each for what fails, is open or warns.

Source: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format"; `parsers/codequality/code_climate.rb`,
which reads on to the first finding that lacks a field. No byte order mark. A merge request shows the findings that its
target branch does not have, told apart by fingerprint; so a fingerprint holds what was tested, not what came out.
"""

import hashlib
from pathlib import Path
from typing import Any

import orjson

from bench.gate.record import GateReport
from bench.gate.told.findings import Finding, blocks, by_weight, findings
from bench.gate.told.repository_path import repository_path
from bench.types import Language

_ELSEWHERE = ".gitlab-ci.yml"
"""The file that asked for the gate: where a suite's own file is not known, or lies outside the repository."""


def code_quality(report: GateReport, language: Language, *, root: Path | None = None) -> bytes:
    """A JSON array, the most pressing first; empty for a gate at which nothing is to be seen.

    `root` is the repository's; without it paths are told relative to the working directory.
    """
    told: dict[str, dict[str, Any]] = {}
    for each in by_weight(findings(report, language)):
        severity = _severity(each, report)
        if severity is not None:
            one = _finding(each, severity, report, root)
            told.setdefault(one["fingerprint"], one)
    return orjson.dumps(list(told.values()), option=orjson.OPT_INDENT_2) + b"\n"


def _finding(
    finding: Finding, severity: str, report: GateReport, root: Path | None
) -> dict[str, Any]:
    contrast = finding.contrast
    known = report.suites[contrast.suite].path if contrast is not None else None
    place = f"{finding.place}: " if finding.place else ""
    return {
        "description": f"{place}{finding.message}",
        "check_name": f"bench:{finding.name}",
        "fingerprint": _fingerprint(finding),
        "severity": severity,
        "location": {
            "path": repository_path(known, root) or _ELSEWHERE,
            "lines": {"begin": 1},
        },
    }


def _fingerprint(finding: Finding) -> str:
    contrast = finding.contrast
    told = (finding.name, contrast.suite, contrast.candidate) if contrast else (finding.name,)
    return hashlib.blake2b(
        "\0".join(told).encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


def _severity(finding: Finding, report: GateReport) -> str | None:
    """One of GitLab's five, None for what is not shown: a hard limit or harm blocks, money and rates are critical."""
    criterion = finding.criterion
    match finding.standing:
        case "fail":
            harmful = criterion is not None and criterion.kind in ("harm", "limit")
            return "blocker" if harmful else "critical"
        case "inconclusive":
            return "major" if blocks(finding, report) else "minor"
        case "warning" | "not_known":
            return "minor"
        case _:
            return None
