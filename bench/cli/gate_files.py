"""The files that a gate is asked for: for CI servers, pull requests and programs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.cli.say import say

if TYPE_CHECKING:
    from bench.gate.record import GateReport
    from bench.gate.window.record import WindowReport
    from bench.types import Language


@dataclass(frozen=True, slots=True)
class Files:
    """Where each form of the report is written; None where it is not."""

    junit: Path | None = None
    markdown: Path | None = None
    gitlab: Path | None = None
    json: Path | None = None


def write_files(
    files: Files, report: "GateReport | None", series: "WindowReport | None", lang: "Language"
) -> None:
    """Write what was asked for of a gate's report and of a window, where there are any. Raises RunFolderError."""
    from bench.files.whole_file import write_whole

    wanted: list[tuple[Path | None, Callable[[], bytes]]] = [
        (files.markdown, lambda: _markdown(report, series, lang)),
        (files.json, lambda: _json(report, series)),
    ]
    if report is not None:
        gate = report
        wanted += [
            (files.junit, lambda: _junit(gate, lang)),
            (files.gitlab, lambda: _gitlab(gate, lang)),
        ]
    for path, content in wanted:
        if path is not None:
            _make_room(path)
            write_whole(path, content())
            say(f"wrote {path}")


def _make_room(path: Path) -> None:
    """Make the folder of a file. Raises RunFolderError."""
    from bench.errors import RunFolderError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"{path}: its folder cannot be made: {error.strerror}; name another"
        ) from None


def _markdown(
    report: "GateReport | None", series: "WindowReport | None", lang: "Language"
) -> bytes:
    from bench.gate.told.markdown import markdown
    from bench.gate.window.told import told_markdown

    parts = []
    if report is not None:
        parts.append(markdown(report, lang))
    if series is not None:
        parts.append(told_markdown(series, lang))
    return "\n".join(parts).encode()


def _json(report: "GateReport | None", series: "WindowReport | None") -> bytes:
    """The gate's report, with the window beside it where both were asked for; else the window."""
    import orjson

    told = report.model_dump(mode="json") if report is not None else {}
    if series is not None:
        window = series.model_dump(mode="json")
        told = told | {"window": window} if told else window
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _junit(report: "GateReport", lang: "Language") -> bytes:
    from bench.gate.told.junit import junit

    return junit(report, lang)


def _gitlab(report: "GateReport", lang: "Language") -> bytes:
    import os

    from bench.gate.told.gitlab import code_quality

    project = os.environ.get("CI_PROJECT_DIR")
    return code_quality(report, lang, root=Path(project) if project else None)
