"""Reports as files: a format is one function and one line of the table."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import RunFolderError, UserError
from bench.files.whole_file import unwritable, write_whole
from bench.registry import did_you_mean
from bench.types import Language
from bench.value.judged import Judged


@dataclass(frozen=True, slots=True)
class Format:
    """A file's name, and what belongs into it: a text, or the bytes of an office file."""

    file: str
    text: Callable[[Judged, Language], str | bytes]


def _html(judged: Judged, language: Language) -> str:
    from bench.reports.html import html

    return html(judged, language)


def _markdown(judged: Judged, language: Language) -> str:
    from bench.reports.markdown import markdown

    return markdown(judged, language)


def _xlsx(judged: Judged, language: Language) -> bytes:
    from bench.reports.workbook.workbook import workbook

    return workbook(judged, language)


def _docx(judged: Judged, language: Language) -> bytes:
    from bench.reports.brief.brief import brief

    return brief(judged, language)


def _json(judged: Judged, language: Language) -> str:
    """Every number; what is not finite is written as null, a lone surrogate as its escape."""
    del language
    try:
        return judged.summary.model_dump_json(by_alias=True, indent=2) + "\n"
    except ValueError:
        return json.dumps(_writable(judged.summary.model_dump(by_alias=True)), indent=2) + "\n"


def _writable(told: object) -> object:
    match told:
        case str():
            return told.encode(errors="backslashreplace").decode()
        case float():
            return told if math.isfinite(told) else None
        case list() | tuple():
            return [_writable(each) for each in told]
        case dict():
            return {_writable(name): _writable(each) for name, each in told.items()}
        case _:
            return told


FORMATS: Mapping[str, Format] = {
    "html": Format("report.html", _html),
    "md": Format("report.md", _markdown),
    "xlsx": Format("report.xlsx", _xlsx),
    "docx": Format("report.docx", _docx),
    "json": Format("summary.json", _json),
}


def write_reports(
    judged: Judged, folder: Path, language: Language, formats: Sequence[str]
) -> list[Path]:
    """Write the reports in the order asked for, and say where they are.

    A file appears whole or not at all. Raises UserError for a format that does not exist, before
    anything is written, and RunFolderError when the folder cannot be written.
    """
    for name in formats:
        if name not in FORMATS:
            raise UserError(f"no report format is called '{name}'{did_you_mean(name, [*FORMATS])}")
    _make(folder)
    written = []
    for name in formats:
        path = folder / FORMATS[name].file
        told = FORMATS[name].text(judged, language)
        write_whole(path, told.encode() if isinstance(told, str) else told)
        written.append(path)
    return written


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(unwritable(folder, error)) from None
