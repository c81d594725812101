"""What a vendor's rules make of turns and parameters; what was changed is told."""

from collections.abc import Mapping
from typing import Any

from bench.endpoints.quirks import ParameterRule, Quirks
from bench.errors import RequestFailure
from bench.types import Message

_STEP = 0.01
"""How far from a bound that is itself refused a value is put."""


def shaped(messages: tuple[Message, ...], quirks: Quirks) -> tuple[Message, ...]:
    """Turns in the order that the vendor takes. Raises RequestFailure where they are too many.

    Folding puts instructions in front of the first user turn. Alternation joins neighbours of one role by a blank
    line; a conversation that would begin or end with the assistant is refused.
    """
    turns = _folded(messages) if quirks.system == "fold" else messages
    if quirks.alternate:
        turns = _alternating(turns)
    if quirks.max_messages is not None and len(turns) > quirks.max_messages:
        raise RequestFailure(
            "bad_request",
            f"{len(turns)} turns, and this endpoint takes {quirks.max_messages}; show fewer examples",
        )
    return turns


def _folded(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    told = "\n\n".join(turn.content for turn in messages if turn.role == "system")
    rest = [turn for turn in messages if turn.role != "system"]
    if not told:
        return tuple(rest)
    if not rest or rest[0].role != "user":
        return (Message(role="user", content=told), *rest)
    first = rest[0].model_copy(update={"content": f"{told}\n\n{rest[0].content}"})
    return (first, *rest[1:])


def _alternating(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    joined: list[Message] = []
    for turn in messages:
        if joined and joined[-1].role == turn.role:
            both = f"{joined[-1].content}\n\n{turn.content}"
            images = (*joined[-1].images, *turn.images)
            joined[-1] = joined[-1].model_copy(update={"content": both, "images": images})
        else:
            joined.append(turn)
    spoken = [turn for turn in joined if turn.role != "system"]
    if not spoken or spoken[0].role != "user" or spoken[-1].role != "user":
        raise RequestFailure(
            "bad_request", "this endpoint wants a conversation that begins and ends with the user"
        )
    return tuple(joined)


def fitted(
    params: Mapping[str, Any], rules: Mapping[str, ParameterRule]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Parameters as the vendor takes them, and a line for each that is not sent as it was asked.

    >>> fitted({"temperature": 0}, {"temperature": ParameterRule(above=0, max=1)})
    ({'temperature': 0.01}, ('temperature: asked 0, sent 0.01',))
    >>> fitted({"temperature": 0}, {"temperature": ParameterRule(fixed=1)})
    ({}, ('temperature: asked 0, not sent: fixed at 1',))
    """
    sent: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in params.items():
        rule = rules.get(name)
        if rule is None:
            sent[name] = value
        elif rule.refused:
            notes.append(f"{name}: asked {value}, not sent: refused by the vendor")
        elif rule.fixed is not None:
            if value != rule.fixed:
                notes.append(f"{name}: asked {value}, not sent: fixed at {rule.fixed}")
        else:
            sent[name] = _within(value, rule)
            if sent[name] != value:
                notes.append(f"{name}: asked {value}, sent {sent[name]}")
    return sent, tuple(notes)


def _within(value: Any, rule: ParameterRule) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if rule.min is not None and value < rule.min:
        return _tidy(rule.min)
    if rule.max is not None and value > rule.max:
        return _tidy(rule.max)
    if rule.above is not None and value <= rule.above:
        return _tidy(rule.above + _STEP)
    if rule.below is not None and value >= rule.below:
        return _tidy(rule.below - _STEP)
    return value


def _tidy(bound: float) -> float:
    """A bound without the rounding of binary fractions, whole where it is whole."""
    return int(bound) if bound == int(bound) else round(bound, 6)


def tokens(wanted: int, cap: Any, quirks: Quirks) -> int:
    """The suite's output tokens, or the endpoint's own cap where that is smaller, as the vendor takes them."""
    found = min(wanted, int(cap)) if cap is not None else wanted
    found = max(found, quirks.tokens_floor)
    return found if quirks.tokens_ceiling is None else min(found, quirks.tokens_ceiling)


def without_reasoning(text: str, tags: tuple[str, ...]) -> tuple[str, str]:
    r"""An answer and the chain of thought that stood before it between one of the `tags`.

    A chain that was opened and never closed leaves no answer; one that only closes was opened by the template.

    >>> without_reasoning("<think>7 x 6</think>42", ("think",))
    ('42', '7 x 6')
    >>> without_reasoning("<think>7 x", ("think",))
    ('', '7 x')
    >>> without_reasoning("7 x 6</think>\n\n42", ("think",))
    ('42', '7 x 6')
    """
    begun = text.lstrip()
    for tag in tags:
        opening, closing = f"<{tag}>", f"</{tag}>"
        thought, end, answer = begun.removeprefix(opening).partition(closing)
        if end:
            return answer.lstrip(), thought.strip()
        if begun.startswith(opening):
            return "", thought.strip()
    return text, ""
