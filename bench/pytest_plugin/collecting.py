"""The tests of `--bench-suite`: one for each suite, candidate and criterion."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from bench.errors import GateError, UserError
from bench.gate.against import Found
from bench.gate.policy_file import GatePolicy
from bench.pytest_plugin.order import Order, order_of_options
from bench.pytest_plugin.planned import Held, held
from bench.pytest_plugin.session import held_against, policy_named, run_for, shown
from bench.pytest_plugin.verdicts import Pair, Verdict, verdicts_of_gate, verdicts_of_limits

ROOT = "bench"
"""What the ids of these tests begin with."""


class Collecting:
    """The hook that puts the tests beside those of the project's files."""

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Let the session find them, too."""
        report = yield
        if isinstance(collector, pytest.Session):
            report.result = [*(report.result or ()), Root.from_parent(collector, name=ROOT, nodeid=ROOT)]  # fmt: skip
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Let a skipped test name the suite's file, not ours."""
        report = yield
        if isinstance(item, OfCriterion) and isinstance(report.longrepr, tuple):
            report.longrepr = (str(item.held.path), 1, report.longrepr[2])
        return report


class Root(pytest.Collector):
    """All suites that are named."""

    def collect(self) -> Iterable["Suite"]:
        """One node a suite. What the user has to mend is an error of one line."""
        try:
            held_here = Holding.of(self.config)
        except UserError as error:
            raise self.CollectError(shown(str(error))) from None
        for name in dict.fromkeys(each.suite for each in held_here.all):
            yield Suite.from_parent(self, name=name, holding=held_here)


class Suite(pytest.Collector):
    """One suite."""

    def __init__(self, holding: "Holding", **about: Any) -> None:
        super().__init__(**about)
        self.holding = holding

    def collect(self) -> Iterable["OfCandidate"]:
        """One node a candidate."""
        for each in self.holding.all:
            if each.suite == self.name:
                yield OfCandidate.from_parent(
                    self, name=each.candidate, holding=self.holding, held=each
                )


class OfCandidate(pytest.Collector):
    """One candidate of one suite."""

    def __init__(self, holding: "Holding", held: Held, **about: Any) -> None:
        super().__init__(**about)
        self.holding = holding
        self.held = held

    def collect(self) -> Iterable["OfCriterion"]:
        """One test a criterion."""
        for name in self.held.criteria:
            yield OfCriterion.from_parent(self, name=name, holding=self.holding, held=self.held)


class OfCriterion(pytest.Item):
    """Whether one thing has not got worse, or one limit holds."""

    def __init__(self, holding: "Holding", held: Held, **about: Any) -> None:
        super().__init__(**about)
        self.holding = holding
        self.held = held
        self.add_marker("bench")

    def runtest(self) -> None:
        """Make the run, unless it is made, and say what it showed."""
        verdict = self.holding.verdict(self)
        if verdict.kind == "fail":
            pytest.fail(verdict.text, pytrace=False)
        if verdict.kind == "skip":
            pytest.skip(verdict.text)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The suite's file is what it is about."""
        return self.held.path, None, self.nodeid


class Holding:
    """What a session holds, and, once the run is made, what came of it."""

    def __init__(
        self, order: Order, policy: GatePolicy, against: Found | None, held: tuple[Held, ...]
    ) -> None:
        self.order = order
        self.policy = policy
        self.against = against
        self.all = held
        self._verdicts: dict[Pair, dict[str, Verdict]] | None = None
        self._mistake: str | None = None

    @classmethod
    def of(cls, config: pytest.Config) -> "Holding":
        """What the options say, checked. Raises UserError."""
        from bench.cli.data_checks import check_data
        from bench.gate.policy_check import check_policy

        order, base = order_of_options(config), config.invocation_params.dir
        written = config.getoption("bench_policy")
        policy = policy_named(written, base)
        named = config.getoption("bench_against")
        against = None if named is None else held_against(named, base)
        if against is not None:
            check_policy(policy, against.observed, None if written is None else base / written)
        plan = order.selection().plan()
        check_data(plan)
        baseline = None if against is None else against.observed
        told = tuple(held(plan, policy, baseline))
        if baseline is not None and not any(each.compared for each in told):
            raise GateError(
                f"{named}: has none of these suites and candidates; name another baseline or bless a run of them"
            )
        return cls(order, policy, against, told)

    def verdict(self, item: OfCriterion) -> Verdict:
        """What is found for a test."""
        __tracebackhide__ = True
        run = run_for(item, self.order)
        if run.ended.incomplete is not None:
            return Verdict("fail", shown(f"the run is not complete: {run.ended.incomplete}"))
        if self._verdicts is None and self._mistake is None:
            try:
                self._verdicts = self._found(run.folder, item)
            except UserError as error:
                self._mistake = shown(str(error))
        if self._verdicts is None:
            return Verdict("fail", self._mistake or "")
        pair = item.held.suite, item.held.candidate
        rule = run.ended.refused.get("/".join(pair))
        if pair not in self._verdicts and rule is not None:
            return Verdict("skip", shown(f"not asked: refused by the data policy (rule '{rule}')"))
        told = self._verdicts.get(pair, {}).get(item.name)
        return told or Verdict("fail", f"nothing was found of '{item.name}', so nothing holds it")

    def _found(self, folder: Path, item: pytest.Item) -> dict[Pair, dict[str, Verdict]]:
        """Raises UserError."""
        from bench.gate.against import found
        from bench.gate.gate import gate

        language = item.config.getoption("bench_lang")
        run = found(folder)
        told = verdicts_of_limits(run.observed, self.policy, language)
        if self.against is not None:
            report = gate(
                run.observed,
                self.against.observed,
                self.policy,
                run_name=folder.name,
                baseline_name=self.against.name,
            )
            told |= verdicts_of_gate(report, language)
        return told
