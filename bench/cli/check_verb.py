"""`bench check`: whether a suite is sound, its scorers say what they should and its data can be trusted."""

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.selection import Suites

if TYPE_CHECKING:
    from bench.checking.check import Check
    from bench.suites.load import Suite

_WIDTH = 24


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "check",
        help="Load suites, test their scorers on known answers and planted defects, look at their data.",
    )(check)


def check(
    suites: Suites = None,
    items: Annotated[
        bool,
        typer.Option("--items", help="How hard every item is to read, as tab-separated lines."),
    ] = False,
) -> int:
    """Exit 2 for a suite that does not load, 1 for one that cannot be trusted, 0 otherwise."""
    from bench.checking.check import checked
    from bench.suites.load import load
    from bench.suites.locate import suite_names

    failed = False
    for name in suites or suite_names():
        suite = load(name)
        if items:
            _items(suite)
            continue
        found = checked(suite)
        failed = failed or bool(found.wrong)
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 1 if failed else 0


def _items(suite: "Suite") -> None:
    from bench.checking.quality.difficulty import reading

    for item in suite.items:
        told = reading(item)
        sys.stdout.write(
            f"{suite.name}\t{item.id}\t{told.words}\t{told.words_a_sentence:.1f}\t{told.numbers_per_100:.1f}\n"
        )


def _lines(found: "Check") -> list[str]:
    from bench.checking.quality.difficulty import summary

    return [
        _headline(found),
        _size(found),
        *_slices(found),
        *(f"  reading      {line}" for line in summary(found.suite)),
        _known(found),
        *_planted(found),
        *_games(found),
        *(f"  wrong        {line}" for line in found.wrong),
        *(f"  note         {line}" for line in found.notes),
    ]


def _headline(found: "Check") -> str:
    suite = found.suite
    state = "FAILED" if found.wrong else "ok"
    return f"{suite.name} v{suite.file.version} ({suite.digests['items']}): {state}"


def _size(found: "Check") -> str:
    suite = found.suite
    clusters = len({item.cluster for item in suite.items})
    unserved = sum(not item.served_today for item in suite.items)
    varied = sum(item.variation is not None for item in suite.items)
    return (
        f"  items        {len(suite.items)} in {clusters} clusters, {len(suite.examples)} examples; "
        f"{unserved} not served today, {varied} with perturbed twins"
    )


def _known(found: "Check") -> str:
    known = found.known
    return (
        f"  known        {known.tested} answers, {known.good_wanted} good: "
        f"{known.false_alarms} false alarms"
    )


def _slices(found: "Check") -> list[str]:
    suite = found.suite
    lines = []
    for name in suite.file.slices:
        counted = Counter(item.tags.get(name, "(none)") for item in suite.items)
        told = ", ".join(f"{value} {count}" for value, count in counted.most_common())
        lines.append(f"  {name:<12} {told}")
    return lines


def _planted(found: "Check") -> list[str]:
    if not found.caught:
        return []
    head = f"  planted      {'defect':<{_WIDTH}} planted  caught   share  wanted"
    return [
        head,
        *(
            f"               {each.defect.defect:<{_WIDTH}} {each.planted:>7} {each.caught:>7} "
            f"{each.caught / max(1, each.planted):>7.1%} {each.defect.at_least:>7.0%}"
            for each in found.caught
        ),
    ]


def _games(found: "Check") -> list[str]:
    currency = found.suite.file.business.currency
    return [
        f"  gaming       {each.name:<{_WIDTH}} "
        + ", ".join(f"{name} {count}" for name, count in sorted(each.outcomes.items()))
        + f"; {each.value:+.2f} {currency} a case"
        for each in found.games
    ]
