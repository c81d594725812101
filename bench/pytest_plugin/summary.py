"""What the end of a session says of its runs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.gate.told.ci_text import logged
from bench.pytest_plugin.making import ended_in
from bench.wording.plain import plain


def lines(folders: Iterable[str], root: Path) -> Iterator[str]:
    """A line for each run, named from `root` on, and beneath it what a person should know of it."""
    for folder in folders:
        yield logged(f"run {folder}")
        ended = ended_in(root / folder)
        if ended is None:
            continue
        for told in (ended.incomplete, ended.failed, *ended.remarks):
            if told is not None:
                yield logged(f"  {plain(told)}")
