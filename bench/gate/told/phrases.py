"""What a gate found as sentences for those who decide: business words, money first, and how sure."""

from bench.gate.record import Contrast, Criterion, GateReport, SuiteFacts
from bench.gate.told import reasons
from bench.gate.told.needed import more_in_all, rounded_up
from bench.gate.told.voice import SuiteVoice, Voice, short, verdict
from bench.types import Language
from bench.wording.catalogue import say

_ORDER = ("value", "harm", "rate", "limit", "coverage", "cost", "latency")
"""Money first, then safety, then the rest."""
_REASON = 300
_DECIDES = {
    "pass": ("pass",),
    "fail": ("fail",),
    "inconclusive": ("inconclusive", "not_known"),
}
_Found = tuple[Contrast, Criterion]


def headline(report: GateReport, language: Language) -> str:
    """One sentence: the verdict, and of what decided it the most important."""
    voice = Voice(language)
    if not report.contrasts:
        return voice.say("headline.nothing", verdict=verdict(report.status, language))
    if report.status == "pass":
        return _passed(report, voice)
    return _failed(report, voice) if report.status == "fail" else _open(report, voice)


def contrast_line(contrast: Contrast, facts: SuiteFacts, language: Language) -> str:
    """Who was compared, on how much, and the verdict; with the reason where no criterion gives it."""
    voice = SuiteVoice(language, facts)
    common = contrast.common
    items, clusters = f"{common.items:,}", f"{common.clusters:,}"
    told = voice.say(
        "contrast" if contrast.candidate == contrast.against else "contrast_other",
        suite=voice.title,
        candidate=short(contrast.candidate),
        against=short(contrast.against),
        verdict=verdict(contrast.status, language),
        basis=say(language, "suite.basis", items=items, clusters=clusters),
        trials=f"{common.trials:,}",
    )
    if contrast.status == "pass" or _deciding(contrast):
        return told
    return voice.say("why.no_outcome" if contrast.status == "fail" else "why.coverage", told=told)


def reason(criterion: Criterion, contrast: Contrast, facts: SuiteFacts, language: Language) -> str:
    """What became of one criterion: how much, how sure, what was tolerable, what that comes to, and by how many items.

    `contrast` is the one that the criterion belongs to.
    """
    voice, common = SuiteVoice(language, facts), contrast.common
    found = unfounded(criterion, voice)
    if criterion.kind == "limit" or criterion.n == 0:
        return found
    if criterion.clusters in (0, criterion.n, common.items):
        return voice.say("basis", told=found, n=f"{criterion.n:,}")
    n, clusters = f"{criterion.n:,}", f"{criterion.clusters:,}"
    return voice.say("basis_clusters", told=found, n=n, clusters=clusters)


def reason_below(criterion: Criterion, contrast: Contrast, voice: SuiteVoice) -> str:
    """The same below a line that tells the contrast's items: these are told again only where the criterion's are others."""
    common = contrast.common
    if (criterion.n, criterion.clusters) == (common.items, common.clusters):
        return unfounded(criterion, voice)
    return reason(criterion, contrast, voice.facts, voice.language)


def unfounded(criterion: Criterion, voice: SuiteVoice) -> str:
    """What became of one criterion, without the items that it is told by."""
    if criterion.kind != "limit":
        return reasons.found(criterion, voice)
    told = reasons.limit(criterion, voice)
    if criterion.waived is None:
        return told
    return voice.say("limit.borne", told=told, why=short(criterion.waived, _REASON))


def _deciding(contrast: Contrast) -> list[Criterion]:
    """The criteria that made a contrast end as it did."""
    decides = _DECIDES[contrast.status]
    return [each for each in contrast.criteria if each.enforced and each.status in decides]


def _foremost(report: GateReport) -> list[_Found]:
    """What decided the gate, the most important first."""
    found = [
        (contrast, each)
        for contrast in report.contrasts
        if contrast.status == report.status
        for each in _deciding(contrast)
    ]
    return sorted(found, key=lambda pair: _ORDER.index(pair[1].kind))


def _passed(report: GateReport, voice: Voice) -> str:
    found = _foremost(report)
    if not found:
        return _unexplained(report, voice)
    contrast, criterion = found[0]
    about = SuiteVoice(voice.language, report.suites[contrast.suite])
    count = len(report.contrasts)
    if criterion.identical:
        told = voice.say("headline.same")
    elif criterion.kind == "limit":
        told = reasons.limit(criterion, about)
    else:
        told = reasons.moved(criterion, about)
    return voice.say(
        "headline.pass_one" if count == 1 else "headline.pass_many",
        verdict=verdict("pass", voice.language),
        n=f"{count:,}",
        suite=about.title,
        told=told,
    )


def _failed(report: GateReport, voice: Voice) -> str:
    found = _foremost(report)
    if not found:
        return _unexplained(report, voice)
    contrast, criterion = found[0]
    about = SuiteVoice(voice.language, report.suites[contrast.suite])
    told = reasons.limit if criterion.kind == "limit" else reasons.found
    return voice.say(
        "headline.fail",
        verdict=verdict("fail", voice.language),
        suite=about.title,
        told=told(criterion, about),
        more=_rest(len(found) - 1, "more", voice),
    )


def _rest(count: int, key: str, voice: Voice) -> str:
    """How many more criteria ended so; empty for none."""
    if count < 1:
        return ""
    return voice.say(f"headline.one_{key}") if count == 1 else voice.say(f"headline.{key}", n=count)


def _open(report: GateReport, voice: Voice) -> str:
    found = _foremost(report)
    then = voice.say(f"then.{report.then}") if report.then in ("fail", "warn") else ""
    word = verdict("inconclusive", voice.language)
    if not report.complete:
        return voice.say("headline.incomplete", verdict=word, then=then)
    if not found:
        return _unexplained(report, voice)
    contrast, criterion = found[0]
    about = SuiteVoice(voice.language, report.suites[contrast.suite])
    rest = _rest(len(found) - 1, "more_open", voice)
    slots = {"verdict": word, "suite": about.title, "more": rest, "then": then}
    more = more_in_all(report)
    if more:
        told = reasons.moved_and_allowed(criterion, about)
        if criterion.low_power:
            told = voice.say("headline.too_few", told=told)
        return voice.say("headline.needed", n=rounded_up(more), told=told, **slots)
    told = reasons.found(criterion, about) if criterion.kind != "limit" else ""
    return voice.say("headline.open", told=told or reasons.limit(criterion, about), **slots)


def _unexplained(report: GateReport, voice: Voice) -> str:
    """The line of the first contrast that ended as the gate did, which no criterion explains."""
    alike = [each for each in report.contrasts if each.status == report.status]
    first = (alike or report.contrasts)[0]
    told = contrast_line(first, report.suites[first.suite], voice.language)
    return f"{verdict(report.status, voice.language)}: {told}" if voice.language == "en" else told
