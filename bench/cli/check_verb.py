"""`bench check`: whether a suite is sound and its scorers say what they should."""

import sys

import typer

from bench.cli.selection import Suites


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "check", help="Load suites, test their scorers on known answers, verify their citations."
    )(check)


def check(suites: Suites = None) -> int:
    """Exit 2 for a suite that does not load, 1 for one whose self-test fails, 0 otherwise."""
    from bench.suites.load import load
    from bench.suites.locate import suite_names
    from bench.suites.seeds import unknown_citations
    from bench.value.selftest import self_test

    failed = False
    for name in suites or suite_names():
        suite = load(name)
        found = self_test(suite)
        wrong = [*found.wrong, *unknown_citations(suite)]
        failed = failed or bool(wrong)
        clusters = len({item.cluster for item in suite.items})
        state = "FAILED" if wrong else "ok"
        sys.stdout.write(
            f"{suite.name} v{suite.file.version}: {state}; {len(suite.items)} items in {clusters} clusters, "
            f"{len(suite.examples)} examples, {found.tested} calibration answers\n"
        )
        for line in wrong:
            sys.stdout.write(f"  wrong: {line}\n")
        for line in found.notes:
            sys.stdout.write(f"  note: {line}\n")
    return 1 if failed else 0
