"""A suite's folder becomes a `Suite`: every file read, every reference between them checked."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import RootModel

from bench.errors import SuiteError, UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_jsonl, read_yaml
from bench.registry import BASELINES, SCORERS, did_you_mean
from bench.suites.headline import headline_problem
from bench.suites.locate import suite_path
from bench.suites.metric_names import BUSINESS_METRICS, OVER_SLICES
from bench.suites.model import Bounds, Calibration, Condition, SuiteFile
from bench.suites.prompt import messages
from bench.types import Example, Item

STATES = ("truncated", "refused")
"""What a rule may ask of an answer besides its scores."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite that is ready to run. `digests` fingerprint its parts, for resuming and comparing."""

    path: Path
    file: SuiteFile
    items: tuple[Item, ...]
    examples: tuple[Example, ...] = ()
    calibration: tuple[Calibration, ...] = ()
    scorers: dict[str, Any] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The suite's name."""
        return self.file.suite


class _Items(RootModel[tuple[Item, ...]]):
    pass


class _Examples(RootModel[tuple[Example, ...]]):
    pass


class _CalibrationAnswers(RootModel[tuple[Calibration, ...]]):
    pass


def load(name: str) -> Suite:
    """The suite called or at `name`. Raises SuiteError: one line with file, line and column."""
    path = suite_path(name)
    source = read_yaml(path)
    if not isinstance(source.data, dict):
        raise SuiteError(f"{path}:1:1: a suite is a mapping that begins with suite: NAME")
    file = validated(SuiteFile, source)
    scorers = _scorers(file, source)
    _check_rules(file, scorers, source)
    _check_baseline(file, source)
    items_source = _beside(source, ("items",), file.items)
    items = validated(_Items, items_source).root
    _check_items(items, scorers, items_source)
    _check_slices(file, items, source)
    examples: tuple[Example, ...] = ()
    if file.examples is not None:
        examples_source = _beside(source, ("examples",), file.examples)
        examples = validated(_Examples, examples_source).root
        _check_examples(examples, items, examples_source)
    calibration: tuple[Calibration, ...] = ()
    if file.calibration is not None:
        calibration_source = _beside(source, ("calibration",), file.calibration)
        calibration = validated(_CalibrationAnswers, calibration_source).root
        _check_calibration(calibration, items, scorers, calibration_source)
    _check_prompt(file, items, examples, source)
    digests = _digests(source.data, items, examples)
    return Suite(path, file, items, examples, calibration, scorers, digests)


def _beside(source: Source, at: tuple[str, ...], name: str) -> Source:
    """A file that a suite refers to; it may not lie outside the suite's folder."""
    folder = source.path.resolve().parent
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise source.error(
            at, f"'{name}' lies outside the suite's folder; move it beside suite.yaml"
        )
    if not path.is_file():
        raise source.error(at, f"'{name}' is not there; put it beside suite.yaml")
    shown = source.path.parent / name
    found = read_jsonl(shown) if path.suffix == ".jsonl" else read_yaml(shown)
    if not isinstance(found.data, list) or not found.data:
        raise found.error((), "a list with at least one entry is expected")
    return found


def _scorers(file: SuiteFile, source: Source) -> dict[str, Any]:
    """The suite's scorers by the names that its rules use."""
    built: dict[str, Any] = {}
    for name, spec in file.scorers.items():
        at: tuple[Any, ...] = ("scorers", name)
        options: Any = {}
        match spec:
            case str():
                kind = spec
            case dict() if len(spec) == 1:
                kind, options = next(iter(spec.items()))
            case _:
                raise source.error(at, "name one scorer, as in {number: {field: amount}}")
        try:
            component = SCORERS.load(kind)
        except UserError as error:
            raise source.error(at, str(error)) from None
        section = Source(source.path, options or {}, {})
        try:
            built[name] = validated(component, section)
        except UserError as error:
            message = str(error).split(": ", 1)[1]
            raise source.error((*at, kind), message) from None
        wanted = getattr(built[name], "field", None)
        if wanted is not None and wanted not in file.answer.fields:
            known = did_you_mean(wanted, list(file.answer.fields))
            raise source.error((*at, kind), f"field '{wanted}' is not in answer.fields{known}")
    return built


def _check_baseline(file: SuiteFile, source: Source) -> None:
    """The classical method exists and takes its options."""
    match file.baseline:
        case None:
            return
        case str() as name:
            options: Any = {}
        case dict() as spec if len(spec) == 1:
            name, options = next(iter(spec.items()))
        case _:
            raise source.error(("baseline",), "a name, or {name: options} expected")
    try:
        validated(BASELINES.load(name), Source(source.path, options or {}, {}))
    except UserError as error:
        raise source.error(
            ("baseline",), str(error).rpartition(f"{source.path}:1:1: ")[2]
        ) from None


def _check_slices(file: SuiteFile, items: tuple[Item, ...], source: Source) -> None:
    """Every slice is a tag that some item has."""
    tags = {tag for item in items for tag in item.tags}
    for name in file.slices:
        if name not in tags:
            known = did_you_mean(name, sorted(tags))
            raise source.error(("slices", name), f"no item has this tag{known}")
        values = {item.tags[name] for item in items if name in item.tags}
        for position, value in enumerate(file.slices[name].shifted):
            if value not in values:
                at = ("slices", name, "shifted", position)
                raise source.error(at, f"no item has it{did_you_mean(value, sorted(values))}")


def _check_rules(file: SuiteFile, scorers: dict[str, Any], source: Source) -> None:
    business = file.business
    for position, rule in enumerate(business.outcomes):
        at = ("business", "outcomes", position)
        for key, condition in (rule.when or {}).items():
            _check_condition(key, condition, scorers, source, (*at, "when", key))
        if rule.loss is not None:
            _check_loss(rule.loss, file, scorers, source, (*at, "loss"))
        if isinstance(rule.minutes, str):
            _check_metric(rule.minutes, scorers, source, (*at, "minutes"))
    for name, rate in business.rates.items():
        for key, condition in rate.when.items():
            _check_condition(
                key, condition, scorers, source, ("business", "rates", name, "when", key)
            )
    for position, gate in enumerate(business.gates):
        if gate.metric not in business.rates:
            known = did_you_mean(gate.metric, list(business.rates))
            raise source.error(
                ("business", "gates", position, "metric"),
                f"no rate is called '{gate.metric}'{known}",
            )
    _check_metrics(file, source)
    _check_headline(file, source)
    _check_confidence(file, scorers, source)
    for key in file.drives:
        if "." in key:
            _check_metric(key, scorers, source, ("drives", key))
        elif key not in scorers:
            raise source.error(("drives", key), f"no scorer{did_you_mean(key, list(scorers))}")


def _check_metrics(file: SuiteFile, source: Source) -> None:
    """Every named business metric is known and stands under its own value."""
    rates = file.business.rates
    pillars = BUSINESS_METRICS | {name: rate.pillar for name, rate in rates.items()}
    for pillar, names in file.business.metrics.items():
        for position, name in enumerate(names):
            at = ("business", "metrics", pillar, position)
            if name not in pillars:
                raise source.error(
                    at, f"no metric is called '{name}'{did_you_mean(name, list(pillars))}"
                )
            if pillars[name] != pillar:
                raise source.error(at, f"'{name}' belongs to '{pillars[name]}'; move it there")
    for key, name in file.drives.items():
        if name not in pillars:
            known = did_you_mean(name, list(pillars))
            raise source.error(("drives", key), f"no metric is called '{name}'{known}")
        if name == OVER_SLICES:
            raise source.error(("drives", key), f"'{name}' is counted over slices; name another")


def _check_headline(file: SuiteFile, source: Source) -> None:
    """A report is headed by a business metric; a technical score may only explain it."""
    problem = headline_problem(file, file.business.headline)
    if problem is not None:
        raise source.error(("business", "headline"), problem)


def _check_confidence(file: SuiteFile, scorers: dict[str, Any], source: Source) -> None:
    if file.confidence is None:
        return
    if "." not in file.confidence:
        raise source.error(("confidence",), "scorer.metric expected, as in sure.confidence")
    _check_metric(file.confidence, scorers, source, ("confidence",))


def _check_condition(
    key: str, condition: Condition, scorers: dict[str, Any], source: Source, at: tuple[Any, ...]
) -> None:
    if key in STATES:
        if not isinstance(condition, bool):
            raise source.error(at, "true or false expected")
        return
    if "." in key:
        _check_metric(key, scorers, source, at)
        if not isinstance(condition, Bounds):
            raise source.error(at, "a metric is compared with at_least, at_most, above or below")
        return
    if key not in scorers:
        known = did_you_mean(key, [*scorers, *STATES])
        raise source.error(at, f"no scorer is called '{key}'{known}")
    if isinstance(condition, bool):
        raise source.error(at, f"a label of '{key}' expected: {', '.join(scorers[key].labels)}")
    labels = [condition] if isinstance(condition, str) else condition
    for label in labels if isinstance(labels, list) else []:
        if label not in scorers[key].labels:
            known = did_you_mean(label, list(scorers[key].labels))
            raise source.error(at, f"'{key}' never says '{label}'{known}")


def _check_metric(key: str, scorers: dict[str, Any], source: Source, at: tuple[Any, ...]) -> None:
    name, _, metric = key.partition(".")
    if name not in scorers:
        raise source.error(at, f"no scorer is called '{name}'{did_you_mean(name, list(scorers))}")
    if metric not in scorers[name].metrics:
        known = did_you_mean(metric, list(scorers[name].metrics))
        raise source.error(at, f"'{name}' has no metric '{metric}'{known}")


def _check_loss(
    loss: str, file: SuiteFile, scorers: dict[str, Any], source: Source, at: tuple[Any, ...]
) -> None:
    priced = file.business.loss
    if not loss.endswith(".error_class"):
        if loss not in priced:
            raise source.error(
                at, f"no entry under business.loss{did_you_mean(loss, list(priced))}"
            )
        return
    name = loss.removesuffix(".error_class")
    if name not in scorers:
        raise source.error(at, f"no scorer is called '{name}'{did_you_mean(name, list(scorers))}")
    unpriced = [each for each in scorers[name].error_classes if each not in priced]
    if unpriced:
        raise source.error(
            at, f"'{name}' may find '{unpriced[0]}', which has no entry under business.loss"
        )


def _check_items(items: tuple[Item, ...], scorers: dict[str, Any], source: Source) -> None:
    first: dict[str, int] = {}
    for position, item in enumerate(items):
        if item.id in first:
            line = source.place((first[item.id],)).line
            raise source.error((position,), f"the id '{item.id}' stands already in line {line}")
        first[item.id] = position
        for name, scorer in scorers.items():
            problem = scorer.problem(item)
            if problem is not None:
                raise source.error((position, "reference"), f"item '{item.id}', {name}: {problem}")


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
            _check_condition(name, label, scorers, source, (position, "labels", name))


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
