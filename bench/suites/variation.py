"""Perturbed twins: the same case in other names and numbers, with a reference that follows.

A model that has seen an item knows its answer; it has not seen the twin. How much worse it does on the twins
is told as a shifted split.
"""

import random
import re
from collections.abc import Callable
from decimal import Decimal

from pydantic import JsonValue

from bench.suites.arithmetic import operands, result, rounded, shape, written
from bench.types import Item, Variation

TAG = "wording"
AS_WRITTEN, VARIED = "as_written", "varied"
_SUFFIX = ".varied"
_TRIES = 40
_LEAST_CHANGE = 0.06
_FACTORS = (0.7, 1.4)
_NEIGHBOURS = ("other_periods", "other_entities")
"""Numbers easily taken by mistake; they are left out of a twin whose numbers changed."""


def with_twins(items: tuple[Item, ...], seed: int) -> tuple[Item, ...]:
    """Every item, tagged as written, followed by its twin where it has one."""
    found: list[Item] = []
    for item in items:
        found.append(item.model_copy(update={"tags": {**item.tags, TAG: AS_WRITTEN}}))
        twin = varied(item, seed)
        if twin is not None:
            found.append(twin)
    return tuple(found)


def varied(item: Item, seed: int) -> Item | None:
    """The twin of `item` that `seed` draws; None where the item allows none."""
    how = item.variation
    if how is None or not (how.swap or how.numbers or how.order):
        return None
    draw = random.Random(f"{seed}:{item.id}")  # noqa: S311  # a reproducible draw, no secret
    parts: tuple[JsonValue, JsonValue] = (dict(item.input), dict(item.reference))
    if how.numbers:
        parts = _with_numbers(parts, how.numbers, draw)
    swaps = {old: draw.choice(new) for old, new in how.swap.items()}
    if swaps:
        parts = _replaced(parts, _swapper(swaps))
    given, reference = parts
    assert isinstance(given, dict)
    assert isinstance(reference, dict)
    given = {
        key: _shuffled(value, draw) if key in how.order else value for key, value in given.items()
    }
    if (given, reference) == (item.input, item.reference):
        return None
    tags = {**item.tags, TAG: VARIED}
    return item.model_copy(
        update={"id": item.id + _SUFFIX, "input": given, "reference": reference, "tags": tags}
    )


def variation_problem(item: Item) -> str | None:
    """What is wrong with an item's variation, or None."""
    how = item.variation
    if how is None:
        return None
    shown = repr(item.input)
    for old, new in how.swap.items():
        if old not in shown:
            return f"swap: '{old}' does not stand in the input"
        if not new or old in new or any(each in shown for each in new):
            return f"swap: '{old}' needs alternatives that do not stand in the input"
    formula = item.reference.get("formula")
    for number in how.numbers:
        if not isinstance(formula, str) or number not in operands(formula):
            return f"numbers: '{number}' is no operand of reference.formula"
        if not _number(number).search(_all_text(item.input)):
            return f"numbers: '{number}' does not stand in the input"
    for key in how.order:
        if not isinstance(item.input.get(key), list):
            return f"order: input.{key} is no list"
    return _unchangeable(item, how)


def _unchangeable(item: Item, how: Variation) -> str | None:
    """Whether a draw with a reference can be found at all."""
    if how.numbers and varied(item, 0) is None:
        return "numbers: no change leads to a new answer"
    return None


def _all_text(value: JsonValue) -> str:
    match value:
        case dict():
            return "\n".join(_all_text(each) for each in value.values())
        case list():
            return "\n".join(_all_text(each) for each in value)
        case _:
            return str(value)


def _with_numbers(
    parts: tuple[JsonValue, JsonValue], numbers: list[str], draw: random.Random
) -> tuple[JsonValue, JsonValue]:
    """Other numbers in the source, in the formula and in what must be cited; the answer computed anew.

    Drawn again while two numbers collide or the answer lies on a rounding border.
    """
    given, reference = parts
    assert isinstance(reference, dict)
    like = shape(str(reference["answer"]))
    source = _all_text(given)
    for _ in range(_TRIES if like is not None else 0):
        new = {number: _changed(number, draw) for number in numbers}
        if len(set(new.values())) < len(new) or any(
            _number(each).search(source) for each in new.values()
        ):
            continue
        swapped = _replaced((given, reference), _renumberer(new))
        renewed = swapped[1]
        assert isinstance(renewed, dict)
        assert like is not None
        value = rounded(result(str(renewed["formula"])), like)
        if value is None or value == like.value or (value < 0) != (like.value < 0):
            continue
        renewed["answer"] = written(value, like)
        for neighbour in _NEIGHBOURS:
            renewed.pop(neighbour, None)
        return swapped[0], renewed
    return parts


def _changed(number: str, draw: random.Random) -> str:
    factor = 1.0
    while abs(factor - 1) < _LEAST_CHANGE:
        factor = draw.uniform(*_FACTORS)
    places = len(number.partition(".")[2])
    step = Decimal(1).scaleb(-places)
    value = (Decimal(number.replace(",", "")) * Decimal(repr(factor))).quantize(step)
    return f"{value:,}" if "," in number else str(value)


def _number(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.,]){re.escape(text)}(?![\d]|[.,]\d)")


def _renumberer(new: dict[str, str]) -> Callable[[str], str]:
    longest = sorted(new, key=len, reverse=True)
    pattern = re.compile("|".join(_number(each).pattern for each in longest))
    return lambda text: pattern.sub(lambda found: new[found[0]], text)


def _swapper(new: dict[str, str]) -> Callable[[str], str]:
    longest = sorted(new, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(each) for each in longest))
    return lambda text: pattern.sub(lambda found: new[found[0]], text)


def _replaced(
    parts: tuple[JsonValue, JsonValue], change: Callable[[str], str]
) -> tuple[JsonValue, JsonValue]:
    return _everywhere(parts[0], change), _everywhere(parts[1], change)


def _everywhere(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    match value:
        case str():
            return change(value)
        case list():
            return [_everywhere(each, change) for each in value]
        case dict():
            return {change(key): _everywhere(each, change) for key, each in value.items()}
        case _:
            return value


def _shuffled(value: JsonValue, draw: random.Random) -> JsonValue:
    assert isinstance(value, list)
    return draw.sample(value, len(value))
