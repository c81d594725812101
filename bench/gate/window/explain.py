"""What changed of ours between two runs, and so what a change of answers may be put down to."""

from bench.gate.window.record import Ours, PromptPart
from bench.value.observed.record import Observed, ObservedCandidate, ObservedSuite

_PROMPT: tuple[PromptPart, ...] = ("prompt", "examples", "answer")
_SENT = "endpoint."
_PARAMS = "endpoint.params."


def ours(old: Observed, new: Observed, suite: str, candidate: str) -> Ours:
    """All that differs between two runs of a candidate, but for what came from the other side of the wire."""
    then, now = old.suites[suite], new.suites[suite]
    before = {item.id: item.digest for item in then.items}
    after = {item.id: item.digest for item in now.items}
    same_items = before == after
    judging = then.judging != now.judging
    return Ours(
        prompt=_prompt(then, now, same_items=same_items),
        settings=_settings(then.candidates[candidate], now.candidates[candidate]),
        judging=judging,
        assumptions=_assumptions(then, now, judging=judging),
        version=old.version != new.version,
        items_added=len(after.keys() - before.keys()),
        items_removed=len(before.keys() - after.keys()),
        items_changed=sum(before[each] != after[each] for each in before.keys() & after.keys()),
    )


def reached_alike(old: ObservedCandidate, new: ObservedCandidate) -> bool:
    """Whether the same model was asked for at the same place: parameters and strategy aside, no setting changed."""
    moved = [
        name
        for name in _settings(old, new)
        if name.startswith(_SENT) and not name.startswith(_PARAMS)
    ]
    return old.asked_model == new.asked_model and not moved


def _prompt(then: ObservedSuite, now: ObservedSuite, *, same_items: bool) -> tuple[PromptPart, ...]:
    """Images belong to items, whose own digests tell of them, or else to examples."""
    parts = (*_PROMPT, "images") if same_items else _PROMPT
    return tuple(part for part in parts if then.digests.get(part) != now.digests.get(part))


def _settings(old: ObservedCandidate, new: ObservedCandidate) -> tuple[str, ...]:
    then, now = old.settings, new.settings
    names = sorted(then.keys() | now.keys())
    return tuple(name for name in names if then.get(name) != now.get(name))


def _assumptions(then: ObservedSuite, now: ObservedSuite, *, judging: bool) -> bool:
    """The numbers in use count, also where another file than the suite's own gave them."""
    file = then.digests.get("business") != now.digests.get("business") and not judging
    used = [
        (each.weights, each.human_cost, each.currency, each.ordinary_harm) for each in (then, now)
    ]
    return file or used[0] != used[1]
