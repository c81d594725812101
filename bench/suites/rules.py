"""Every name in a suite's rules, rates, gates and metrics means something that exists."""

from typing import Any

from bench.files.yaml_source import Source
from bench.registry import did_you_mean
from bench.suites.headline import headline_problem
from bench.suites.metric_names import BUSINESS_METRICS, OVER_SLICES
from bench.suites.model import Bounds, Condition, SuiteFile

STATES = ("truncated", "refused")
"""What a rule may ask of an answer besides its scores."""


def check_rules(file: SuiteFile, scorers: dict[str, Any], source: Source) -> None:
    """Raises SuiteError at the first name that nothing answers to."""
    business = file.business
    for position, rule in enumerate(business.outcomes):
        at = ("business", "outcomes", position)
        for key, condition in (rule.when or {}).items():
            check_condition(key, condition, scorers, source, (*at, "when", key))
        if rule.loss is not None:
            _check_loss(rule.loss, file, scorers, source, (*at, "loss"))
        if isinstance(rule.minutes, str):
            _check_metric(rule.minutes, scorers, source, (*at, "minutes"))
    _check_rates(file, scorers, source)
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


def _check_rates(file: SuiteFile, scorers: dict[str, Any], source: Source) -> None:
    for name, rate in file.business.rates.items():
        if rate.differs is not None:
            _check_compared(rate.differs, scorers, source, ("business", "rates", name, "differs"))
        for key, condition in rate.when.items():
            check_condition(
                key, condition, scorers, source, ("business", "rates", name, "when", key)
            )


def _check_compared(key: str, scorers: dict[str, Any], source: Source, at: tuple[Any, ...]) -> None:
    """What pairs are compared by: a scorer, or one of its metrics."""
    if "." in key:
        _check_metric(key, scorers, source, at)
    elif key not in scorers:
        raise source.error(at, f"no scorer is called '{key}'{did_you_mean(key, list(scorers))}")


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


def check_condition(
    key: str, condition: Condition, scorers: dict[str, Any], source: Source, at: tuple[Any, ...]
) -> None:
    """A condition asks a scorer for a label that it gives, or a metric for a bound."""
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
