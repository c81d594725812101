"""What a window found as sentences: what changed, whose doing it is, how sure, and what it did to the business."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.gate.told.reasons import moved
from bench.gate.told.voice import SuiteVoice, short
from bench.gate.window.drift import FLOOR
from bench.gate.window.record import ALARMS, Noise, Ours, Step, Watched, WindowReport
from bench.types import Language
from bench.wording import numbers
from bench.wording.catalogue import has, say

_MODELS, _SETTINGS = 3, 4
"""Names that are told of a list; of the rest only how many there are."""
_NAME = 60
_DAY = len("2026-11-20")


@dataclass(frozen=True, slots=True)
class Teller:
    """One window in one language.

    `days` are the runs' days in words by their ids, `dates` the same in figures; with the time where two share a day.
    """

    report: WindowReport
    language: Language
    days: Mapping[str, str]
    dates: Mapping[str, str]

    def say(self, key: str, **slots: object) -> str:
        """A sentence of the group `window`."""
        return say(self.language, f"window.{key}", **slots)

    def voice(self, one: Watched) -> SuiteVoice:
        """How its suite is spoken of."""
        return SuiteVoice(self.language, self.report.suites[one.suite])


def teller(report: WindowReport, language: Language) -> Teller:
    """What speaks of a window."""
    moments = {each.id: _moment(each.started) for each in report.runs}
    shared = Counter(each[:_DAY] for each in moments.values())
    times = {
        run: f" {each[_DAY + 1 :]}" if shared[each[:_DAY]] > 1 else ""
        for run, each in moments.items()
    }
    return Teller(
        report,
        language,
        {run: numbers.day(language, each) + times[run] for run, each in moments.items()},
        {run: each[:_DAY] + times[run] for run, each in moments.items()},
    )


def _moment(started: str) -> str:
    """The same in UTC, to the minute."""
    told = dt.datetime.fromisoformat(started)
    return (told.astimezone(dt.UTC) if told.tzinfo else told).strftime("%Y-%m-%d %H:%M")


def headline(by: Teller) -> str:
    """One sentence: what was found, of the candidate that it was found of first."""
    report, first = by.report, foremost(by.report)
    status = by.say(f"status.{report.status}")
    if first is None:
        return by.say("nothing", status=status)
    alarms = sum(each.latest.status in ALARMS for each in report.series)
    more = by.say("more", n=alarms - 1) if report.status in ALARMS and alarms > 1 else ""
    return by.say(
        "headline",
        status=status,
        suite=by.voice(first).title,
        candidate=short(first.candidate, _NAME),
        told=sentence(by, first),
        more=more,
    )


def foremost(report: WindowReport) -> Watched | None:
    """The first candidate that made the status; one without an earlier run only where there is no other."""
    told = [each for each in report.series if each.latest.status == report.status]
    return min(told, key=lambda each: each.latest.why == "first", default=None)


def sentence(by: Teller, one: Watched) -> str:
    """What the latest step of a candidate tells."""
    step = one.latest
    slots = _slots(by, one, step)
    if step.why is not None:
        return by.say(f"unknown.{step.why}", **slots)
    told = by.say(f"found.{step.status}", **slots)
    if step.status != "model_changed":
        return told
    if step.ours.bears_on_answers:
        return told + by.say("nothing_more", **slots)
    if step.changed is None:
        return told
    key = "differ" if step.noise.share is not None else "differ_only"
    return told + by.say(key, **slots)


def notes(by: Teller, one: Watched) -> Iterator[str]:
    """What else there is to say of the latest step, most important first."""
    step, voice = one.latest, by.voice(one)
    yield from _worth(by, one)
    if step.items:
        key = "compared" if step.items == step.clusters else "compared_clusters"
        yield by.say(f"note.{key}", items=f"{step.items:,}", clusters=f"{step.clusters:,}")
    if 0 < step.cached < 1:
        yield by.say("note.cached", share=numbers.share(step.cached))
    rest = step.ours.model_copy(update={"prompt": (), "settings": (), "version": False})
    if not rest.is_nothing:
        yield by.say("note.ours", what=changes(by, rest, voice))


def changes(by: Teller, ours: Ours, voice: SuiteVoice) -> str:
    """What changed of ours, in a row; empty where nothing did."""
    told = [by.say(f"ours.{part}") for part in ours.prompt]
    if ours.settings:
        told.append(by.say("ours.settings", names=voice.listed(ours.settings, _SETTINGS)))
    told += [
        by.say(f"ours.{name}")
        for name in ("judging", "assumptions", "version")
        if getattr(ours, name)
    ]
    counts = {
        "added": ours.items_added,
        "removed": ours.items_removed,
        "changed": ours.items_changed,
    }
    told += [by.say(f"ours.{name}", n=f"{count:,}") for name, count in counts.items() if count]
    *most, last = told or [""]
    first = say(by.language, "list.between").join(most)
    return say(by.language, "list.last", first=first, last=last) if first else last


def models(by: Teller, names: Sequence[str], voice: SuiteVoice) -> str:
    """The models that answered."""
    return voice.listed(names, _MODELS) if names else by.say("cell.no_model")


def _slots(by: Teller, one: Watched, step: Step) -> dict[str, str]:
    voice = by.voice(one)
    low, high = (numbers.share(each or 0.0) for each in (step.low, step.high))
    bearing = step.ours.model_copy(
        update=dict.fromkeys(("judging", "assumptions"), False)
        | dict.fromkeys(("items_added", "items_removed", "items_changed"), 0)
    )
    return {
        "old": by.days[step.old] if step.old is not None else "",
        "new": by.days[step.new],
        "asked": short(one.asked_model or one.candidate, _NAME),
        "was": models(by, step.old_models, voice),
        "now": models(by, step.new_models, voice),
        "what": changes(by, bearing, voice),
        "changed": numbers.share(step.changed or 0.0),
        "sure": numbers.limit(round(2 * by.report.confidence - 1, 4)),
        "range": numbers.span(by.language, low, high),
        "noise": _noise(by, step.noise),
        "n": f"{step.items:,}",
        "temperature": _temperature(by, one.temperature),
        "catches": "" if step.catches is None else numbers.share(step.catches),
    }


def _noise(by: Teller, noise: Noise) -> str:
    share = "" if noise.share is None else numbers.share(noise.share)
    return by.say(f"noise.{noise.source}", share=share, floor=numbers.limit(FLOOR))


def _temperature(by: Teller, value: float | None) -> str:
    if value is None:
        return by.say("temperature.not_asked")
    return by.say("temperature.asked", value=f"{value:g}")


def _worth(by: Teller, one: Watched) -> Iterator[str]:
    worth = one.worth
    if one.latest.why in ("first", "cached"):
        return
    if one.latest.ours.judging:
        yield by.say("note.rescore")
    elif worth.refused is not None:
        yield by.say("note.refused", why=short(worth.refused, 300))
    if worth.value is not None:
        yield by.say("note.worth", told=moved(worth.value, by.voice(one)))
    outcomes = [
        by.say("note.outcome", name=_outcome(by, name), was=was, now=now)
        for name, share in worth.new_outcomes.items()
        if (was := numbers.share(worth.old_outcomes.get(name, 0.0)))
        != (now := numbers.share(share))
    ]
    if outcomes:
        yield by.say("note.outcomes", told=say(by.language, "list.between").join(outcomes))


def _outcome(by: Teller, name: str) -> str:
    key = f"outcome.{name}"
    return say(by.language, key) if has(key) else by.say("note.no_outcome")
