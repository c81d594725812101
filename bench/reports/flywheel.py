"""The data flywheel: which cases to collect and which errors to label next, and why."""

from bench.reports.information import amount
from bench.reports.phrases import CASES, Words, bounds, times
from bench.reports.verdicts import best
from bench.value.candidate_summary import CandidateSummary, LossShare
from bench.value.verdict import FEWEST_CLUSTERS_OF_A_SLICE
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def flywheel(words: Words) -> tuple[str, ...]:
    """One finding about the leading candidate, from its slices, its losses and what knowing more is worth.

    Nothing where no answer could be judged.
    """
    focus = best(words.suite)
    if focus is None or words.suite.candidates[focus].outcomes is None:
        return ()
    candidate = words.suite.candidates[focus]
    told = [_slice(words, focus, candidate), _errors(words, focus, candidate.losses), _why(words)]
    told = [each for each in told if each]
    return (words.say("flywheel.whole", what="".join(told)),) if told else ()


def _slice(words: Words, name: str, candidate: CandidateSummary) -> str:
    """The slice of the lowest mean; nothing with fewer than two to choose from that hold enough sources."""
    valued = {
        each.slice: value
        for each in candidate.slices
        if each.clusters >= FEWEST_CLUSTERS_OF_A_SLICE
        and (value := known(each.value_per_case.value)) is not None
    }
    if len(valued) < 2:
        return ""
    found = min(candidate.slices, key=lambda each: valued.get(each.slice, float("inf")))
    gain = times(found.value_per_case, CASES)
    ends = bounds(gain)
    step = numbers.step_beside(gain.value, *(ends or (None, None)))
    return words.say(
        "flywheel.slice",
        slice=words.text(found.title),
        n=f"{found.items:,}",
        candidate=plain(name),
        cases=words.cases,
        money=words.money([gain.value, *(ends or ())]).text(gain.value or 0.0, step, sign=True),
    )


def _errors(words: Words, name: str, losses: list[LossShare]) -> str:
    """The class of error that costs most; if none occurred, the one that may still cost most."""
    total = sum(known(each.expected_loss) or 0.0 for each in losses)
    if total > 0:
        top = max(losses, key=lambda each: known(each.expected_loss) or 0.0)
        return words.say(
            "flywheel.seen",
            error=words.text(top.title),
            candidate=plain(name),
            cases=words.cases,
            rate=numbers.share(top.rate),
            money=amount(words, top.expected_loss * CASES),
            share=numbers.share(top.expected_loss / total),
        )
    top_unseen = max(losses, key=lambda each: known(each.expected_loss_upper) or 0.0, default=None)
    if top_unseen is None or not known(top_unseen.expected_loss_upper):
        return ""
    return words.say(
        "flywheel.unseen",
        error=words.text(top_unseen.title),
        cases=words.cases,
        rate=numbers.share(top_unseen.rate_upper),
        money=amount(words, top_unseen.expected_loss_upper * CASES),
    )


def _why(words: Words) -> str:
    """Whether the next evaluation needs what is collected, by what knowing more is worth."""
    found = words.suite.information
    if found is None:
        return ""
    again = found.more_items[0]
    worth = again.worth if found.spend_next == "items" else found.perfect_assumptions
    return words.say(
        f"flywheel.{found.spend_next}", n=f"{again.items:,}", worth=amount(words, worth)
    )
