"""A gate in GitHub Actions: annotations, the summary of the step, and its outputs.

Sources: docs.github.com/actions/reference/workflows-and-actions/workflow-commands; actions/toolkit
`packages/core/src/command.ts` (escaping); actions/runner `ActionCommand.cs` (what is a command) and
`ExecutionContext.cs` (of each kind the first ten of a step become annotations, each of 4,096 characters at most).
"""

import contextlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

from bench.gate.record import GateReport
from bench.gate.told.findings import Finding, blocks, by_weight, findings, one_line
from bench.gate.told.markdown import markdown
from bench.gate.told.needed import more_in_all
from bench.gate.told.phrases import headline
from bench.gate.told.repository_path import repository_path
from bench.types import Language
from bench.wording.catalogue import say

Level = Literal["error", "warning", "notice"]
_PER_LEVEL = 10
"""Annotations of a level that a step shows."""
_SUMMARY_BYTES = 1024 * 1024
"""What a step may write into its summary; more is refused whole."""
_TITLE = 255
"""Characters of an annotation's title."""
_NAMES_TOLD = 20


def told_to_github(report: GateReport, environ: Mapping[str, str], language: Language) -> str:
    """Do what the environment asks for, and return the lines for stdout; outside GitHub Actions nothing of either.

    A summary or an output that cannot be written is a warning, never an error: the verdict stands without it.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return ""
    workspace = environ.get("GITHUB_WORKSPACE")
    told = annotations(report, language, root=Path(workspace) if workspace else None)
    places: tuple[tuple[str, Callable[[Path], None]], ...] = (
        ("GITHUB_OUTPUT", lambda path: outputs(path, report)),
        ("GITHUB_STEP_SUMMARY", lambda path: step_summary(path, report, language)),
    )
    for name, write in places:
        try:
            if path := environ.get(name):
                write(Path(path))
        except OSError as error:
            why = error.strerror or type(error).__name__
            message = say(language, "gate_ci.unwritten", name=name, why=why)
            told += _command("warning", one_line(message), {"title": "bench gate"})
    return told


def annotations(report: GateReport, language: Language, *, root: Path | None = None) -> str:
    """Workflow commands, a line each: the verdict as a notice, errors for what blocks, warnings for what does not.

    `root` is the repository's; without it paths are told relative to the working directory.
    """
    found = by_weight(findings(report, language))
    levels = [(each, _level(each, report)) for each in found]
    lines = [_command("notice", one_line(headline(report, language)), {"title": "bench gate"})]
    for level in ("error", "warning"):
        lines += _of_level(
            level, [each for each, of in levels if of == level], report, language, root
        )
    return "".join(lines)


def step_summary(path: Path, report: GateReport, language: Language) -> None:
    """Append the report as Markdown, or its first sentence where the rest has no room. Raises OSError."""
    short = f"{one_line(headline(report, language))}\n\n{say(language, 'gate_ci.too_long')}\n"
    _append_what_fits(path, (markdown(report, language), short))


def summarised(told: str, environ: Mapping[str, str]) -> None:
    """Append Markdown to the step's summary, where there is one that takes it; a verdict stands without."""
    path = environ.get("GITHUB_STEP_SUMMARY")
    if environ.get("GITHUB_ACTIONS") == "true" and path:
        with contextlib.suppress(OSError):
            _append_what_fits(Path(path), (told,))


def _append_what_fits(path: Path, texts: Iterable[str]) -> None:
    room = _SUMMARY_BYTES - (path.stat().st_size if path.exists() else 0)
    for told in texts:
        content = _on_a_new_line(path) + f"{told.rstrip()}\n".encode("utf-8", "replace")
        if len(content) <= room:
            _append(path, content)
            return


def outputs(path: Path, report: GateReport) -> None:
    """Append the step's outputs: `status`, `exit-code` and `needed-items`, empty where that is not known. Raises OSError."""
    needed = more_in_all(report)
    values = {
        "status": report.status,
        "exit-code": str(report.exit_code),
        "needed-items": "" if needed is None else str(needed),
    }
    told = ""
    for name, value in values.items():
        mark = f"bench_{secrets.token_hex(16)}"
        told += f"{name}<<{mark}\n{value}\n{mark}\n"
    _append(path, _on_a_new_line(path) + told.encode())


def _level(finding: Finding, report: GateReport) -> Level | None:
    """Errors are what makes the job end red."""
    if blocks(finding, report):
        return "error"
    return "warning" if finding.standing in ("inconclusive", "warning", "not_known") else None


def _of_level(
    level: Level,
    found: list[Finding],
    report: GateReport,
    language: Language,
    root: Path | None,
) -> list[str]:
    """The commands of one level: all, or the most pressing and a last one that names the rest."""
    shown = found if len(found) <= _PER_LEVEL else found[: _PER_LEVEL - 1]
    lines = [_command(level, each.message, _where(each, report, root)) for each in shown]
    rest = found[len(shown) :]
    if rest:
        names = "; ".join(f"{each.place}: {each.name}" for each in rest[:_NAMES_TOLD])
        more = say(language, "gate_ci.more", n=len(rest), names=names)
        lines.append(_command(level, one_line(more), {"title": "bench gate"}))
    return lines


def _where(finding: Finding, report: GateReport, root: Path | None) -> dict[str, str]:
    title = ": ".join(each for each in (finding.place, finding.name) if each)
    told = {"title": title[:_TITLE]}
    if finding.contrast is not None:
        path = repository_path(report.suites[finding.contrast.suite].path, root)
        if path is not None:
            return {"file": path, "line": "1", **told}
    return told


def _command(level: Level, message: str, properties: Mapping[str, str]) -> str:
    """One workflow command as a line."""
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _on_a_new_line(path: Path) -> bytes:
    """What stands between the end of a file and a new line."""
    if not path.exists() or path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        file.seek(-1, 2)
        return b"" if file.read(1) == b"\n" else b"\n"


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
