"""A suite's folder becomes a `Suite`: every file read, every reference between them checked."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import RootModel

from bench.errors import SuiteError
from bench.files.images import image_digest
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import BASELINES, MUTATIONS, SCORERS, did_you_mean
from bench.suites.components import built
from bench.suites.items import listed, read_items
from bench.suites.locate import suite_path
from bench.suites.model import SuiteFile
from bench.suites.perturbed import perturbed
from bench.suites.prompt import images_of, messages
from bench.suites.rules import check_condition, check_rules
from bench.suites.selftest_model import Calibration, Planted
from bench.types import Example, Item

_GUESSED = 1000
"""Names up to which a misspelt one is compared with all of them."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite that is ready to run. `digests` fingerprint its parts, for resuming and comparing."""

    path: Path
    file: SuiteFile
    items: tuple[Item, ...]
    examples: tuple[Example, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    planted: tuple[Planted, ...] = ()
    mutations: dict[str, Any] = field(default_factory=dict)
    """How each planted defect is made, by its name."""
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
    twins = perturbed(file, items, vary, source) if vary is not None else None
    if twins is not None:
        file, items = twins
    _check_slices(file, items, source)
    examples = _examples(file, items, source)
    planted, mutations = _planted(file, items, scorers, source)
    _check_prompt(file, items, examples, source)
    return Suite(
        path=path,
        file=file,
        items=items,
        examples=examples,
        calibration=_calibration(file, items, scorers, source),
        planted=planted,
        mutations=mutations,
        scorers=scorers,
        digests=_digests(
            source.data, items, examples, _shown(file, (*items, *examples), path.parent)
        ),
        vary=vary if twins is not None else None,
    )


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


def _examples(file: SuiteFile, items: tuple[Item, ...], source: Source) -> tuple[Example, ...]:
    """The solved cases. None of them may be scored."""
    asked = {json.dumps(item.input, sort_keys=True): item.id for item in items}
    examples: list[Example] = []
    for each in listed(source, "examples", file.examples):
        found = validated(_Examples, each).root
        for position, example in enumerate(found):
            scored = asked.get(json.dumps(example.input, sort_keys=True))
            if scored is not None:
                raise each.error(
                    (position,), f"an example may not be scored: it is item '{scored}'"
                )
        examples += found
    return tuple(examples)


def _calibration(
    file: SuiteFile, items: tuple[Item, ...], scorers: dict[str, Any], source: Source
) -> tuple[Calibration, ...]:
    """The known answers, each to an item that is there."""
    known = {item.id: None for item in items}
    answers: list[Calibration] = []
    for each in listed(source, "calibration", file.calibration):
        found = validated(_CalibrationAnswers, each).root
        for position, answer in enumerate(found):
            if answer.item not in known:
                hint = did_you_mean(answer.item, list(known)) if len(known) <= _GUESSED else ""
                raise each.error((position, "item"), f"no item is called '{answer.item}'{hint}")
            for name, label in answer.labels.items():
                check_condition(name, label, scorers, each, (position, "labels", name))
        answers += found
    return tuple(answers)


def _planted(
    file: SuiteFile, items: tuple[Item, ...], scorers: dict[str, Any], source: Source
) -> tuple[tuple[Planted, ...], dict[str, Any]]:
    """The planted defects, and the mutation of each."""
    tags = sorted({tag for item in items for tag in item.tags})
    defects: list[Planted] = []
    mutations: dict[str, Any] = {}
    for each in listed(source, "planted", file.planted):
        found = validated(_Planted, each).root
        for position, defect in enumerate(found):
            if defect.defect in mutations:
                raise each.error((position,), f"the defect '{defect.defect}' stands twice")
            for tag in defect.among:
                if tag not in tags:
                    at = (position, "among", tag)
                    raise each.error(at, f"no item has this tag{did_you_mean(tag, tags)}")
            mutations[defect.defect] = _mutation(defect, file, scorers, each, position)
        defects += found
    return tuple(defects), mutations


def _mutation(
    defect: Planted, file: SuiteFile, scorers: dict[str, Any], source: Source, position: int
) -> Any:
    """What plants a defect. It and the condition that catches it ask only for what the suite has."""
    for key, condition in defect.caught.items():
        check_condition(key, condition, scorers, source, (position, "caught", key))
    at = (position, "mutation")
    mutation = built(MUTATIONS, defect.mutation, source, at)
    problem = mutation.problem(file.answer, scorers)
    if problem is not None:
        raise source.error(at, problem)
    return mutation


def _check_prompt(
    file: SuiteFile, items: tuple[Item, ...], examples: tuple[Example, ...], source: Source
) -> None:
    """Every prompt must render before anything is sent; large suites are sampled, but for their images."""
    step = 1 if file.prompt.images else max(1, len(items) // 200)
    cases: tuple[Item | Example, ...] = (*items[::step], *examples)
    for case in cases:
        try:
            messages(file.prompt, case, source.path.parent)
        except SuiteError as error:
            raise source.error(("prompt",), f"with '{case.id}': {error}") from None


def _shown(file: SuiteFile, cases: tuple[Item | Example, ...], folder: Path) -> list[list[str]]:
    """The digests of the images of each case: a picture may change under its name."""
    if not file.prompt.images:
        return []
    return [[image_digest(each) for each in images_of(file.prompt, case, folder)] for case in cases]


def _digests(
    data: Any, items: tuple[Item, ...], examples: tuple[Example, ...], images: list[list[str]]
) -> dict[str, str]:
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
    if images:
        parts["images"] = images
    return {name: digest(value) for name, value in parts.items()}
