"""A run that tests ask for is made once in a session: whoever comes first makes it, the others wait and read."""

import contextlib
import os
import shlex
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from bench.errors import BenchError, RunFolderError
from bench.files.whole_file import unwritable, write_whole
from bench.pytest_plugin.order import Order
from bench.running.claim import Owner
from bench.types import Flag, Record

if TYPE_CHECKING:
    from bench.running.plan import Plan
    from bench.running.run import RunResult

NAME = "pytest.json"
_LOOK_S = 0.05
"""How often those who wait look whether the run has ended."""


class Ended(Record):
    """How a run ended.

    `trouble` is why there is nothing to judge, `incomplete` why some of its trials have no line, `failed` what became
    of those that failed; None where nothing of the kind happened. `refused` maps `suite/candidate` to the rule of the
    data policy that forbids it. `remarks` are lines for a person.
    """

    trouble: str | None = None
    incomplete: str | None = None
    failed: str | None = None
    refused: dict[str, str] = Field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    interrupted: Flag = False


class _Claim(Record):
    """`pytest.json`: who makes the run and, when it has ended, how."""

    by: Owner
    ended: Ended | None = None


def made(order: Order, folder: Path, tell: Callable[[str], None]) -> Ended:
    """Make the run in `folder`, or wait until another process of the session has.

    `tell` shows a person a line at once. Raises UserError when the order cannot be planned or the folder be made.
    """
    path = folder / NAME
    if not path.exists():
        planned = _planned(order)
        try:
            with _private_files():
                folder.mkdir(parents=True, exist_ok=True)
                is_ours = _claimed(path)
        except OSError as error:
            raise RunFolderError(unwritable(path, error)) from None
        if is_ours:
            return _made_by_us(planned, order, folder, tell)
    while (claim := _read(path)) is None or claim.ended is None:
        if claim is not None and claim.by.is_dead():
            return _abandoned(folder, path, claim)
        time.sleep(_LOOK_S)
    return claim.ended


def _planned(order: Order) -> "Plan":
    """What will be asked. Raises UserError."""
    from bench.cli.data_checks import check_data
    from bench.running.budget import check_budget

    planned = order.selection().plan()
    check_data(planned)
    if order.budget is not None:
        check_budget(planned)
    return planned


def ended_in(folder: Path) -> Ended | None:
    """How the run of a folder ended; None where nobody knows."""
    claim = _read(folder / NAME)
    return None if claim is None else claim.ended


def _claimed(path: Path) -> bool:
    """Whether the run is ours to make: nobody has begun to. Raises OSError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(_Claim(by=_us()).model_dump_json().encode())
    return True


def _us() -> Owner:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Owner(pid=os.getpid(), host=socket.gethostname(), user="this session", since=since)


def _read(path: Path) -> _Claim | None:
    """The claim; None where it is not readable yet."""
    try:
        return _Claim.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _abandoned(folder: Path, path: Path, claim: _Claim) -> Ended:
    """What to say of a run whose maker has died, if it did not end just before."""
    again = _read(path)
    if again is not None and again.ended is not None:
        return again.ended
    return Ended(
        trouble=f"{folder}: process {claim.by.pid}, which made this run, has died; go on with: {_again(folder)}"
    )


def _again(folder: Path) -> str:
    return shlex.join(["bench", "run", "--resume", "--out", str(folder)])


def _made_by_us(planned: "Plan", order: Order, folder: Path, tell: Callable[[str], None]) -> Ended:
    """Make it and write down how it ended, whatever happens."""
    ended = Ended(trouble=f"{folder}: the run was broken off; go on with: {_again(folder)}")
    try:
        with _private_files():
            ended = _run(planned, order, folder, tell)
    except BenchError as error:
        ended = Ended(trouble=str(error))
    finally:
        write_whole(folder / NAME, _Claim(by=_us(), ended=ended).model_dump_json().encode())
    return ended


@contextlib.contextmanager
def _private_files() -> Iterator[None]:
    """Files that hold what candidates answered are for their owner alone, as those of `bench run` are."""
    before = os.umask(0o077)
    os.umask(before | 0o077)
    try:
        yield
    finally:
        os.umask(before)


def _run(planned: "Plan", order: Order, folder: Path, tell: Callable[[str], None]) -> Ended:
    """Ask, judge and write. Raises BenchError."""
    from bench.reports.write import write_reports
    from bench.running.manifest import manifest
    from bench.running.run import Options, prepare, run
    from bench.value.judge_run import judge_run

    endpoints = Path(order.endpoints) if order.endpoints else None
    told = manifest(planned, folder.name, order.limit, endpoints)
    first = prepare(folder, told, resume=False, retry_failed=False)
    options = Options(
        quiet=True,
        budget=order.budget,
        on_interrupt=lambda: tell("finishing what is in flight; press Ctrl-C again to drop it"),
    )
    result = run(planned, folder, first, options)
    if result.dropped or (result.ended.stopped and not result.ended.over_budget):
        line = f"interrupted; go on with: {_again(folder)}"
        return Ended(trouble=line, interrupted=True)
    judged = judge_run(planned.suites, planned.items, result.manifest, result.answers, folder)
    write_reports(judged, folder, "en", ("json",))
    return _ended(planned, result, folder)


def _ended(planned: "Plan", result: "RunResult", folder: Path) -> Ended:
    """What is to be said of a run that was made."""
    return Ended(
        incomplete=_incomplete(result, folder),
        failed=_failed(result),
        refused={f"{each.suite}/{each.candidate}": each.rule for each in planned.refused},
        remarks=tuple(_remarks(planned, result)),
    )


def _incomplete(result: "RunResult", folder: Path) -> str | None:
    if result.unwritten:
        return f"{result.unwritten}; then: {_again(folder)}"
    if not result.not_run:
        return None
    why = [f"endpoint '{name}': {told}" for name, told in result.ended.closed.items()]
    if result.ended.over_budget:
        why.append("stopped before the budget was passed")
    because = f" ({'; '.join(why)})" if why else ""
    return f"{result.not_run} trials have no answer{because}; go on with: {_again(folder)}"


def _failed(result: "RunResult") -> str | None:
    """How many failed, of what most of them, and what the first of these said."""
    failures = [answer.failure for answer in result.answers if answer.failure is not None]
    if not failures:
        return None
    ((kind, count),) = Counter(each.kind for each in failures).most_common(1)
    said = next(each.message for each in failures if each.kind == kind)
    return (
        f"{len(failures)} of {len(result.answers)} trials failed, {count} of them by {kind}: {said}"
    )


def _remarks(planned: "Plan", result: "RunResult") -> Iterator[str]:
    from bench.running.data_policy import refused_line, unused_proxy

    if planned.policy is not None and planned.refused:
        yield refused_line(planned.policy, planned.refused)
    proxy = unused_proxy(planned.asked(), os.environ)
    if proxy is not None:
        yield proxy
    if result.cache_trouble:
        yield f"the cache of replies was not used: {result.cache_trouble}"
    for name, why in result.ended.closed.items():
        yield f"endpoint '{name}' was not asked further: {why}"
    yield from result.ended.remarks
    for name, (asked, answered) in result.manifest.rerouted().items():
        yield f"candidate '{name}': asked for '{asked}', answered by {', '.join(answered)}"
