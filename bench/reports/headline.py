"""The metric that heads a suite's report where it is not the value per case."""

from bench.reports.cells import metric_text
from bench.reports.phrases import Words, bounds, sure
from bench.value.candidate_summary import BusinessMetric
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_USUAL = "net_value_per_case"
"""What the verdict's own sentence already tells."""


def headline_line(words: Words, focus: str | None) -> str:
    """The leading candidate's figure with its range and today's; empty where the usual metric heads."""
    name = words.suite.headline
    if name == _USUAL or focus is None:
        return ""
    metric = words.suite.candidates[focus].metrics.get(name)
    if metric is None or known(metric.value) is None:
        title = words.named("metric_title", name) if metric is None else words.text(metric.title)
        return words.say("suite.headline_unknown", metric=title)
    return _figure(words, focus, metric) + _today(words, metric)


def _figure(words: Words, focus: str, metric: BusinessMetric) -> str:
    told, ends = metric_text(words, metric.unit), bounds(metric)
    assert metric.value is not None
    low, high = ends or (None, None)
    step = numbers.step_beside(metric.value, low, high)
    line = words.say(
        "suite.headline",
        metric=words.text(metric.title),
        candidate=plain(focus),
        value=told(metric.value, step),
    )
    if ends is None:
        return line
    ranged = numbers.span(words.language, *(told(each, step) for each in ends))
    return line + words.say("suite.headline_range", sure=sure(metric), range=ranged)


def _today(words: Words, metric: BusinessMetric) -> str:
    today = known(metric.today)
    if today is None:
        return ""
    step = numbers.rounding_step(None, None, today)
    return words.say("suite.headline_today", today=metric_text(words, metric.unit)(today, step))
