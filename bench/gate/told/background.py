"""What stands behind a gate's findings: the two runs, what changed between them, what was left out, what money rests on."""

from collections.abc import Iterator

from bench.gate.record import Contrast, GateReport, Saved, Side
from bench.gate.told.needed import more_by_suite, rounded_up
from bench.gate.told.voice import SuiteVoice, Voice, argument, short
from bench.types import Language
from bench.wording import numbers
from bench.wording.catalogue import say

_NAMES = 5
"""Names in a row before the rest is only counted."""
_PATH = 200
_REASON = 300


def facts(report: GateReport, language: Language) -> list[str]:
    """Which run was held against which, by what policy, and what a reader should know of them."""
    voice = Voice(language)
    sides = {"run": _side(report.run, voice), "baseline": _side(report.baseline, voice)}
    lines = [voice.say("sides", policy=short(report.policy), **sides)]
    blessed = report.baseline.blessed
    if blessed is not None:
        lines.append(
            voice.say(
                "blessed_because" if blessed.because.strip() else "blessed",
                by=short(blessed.by),
                day=_day(language, blessed.at),
                because=short(blessed.because, _REASON),
            )
        )
    if not report.complete:
        lines.append(voice.say("incomplete"))
    if report.saved is not None:
        lines.append(_saved(report.saved, voice))
    if report.not_compared:
        lines.append(voice.say("not_compared", names=voice.listed(report.not_compared, _NAMES)))
    return lines


def _side(side: Side, voice: Voice) -> str:
    name, day = short(side.name, _PATH), _day(voice.language, side.started)
    if side.commit is None:
        return voice.say("side", name=name, day=day)
    return voice.say("side_commit", name=name, day=day, commit=short(side.commit, 12))


def _day(language: Language, moment: str) -> str:
    return short(numbers.day(language, moment), 40)


def _saved(saved: Saved, voice: Voice) -> str:
    stopped, cached = saved.items_asked < saved.items_planned, saved.requests_from_cache
    key = "saved_cached" if stopped else "went_on_cached"
    return voice.say(
        "saved" if stopped else "saved_nothing",
        look=saved.look,
        looks=saved.looks,
        asked=f"{saved.items_asked:,}",
        planned=f"{saved.items_planned:,}",
        requests=f"{saved.requests_not_sent:,}",
        cached=voice.say(key, n=f"{cached:,}") if cached else "",
    )


def notes(contrast: Contrast, voice: SuiteVoice) -> list[str]:
    """What else is to be known of one contrast, a line each."""
    found = (
        _outcomes(contrast, voice),
        _failures(contrast, voice),
        voice.clauses(_changes(contrast, voice)),
        _left_out(contrast, voice),
    )
    return [each for each in found if each]


def _outcomes(contrast: Contrast, voice: SuiteVoice) -> str:
    old, new = contrast.old_outcomes, contrast.new_outcomes
    names = [name for name in old | new if old.get(name, 0.0) or new.get(name, 0.0)]
    told = []
    for name in names:
        was, now = (numbers.share(each.get(name, 0.0)) for each in (old, new))
        word = outcome(None if name == "none" else name, voice)
        key = "note.outcome_same" if was == now else "note.outcome"
        told.append(voice.say(key, name=word, was=was, now=now))
    joined = say(voice.language, "list.between").join(told)
    return voice.say("note.outcomes", told=joined) if told else ""


def outcome(name: str | None, voice: Voice) -> str:
    """What becomes of an answer; None: there is none."""
    return voice.say("note.no_outcome") if name is None else voice.named("outcome", name)


def _failures(contrast: Contrast, voice: SuiteVoice) -> str:
    names = contrast.new_failures
    if not names:
        return ""
    return voice.say("note.failures", n=f"{len(names):,}", items=voice.listed(names, _NAMES))


def _changes(contrast: Contrast, voice: SuiteVoice) -> Iterator[str]:
    """What differs between the two runs and may be the cause."""
    common, suite = contrast.common, voice.facts
    if suite.old_version != suite.new_version:
        yield voice.say("note.version", old=suite.old_version, new=suite.new_version)
    elif not common.parts_changed and not common.settings_changed:
        yield voice.say("note.unchanged")
    if common.parts_changed:
        parts = [voice.named("regression.part", each) for each in common.parts_changed]
        yield voice.say("note.parts", names=voice.listed(parts, _NAMES))
    if common.settings_changed:
        settings = [voice.setting(each) for each in common.settings_changed]
        yield voice.say("note.settings", names=voice.listed(settings, _NAMES))
    if common.old_models != common.new_models:
        unknown = (voice.say("note.model_unknown"),)
        old, new = (each or unknown for each in (common.old_models, common.new_models))
        told = {"old": voice.listed(old, _NAMES), "new": voice.listed(new, _NAMES)}
        yield voice.say("note.models", **told)


def _left_out(contrast: Contrast, voice: SuiteVoice) -> str:
    counts = {name: getattr(contrast.common, name) for name in ("changed", "only_new", "only_old")}
    told = [voice.say(f"note.{name}", n=f"{count:,}") for name, count in counts.items() if count]
    joined = say(voice.language, "list.between").join(told)
    return voice.say("note.left_out", told=joined) if told else ""


def rests_on(contrast: Contrast, voice: SuiteVoice) -> str:
    """What the suite's money rests on; empty where no criterion is about money."""
    suite = voice.facts
    if not suite.assumptions or all(each.unit != "money" for each in contrast.criteria):
        return ""
    key = "note.money" if suite.placeholders else "note.money_vouched"
    if suite.placeholders == suite.assumptions:
        key = "note.money_guessed"
    return voice.say(key, n=suite.assumptions, placeholders=suite.placeholders)


def advice(report: GateReport, language: Language) -> str:
    """What to do now."""
    voice, run = Voice(language), argument(report.run.name)
    if report.status != "inconclusive":
        early = report.saved is not None and report.saved.items_asked < report.saved.items_planned
        return voice.say(f"advice.{report.status}{'_early' if early else ''}", run=run)
    if not report.complete:
        return voice.say("advice.incomplete", run=run)
    more = more_by_suite(report)
    if not more:
        return voice.say("advice.never")
    told = [_asking(report, name, count, voice) for name, count in more.items()]
    return voice.say("advice.more", told=voice.clauses(told))


def _asking(report: GateReport, suite: str, more: int, voice: Voice) -> str:
    """How a suite comes to so many more items: from those that the baseline has already, or from new ones."""
    held = [each.common for each in report.contrasts if each.suite == suite]
    items, spare = max(each.items for each in held), min(each.only_old for each in held)
    key = "advice.asked" if spare >= more else "advice.both"
    return voice.say(key, suite=short(suite), n=rounded_up(items + more), spare=f"{spare:,}")
