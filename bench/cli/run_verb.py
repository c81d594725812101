"""`bench run`: plan, ask, score, value, tell."""

import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.batch_options import (
    POLL_S,
    Batch,
    BatchPoll,
    BatchWait,
    batching,
    leaving,
    under_way,
    work_of,
)
from bench.cli.data_checks import check_data, tell_data
from bench.cli.say import say
from bench.cli.selection import (
    Assumptions,
    Candidates,
    Endpoints,
    Lang,
    Limit,
    Policy,
    Redact,
    Repeats,
    Seed,
    Selection,
    Suites,
    Vary,
    selection,
)
from bench.cli.sequential_run import (
    AgainstOption,
    Gate,
    checked,
    holding,
    steps,
    tell_gate,
)
from bench.cli.tell_run import tell_run
from bench.errors import RunFolderError, UserError

if TYPE_CHECKING:
    from bench.running.manifest import Manifest
    from bench.running.plan import Plan
    from bench.running.run import RunResult
    from bench.types import Language


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("run", help="Ask every candidate every item, then report what that is worth.")(run)


def run(
    suites: Suites = None,
    endpoints: Endpoints = None,
    candidates: Candidates = None,
    limit: Limit = None,
    repeats: Repeats = None,
    seed: Seed = None,
    vary: Vary = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run.  [default: results/TIME]")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run in --out.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume: ask failed trials again.")
    ] = False,
    budget: Annotated[
        float | None,
        typer.Option(min=0, help="Stop before this much money is spent, in the suites' currency."),
    ] = None,
    against: AgainstOption = None,
    gate: Gate = None,
    policy: Policy = None,
    redact: Redact = None,
    assumptions: Assumptions = None,
    lang: Lang = "zh",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Ask even what was answered before.")
    ] = False,
    batch: Batch = False,
    batch_wait: BatchWait = None,
    batch_poll: BatchPoll = POLL_S,
) -> int:
    """Run. Returns the exit code."""
    from bench.running.budget import check_budget
    from bench.running.journal import JournalError
    from bench.running.manifest import read_manifest
    from bench.running.rounds import part
    from bench.running.run import Options, prepare
    from bench.running.run import run as execute

    if resume and out is None:
        raise UserError("--resume needs --out: the folder of the run to continue")
    if retry_failed and not resume:
        raise UserError("--retry-failed goes with --resume")
    before = read_manifest(out) if resume and out is not None and out.is_dir() else None
    chosen = selection(
        suites, endpoints, candidates, limit, repeats, seed, vary, before, policy, redact
    )
    held = holding(against, gate, before, batch=batch)
    if held is not None:
        chosen = replace(chosen, limit=held.limit(chosen.limit))
    planned = chosen.plan()
    check_data(planned)
    if budget is not None:
        check_budget(planned)
    if held is not None:
        held.check_budget(planned)
    how = batching(planned, batch=batch, wait_s=batch_wait, poll_s=batch_poll, quiet=quiet)
    folder = out or Path("results") / _run_name(planned)
    made = _manifest(planned, chosen, folder, assumptions)
    made = prepare(
        folder,
        made if held is None else checked(planned, made, held),
        resume=resume,
        retry_failed=retry_failed,
        tell=say,
    )
    tell_data(planned)
    if not quiet:
        _announce(planned, folder, batch=batch)
    again = _again(folder, budget, lang, batch=batch, no_cache=no_cache)
    options = Options(
        quiet=quiet,
        use_cache=not no_cache,
        budget=budget if held is None else held.budget(budget),
        on_interrupt=lambda: leaving(how),
        batch=how,
        steps=None if held is None else steps(planned, made, held, budget, quiet=quiet),
    )
    try:
        result = execute(planned, folder, made, options)
        unwritten = result.unwritten
        if not unwritten and not result.dropped:
            unwritten = _unreported(part(planned, options.steps), result, folder, lang)
    except JournalError as error:
        say(f"{error}; then: {again}")
        return 3
    except KeyboardInterrupt:
        say(f"interrupted; go on with: {again}")
        return 130
    larger = f"go on with a larger one: {again}"
    if held is not None and held.may_stop_short(budget):
        larger = "raise the policy's inconclusive.budget and begin another run"
    code = _ending(result, again, unwritten, under_way(folder, how), larger)
    if held is None or unwritten or result.dropped or not result.manifest.complete:
        return code
    return tell_gate(folder, planned, result, held, lang, again)


def _again(folder: Path, budget: float | None, lang: str, *, batch: bool, no_cache: bool) -> str:
    """The command that goes on with this run, with everything that `run.json` does not hold."""
    words = ["bench", "run", "--resume", "--out", str(folder)]
    if budget is not None:
        words += ["--budget", f"{budget:.15g}"]
    if lang != "zh":
        words += ["--lang", lang]
    if no_cache:
        words.append("--no-cache")
    if batch:
        words.append("--batch")
    return shlex.join(words)


def _run_name(planned: "Plan") -> str:
    from datetime import datetime

    suites = planned.suites
    what = suites[0].name if len(suites) == 1 else f"{len(suites)}-suites"
    return f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{what}"


def _announce(planned: "Plan", folder: Path, *, batch: bool) -> None:
    work = work_of(planned, batch=batch)
    requests = sum(each.requests for each in work)
    money: dict[str, float] = {}
    for each in work:
        if each.cost is not None and each.currency is not None:
            money[each.currency] = money.get(each.currency, 0.0) + each.cost
    spent = ", ".join(f"{amount:.2f} {currency}" for currency, amount in money.items())
    priced = f", about {spent} for tokens at most" if spent else ""
    say(
        f"{planned.count()} trials: {len(planned.suites)} suite(s), {len(planned.asked())} candidate(s), "
        f"about {requests} requests{priced}; into {folder}"
    )


def _manifest(
    planned: "Plan", chosen: "Selection", folder: Path, assumptions: Path | None
) -> "Manifest":
    """The run's manifest, with the organisation's own assumptions in it."""
    from bench.running.manifest import manifest
    from bench.suites.assumptions_file import read_assumptions

    own = read_assumptions(planned.suites, assumptions) if assumptions else None
    made = manifest(planned, folder.name, chosen.limit, chosen.endpoints)
    return made.model_copy(update={"assumptions": own})


def _unreported(planned: "Plan", result: "RunResult", folder: Path, lang: "Language") -> str | None:
    """Report; what could not be written, if anything."""
    try:
        tell_run(planned, result, folder, lang)
    except RunFolderError as error:
        return str(error)
    return None


def _ending(
    result: "RunResult", again: str, unwritten: str | None, batches: str, larger: str
) -> int:
    """The last line and the exit code."""
    causes = Counter(
        f"{answer.failure.kind}: {answer.failure.message}"
        for answer in result.answers
        if answer.failure is not None
    )
    if result.cache_trouble:
        say(f"the cache of replies was not used: {result.cache_trouble}")
    for name, why in result.ended.closed.items():
        say(f"endpoint '{name}' was not asked further: {why}")
    for remark in result.ended.remarks:
        say(remark)
    for name, (asked, answered) in result.manifest.rerouted().items():
        say(f"candidate '{name}': asked for '{asked}', answered by {', '.join(answered)}")
    if unwritten:
        say(f"{unwritten}; then: {again}")
        return 3
    if result.ended.over_budget and result.not_run:
        say(f"stopped before the budget was passed; {result.not_run} trials owed; {larger}")
        return 3
    if result.dropped or (result.ended.stopped and result.not_run):
        say(f"interrupted; {result.not_run} trials owed{batches}; go on with: {again}")
        return 130
    if result.not_run:
        failed = f" and {causes.total()} failed" if causes else ""
        also = "; add --retry-failed to ask those again, too" if causes else ""
        say(f"{result.not_run} trials have no answer{failed}{batches}; go on with: {again}{also}")
        return 3
    if causes:
        (cause, count), *_ = causes.most_common(1)
        say(
            f"failed trials: {causes.total()}, {count} of them by {cause}; "
            f"ask them again with: {again} --retry-failed"
        )
        return 3
    return 0
