"""Perturbed twins: the same case in other names and numbers, with a reference that follows.

A model that has seen an item knows its answer; it has not seen the twin. How much worse it does on the twins
is told as a shifted split.
"""

import random
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from pydantic import JsonValue

from bench.suites.arithmetic import operands, result, rounded, shape, written
from bench.suites.texts import texts
from bench.types import Item

TAG = "wording"
AS_WRITTEN, VARIED = "as_written", "varied"
SUFFIX = ".varied"
"""What a twin adds to the id of its item."""
_TRIES = 40
_LEAST_CHANGE = 0.06
_FACTORS = (0.7, 1.4)
_NEIGHBOURS = ("other_periods", "other_entities")
"""Numbers easily taken by mistake; they are left out of a twin whose numbers changed."""

Fields = dict[str, JsonValue]
Change = Callable[[str], str]


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
    """The twin of `item` that `seed` draws; None where the item allows none.

    Numbers and order are drawn for the item. Swaps are drawn for its cluster, so that items of one source, and
    pairs that differ in a word, keep to the same names.
    """
    how = item.variation
    if how is None:
        return None
    draw = _draw(seed, item.id)
    given, reference = item.input, item.reference
    if how.numbers:
        given, reference = _renumbered(item, how.numbers, draw) or (given, reference)
    if how.swap:
        swap = _swapper(how.swap, _draw(seed, item.cluster).random())
        given, reference = _changed(given, swap), _changed(reference, swap)
    given = {
        key: _reordered(value, draw) if key in how.order else value for key, value in given.items()
    }
    if (given, reference) == (item.input, item.reference):
        return None
    tags = {**item.tags, TAG: VARIED}
    return item.model_copy(
        update={"id": item.id + SUFFIX, "input": given, "reference": reference, "tags": tags}
    )


def variation_problem(item: Item) -> str | None:
    """What is wrong with an item's variation, or None."""
    how = item.variation
    if how is None:
        return None
    for key in how.order:
        if not isinstance(item.input.get(key), list):
            return f"order: input.{key} is no list"
    return _swap_problem(item, how.swap) or _numbers_problem(item, how.numbers)


def _swap_problem(item: Item, swap: Mapping[str, list[str]]) -> str | None:
    shown = "\n".join(texts(item.input))
    told = "\n".join([shown, *texts(item.reference)])
    told += f"\n{item.input}\n{item.reference}"  # names of fields too: two may not become one
    for old, new in swap.items():
        if not old or not _whole(old).search(shown):
            return f"swap: '{old}' does not stand in the input"
        if not new or any(not each or old in each or each in told for each in new):
            return f"swap: '{old}' needs alternatives that stand nowhere in its item"
    for place in range(max(map(len, swap.values()), default=0)):
        drawn = [new[place % len(new)] for new in swap.values()]
        twice = next((each for each in drawn if drawn.count(each) > 1), None)
        if twice is not None:
            return f"swap: '{twice}' would stand for two texts at once"
    return None


def _numbers_problem(item: Item, numbers: list[str]) -> str | None:
    formula, answer = item.reference.get("formula"), item.reference.get("answer")
    shown = "\n".join(texts(item.input))
    for number in numbers:
        if not isinstance(formula, str) or number not in operands(formula):
            return f"numbers: '{number}' is no operand of reference.formula"
        if not _number(number).search(shown):
            return f"numbers: '{number}' does not stand in the input"
        plain = number.replace(",", "")
        if plain != number and _number(plain).search(shown):
            return f"numbers: '{number}' stands in the input as {plain}, too; write it one way"
    if numbers and shape(str(answer)) is None:
        return "numbers: reference.answer does not begin with a number"
    if numbers and _renumbered(item, numbers, _draw(0, item.id)) is None:
        return "numbers: no change leads to a new answer"
    return None


def _draw(seed: int, name: str) -> random.Random:
    return random.Random(f"{seed}:{name}")  # noqa: S311  # a reproducible draw, no secret


def _renumbered(
    item: Item, numbers: list[str], draw: random.Random
) -> tuple[Fields, Fields] | None:
    """Input and reference with other numbers, the answer computed anew; None where no draw leads to one.

    Drawn again while two numbers collide, or the answer stays, has another sign or lies on a rounding border.
    """
    like = shape(str(item.reference["answer"]))
    assert like is not None  # `variation_problem` refuses it
    shown = "\n".join(texts(item.input))
    for _ in range(_TRIES):
        new = {number: _drawn_number(number, draw) for number in numbers}
        if len(set(new.values())) < len(new) or any(
            _number(each).search(shown) for each in new.values()
        ):
            continue
        reference = _changed(item.reference, _renumberer(new))
        try:
            value = rounded(result(str(reference["formula"])), like)
        except ValueError:  # a denominator became zero
            continue
        if value is None or value == like.value or (value < 0) != (like.value < 0):
            continue
        kept = {key: each for key, each in reference.items() if key not in _NEIGHBOURS}
        return _changed(item.input, _renumberer(new)), {**kept, "answer": written(value, like)}
    return None


def _drawn_number(number: str, draw: random.Random) -> str:
    """Another number of the same decimals, 6 % to 40 % away."""
    factor = 1.0
    while abs(factor - 1) < _LEAST_CHANGE:
        factor = draw.uniform(*_FACTORS)
    step = Decimal(1).scaleb(-len(number.partition(".")[2]))
    value = (Decimal(number.replace(",", "")) * Decimal(repr(factor))).quantize(step)
    return f"{value:{',' if ',' in number else ''}f}"


def _number(text: str) -> re.Pattern[str]:
    """`text` where it is a number of its own, no part of a longer one."""
    return re.compile(rf"(?<![\d.,]){re.escape(text)}(?![\d]|[.,]\d)")


def _renumberer(new: Mapping[str, str]) -> Change:
    pattern = re.compile("|".join(_number(each).pattern for each in new))
    return lambda text: pattern.sub(lambda found: new[found[0]], text)


def _whole(text: str) -> re.Pattern[str]:
    """`text` where it is no part of a longer Latin word or number: Ann does not stand in Annual."""
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", text) else ""
    behind = r"(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", text) else ""
    return re.compile(before + re.escape(text) + behind)


def _swapper(swap: Mapping[str, list[str]], drawn: float) -> Change:
    """Alternatives at the same place of their lists belong together; `drawn` (0 to 1) says which place."""
    place = int(drawn * max(map(len, swap.values())))
    new = {old: alternatives[place % len(alternatives)] for old, alternatives in swap.items()}
    longest = sorted(new, key=len, reverse=True)
    pattern = re.compile("|".join(_whole(each).pattern for each in longest))
    return lambda text: pattern.sub(lambda found: new[found[0]], text)


def _changed(fields: Fields, change: Change) -> Fields:
    """Every text inside changed; the fields keep their names, which prompts and scorers use."""
    return {name: _inside(value, change) for name, value in fields.items()}


def _inside(value: JsonValue, change: Change) -> JsonValue:
    match value:
        case str():
            return change(value)
        case list():
            return [_inside(each, change) for each in value]
        case dict():
            return {change(key): _inside(each, change) for key, each in value.items()}
        case bool() | None:
            return value
        case int() | float():
            return _number_or_text(change(str(value)))


def _number_or_text(told: str) -> JsonValue:
    """What stood as a number stays one."""
    try:
        return float(told) if "." in told or "e" in told else int(told)
    except ValueError:
        return told


def _reordered(value: JsonValue, draw: random.Random) -> JsonValue:
    """A list in another order, if it has one."""
    assert isinstance(value, list)  # `variation_problem` refuses anything else
    drawn = draw.sample(value, len(value))
    return drawn if drawn != value else [*value[1:], *value[:1]]
