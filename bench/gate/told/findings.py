"""What a gate found, one thing each, the most pressing first: what a CI server shows beside the code."""

from dataclasses import dataclass
from typing import Literal

from bench.gate.record import Contrast, Criterion, CriterionKind, GateReport
from bench.gate.told.ci_text import logged
from bench.gate.told.phrases import contrast_line, headline, reason
from bench.types import Language
from bench.wording.plain import plain

Standing = Literal["fail", "inconclusive", "warning", "not_known", "noted", "pass"]
"""What a criterion comes to: `warning` is worse but not enforced, or borne; `noted` is open but not enforced."""

NOT_COMPLETE = 3
"""The exit code of a gate over a run that lacks answers."""
_STANDINGS: tuple[Standing, ...] = (
    "fail",
    "inconclusive",
    "warning",
    "not_known",
    "noted",
    "pass",
)
_KINDS: tuple[CriterionKind, ...] = (
    "value",
    "harm",
    "rate",
    "limit",
    "coverage",
    "cost",
    "latency",
)
_SENTENCE = 3000
"""Characters of a sentence at most: annotations are cut at 4,096."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion of one candidate in a suite, or what the gate says where no criterion says it.

    `suite`, `candidate` and `message` are one line each and safe in a log. `contrast` and `criterion` are None for what
    is about the whole gate, `criterion` alone for what is about the whole candidate.
    """

    standing: Standing
    suite: str
    candidate: str
    name: str
    message: str
    contrast: Contrast | None = None
    criterion: Criterion | None = None

    @property
    def place(self) -> str:
        """Suite and candidate, for a title."""
        return " · ".join(each for each in (self.suite, self.candidate) if each)


def findings(report: GateReport, language: Language) -> list[Finding]:
    """Every criterion in the order of the report; a gate or a candidate that no criterion explains adds one of its own.

    So whatever shows findings alone never shows a gate that did not pass as if it had.
    """
    found: list[Finding] = []
    for contrast in report.contrasts:
        of_criteria = [_of(contrast, each, report, language) for each in contrast.criteria]
        found += of_criteria
        if _left_out(contrast.status, of_criteria):
            message = contrast_line(contrast, report.suites[contrast.suite], language)
            found.append(_own(contrast.status, contrast, "candidate", message))
    ends = report.exit_code != 0 and not any(blocks(each, report) for each in found)
    if _left_out(report.status, found) or ends or not found:
        status = "inconclusive" if ends and report.status == "pass" else report.status
        found.append(_own(status, None, "gate", headline(report, language)))
    return found


def blocks(finding: Finding, report: GateReport) -> bool:
    """Whether it makes the job end red: what fails, and what is open unless the policy only warns of that.

    A run that is not complete has another exit code whatever the policy says.
    """
    if finding.standing == "inconclusive":
        return report.then != "warn" or report.exit_code == NOT_COMPLETE
    return finding.standing == "fail"


def by_weight(found: list[Finding]) -> list[Finding]:
    """The most pressing first: what fails before what is open; money, then safety, then the rest, as the headline has it."""
    return sorted(found, key=_weight)


def one_line(text: str) -> str:
    """Text of anybody as one line of bounded length that no CI server takes for a command."""
    told = logged(plain(text))
    return told if len(told) <= _SENTENCE else told[: _SENTENCE - 1] + "…"


def standing(criterion: Criterion) -> Standing:
    """What a criterion comes to. One that only luck could have passed is open."""
    status = criterion.status
    if status == "pass" and criterion.low_power:
        status = "inconclusive"
    if status == "pass" or (criterion.enforced and criterion.waived is None):
        return status
    return "warning" if status == "fail" else "noted"


def _of(
    contrast: Contrast, criterion: Criterion, report: GateReport, language: Language
) -> Finding:
    told = reason(criterion, contrast, report.suites[contrast.suite], language)
    return Finding(
        standing(criterion),
        one_line(contrast.suite),
        one_line(contrast.candidate),
        one_line(criterion.name),
        one_line(told),
        contrast,
        criterion,
    )


def _own(status: Standing, contrast: Contrast | None, name: str, message: str) -> Finding:
    suite = one_line(contrast.suite) if contrast is not None else ""
    candidate = one_line(contrast.candidate) if contrast is not None else ""
    return Finding(status, suite, candidate, name, one_line(message), contrast)


def _left_out(status: Standing, found: list[Finding]) -> bool:
    """Whether a verdict is graver than everything that was found."""
    gravest = min((_STANDINGS.index(each.standing) for each in found), default=len(_STANDINGS))
    return status != "pass" and gravest > _STANDINGS.index(status)


def _weight(finding: Finding) -> tuple[int, int]:
    criterion = finding.criterion
    kind = _KINDS.index(criterion.kind) if criterion is not None else -1
    return _STANDINGS.index(finding.standing), kind
