"""Answers that know no case: the same for all, the question again, the source again, every keyword at once.

None of them may look like work. Each is put to every item, and what comes out is counted and priced at
the suite's own base values.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from bench.checking.known import judged
from bench.suites.items import texts
from bench.suites.load import Suite
from bench.suites.model import Business
from bench.suites.prompt import messages
from bench.types import Item, OutcomeName
from bench.value.assumed import Assumed
from bench.value.outcomes import Outcome
from bench.value.worth import ACCEPT, EDIT, HARM, MEASURED_EDIT, ONE, REDO, weights

MOST_ACCEPTED = 0.05
"""Share of accepted answers above which a gaming answer passes for work."""
_CONSTANTS = 12
_BORROWED = 4
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*[%万亿元]*")


@dataclass(frozen=True, slots=True)
class Game:
    """What a way of gaming comes to: outcomes, and money a case before any cost of asking."""

    name: str
    outcomes: dict[OutcomeName, int]
    value: float

    @property
    def is_worthless(self) -> bool:
        """Nearly nothing accepted, and no money in it."""
        asked = sum(self.outcomes.values())
        return self.value <= 0 and self.outcomes.get("accept", 0) <= MOST_ACCEPTED * asked


def games(suite: Suite) -> list[Game]:
    """Every way of gaming the suite; of the constants the one that earns most."""
    constants = [
        _played(suite, "constant", _always(text), without=own) for own, text in _good_texts(suite)
    ]
    best = [max(constants, key=lambda game: game.value)] if constants else []
    ways: dict[str, Callable[[Suite, Item], str]] = {
        "echo": _echo,
        "copy_source": _copy,
        "keywords": _keywords,
        "telegram": _telegram,
    }
    return best + [_played(suite, name, way) for name, way in ways.items()]


def _played(
    suite: Suite, name: str, way: Callable[[Suite, Item], str], without: str | None = None
) -> Game:
    """The way's answers to all items, but those of the cluster `without`."""
    found = [
        judged(suite, item, way(suite, item)).outcome
        for item in suite.items
        if item.cluster != without
    ]
    known = [each for each in found if each is not None]
    counted = Counter(each.name for each in known)
    return Game(name, dict(counted), _value(known, suite.file.business))


def _value(outcomes: list[Outcome], business: Business) -> float:
    """Mean money a case at base values (`bench.value.worth`)."""
    base = Assumed({name: np.array([each.base]) for name, each in business.assumptions()})
    money = {name: float(each[0]) for name, each in weights(base, business).items()}
    total = 0.0
    for each in outcomes:
        total += money[ONE]
        match each.name:
            case "accept":
                total += money[ACCEPT]
            case "redo":
                total += money[REDO]
            case "harm":
                total += money[f"{HARM}{each.loss_class}"]
            case "edit" if each.edit_assumption is not None:
                total += money[EDIT + each.edit_assumption]
            case "edit":
                total += money[MEASURED_EDIT] * each.edit_minutes
    return total / len(outcomes) if outcomes else 0.0


def _good_texts(suite: Suite) -> list[tuple[str, str]]:
    """Good answers to items of the most different kinds, a dozen at most, each with its item's cluster."""
    items = {item.id: item for item in suite.items}
    by_kind: dict[tuple[str, ...], tuple[str, str]] = {}
    for known in suite.calibration:
        if known.outcome == "accept":
            item = items[known.item]
            kind = tuple(sorted(item.tags.values()))
            by_kind.setdefault(kind, (item.cluster, known.answer))
    found = list(by_kind.values())
    return found[:: max(1, len(found) // _CONSTANTS)][:_CONSTANTS]


def _always(text: str) -> Callable[[Suite, Item], str]:
    return lambda *_: text


def _echo(suite: Suite, item: Item) -> str:
    """The question as it was put."""
    return messages(suite.file.prompt, item)[-1].content


def _copy(suite: Suite, item: Item) -> str:
    """The longest text of the input, in every field that is asked for."""
    return _in_all_fields(suite, max(texts(item.input), key=len, default=""))


def _keywords(suite: Suite, item: Item) -> str:
    """Every phrase that the reference lists, some of other references and every number of the input."""
    at = next(place for place, each in enumerate(suite.items) if each.id == item.id)
    others = [suite.items[(at + step) % len(suite.items)] for step in (1, 2, 3)]
    words = dict.fromkeys(
        [
            *_short(item),
            *(word for other in others for word in list(_short(other))[:_BORROWED]),
            *_NUMBERS.findall("\n".join(texts(item.input))),
        ]
    )
    return _in_all_fields(suite, " ".join(words))


def _short(item: Item) -> Iterator[str]:
    return (each for each in texts(item.reference) if len(each) <= 40)


def _telegram(suite: Suite, item: Item) -> str:
    """The barest rendering of every fact that the reference lists, one behind the other."""
    told = [each for value in item.reference.values() for each in _renderings(value)]
    return _in_all_fields(suite, "，".join(told) + "。")


def _renderings(value: JsonValue) -> Iterator[str]:
    """Of a list of facts ({any: [...]}), the first rendering of each."""
    for each in value if isinstance(value, list) else ():
        several = each.get("any") if isinstance(each, dict) else None
        if (
            isinstance(each, dict)
            and isinstance(several, list)
            and several
            and "unless" not in each
        ):
            first = several[0]
            parts = first.get("all") if isinstance(first, dict) else [first]
            yield "".join(str(part) for part in parts) if isinstance(parts, list) else str(parts)


def _in_all_fields(suite: Suite, text: str) -> str:
    labels = suite.file.answer.fields.values()
    return "\n".join(f"{label}：{text}" for label in labels) if labels else text
