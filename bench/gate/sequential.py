"""A run that is judged while it goes on, and that asks a suite no further once the gate is sure of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.gate.gate import gate
from bench.gate.policy_check import check_policy
from bench.gate.policy_file import GatePolicy
from bench.gate.record import GateReport, Saved, Status
from bench.gate.steps import looks_of
from bench.running.looks import Ended, Held, SuiteLooks
from bench.running.manifest import Manifest
from bench.running.plan import Plan
from bench.running.rounds import Key
from bench.scoring.score import Scored, score_one
from bench.suites.assumptions_file import with_assumptions
from bench.suites.load import Suite
from bench.types import Answer, Failure, Item
from bench.value.judge_run import in_order
from bench.value.ledger import ledger
from bench.value.observed.file import fingerprint
from bench.value.observed.observe import observed_items, observed_run, observed_suite
from bench.value.observed.record import Observed


@dataclass(frozen=True, slots=True)
class Against:
    """What a run is held against: a baseline and a policy, and what the user called them."""

    baseline: Observed
    baseline_name: str
    policy: GatePolicy
    policy_name: str | None = None

    def report(self, run: Observed, run_name: str) -> GateReport:
        """What the gate says of a run. Raises GateError."""
        return gate(
            run, self.baseline, self.policy, run_name=run_name, baseline_name=self.baseline_name
        )


def begun(plan: Plan, against: Against) -> Held:
    """A planned run before its first look.

    A suite that the baseline lacks has one look: nothing of it is compared.
    """
    return Held(
        baseline=against.baseline_name,
        baseline_digest=fingerprint(against.baseline),
        policy=against.policy_name,
        policy_digest=against.policy.digest,
        suites={suite.name: _looks(suite, plan, against) for suite in plan.suites},
    )


def _looks(suite: Suite, plan: Plan, against: Against) -> SuiteLooks:
    items = plan.items[suite.name]
    old = against.baseline.suites.get(suite.name)
    before = {each.id: each.digest for each in old.items} if old else {}
    now = observed_items(suite, items)
    common = [each.id for each in now if before.get(each.id) == each.digest]
    return looks_of(suite.name, items, common, plan.seed, against.policy.sequential)


def check(plan: Plan, manifest: Manifest, against: Against) -> None:
    """Raise UserError for what the gate would refuse once the answers had been paid for."""
    rows: dict[str, list[Scored]] = {suite.name: [] for suite in plan.suites}
    for suite, candidate in plan.pairs():
        for item in plan.items[suite.name][:1]:
            failure = Failure(kind="no_answer", message="not asked yet")
            answer = Answer(
                suite=suite.name,
                candidate=candidate.name,
                item=item.id,
                state="failed",
                failure=failure,
            )
            rows[suite.name].append(Scored(answer, None))
    unasked = _observed(plan, manifest, rows)
    file = Path(against.policy_name) if against.policy_name else None
    check_policy(against.policy, unasked, file)
    against.report(unasked, manifest.id)


@dataclass(slots=True)
class LookByLook:
    """The steps of a run: after each look every suite that the gate is not sure of is asked up to its next one.

    A suite is sure when each of its candidates passes or fails; until then all of them are asked, so that candidates stay
    comparable. The gate judges all suites together, each at its own look, and as if it had never looked before: a
    verdict is what this look's level makes of this look's answers, the same that `bench gate` finds afterwards.
    `may_stop_short` says that the budget is the policy's, which ends a run where --budget interrupts it.
    """

    plan: Plan
    made: Manifest
    against: Against
    held: Held
    tell: Callable[[str], None]
    may_stop_short: bool = False
    _rows: dict[str, dict[Key, Scored]] = field(default_factory=dict)
    _new: dict[str, list[Answer]] = field(default_factory=dict)

    def items(self) -> dict[str, tuple[Item, ...]]:
        """The planned items of each suite that the looks so far ask."""
        return self.held.asked(self.plan.items, self.plan.seed)

    def heard(self, answer: Answer) -> None:
        """Keep an answer until the next look."""
        self._new.setdefault(answer.suite, []).append(answer)

    def further(self) -> bool:
        """Judge what was asked; whether a suite goes on to its next look."""
        report = self.against.report(self._seen(), self.made.id)
        statuses = _statuses(report)
        self.tell(_told(self.held, statuses, self.plan, self.items()))
        unsure = {name for name, status in statuses.items() if status == "inconclusive"}
        going = {name for name in unsure if not self.held.suites[name].is_last}
        if going:
            self._move(going, 1)
        else:
            self._end("whole" if unsure else "decided")
        return bool(going)

    def out_of_money(self) -> None:
        """Give back the looks that were not answered whole, where the policy ends the run there."""
        if not self.may_stop_short:
            return
        owed = self._owed()
        if all(self.held.suites[name].begun > 1 for name in owed):
            self._move(owed, -1)
            self._end("budget")

    def _move(self, names: set[str], looks: int) -> None:
        moved = {
            name: each.model_copy(update={"begun": each.begun + looks}) if name in names else each
            for name, each in self.held.suites.items()
        }
        self.held = self.held.model_copy(update={"suites": moved, "ended": None})

    def _end(self, why: Ended) -> None:
        self.held = self.held.model_copy(update={"ended": why})

    def _owed(self) -> set[str]:
        """Suites of which an item of this look has no answer."""
        answered = {
            (answer.suite, answer.candidate, answer.item, answer.repeat)
            for answers in self._new.values()
            for answer in answers
        }.union(*self._rows.values())
        asked = replace(self.plan, items=self.items())
        return {trial.suite.name for trial in asked.trials() if trial.key not in answered}

    def _seen(self) -> Observed:
        """What was answered so far, every answer scored once."""
        asked = replace(self.plan, items=self.items())
        found: dict[str, list[Scored]] = {}
        for suite in self.plan.suites:
            rows = self._rows.setdefault(suite.name, {})
            items = {item.id: item for item in suite.items}
            for answer in self._new.pop(suite.name, []):
                rows[answer.key] = score_one(suite, items[answer.item], answer)
            kept = in_order(
                [row.answer for row in rows.values()],
                list(self.made.candidates),
                asked.items[suite.name],
            )
            found[suite.name] = [rows[answer.key] for answer in kept]
        current = self.made.model_copy(update={"held": self.held, "complete": True})
        return _observed(asked, current, found)


def _observed(plan: Plan, manifest: Manifest, rows: Mapping[str, list[Scored]]) -> Observed:
    """What rows of scored answers show of a plan's items."""
    suites = with_assumptions(plan.suites, manifest.assumptions)
    seen = {
        suite.name: observed_suite(
            suite,
            plan.items[suite.name],
            rows[suite.name],
            ledger(suite, rows[suite.name], manifest),
            manifest,
        )
        for suite in suites
    }
    return observed_run(manifest, seen)


def _statuses(report: GateReport) -> dict[str, Status]:
    """Suite -> open if any of its candidates is, else failed if any did."""
    found: dict[str, Status] = {}
    rank = ("pass", "fail", "inconclusive").index
    for contrast in report.contrasts:
        found[contrast.suite] = max(found.get(contrast.suite, "pass"), contrast.status, key=rank)
    return found


def _told(
    held: Held,
    statuses: Mapping[str, Status],
    plan: Plan,
    asked: Mapping[str, tuple[Item, ...]],
) -> str:
    told = []
    for name, looks in held.suites.items():
        items = f"{len(asked[name])} of {len(plan.items[name])} items"
        status = statuses.get(name, "not compared")
        told.append(f"{name}, look {looks.begun} of {len(looks.clusters)}, {items}: {status}")
    return "; ".join(told)


def saved(plan: Plan, held: Held, answers: Iterable[Answer]) -> Saved:
    """What a sequential run did not have to ask. Requests that were not sent are estimated as a plan's are."""
    asked = {
        name: {item.id for item in items}
        for name, items in held.asked(plan.items, plan.seed).items()
    }
    left = {
        name: tuple(item for item in items if item.id not in asked[name])
        for name, items in plan.items.items()
    }
    return Saved(
        look=max(each.begun for each in held.suites.values()),
        looks=max(len(each.clusters) for each in held.suites.values()),
        items_asked=sum(map(len, asked.values())),
        items_planned=sum(map(len, plan.items.values())),
        requests_not_sent=sum(each.requests for each in replace(plan, items=left).work()),
        requests_from_cache=sum(each.cached for answer in answers for each in answer.exchanges),
    )
