"""A run that has ended is judged, written down and told."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.cli.say import say, tell

if TYPE_CHECKING:
    from bench.running.plan import Plan
    from bench.running.run import RunResult
    from bench.types import Language
    from bench.value.judged import Judged

FORMATS = ("json", "md", "html")
"""What is written unless a reader asks for other formats."""


def tell_run(planned: "Plan", result: "RunResult", folder: Path, lang: "Language") -> None:
    """Judge the answers, write the reports into `folder` and print the short one."""
    from bench.value.judge_run import judge_run

    judged = judge_run(planned.suites, planned.items, result.manifest, result.answers, folder)
    tell_judged(judged, folder, lang)


def tell_judged(
    judged: "Judged", folder: Path, lang: "Language", formats: Sequence[str] = FORMATS
) -> None:
    """Write the reports of a judged run, with the runs beside it as its history, and print the short one."""
    from bench.reports.terminal import terminal
    from bench.reports.write import write_reports
    from bench.value.history.beside import with_history

    told, warnings = with_history(judged, folder)
    for line in warnings:
        say(line)
    written = write_reports(told, folder, lang, formats)
    tell(terminal(told, lang))
    for path in written:
        say(f"wrote {path}")
