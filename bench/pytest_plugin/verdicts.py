"""From what was found of a run to what each test says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bench.gate.policy_file import GatePolicy
from bench.gate.record import GateReport
from bench.gate.told.findings import Finding, Standing, blocks, findings, one_line, standing
from bench.gate.told.phrases import reason
from bench.pytest_plugin.absolute import Floor, floors, limits
from bench.types import Language
from bench.value.observed.record import Observed

Kind = Literal["pass", "fail", "skip"]
Pair = tuple[str, str]
"""Suite and candidate."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test ends with, and why. `is_open`: the items cannot tell."""

    kind: Kind
    text: str
    is_open: bool = False


def verdicts_of_gate(report: GateReport, language: Language) -> dict[Pair, dict[str, Verdict]]:
    """Suite and candidate -> criterion -> verdict.

    What no criterion explains (too few trials have an outcome, a criterion is not known) is borne by the criteria that
    are not known, or else by all: a candidate that does not pass never looks as if it did.
    """
    told: dict[Pair, dict[str, Verdict]] = {}
    of_no_criterion = []
    for each in findings(report, language):
        if each.contrast is None or each.criterion is None:
            of_no_criterion.append(each)
        else:
            pair = each.contrast.suite, each.contrast.candidate
            verdict = _verdict(each.standing, each.message, fails=blocks(each, report))
            told.setdefault(pair, {})[each.criterion.name] = verdict
    for each in of_no_criterion:
        verdict = _verdict(each.standing, each.message, fails=blocks(each, report))
        for pair, names in _bearing(each, report):
            told[pair] |= dict.fromkeys(names, verdict)
    return told


def _bearing(finding: Finding, report: GateReport) -> Iterable[tuple[Pair, list[str]]]:
    """The criteria that bear what none of them says."""
    about = report.contrasts if finding.contrast is None else (finding.contrast,)
    for each in about:
        names = [one.name for one in each.criteria if one.enforced and one.status == "not_known"]
        yield (each.suite, each.candidate), names or [one.name for one in each.criteria]


def verdicts_of_limits(
    run: Observed, policy: GatePolicy, language: Language
) -> dict[Pair, dict[str, Verdict]]:
    """The suites' own limits, and whether enough trials have an outcome."""
    open_fails = policy.inconclusive.then != "warn"
    told = {pair: {"coverage": _of_floor(floor)} for pair, floor in floors(run).items()}
    for contrast, facts in limits(run, policy):
        for each in contrast.criteria:
            found, text = standing(each), one_line(reason(each, contrast, facts, language))
            fails = found == "fail" or (found == "inconclusive" and open_fails)
            verdict = _verdict(found, text, fails=fails)
            told[contrast.suite, contrast.candidate][each.name] = verdict
    return told


def _of_floor(floor: Floor) -> Verdict:
    """Whether enough of the planned trials have an outcome."""
    line = (
        f"{floor.with_outcome} of {floor.planned} planned trials have an outcome; "
        f"the suite asks for {floor.asked:.0%}"
    )
    return Verdict("pass" if floor.holds else "fail", line)


def _verdict(found: Standing, text: str, *, fails: bool) -> Verdict:
    """Warnings, and what is open where the policy only warns of that, are skipped tests: pytest shows them and goes on."""
    if fails:
        return Verdict("fail", text)
    if found == "pass":
        return Verdict("pass", text)
    return Verdict("skip", text, is_open=found == "inconclusive")
