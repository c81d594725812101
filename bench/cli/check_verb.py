"""`bench check`: whether a suite is sound, its scorers say what they should and its data can be trusted."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.selection import Suites
from bench.errors import UserError

if TYPE_CHECKING:
    from bench.checking.checks_file import Items, SuiteCheck
    from bench.suites.load import Suite

_WIDTH = 24


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "check",
        help="Load suites, test their scorers on known answers and planted defects, look at their data. "
        "Exit code 1: a suite cannot be trusted; 2: one does not load.",
    )(check)


def check(
    suites: Suites = None,
    items: Annotated[
        bool,
        typer.Option("--items", help="How hard every item is to read, as tab-separated lines."),
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option(help="Write what was found into this file, too (schema: bench schema check)."),
    ] = None,
) -> int:
    """Exit 2 for a suite that does not load, 1 for one that cannot be trusted, 0 otherwise."""
    from bench.checking.check import checked
    from bench.checking.checks_file import suite_check
    from bench.suites.load import load
    from bench.suites.locate import suite_names

    if items and json is not None:
        raise UserError("--items and --json do not go together; leave one out")
    loaded = (load(name) for name in suites or suite_names())
    if items:
        for suite in loaded:
            _tell_items(suite)
        return 0
    found: dict[str, SuiteCheck] = {}
    for suite in loaded:
        found[suite.name] = suite_check(checked(suite))
        sys.stdout.write("\n".join(_lines(suite.name, found[suite.name])) + "\n")
    if json is not None:
        _write(found, json)
    return 0 if all(each.trusted for each in found.values()) else 1


def _tell_items(suite: "Suite") -> None:
    from bench.checking.quality.difficulty import reading

    for item in suite.items:
        told = reading(item)
        sys.stdout.write(
            f"{suite.name}\t{item.id}\t{told.words}\t{told.words_a_sentence:.1f}\t{told.numbers_per_100:.1f}\n"
        )


def _write(found: "dict[str, SuiteCheck]", path: Path) -> None:
    import orjson

    from bench.checking.checks_file import ChecksFile

    told = ChecksFile(suites=found).model_dump()
    try:
        path.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; choose another --json") from None


def _lines(name: str, found: "SuiteCheck") -> Iterator[str]:
    state = "ok" if found.trusted else "FAILED"
    known = found.known
    yield f"{name} v{found.version} ({found.digest}): {state}"
    yield from _items(found.items)
    yield (
        f"  known        {known.outcomes.tested} answers, {known.outcomes.agreed} judged as they should be; "
        f"{known.good} good, {known.false_alarms} false alarms"
    )
    yield from _planted(found)
    for game, each in found.games.items():
        told = ", ".join(f"{outcome} {count}" for outcome, count in each.outcomes.items())
        value = f"{each.value_per_case:+.2f} {found.currency} a case"
        yield f"  gaming       {game:<{_WIDTH}} {told}; {value}"
    yield from (f"  wrong        {line}" for line in found.wrong)
    yield from (f"  note         {line}" for line in found.notes)


def _items(found: "Items") -> Iterator[str]:
    yield (
        f"  items        {found.items} in {found.clusters} clusters, {found.examples} examples; "
        f"{found.not_served_today} not served today, {found.with_twins} with perturbed twins"
    )
    for name, counted in found.slices.items():
        yield f"  {name:<12} " + ", ".join(f"{value} {count}" for value, count in counted.items())
    for name, (low, middle, high) in found.reading.items():
        measure = name.replace("_", " ")
        yield f"  reading      {measure}: {middle:.0f} (10 % under {low:.0f}, 10 % above {high:.0f})"


def _planted(found: "SuiteCheck") -> Iterator[str]:
    if found.planted:
        yield f"  planted      {'defect':<{_WIDTH}} planted  caught   share  wanted"
    for name, each in found.planted.items():
        share = f"{each.caught / each.planted:.1%}" if each.planted else "-"
        yield (
            f"               {name:<{_WIDTH}} {each.planted:>7} {each.caught:>7} "
            f"{share:>7} {each.at_least:>7.0%}"
        )
