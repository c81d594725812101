"""`bench run --against`: what a run is held against while it goes on, and how the gate's answer is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.say import say
from bench.errors import RunFolderError, UserError

if TYPE_CHECKING:
    from bench.gate.sequential import Against, LookByLook
    from bench.running.manifest import Manifest
    from bench.running.plan import Plan
    from bench.running.run import RunResult
    from bench.types import Language

REPORT = "gate.json"

AgainstOption = Annotated[
    str | None,
    typer.Option(
        "--against",
        help="A baseline: ask look by look, and stop a suite once the gate is sure either way.",
    ),
]
Gate = Annotated[
    Path | None,
    typer.Option(help="With --against: the gate's policy.  [default: built in]"),
]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a run is held against, and where its policy bounds the items and the money of a run that is extended."""

    against: "Against"

    def limit(self, limit: int | None) -> int | None:
        """How many items of each suite are drawn: no more than the policy extends a run to."""
        most = self.against.policy.inconclusive
        known = [each for each in (limit, most.up_to_items if self._extends else None) if each]
        return min(known, default=None)

    def budget(self, budget: float | None) -> float | None:
        """The smaller of --budget and the policy's."""
        known = [each for each in (budget, self._own_budget) if each is not None]
        return min(known, default=None)

    def may_stop_short(self, budget: float | None) -> bool:
        """Whether it is the policy's budget that ends the run, which then has all its policy wants."""
        return self._own_budget is not None and self.budget(budget) == self._own_budget

    @property
    def _extends(self) -> bool:
        return self.against.policy.inconclusive.then == "extend"

    @property
    def _own_budget(self) -> float | None:
        return self.against.policy.inconclusive.budget if self._extends else None

    def check_budget(self, planned: "Plan") -> None:
        """Raise UserError, naming the policy, where its budget could not be held."""
        from bench.running.budget import check_budget

        if self._own_budget is None:
            return
        try:
            check_budget(planned)
        except UserError as error:
            where = self.against.policy_name or "the gate's policy"
            told = str(error).removeprefix("--budget: ")
            raise UserError(f"{where}: inconclusive.budget: {told}") from None


def holding(
    against: str | None, policy: Path | None, before: "Manifest | None", *, batch: bool
) -> Holding | None:
    """What a run is held against; None without --against. A run that is continued is held as it was. Raises UserError."""
    if before is not None and before.held is not None:
        against = against or before.held.baseline
        policy = policy or (Path(before.held.policy) if before.held.policy else None)
    if against is None:
        if policy is not None:
            raise UserError("--gate goes with --against: the baseline that the run is held against")
        return None
    if batch:
        raise UserError("--batch: answers that come hours later cannot stop a run; leave it or --against out")  # fmt: skip
    from bench.gate.against import found
    from bench.gate.policy_file import read_gate_policy
    from bench.gate.sequential import Against

    held = read_gate_policy(policy)
    return Holding(Against(found(against).observed, against, held, str(policy) if policy else None))


def checked(planned: "Plan", made: "Manifest", held: Holding) -> "Manifest":
    """The manifest of a run before its first look. Raises GateError where the gate could never compare it."""
    from bench.gate.sequential import begun, check

    check(planned, made, held.against)
    return made.model_copy(update={"held": begun(planned, held.against)})


def steps(
    planned: "Plan", made: "Manifest", held: Holding, budget: float | None, *, quiet: bool
) -> "LookByLook":
    """The steps of a run whose folder stands ready."""
    from bench.gate.sequential import LookByLook

    assert made.held is not None
    tell: Callable[[str], None] = _silent if quiet else say
    return LookByLook(
        planned,
        made,
        held.against,
        made.held.model_copy(update={"ended": None}),
        tell,
        held.may_stop_short(budget),
    )


def _silent(line: str) -> None:
    del line


def tell_gate(
    folder: Path,
    planned: "Plan",
    result: "RunResult",
    held: Holding,
    lang: "Language",
    again: str,
) -> int:
    """Tell what the gate says of a run that has ended, and what it did not have to ask; the exit code.

    `again` is the command that writes what could not be written.
    """
    from bench.cli.gate_verb import compared, told
    from bench.files.whole_file import write_whole
    from bench.gate.sequential import saved

    now = result.manifest.held
    assert now is not None
    report = compared(folder, held.against.baseline_name, held.against.policy)
    report = report.model_copy(update={"saved": saved(planned, now, result.answers)})
    if now.ended == "budget":
        say("the policy's budget (inconclusive.budget) bears no further look")
    code = told(report, lang)
    try:
        write_whole(folder / REPORT, report.model_dump_json(indent=2).encode() + b"\n")
    except RunFolderError as error:
        say(f"{error}; then: {again}")
        return 3
    return code
