"""An assumptions file: an organisation's own numbers in place of a suite's.

finance_qa:
wage_per_hour: {low: 60, base: 80, high: 120, source: payroll 2026}
loss.wrong_number: 3000
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from bench.errors import SuiteError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import did_you_mean
from bench.suites.load import Suite
from bench.suites.model import Assumption, SuiteFile
from bench.types import Record


class OwnAssumptions(Record):
    """An organisation's own numbers by suite and assumption, and the file that they came from."""

    file: str
    values: dict[str, dict[str, Assumption]]


def with_assumptions(suites: Sequence[Suite], own: OwnAssumptions | None) -> list[Suite]:
    """The suites under their organisation's numbers.

    Raises SuiteError where a number is for an assumption that the suite no longer has.
    """
    if own is None:
        return list(suites)
    return [
        replace(suite, file=_reassumed(suite, own)) if suite.name in own.values else suite
        for suite in suites
    ]


def _reassumed(suite: Suite, own: OwnAssumptions) -> SuiteFile:
    try:
        return reassumed(suite.file, own.values[suite.name])
    except (ValidationError, LookupError) as error:
        told = str(error).splitlines()[0]
        raise SuiteError(f"{own.file}: does not fit suite '{suite.name}': {told}") from None


def read_assumptions(suites: Sequence[Suite], path: Path) -> OwnAssumptions:
    """The file's numbers, checked against the suites. Raises SuiteError with line and column."""
    source = read_yaml(path)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping of suites to assumptions is expected")
    names = [suite.name for suite in suites]
    changed: dict[str, dict[str, Assumption]] = {}
    for suite in suites:
        told = source.data.get(suite.name)
        if told is None:
            continue
        if not isinstance(told, dict):
            raise source.error((suite.name,), "a mapping of assumptions is expected")
        known = [name for name, _ in suite.file.business.assumptions()]
        for name in told:
            if name not in known:
                hint = did_you_mean(name, known)
                raise source.error((suite.name, name), f"unknown assumption{hint}")
        changed[suite.name] = {
            name: validated(Assumption, source, (suite.name, name)) for name in told
        }
    if not changed:
        told = next(iter(source.data), "")
        raise source.error((), f"names none of the suites{did_you_mean(str(told), names)}")
    for suite in suites:
        if suite.name in changed:
            _check(suite, changed[suite.name], source)
    return OwnAssumptions(file=str(path), values=changed)


def _check(suite: Suite, changed: dict[str, Assumption], source: Source) -> None:
    try:
        reassumed(suite.file, changed)
    except ValidationError as error:
        told = str(error.errors()[0].get("ctx", {}).get("error", error.errors()[0]["msg"]))
        raise source.error((suite.name,), told) from None


def reassumed(file: SuiteFile, changed: dict[str, Assumption]) -> SuiteFile:
    """A suite file under other assumptions; keys are the paths of `Business.assumptions`."""
    data = file.model_dump(exclude_none=True, exclude_unset=True)
    for name, assumption in changed.items():
        *parents, last = name.split(".")
        place = data["business"]
        for parent in parents:
            listed = isinstance(place, list | tuple)
            place = (
                place[int(parent)] if listed else place.setdefault(parent, {})
            )  # {}: at its default
        kept = {"title": place[last]["title"]} if parents == ["loss"] else {}
        place[last] = assumption.model_dump(exclude_none=True) | kept
    return SuiteFile.model_validate(data)
