"""The pytest plugin: runs as tests, held against a baseline and against the suites' own limits.

Every pytest of an environment that has this package imports this module, so nothing of the package is imported here
before somebody asks for it.
"""

import argparse
import os
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bench.pytest_plugin.bench_run import BenchRun

__all__ = ["BenchRun"]

SESSION = pytest.StashKey[str]()
_WORKER_KEY = "bench_session"
_PROPERTY = "bench_run"
"""The property of a test that names the folder of the run that it is about; it stands in JUnit files, too."""


def __getattr__(name: str) -> object:
    """`BenchRun`, for annotations of tests."""
    if name == "BenchRun":
        from bench.pytest_plugin.bench_run import BenchRun

        return BenchRun
    raise AttributeError(name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options. None of them does anything but where a suite is named or a test asks for `bench_run`."""
    group = parser.getgroup("industry bench", "runs of a suite as tests (industry-bench)")
    add = group.addoption
    add("--bench-suite", action="append", default=[], metavar="SUITE", help="Run this suite, a test for each candidate and criterion; may be given again.")  # fmt: skip
    add("--bench-endpoints", "--bench-endpoint", metavar="FILE", help="Endpoint file.")
    add("--bench-candidates", metavar="NAMES", help="endpoint or endpoint/strategy, separated by commas.")  # fmt: skip
    add("--bench-against", metavar="BASELINE", help="A baseline or a run: nothing may have got worse. Else only the suites' own limits are held.")  # fmt: skip
    add("--bench-policy", metavar="FILE", help="Gate policy: what may not get worse, and by how much.")  # fmt: skip
    add("--bench-limit", type=_at_least_one, metavar="N", help="Draw this many items of each suite.")  # fmt: skip
    add("--bench-repeats", type=_at_least_one, metavar="K", help="Ask every item this often (default: 1).")  # fmt: skip
    add("--bench-seed", type=int, metavar="S", help="Seed of every draw (default: 0).")
    add("--bench-budget", type=float, metavar="MONEY", help="Stop each run before this much money is spent, in its suites' currency.")  # fmt: skip
    add("--bench-data-policy", metavar="FILE", help="Which endpoints may be sent which class of data.")  # fmt: skip
    add("--bench-redact", action="store_true", default=None, help="Replace personal numbers and addresses before anything is sent.")  # fmt: skip
    add("--bench-out", metavar="DIR", help="Where the folders of the runs are made (default: results in the root folder).")  # fmt: skip
    add("--bench-lang", choices=("zh", "en"), default="en", help="Language of the reasons (default: en).")  # fmt: skip


def _at_least_one(told: str) -> int:
    number = int(told)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{told} is below 1")
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and, where a suite is named, its tests."""
    config.addinivalue_line(
        "markers",
        "bench(suite, endpoints, candidates, limit, repeats, seed, ...): the run that the fixture bench_run makes; "
        "what is left out comes from the --bench-... options.",
    )
    if config.getoption("bench_suite"):
        from bench.pytest_plugin.collecting import Collecting

        config.pluginmanager.register(Collecting(), "industry-bench-collecting")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers of one session (pytest-xdist) call it the same."""
    node.workerinput[_WORKER_KEY] = session_name(node.config)


def session_name(config: pytest.Config) -> str:
    """What the folders of this session's runs begin with, the same in each of its processes."""
    told = getattr(config, "workerinput", {}).get(_WORKER_KEY)
    if told is not None:
        return str(told)
    if SESSION not in config.stash:
        from datetime import datetime

        now = datetime.now().astimezone()
        config.stash[SESSION] = f"{now:%Y%m%d-%H%M%S}-{os.urandom(2).hex()}"
    return config.stash[SESSION]


def note_run(item: pytest.Item, folder: str) -> None:
    """Write beside a test's result which run it is about."""
    if (_PROPERTY, folder) not in item.user_properties:
        item.user_properties.append((_PROPERTY, folder))


@pytest.fixture
def bench_run(request: pytest.FixtureRequest) -> "BenchRun":
    """The run that the marker `bench` of this test describes; equal ones are made once in a session.

    Fails with one line where it cannot be made.
    """
    from bench.pytest_plugin.bench_run import bench_run_of

    return bench_run_of(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None, None, None]:
    """Say where the runs are, and what a person should know of them."""
    told = _runs_of(each for reports in terminalreporter.stats.values() for each in reports)
    if told:
        from bench.pytest_plugin.summary import lines

        terminalreporter.write_sep("-", "industry bench")
        for line in lines(told, terminalreporter.config.rootpath):
            terminalreporter.write_line(line)
    return (yield)


def _runs_of(reports: Iterable[Any]) -> list[str]:
    """The folders of the runs that tests were about, in the order of the tests."""
    found = (
        str(each[1])
        for report in reports
        for each in getattr(report, "user_properties", ())
        if each and each[0] == _PROPERTY
    )
    return list(dict.fromkeys(found))
