"""`bench plan`: what a run would ask and cost; nothing is sent."""

import sys
from typing import TYPE_CHECKING

import typer

from bench.cli.batch_options import POLL_S, Batch, batching, work_of
from bench.cli.data_checks import check_data
from bench.cli.selection import (
    Candidates,
    Endpoints,
    Limit,
    Policy,
    Redact,
    Repeats,
    Seed,
    Suites,
    Vary,
    selection,
)

if TYPE_CHECKING:
    from bench.endpoints.seam import Limits
    from bench.running.plan import Plan, PlannedWork


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("plan", help="Count and price a run; sends nothing.")(plan)


def plan(
    suites: Suites = None,
    endpoints: Endpoints = None,
    candidates: Candidates = None,
    limit: Limit = None,
    repeats: Repeats = None,
    seed: Seed = None,
    vary: Vary = None,
    policy: Policy = None,
    redact: Redact = None,
    batch: Batch = False,
) -> int:
    """Print one line for every suite and candidate, then the total and what the data policy refuses."""
    chosen = selection(
        suites, endpoints, candidates, limit, repeats, seed, vary, policy=policy, redact=redact
    )
    planned = chosen.plan()
    batching(planned, batch=batch, wait_s=None, poll_s=POLL_S, quiet=False)
    _tell_work(planned, batch=batch)
    _tell_prices(planned)
    _tell_total(planned)
    _tell_refused(planned)
    check_data(planned)
    return 0


def _tell_work(planned: "Plan", *, batch: bool) -> None:
    from bench.wording.columns import padded, width

    head = (
        "suite",
        "candidate",
        "trials",
        "requests",
        "input tokens",
        "output at most",
        "token cost",
        "minutes",
    )
    rows = [head]
    speeds = {each.name: each.endpoint.limits for each in planned.candidates}
    for work in work_of(planned, batch=batch):
        minutes = _minutes(work, speeds[work.candidate])
        cost = "unknown" if work.cost is None else f"{work.cost:.4f} {work.currency}"
        rows.append(
            (
                work.suite,
                work.candidate,
                str(work.trials),
                str(work.requests),
                str(work.input_tokens),
                str(work.max_output_tokens),
                cost,
                f"<{max(1, round(minutes))}",
            )
        )
    widths = [max(width(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        cells = [padded(cell, most) for cell, most in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _tell_total(planned: "Plan") -> None:
    sys.stdout.write(
        f"\n{planned.count()} trials. Tokens are estimated from the prompts; minutes assume 1 s a request and "
        "60 tokens a second, or the endpoint's own limits where these are slower. Nothing was sent.\n"
    )


def _minutes(work: "PlannedWork", limits: "Limits") -> float:
    """How long it takes at a second a request and 60 tokens a second, or at the endpoint's own limits if longer."""
    minutes = (work.requests + work.max_output_tokens / 60) / 60 / limits.concurrency
    if limits.rpm:
        minutes = max(minutes, work.requests / limits.rpm)
    if limits.tpm:
        minutes = max(minutes, (work.input_tokens + work.max_output_tokens) / limits.tpm)
    return minutes


def _tell_prices(planned: "Plan") -> None:
    """A line for every endpoint whose price has a date: of what day it is, and who says so."""
    from bench.wording.plain import plain

    prices = {each.endpoint_name: each.endpoint.price for each in planned.candidates}
    for name, price in prices.items():
        if price is not None and price.as_of is not None:
            told = f"price of {name}: as of {price.as_of}, {price.source or 'without a source'}"
            sys.stdout.write(f"{plain(told)}\n")


def _tell_refused(planned: "Plan") -> None:
    """A line for every pair that is not asked, with the rule in words and what it rests on."""
    if planned.policy is None or not planned.refused:
        return
    from bench.wording.plain import plain

    where = planned.policy.path or "the default"
    sys.stdout.write(
        f"\nRefused by the data policy '{plain(planned.policy.file.policy)}' ({plain(str(where))}) and not asked:\n"
    )
    for each in planned.refused:
        pair = f"{each.candidate} on {each.suite}, rule '{each.rule}'"
        told = f"{pair}: {each.text.en} ({each.source})"
        sys.stdout.write(f"  {plain(told)}\n")
