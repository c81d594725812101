"""`bench plan`: what a run would ask and cost; nothing is sent."""

import sys

import typer

from bench.cli.selection import Candidates, Endpoints, Limit, Repeats, Seed, Suites, Vary, selection


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
) -> int:
    """Print one line for every suite and candidate, then the total."""
    planned = selection(suites, endpoints, candidates, limit, repeats, seed, vary).plan()
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
    for work in planned.work():
        limits = speeds[work.candidate]
        minutes = work.requests * (1 + work.max_output_tokens / max(1, work.requests) / 60) / 60
        minutes /= limits.concurrency
        if limits.rpm:
            minutes = max(minutes, work.requests / limits.rpm)
        if limits.tpm:
            minutes = max(minutes, (work.input_tokens + work.max_output_tokens) / limits.tpm)
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
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    sys.stdout.write(
        f"\n{planned.count()} trials. Tokens are estimated from the prompts; minutes assume 1 s a request and "
        "60 tokens a second, or the endpoint's own limits where these are slower. Nothing was sent.\n"
    )
    return 0
