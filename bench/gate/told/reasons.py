"""What became of one criterion, in parts of a sentence."""

from bench.gate.record import Criterion
from bench.gate.told.amounts import Amounts, amounts, bound_level, range_level
from bench.gate.told.needed import rounded_up
from bench.gate.told.voice import SuiteVoice, short
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.numbers import known

_EVEN = {"coverage": "complete", "cost": "equal", "latency": "equal"}
"""What it means of a criterion that both sides are the same; of all others that every answer is."""


def what(criterion: Criterion, voice: SuiteVoice) -> str:
    """What readers call it: the suite's own title, or a noun of the catalogue."""
    if criterion.title is not None:
        return voice.text(criterion.title)
    if criterion.kind in ("rate", "limit"):
        return short(criterion.metric or criterion.kind)
    return voice.say(f"what.{criterion.kind}", cases=voice.cases)


def moved(criterion: Criterion, voice: SuiteVoice) -> str:
    """What moved, by how much, and how sure that is."""
    told, noun = amounts(criterion, voice), what(criterion, voice)
    if not told.change:
        return noun
    if told.way == "same":
        return voice.say(
            "moved.still" if told.now else "moved.same", what=noun, now=told.now, sure=""
        )
    slots = {
        "what": noun,
        "was": told.was,
        "now": told.now,
        "change": told.change,
        "size": told.size,
    }
    if criterion.unit != "money":
        key = "still" if told.was == told.now else "level"
        return voice.say(f"moved.{key}", sure=_sure(criterion, told.range, voice), **slots)
    one_way = told.way != "open"
    sure = _sure(criterion, told.sizes if one_way else told.range, voice)
    return voice.say(f"moved.money_{told.way}", sure=sure, **slots)


def counted(criterion: Criterion, voice: SuiteVoice) -> str:
    """A limit in a few words, its status being said elsewhere."""
    return _limit_in_short("limit.counted", criterion, voice)


def _limit_in_short(key: str, criterion: Criterion, voice: SuiteVoice) -> str:
    rate, most = known(criterion.new), known(criterion.margin)
    if rate is None or most is None:
        return voice.say("limit.not_known", what=what(criterion, voice))
    slots = {"what": what(criterion, voice), "now": numbers.share_beside(rate, most)}
    return voice.say(key, limit=numbers.limit(most), **_counted(criterion, rate), **slots)


def in_short(criterion: Criterion, voice: SuiteVoice) -> str:
    """A criterion that passed in a few words."""
    noun = what(criterion, voice)
    if criterion.identical:
        return voice.say("passed.identical", what=noun)
    if criterion.kind == "limit":
        return _limit_in_short("passed.limit", criterion, voice)
    told = amounts(criterion, voice)
    if told.way == "same":
        return voice.say("passed.identical", what=noun)
    slots = {"what": noun, "was": told.was, "now": told.now, "change": told.change}
    key = "still" if criterion.unit == "share" and told.was == told.now else criterion.unit
    return voice.say(f"passed.{key}", **slots) if told.change else noun


def _sure(criterion: Criterion, shown: str, voice: SuiteVoice) -> str:
    if not shown:
        return voice.say("moved.unsure")
    return voice.say("moved.sure", sure=range_level(criterion), range=shown)


def allowed(criterion: Criterion, told: Amounts, voice: SuiteVoice) -> str:
    """How much worse is tolerable."""
    if criterion.unit == "money":
        key = "money"
    elif criterion.unit == "ratio":
        key = "growth"
    else:
        key = "less" if criterion.better == "higher" else "more"
    return voice.say(f"allowed.{key}", margin=told.margin or numbers.UNKNOWN)


def moved_and_allowed(criterion: Criterion, voice: SuiteVoice) -> str:
    """What moved beside what is tolerable, without a judgement."""
    if criterion.kind == "limit":
        return limit(criterion, voice)
    told = allowed(criterion, amounts(criterion, voice), voice)
    return voice.clauses([moved(criterion, voice), told])


def found(criterion: Criterion, voice: SuiteVoice) -> str:
    """What moved, what is tolerable, and what that comes to; of anything but a limit."""
    told = amounts(criterion, voice)
    slots: dict[str, str] = {
        "what": moved(criterion, voice),
        "allowed": allowed(criterion, told, voice),
    }
    if criterion.identical and criterion.status == "pass":
        key = _EVEN.get(criterion.kind, "identical")
        return voice.say(f"found.{key}", what=what(criterion, voice))
    if criterion.status == "not_known" and criterion.kind == "cost":
        return voice.say("found.not_priced", what=what(criterion, voice))
    if criterion.status != "inconclusive":
        return voice.say(f"found.{criterion.status}", **slots)
    return voice.say(f"found.{_open(criterion)}", power=_power(criterion), **slots) + _needed(
        criterion, told, voice
    )


def _open(criterion: Criterion) -> str:
    """Why an open criterion is open."""
    if criterion.low_power:
        return "low_power" if known(criterion.power) is not None else "low_power_unknown"
    high, margin = known(criterion.high), known(criterion.margin)
    leaning = high is not None and margin is not None and high < -margin
    return "leaning" if leaning else "inconclusive"


def _power(criterion: Criterion) -> str:
    power = known(criterion.power)
    return "" if power is None else numbers.chance(power)


def _needed(criterion: Criterion, told: Amounts, voice: SuiteVoice) -> str:
    """What would decide it, and what these items can prove at best."""
    if criterion.needed is not None:
        text = voice.say("open.more", n=rounded_up(max(1, criterion.needed - criterion.n)))
    else:
        lies_on_it = told.range and not criterion.low_power
        text = voice.say("open.never") if lies_on_it else ""
    if told.least:
        key = "open.least_none" if told.proves_nothing else "open.least"
        text += voice.say(key, n=f"{criterion.n:,}", least=told.least)
    return text


def limit(criterion: Criterion, voice: SuiteVoice) -> str:
    """A rate beside the limit that the suite sets to it."""
    rate, most = known(criterion.new), known(criterion.margin)
    bounds = known(criterion.low), known(criterion.high)
    if rate is None or most is None or None in bounds:
        return voice.say("limit.not_known", what=what(criterion, voice))
    state = criterion.status if criterion.status in ("pass", "fail") else "open"
    slots = {
        "what": what(criterion, voice),
        "now": numbers.share_beside(rate, most),
        "bound": _bound(criterion, voice),
        "sure": bound_level(criterion),
        "kind": say(voice.language, "gate.hard" if criterion.hard else "gate.soft"),
        "limit": numbers.limit(most),
        **_counted(criterion, rate),
        "more": _clean(criterion, voice) if state == "open" else "",
    }
    return voice.say(f"limit.{state}", **slots)


def _counted(criterion: Criterion, rate: float) -> dict[str, str]:
    """The items that a rate is about, and those with its event."""
    return {"n": f"{criterion.n:,}", "events": f"{round(rate * criterion.n):,}"}


def _bound(criterion: Criterion, voice: SuiteVoice) -> str:
    """The bound of a rate that speaks: for a broken limit the good one, else the bad one; both where it is open."""
    assert criterion.low is not None
    assert criterion.high is not None
    assert criterion.margin is not None
    least = voice.say("limit.at_least", share=numbers.share_beside(criterion.low, criterion.margin))
    most = voice.say("limit.at_most", share=numbers.share_beside(criterion.high, criterion.margin))
    if criterion.status not in ("pass", "fail"):
        return say(voice.language, "list.between").join((least, most))
    return least if (criterion.status == "fail") == (criterion.better == "lower") else most


def _clean(criterion: Criterion, voice: SuiteVoice) -> str:
    if criterion.needed is None:
        return ""
    return voice.say("limit.clean", n=rounded_up(max(1, criterion.needed - criterion.n)))
