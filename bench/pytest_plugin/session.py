"""The runs of one session of pytest, as one of its processes sees them."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.cli.say import say
from bench.errors import UserError
from bench.pytest_plugin import note_run, session_name
from bench.pytest_plugin.making import Ended, made
from bench.pytest_plugin.order import Order

if TYPE_CHECKING:
    from bench.gate.against import Found
    from bench.gate.policy_file import GatePolicy

_RESULTS = "results"
_BASELINES = "baselines"
_MADE = pytest.StashKey[dict[str, Ended]]()


@dataclass(frozen=True, slots=True)
class RunOfTest:
    """A run that was made, by whichever process."""

    folder: Path
    ended: Ended


def run_for(item: pytest.Item, order: Order) -> RunOfTest:
    """The run of an order, made now if nobody has made it. Fails the test in one line when there is none to judge."""
    __tracebackhide__ = True
    folder = _folder(item.config, order)
    known = item.config.stash.setdefault(_MADE, {})
    if order.digest not in known:
        try:
            known[order.digest] = made(order, folder, lambda line: _aloud(item.config, line))
        except UserError as error:
            known[order.digest] = Ended(trouble=str(error))
    ended = known[order.digest]
    if folder.is_dir():
        note_run(item, _from(item.config.rootpath, folder))
    if ended.interrupted:
        if hasattr(item.config, "workerinput"):  # what a worker exits with is not shown
            _aloud(item.config, str(ended.trouble))
        pytest.exit(shown(str(ended.trouble)), returncode=pytest.ExitCode.INTERRUPTED)
    if ended.trouble is not None:
        pytest.fail(shown(ended.trouble), pytrace=False)
    return RunOfTest(folder, ended)


def _folder(config: pytest.Config, order: Order) -> Path:
    out = config.getoption("bench_out")
    base = config.rootpath / _RESULTS if out is None else config.invocation_params.dir / out
    return Path(base) / f"{session_name(config)}-{order.title}-{order.digest}"


def _from(root: Path, folder: Path) -> str:
    return str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)


def _aloud(config: pytest.Config, line: str) -> None:
    """A line that a person sees at once, although pytest captures what tests write."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        say(line)
        return
    with capture.global_and_fixture_disabled():
        sys.stderr.write("\n")  # pytest's own line is open
        say(line)


def shown(text: str) -> str:
    """Text of anybody, made fit for a terminal, a CI server's log and a test report: no key, nothing that either obeys."""
    from bench.endpoints.secrets import hidden
    from bench.gate.told.ci_text import logged

    return logged(hidden(text))


def policy_named(named: str | Path | None, base: Path) -> "GatePolicy":
    """The policy of a file, seen from `base`, or the built-in one. Raises UserError."""
    from bench.gate.policy_file import read_gate_policy

    return read_gate_policy(None if named is None else base / named)


def held_against(named: str | Path, base: Path) -> "Found":
    """A baseline's file, a baseline's name or a run's folder, seen from `base`. Raises UserError."""
    from bench.gate.against import found

    path = base / named
    return found(path if path.exists() else str(named), base / _BASELINES)
