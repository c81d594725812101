"""A suite's folder becomes a `Suite`: every file read, every reference between them checked."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import RootModel

from bench.errors import SuiteError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import BASELINES, MUTATIONS, SCORERS, did_you_mean
from bench.suites.components import built
from bench.suites.items import listed, read_items
from bench.suites.locate import suite_path
from bench.suites.model import Calibration, Slice, SuiteFile
from bench.suites.planted_model import Planted
from bench.suites.prompt import messages
from bench.suites.rules import check_condition, check_rules
from bench.suites.variation import AS_WRITTEN, VARIED, with_twins
from bench.suites.variation import TAG as WORDING
from bench.types import Example, Item, Text

_WORDING = Slice(
    title=Text(zh="措辞", en="wording"),
    shifted=[VARIED],
    names={
        AS_WRITTEN: Text(zh="原题", en="as written"),
        VARIED: Text(zh="换名换数", en="names and numbers changed"),
    },
)


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite that is ready to run. `digests` fingerprint its parts, for resuming and comparing."""

    path: Path
    file: SuiteFile
    items: tuple[Item, ...]
    examples: tuple[Example, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    planted: tuple[Planted, ...] = ()
    scorers: dict[str, Any] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    vary: int | None = None
    """The seed of the perturbed twins among the items; None when there are none."""

    @property
    def name(self) -> str:
        """The suite's name."""
        return self.file.suite


class _Examples(RootModel[tuple[Example, ...]]):
    pass


class _CalibrationAnswers(RootModel[tuple[Calibration, ...]]):
    pass


class _Planted(RootModel[tuple[Planted, ...]]):
    pass


def load(name: str, vary: int | None = None) -> Suite:
    """The suite called or at `name`. Raises SuiteError: one line with file, line and column.

    With a seed to `vary` by, every item that allows it is followed by a perturbed twin, and a slice tells the
    two apart.
    """
    path = suite_path(name)
    source = read_yaml(path)
    if not isinstance(source.data, dict):
        raise SuiteError(f"{path}:1:1: a suite is a mapping that begins with suite: NAME")
    file = validated(SuiteFile, source)
    scorers = _scorers(file, source)
    check_rules(file, scorers, source)
    if file.baseline is not None:
        built(BASELINES, file.baseline, source, ("baseline",))
    items = read_items(file, scorers, source)
    if vary is not None:
        twins = with_twins(items, vary)
        if len(twins) == len(items):
            vary = None
        else:
            items, file = twins, _with_wording(file)
    _check_slices(file, items, source)
    examples: list[Example] = []
    for each in listed(source, "examples", file.examples):
        found = validated(_Examples, each).root
        _check_examples(found, items, each)
        examples += found
    calibration: list[Calibration] = []
    for each in listed(source, "calibration", file.calibration):
        answers = validated(_CalibrationAnswers, each).root
        _check_calibration(answers, items, scorers, each)
        calibration += answers
    planted: list[Planted] = []
    for each in listed(source, "planted", file.planted):
        defects = validated(_Planted, each).root
        _check_planted(defects, scorers, each)
        planted += defects
    _check_prompt(file, items, tuple(examples), source)
    return Suite(
        path=path,
        file=file,
        items=items,
        examples=tuple(examples),
        calibration=tuple(calibration),
        planted=tuple(planted),
        scorers=scorers,
        digests=_digests(source.data, items, tuple(examples)),
        vary=vary,
    )


def _with_wording(file: SuiteFile) -> SuiteFile:
    """The suite with a slice that parts items as written from their perturbed twins."""
    slices = {**file.slices, WORDING: _WORDING}
    return file.model_copy(update={"slices": slices})


def _scorers(file: SuiteFile, source: Source) -> dict[str, Any]:
    """The suite's scorers by the names that its rules use."""
    found: dict[str, Any] = {}
    for name, spec in file.scorers.items():
        at = ("scorers", name)
        found[name] = built(SCORERS, spec, source, at)
        wanted = getattr(found[name], "field", None)
        if wanted is not None and wanted not in file.answer.fields:
            known = did_you_mean(wanted, list(file.answer.fields))
            raise source.error(at, f"field '{wanted}' is not in answer.fields{known}")
    return found


def _check_slices(file: SuiteFile, items: tuple[Item, ...], source: Source) -> None:
    """Every slice, and every tag that makes pairs, is a tag that some item has."""
    tags = {tag for item in items for tag in item.tags}
    for name, rate in file.business.rates.items():
        if rate.within is not None and rate.within not in tags:
            known = did_you_mean(rate.within, sorted(tags))
            raise source.error(
                ("business", "rates", name, "within"), f"no item has the tag '{rate.within}'{known}"
            )
    for name in file.slices:
        if name not in tags:
            known = did_you_mean(name, sorted(tags))
            raise source.error(("slices", name), f"no item has this tag{known}")
        values = {item.tags[name] for item in items if name in item.tags}
        for position, value in enumerate(file.slices[name].shifted):
            if value not in values:
                at = ("slices", name, "shifted", position)
                raise source.error(at, f"no item has it{did_you_mean(value, sorted(values))}")


def _check_examples(examples: tuple[Example, ...], items: tuple[Item, ...], source: Source) -> None:
    asked = {json.dumps(item.input, sort_keys=True): item.id for item in items}
    for position, example in enumerate(examples):
        scored = asked.get(json.dumps(example.input, sort_keys=True))
        if scored is not None:
            raise source.error((position,), f"an example may not be scored: it is item '{scored}'")


def _check_calibration(
    answers: tuple[Calibration, ...],
    items: tuple[Item, ...],
    scorers: dict[str, Any],
    source: Source,
) -> None:
    known = [item.id for item in items]
    for position, answer in enumerate(answers):
        if answer.item not in set(known):
            hint = did_you_mean(answer.item, known) if len(known) <= 1000 else ""
            raise source.error((position, "item"), f"no item is called '{answer.item}'{hint}")
        for name, label in answer.labels.items():
            check_condition(name, label, scorers, source, (position, "labels", name))


def _check_planted(defects: tuple[Planted, ...], scorers: dict[str, Any], source: Source) -> None:
    for position, each in enumerate(defects):
        for key, condition in (each.caught or {}).items():
            check_condition(key, condition, scorers, source, (position, "caught", key))
        built(MUTATIONS, each.mutation, source, (position, "mutation"))


def _check_prompt(
    file: SuiteFile, items: tuple[Item, ...], examples: tuple[Example, ...], source: Source
) -> None:
    """Every prompt must render before anything is sent; large suites are sampled."""
    step = max(1, len(items) // 200)
    cases: tuple[Item | Example, ...] = (*items[::step], *examples)
    for case in cases:
        try:
            messages(file.prompt, case)
        except SuiteError as error:
            raise source.error(("prompt",), f"with '{case.id}': {error}") from None


def _digests(data: Any, items: tuple[Item, ...], examples: tuple[Example, ...]) -> dict[str, str]:
    def digest(value: Any) -> str:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    named = ("prompt", "answer", "baseline", "scorers", "business", "stage", "slices", "drives")
    parts = {name: data.get(name) for name in (*named, "confidence")}
    parts["items"] = [
        (item.id, item.cluster, item.input, item.reference, item.tags, item.served_today)
        + ((item.worth,) if item.worth is not None else ())
        for item in items
    ]
    parts["examples"] = [(each.id, each.input, each.answer) for each in examples]
    return {name: digest(value) for name, value in parts.items()}
