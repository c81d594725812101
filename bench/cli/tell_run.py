"""A run that has ended is judged, written down and told."""

from pathlib import Path
from typing import TYPE_CHECKING

from bench.cli.say import say, tell

if TYPE_CHECKING:
    from bench.running.plan import Plan
    from bench.running.run import RunResult
    from bench.types import Language


def tell_run(planned: "Plan", result: "RunResult", folder: Path, lang: "Language") -> None:
    """Judge the answers, write the reports into `folder` and print the short one."""
    from bench.reports.terminal import terminal
    from bench.reports.write import write_reports
    from bench.value.history.beside import with_history
    from bench.value.judge_run import judge_run

    judged = judge_run(planned.suites, planned.items, result.manifest, result.answers, folder)
    judged, warnings = with_history(judged, folder)
    for line in warnings:
        say(line)
    written = write_reports(judged, folder, lang, ("json", "md", "html"))
    tell(terminal(judged, lang))
    for path in written:
        say(f"wrote {path}")
