"""JUnit XML: a test suite for each suite and candidate, a test case for each criterion.

There is no standard. Written is what these read alike: Jenkins (`junit-10.xsd` of its xUnit plugin; `CaseResult.java`
and `SuiteResult.java` of its junit plugin), GitLab (docs.gitlab.com/ci/testing/unit_test_reports, `parsers/test/junit.rb`)
and the test reporters of GitHub's marketplace, which follow the same shape.

| what a criterion comes to | is shown as | because |
|---|---|---|
| fails | `failure` | |
| open, and the gate does not pass for it | `error`; `failure` where the policy has `then: fail` | Jenkins counts both as failed, GitLab tells them apart: nothing was found to be worse, nothing was shown to be safe |
| open, and the policy warns only | `skipped` | neither passed nor failed, and the job goes on |
| not known | `skipped` | |
| not enforced, or a limit that is borne | passes, with the reason in `system-out` | it changes no exit code |

The reason stands in the attribute `message`, which Jenkins shows, and as text, which GitLab shows. A test's name is
unique within its class, as GitLab leaves out doubles. Dots within a name become `_`, as Jenkins cuts classes at them.
Attachments (`[[ATTACHMENT|path]]` in a test's output) are for both servers a file to publish: no text brings one about.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from xml.etree import ElementTree as ET

from bench.gate.record import Contrast, GateReport, SuiteFacts
from bench.gate.told.findings import Finding, blocks, findings, one_line
from bench.gate.told.flip_words import flip_words
from bench.gate.told.voice import SuiteVoice
from bench.types import Language

_COLUMNS = 1000
"""Columns of an answer that are shown."""
_SHOWN = ("failure", "error", "skipped")
"""How a test case may end, the gravest first; one that passed has none of these elements."""
_ATTACHMENT = re.compile(r"\[\[(?=\s*ATTACHMENT)", re.IGNORECASE)


def junit(report: GateReport, language: Language) -> bytes:
    """The gate as JUnit XML in UTF-8. `time` is 0 throughout: the gate asks no model."""
    root = ET.Element("testsuites", {"name": "bench gate"})
    names: Counter[str] = Counter()
    for _, group in groupby(findings(report, language), key=lambda each: id(each.contrast)):
        root.append(_suite(report, list(group), names, language))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(each.get(name, "0")) for each in root)))
    root.set("time", "0.000")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _suite(
    report: GateReport, found: list[Finding], names: Counter[str], language: Language
) -> ET.Element:
    """A test suite of one candidate's findings, or of what the gate says for itself."""
    first = found[0]
    parts = (first.suite, first.candidate) if first.contrast is not None else ()
    dotless = (_unmarked(each.replace(".", "_")) for each in parts)
    classname = _unique(".".join(["bench", *dotless]), names)
    cases: Counter[str] = Counter()
    built = [_case(each, report, classname, _unique(_unmarked(each.name), cases)) for each in found]
    shown = {kind: sum(each.find(kind) is not None for each in built) for kind in _SHOWN}
    suite = ET.Element(
        "testsuite",
        {
            "name": _unmarked(first.place) or "bench gate",
            "tests": str(len(built)),
            "failures": str(shown["failure"]),
            "errors": str(shown["error"]),
            "skipped": str(shown["skipped"]),
            "time": "0.000",
            **_stamp(report),
        },
    )
    suite.append(_properties(report, first.contrast))
    suite.extend(built)
    if first.contrast is not None:
        _put_flips(built, first.contrast, report, language)
    return suite


def _case(finding: Finding, report: GateReport, classname: str, name: str) -> ET.Element:
    case = ET.Element("testcase", {"classname": classname, "name": name, "time": "0.000"})
    shown = _shown(finding, report)
    message = _unmarked(finding.message)
    if shown is not None:
        kind = finding.criterion.kind if finding.criterion is not None else finding.name
        about = kind if shown == "failure" else finding.standing
        ET.SubElement(case, shown, {"type": about, "message": message}).text = message
    else:
        ET.SubElement(case, "system-out").text = message
    return case


def _shown(finding: Finding, report: GateReport) -> str | None:
    """The element that says how a test case ended; None for one that passed."""
    match finding.standing:
        case "fail":
            return "failure"
        case "inconclusive":
            if not blocks(finding, report):
                return "skipped"
            return "failure" if report.then == "fail" else "error"
        case "not_known":
            return "skipped"
        case _:
            return None


def _properties(report: GateReport, contrast: Contrast | None) -> ET.Element:
    told: dict[str, object] = {
        "status": report.status,
        "run": report.run.name,
        "baseline": report.baseline.name,
        "policy": report.policy,
        "policy.digest": report.policy_digest,
        "confidence": report.confidence,
        "bench": report.run.version,
    }
    if report.run.commit is not None:
        told["commit"] = report.run.commit
    if contrast is not None:
        told |= {"against": contrast.against, "items": contrast.common.items}
    properties = ET.Element("properties")
    for name, value in told.items():
        ET.SubElement(properties, "property", {"name": name, "value": _unmarked(str(value))})
    return properties


def _put_flips(
    built: list[ET.Element],
    contrast: Contrast,
    report: GateReport,
    language: Language,
) -> None:
    """The items that came out otherwise, in the output of the gravest case: servers show that of failed cases alone."""
    if not contrast.flips:
        return
    order = (*_SHOWN, "system-out")
    gravest = min(
        built,
        key=lambda each: next(n for n, kind in enumerate(order) if each.find(kind) is not None),
    )
    out = gravest.find("system-out")
    if out is None:
        out = ET.SubElement(gravest, "system-out")
    lines = [out.text or "", *_flips(contrast, report.suites[contrast.suite], language)]
    out.text = "\n".join(each for each in lines if each)


def _flips(contrast: Contrast, facts: SuiteFacts, language: Language) -> Iterable[str]:
    voice = SuiteVoice(language, facts)
    for each in contrast.flips:
        told = flip_words(each, contrast, voice, _COLUMNS)
        yield _unmarked(told.head)
        for key, text in (("flip.was", told.was), ("flip.now", told.now)):
            if text is not None:
                yield f"    {voice.say(key)}{_unmarked(text)}"


def _stamp(report: GateReport) -> dict[str, str]:
    """When the run began, in UTC without an offset, as Ant's schema wants it; nothing where that cannot be told."""
    try:
        began = datetime.fromisoformat(report.run.started).astimezone(UTC)
    except (ValueError, OverflowError):
        return {}
    return {"timestamp": began.replace(tzinfo=None).isoformat(timespec="seconds")}


def _unique(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name} ({seen[name]})"


def _unmarked(text: str) -> str:
    """One line that names no attachment; XML 1.0 has every character of it."""
    return _ATTACHMENT.sub("[ [", one_line(text))
