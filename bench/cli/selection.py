"""What `run` and `plan` were asked to do, from options to a plan. Nothing here is sent anywhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bench.errors import UserError

if TYPE_CHECKING:
    from bench.running.manifest import Manifest
    from bench.running.plan import Plan

Suites = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SUITE]...", help="Names under tasks/, or paths. All, if none."),
]
Endpoints = Annotated[
    Path | None, typer.Option(help="Endpoint file.  [default: the built-in endpoints]")
]
Candidates = Annotated[
    str | None, typer.Option(help="endpoint or endpoint/strategy, separated by commas.")
]
Limit = Annotated[int | None, typer.Option(min=1, help="Draw this many items of each suite.")]
Repeats = Annotated[
    int | None, typer.Option(min=1, help="Ask every item this often.  [default: 1]")
]
Seed = Annotated[int | None, typer.Option(help="Seed of every draw.  [default: 0]")]
Vary = Annotated[
    bool | None,
    typer.Option(
        "--vary/--no-vary",
        help="Also ask perturbed twins: other names and numbers, answers following.",
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option(help="Data policy: which endpoints may be sent which class of data."),
]
Redact = Annotated[
    bool | None,
    typer.Option(
        "--redact",
        help="Replace personal numbers and addresses by placeholders before anything is sent.",
    ),
]
Lang = Annotated[Literal["zh", "en"], typer.Option(help="Language of the report.")]
Assumptions = Annotated[Path | None, typer.Option(help="Your own numbers in place of a suite's.")]


@dataclass(frozen=True, slots=True)
class Selection:
    """The options that decide which trials there are."""

    suites: tuple[str, ...]
    endpoints: Path | None
    candidates: tuple[str, ...]
    limit: int | None
    repeats: int
    seed: int
    vary: bool
    policy: Path | None = None
    redact: bool = False

    def plan(self) -> "Plan":
        """Load and check everything. What the data policy refuses is in the plan and not checked."""
        from bench.endpoints.file import load_endpoints
        from bench.running.data_policy import load_policy
        from bench.running.plan import plan
        from bench.strategies.candidate import candidates, without_personal_data
        from bench.suites.load import load
        from bench.suites.locate import suite_names

        names = self.suites or tuple(suite_names())
        loaded = [load(name, self.seed if self.vary else None) for name in names]
        if self.vary and all(each.vary is None for each in loaded):
            raise UserError("--vary: no item of these suites says how it may vary; leave it out")
        twice = [each.name for each in loaded if [one.name for one in loaded].count(each.name) > 1]
        if twice:
            raise UserError(f"the suite '{twice[0]}' is named twice; name it once")
        file = load_endpoints(self.endpoints)
        policy = load_policy(self.policy, file.policy, redact_all=self.redact)
        chosen = without_personal_data(
            candidates(self.candidates, file), policy.redaction, everywhere=self.redact
        )
        return plan(
            loaded,
            chosen,
            limit=self.limit,
            repeats=self.repeats,
            seed=self.seed,
            fx=file.fx,
            policy=policy,
        )


def selection(
    suites: list[str] | None,
    endpoints: Path | None,
    candidates: str | None,
    limit: int | None,
    repeats: int | None,
    seed: int | None,
    vary: bool | None = None,
    before: "Manifest | None" = None,
    policy: Path | None = None,
    redact: bool | None = None,
) -> Selection:
    """The selection that options describe; what they leave open comes from the run to be continued."""
    names = tuple(each.strip() for each in (candidates or "").split(",") if each.strip())
    if before is None:
        return Selection(
            tuple(suites or ()),
            endpoints,
            names,
            limit,
            repeats or 1,
            seed or 0,
            bool(vary),
            policy,
            bool(redact),
        )
    from bench.suites.locate import found_again

    made_with = [found_again(name, each.path) for name, each in before.suites.items()]
    told = before.data_policy
    by_option = Path(told.path) if told is not None and told.by_option and told.path else None
    return Selection(
        tuple(suites or made_with),
        endpoints or (Path(before.endpoints_file) if before.endpoints_file else None),
        names or tuple(before.candidates),
        limit if limit is not None else before.limit,
        repeats if repeats is not None else before.repeats,
        seed if seed is not None else before.seed,
        vary if vary is not None else any(each.vary is not None for each in before.suites.values()),
        policy or by_option,
        redact if redact is not None else bool(told and told.redact_all),
    )
