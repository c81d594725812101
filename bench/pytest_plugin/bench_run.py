"""What the fixture `bench_run` gives to a test: a run, and what may be asserted of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from bench.errors import UserError
from bench.pytest_plugin.order import Order, order_of_marker
from bench.pytest_plugin.session import held_against, policy_named, run_for, shown
from bench.registry import did_you_mean
from bench.types import Language

if TYPE_CHECKING:
    from bench.pytest_plugin.making import Ended
    from bench.pytest_plugin.verdicts import Pair, Verdict


@dataclass(frozen=True, slots=True)
class BenchRun:
    """A run that was made, in `folder`; `summary` is its `summary.json`.

    What is asserted fails with an AssertionError that says in plain words what is wrong and by how much. Paths begin in
    the root folder of the project (`base`).
    """

    folder: Path
    summary: dict[str, Any] = field(repr=False)
    base: Path = field(repr=False)
    ended: "Ended" = field(repr=False)
    language: Language = field(default="en", repr=False)

    def candidate(self, name: str, suite: str | None = None) -> dict[str, Any]:
        """The summary of one candidate: `verdict`, `metrics`, `gates`, ... Of the first suite, unless one is named."""
        __tracebackhide__ = True
        suites = self.summary["suites"]
        chosen = next(iter(suites)) if suite is None else suite
        of_suite = _of(suites, chosen, "suite")
        told: dict[str, Any] = _of(of_suite["candidates"], name, "candidate")
        return told

    def assert_complete(self) -> None:
        """Every planned trial was asked, and none failed."""
        __tracebackhide__ = True
        self._assert_all_asked()
        if self.ended.failed is not None:
            raise AssertionError(shown(self.ended.failed))

    def assert_limits_hold(self, policy: str | Path | None = None) -> None:
        """No hard limit of the suite is surely broken, and enough trials have an outcome.

        A gate policy may waive a limit, or ask that each is shown to hold (`limits: proven`).
        """
        __tracebackhide__ = True
        self._assert_all_asked()
        try:
            told = self._limits(policy)
        except UserError as error:
            raise AssertionError(shown(str(error))) from None
        self._judge(told, None)

    def assert_no_regression(
        self,
        against: str | Path,
        policy: str | Path | None = None,
        criteria: Iterable[str] | None = None,
    ) -> None:
        """Nothing that a gate policy holds got worse than in a baseline by more than it allows.

        `against` is a baseline's file, its name under baselines/, or a run's folder; `criteria` names some of what the
        policy holds (`value`, `harm`, `rate:NAME`, `limit:NAME`, `coverage`, `cost`, `latency`), None all of it. Where
        the items cannot tell, the policy's `inconclusive: {then: warn}` skips the test; all else fails it.
        """
        __tracebackhide__ = True
        self._assert_all_asked()
        try:
            told = self._compared(against, policy)
        except UserError as error:
            raise AssertionError(shown(str(error))) from None
        self._judge(told, None if criteria is None else list(criteria))

    def _assert_all_asked(self) -> None:
        __tracebackhide__ = True
        if self.ended.incomplete is not None:
            raise AssertionError(shown(f"the run is not complete: {self.ended.incomplete}"))

    def _limits(self, policy: str | Path | None) -> "dict[Pair, dict[str, Verdict]]":
        from bench.gate.against import found
        from bench.pytest_plugin.verdicts import verdicts_of_limits

        held = policy_named(policy, self.base)
        return verdicts_of_limits(found(self.folder).observed, held, self.language)

    def _compared(
        self, against: str | Path, policy: str | Path | None
    ) -> "dict[Pair, dict[str, Verdict]]":
        from bench.gate.against import found
        from bench.gate.gate import gate
        from bench.pytest_plugin.verdicts import verdicts_of_gate

        blessed = held_against(against, self.base)
        report = gate(
            found(self.folder).observed,
            blessed.observed,
            policy_named(policy, self.base),
            run_name=self.folder.name,
            baseline_name=blessed.name,
        )
        return verdicts_of_gate(report, self.language)

    def _judge(self, told: "dict[Pair, dict[str, Verdict]]", criteria: list[str] | None) -> None:
        """Raise what the worst of the verdicts asks for."""
        __tracebackhide__ = True
        known = list(dict.fromkeys(name for of_pair in told.values() for name in of_pair))
        for name in criteria or ():
            if name not in known:
                raise AssertionError(f"no criterion is called '{name}'{did_you_mean(name, known)}")
        chosen = {
            f"{suite}::{candidate}::{name}": verdict
            for (suite, candidate), of_pair in told.items()
            for name, verdict in of_pair.items()
            if criteria is None or name in criteria
        }
        if not chosen:
            raise AssertionError("nothing is held, so nothing can be said to hold")
        wrong = [f"{where}: {each.text}" for where, each in chosen.items() if each.kind == "fail"]
        if wrong:
            raise AssertionError("\n".join(wrong))
        open_ones = [f"{where}: {each.text}" for where, each in chosen.items() if each.is_open]
        if open_ones:
            pytest.skip("; ".join(open_ones))


def bench_run_of(item: pytest.Item) -> BenchRun:
    """The run that an item's markers and the options describe. Fails the test, in one line, when there is none."""
    __tracebackhide__ = True
    order = _order(item)
    if isinstance(order, str):
        pytest.fail(shown(order), pytrace=False)
    run = run_for(item, order)
    summary = orjson.loads((run.folder / "summary.json").read_bytes())
    language = item.config.getoption("bench_lang")
    return BenchRun(run.folder, summary, item.config.rootpath, run.ended, language)


def _order(item: pytest.Item) -> Order | str:
    """The order, or what is wrong with it."""
    try:
        return order_of_marker(item)
    except UserError as error:
        return str(error)


def _of(told: dict[str, Any], name: str, kind: str) -> Any:
    __tracebackhide__ = True
    if name not in told:
        raise AssertionError(
            f"no {kind} of the run is called '{name}'{did_you_mean(name, list(told))}"
        )
    return told[name]
