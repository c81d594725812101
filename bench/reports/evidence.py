"""The section in which a reader browses the answers themselves, and the data that its script draws."""

from collections.abc import Mapping, Sequence

from bench.reports.evidence_pack import INDEX, packed_blocks, shown
from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.reports.verdicts import best
from bench.value.evidence import Evidence
from bench.value.judged import Judged
from bench.wording.plain import plain


def evidence(judged: Judged, suites: Sequence[Words]) -> Section | None:
    """The section; None where a run has no answer to show."""
    told = [each for each in suites if each.key in judged.evidence]
    if not told:
        return None
    say = told[0].say
    found = shown(judged).values()
    answers, total = sum(each.answers for each in found), sum(each.evidence.total for each in found)
    counts = say(
        "evidence.all" if answers == total else "evidence.sampled",
        n=f"{answers:,}",
        total=f"{total:,}",
    )
    return Section(
        key="evidence",
        nav=say("evidence.nav"),
        heading=_finding(told, judged.evidence),
        lead=(counts + say("evidence.where"),),
        parts=(),
        component=INDEX,
    )


def evidence_data(judged: Judged) -> Mapping[str, str]:
    """Packed data by the id of its place in the page: an index of the suites, and a block for each."""
    if not judged.evidence:
        return {}
    titles = {name: each.title for name, each in judged.summary.suites.items()}
    return packed_blocks(shown(judged), titles)


def _finding(suites: Sequence[Words], found: Mapping[str, Evidence]) -> str:
    """How usable the answers of the leading candidate are, in the first suite where that can be said."""
    for words in suites:
        focus = best(words.suite)
        outcomes = words.suite.candidates[focus].outcomes if focus else None
        if focus is None or outcomes is None:
            continue
        slots = {
            "suite": words.text(words.suite.title),
            "candidate": plain(focus),
            "n": f"{100 * (outcomes.accept + outcomes.edit):.0f}",
        }
        error = _dearest(words, found[words.key], focus)
        if error is None:
            return words.say("evidence.heading_clean", **slots)
        return words.say("evidence.heading", error=error, **slots)
    return suites[0].say("evidence.heading_none")


def _dearest(words: Words, found: Evidence, candidate: str) -> str | None:
    """The class of the harmful answer that costs most; None where the candidate has none."""
    harms = [
        (each.money, each.loss_class)
        for each in found.answers
        if each.candidate == candidate and each.loss_class is not None and each.money is not None
    ]
    return words.text(found.losses[min(harms)[1]]) if harms else None
