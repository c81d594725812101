"""Answers that are no work: the same for all, the question again, the source again, key phrases in a heap.

Each way is put to every item, and what comes out is counted and priced at the suite's own base values, before
any cost of asking.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from bench.checking.judged import Judged
from bench.scoring.facts import Fact, FactCoverage, Together
from bench.scoring.score import ScorerError
from bench.suites.load import Suite
from bench.suites.model import Business
from bench.suites.prompt import messages
from bench.suites.texts import texts
from bench.types import Item, OutcomeName
from bench.value.assumed import Assumed
from bench.value.outcomes import Outcome
from bench.value.worth import value_of_trials

MOST_ACCEPTED = 0.05
"""Share of accepted answers above which a way of gaming passes for work."""
MOST_ITEMS = 500
"""Items of a larger suite that are tried, evenly spread."""
_CONSTANTS = 12
_FINALISTS = 3
_ENOUGH = 20
"""Items on which constants are compared with each other, at least."""
_BORROWED = 4
_SHORT = 40
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*[%万亿元]*")
_FACTS = TypeAdapter(list[Fact])
_CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Game:
    """What a way of gaming comes to: outcomes, and money a case. `trouble` is what a scorer raised."""

    name: str
    outcomes: dict[OutcomeName, int]
    value: float
    trouble: str | None = None

    @property
    def passes(self) -> bool:
        """Whether more than a few of its answers are accepted."""
        return self.outcomes.get("accept", 0) > MOST_ACCEPTED * sum(self.outcomes.values())

    @property
    def wrong(self) -> str | None:
        """Why the suite cannot be trusted; None for a way that is worthless.

        A constant is a good answer to one item. Where right answers repeat, as labels do, it is right for others,
        too: that it is accepted is no fault, that it earns money is.
        """
        if self.trouble is not None:
            return f"gaming '{self.name}': a scorer failed: {self.trouble}"
        told = f"{self.outcomes}, {self.value:+.2f} a case"
        if self.value > 0:
            return f"gaming '{self.name}' pays: {told}"
        if self.passes and self.name != _CONSTANT:
            return f"gaming '{self.name}' passes for work: {told}"
        return None

    @property
    def note(self) -> str | None:
        """Advice, where nothing is wrong."""
        if self.wrong is not None or not self.passes:
            return None
        return f"'{self.name}' is accepted for {self.outcomes['accept']} of {sum(self.outcomes.values())}"


def games(suite: Suite) -> list[Game]:
    """Every way of gaming the suite; of the constants the one that earns most."""
    items = suite.items[:: -(-len(suite.items) // MOST_ITEMS)]
    ways: dict[str, Callable[[Suite, Item], str]] = {
        "echo": _echo,
        "copy_source": _copy,
        "keywords": _keywords(suite),
    }
    if any(isinstance(scorer, FactCoverage) for scorer in suite.scorers.values()):
        ways["telegram"] = _telegram
    return _best_constant(suite, items) + [
        _played(suite, name, [(item, way(suite, item)) for item in items])
        for name, way in ways.items()
    ]


def _best_constant(suite: Suite, items: Sequence[Item]) -> list[Game]:
    """The constant that earns most, none without a good answer; the finalists of a third of the items meet all."""

    def played(asked: Sequence[Item], text: _Constant) -> Game:
        answers = [(each, text.answer) for each in asked if each.cluster != text.cluster]
        return _played(suite, _CONSTANT, answers)

    some = items[:: min(3, -(-len(items) // _ENOUGH))]
    tried = sorted(_constants(suite), key=lambda text: -played(some, text).value)
    finalists = [played(items, text) for text in tried[:_FINALISTS]]
    return sorted(finalists, key=lambda game: game.value)[-1:]


def _played(suite: Suite, name: str, answers: list[tuple[Item, str]]) -> Game:
    """What becomes of texts as answers to items."""
    found: list[Outcome] = []
    trouble = None
    for item, text in answers:
        try:
            found.append(Judged(suite, item, text).outcome())
        except ScorerError as error:
            trouble = f"{item.id}: {error}"
    counted = Counter(each.name for each in found)
    return Game(name, dict(counted), _value(found, suite.file.business), trouble)


def _value(outcomes: list[Outcome], business: Business) -> float:
    """Mean money a case at base values; 0 without a case."""
    if not outcomes:
        return 0.0
    base = Assumed({name: np.array([each.base]) for name, each in business.assumptions()})
    rows = pd.DataFrame(
        {
            "cost": 0.0,
            "outcome": [each.name for each in outcomes],
            "edit_minutes": [each.edit_minutes for each in outcomes],
            "edit_assumption": [each.edit_assumption for each in outcomes],
            "loss_class": [each.loss_class for each in outcomes],
        }
    )
    return float(value_of_trials(rows, base, business).mean())


class _Constant(NamedTuple):
    """A good answer to one item, and that item's cluster."""

    cluster: str
    answer: str


def _constants(suite: Suite) -> list[_Constant]:
    """Good answers to items of the most different kinds, a dozen at most."""
    items = {item.id: item for item in suite.items}
    by_kind: dict[tuple[tuple[str, str], ...], _Constant] = {}
    for known in suite.calibration:
        if known.outcome == "accept":
            item = items[known.item]
            kind = tuple(sorted(item.tags.items()))
            by_kind.setdefault(kind, _Constant(item.cluster, known.answer))
    found = list(by_kind.values())
    return found[:: max(1, len(found) // _CONSTANTS)][:_CONSTANTS]


def _echo(suite: Suite, item: Item) -> str:
    """The question as it was put."""
    return messages(suite.file.prompt, item, suite.path.parent)[-1].content


def _copy(suite: Suite, item: Item) -> str:
    """The longest text of the input, in every field that is asked for."""
    return _in_all_fields(suite, max(texts(item.input), key=len, default=""))


def _keywords(suite: Suite) -> Callable[[Suite, Item], str]:
    """Every phrase that the reference lists, some of the next three items, and every number of the input."""
    place = {item.id: at for at, item in enumerate(suite.items)}

    def way(suite: Suite, item: Item) -> str:
        others = [suite.items[(place[item.id] + step) % len(suite.items)] for step in (1, 2, 3)]
        words = [
            *_phrases(item),
            *(word for other in others for word in _phrases(other)[:_BORROWED]),
            *_NUMBERS.findall("\n".join(texts(item.input))),
        ]
        return _in_all_fields(suite, " ".join(dict.fromkeys(words)))

    return way


def _phrases(item: Item) -> list[str]:
    return [each for each in texts(item.reference) if len(each) <= _SHORT]


def _telegram(suite: Suite, item: Item) -> str:
    """The barest rendering of every fact that is asked for, one behind the other."""
    told = [
        _barest(fact)
        for scorer in suite.scorers.values()
        if isinstance(scorer, FactCoverage)
        for fact in _FACTS.validate_python(item.reference[scorer.reference])
    ]
    return _in_all_fields(suite, "，".join(told) + "。")


def _barest(fact: Fact) -> str:
    first, *_ = fact.renderings()
    return "".join(first.all) if isinstance(first, Together) else first


def _in_all_fields(suite: Suite, text: str) -> str:
    labels = suite.file.answer.fields.values()
    return "\n".join(f"{label}：{text}" for label in labels) if labels else text
