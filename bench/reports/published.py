"""What published counts are worth, told as plain text of at most 100 columns or as Markdown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.reports.phrases import CASES, Speech, bounds, listed, sure, times
from bench.suites.model import SHARES
from bench.types import Estimate, Language
from bench.value.estimates import LEVEL
from bench.value.published_summary import BreakEven, LikeAccuracy, PublishedValue, SystemValue
from bench.wording import numbers
from bench.wording.columns import row, width, wrapped
from bench.wording.inert import escaped, inert
from bench.wording.numbers import Money
from bench.wording.plain import plain

MOST = 100
_WIDTHS = (24, 12, 8, 6, 20, 6, 12)
_RIGHTS = (False, True, True, True, True, True, False)
_NEAREST = 3
"""Break-evens beyond their ranges that are named where none lies within."""


@dataclass(frozen=True, slots=True)
class _Words(Speech):
    """How one set of counts is spoken of."""

    value: PublishedValue

    @property
    def cases(self) -> str:
        return self.text(self.value.cases)

    def money(self, amounts: Sequence[float | None] = ()) -> Money:
        return Money.scaled(self.language, plain(self.value.currency), amounts)


def text(value: PublishedValue, language: Language) -> str:
    """One plain sentence, the systems by value, where each sign turns, and what all that rests on."""
    words = _Words(language, value)
    lines = [plain(value.title.in_(language)), *_lead(words), ""]
    lines += row(_heads(words), _WIDTHS, _RIGHTS)
    for name, system in value.systems.items():
        lines += row(_cells(words, name, system), _WIDTHS, _RIGHTS)
    lines += row((_today(words), "", "", "", "0", "", ""), _WIDTHS, _RIGHTS)
    lines += ["", words.say("published.flips")]
    lines += [f"  {each}" for each in _flips(words)]
    lines += ["", *_notes(words)]
    return "".join(f"{part}\n" for line in lines for part in _wrapped(line))


def markdown(value: PublishedValue, language: Language) -> str:
    """The same for a pull request, with the month, the price of an accepted answer and the chance of being best."""
    words = _Words(language, value)
    more = ("published.head.month", "published.head.accepted", "head.p_best")
    heads = [*_heads(words), *(words.say(key) for key in more)]
    rules = ["---:" if right else "---" for right in (*_RIGHTS, True, True, True)]
    rows = [
        [*_cells(words, name, system), *_further(words, system)]
        for name, system in value.systems.items()
    ]
    best = numbers.chance(value.p_best_today)
    rows.append([_today(words), "", "", "", "0", "", "", "", "", best])
    lines = [f"## {escaped(plain(value.title.in_(language)))}", "", *map(escaped, _lead(words)), ""]
    lines += ["| " + " | ".join(cells) + " |" for cells in ([*map(_cell, heads)], rules)]
    lines += ["| " + " | ".join(map(_cell, cells)) + " |" for cells in rows]
    lines += ["", f"**{escaped(words.say('published.flips'))}**", ""]
    lines += [f"- {escaped(each)}" for each in _flips(words)]
    return "\n".join([*lines, "", *(f"- {escaped(each)}" for each in _notes(words))]) + "\n"


def json(value: PublishedValue, language: Language) -> str:
    """Every number."""
    del language
    return value.model_dump_json(indent=2) + "\n"


FORMATS: Mapping[str, Callable[[PublishedValue, Language], str]] = {
    "text": text,
    "json": json,
    "md": markdown,
}


def _lead(words: _Words) -> list[str]:
    """What the pairs of like accuracy say, in one sentence."""
    pairs = words.value.pairs
    if not pairs:
        return [words.say("published.lead.none" if len(words.value.systems) > 1 else "published.lead.one")]  # fmt: skip
    first = pairs[0]
    told = _pair(words, first)
    more = sum(each.sure == first.sure for each in pairs) - 1
    return [told, words.say("published.lead.more", n=more)] if more else [told]


def _pair(words: _Words, pair: LikeAccuracy) -> str:
    up, down = words.value.systems[pair.gains], words.value.systems[pair.loses]
    equal = pair.accuracy_difference.value == 0
    kind = ("equal" if equal else "alike") if pair.sure else "unsure"
    return words.say(
        f"published.lead.{kind}",
        gains=plain(pair.gains),
        loses=plain(pair.loses),
        accuracy=numbers.share(up.correct / up.items, 1),
        other=numbers.share(down.correct / down.items, 1),
        gain=_worth(words, up),
        loss=_worth(words, down),
    )


def _worth(words: _Words, system: SystemValue) -> str:
    """+USD 450 per 100 questions, with its range and the chance of a gain."""
    estimate = times(system.value_per_case, CASES)
    low, high, value = _known(estimate)
    money, step = words.money([value, low, high]), numbers.rounding_step(low, high)
    return words.say(
        "published.money",
        money=money.text(value, step, sign=True),
        cases=words.cases,
        sure=sure(estimate),
        range=money.range(low, high, step),
        chance=numbers.chance(system.p_positive),
    )


def _known(estimate: Estimate) -> tuple[float, float, float]:
    """Bounds and value; counts of two answers and more have them."""
    ends = bounds(estimate)
    assert ends is not None
    assert estimate.value is not None
    return *ends, estimate.value


def _heads(words: _Words) -> list[str]:
    unit = _column(words).unit
    return [
        *(words.say(f"published.head.{key}") for key in ("system", "right", "declined", "wrong")),
        words.say("head.value", cases=words.cases, unit=unit).strip(),
        words.say("head.chance"),
        words.say("head.verdict"),
    ]


def _column(words: _Words) -> Money:
    """One scale for the column of values."""
    systems = words.value.systems.values()
    return words.money([end for each in systems for end in _known(times(each.value_per_case, CASES))])  # fmt: skip


def _cells(words: _Words, name: str, system: SystemValue) -> list[str]:
    low, high, value = _known(times(system.value_per_case, CASES))
    money, step = _column(words), numbers.rounding_step(low, high)
    ends = (money.number(each, step) for each in (low, high))
    right = (numbers.share(each) for each in _known(system.accuracy)[:2])
    return [
        plain(name),
        f"{numbers.share(system.correct / system.items, 1)}\n{numbers.span(words.language, *right)}",
        numbers.share(system.declined),
        f"{numbers.share(system.wrong)}\n≤{numbers.share(system.wrong_upper)}",
        f"{money.number(value, step, sign=True)}\n{numbers.span(words.language, *ends)}",
        numbers.chance(system.p_positive),
        words.say(f"published.verdict.{system.verdict}"),
    ]


def _further(words: _Words, system: SystemValue) -> list[str]:
    low, high, month = _known(system.value_per_month)
    price = system.cost_per_accepted.value
    return [
        words.money([month]).text(month, numbers.rounding_step(low, high), sign=True),
        numbers.UNKNOWN if price is None else words.money([price]).text(price, numbers.CENT),
        numbers.chance(system.p_best),
    ]


def _today(words: _Words) -> str:
    return words.say("today.name", role=plain(words.value.today.role.in_(words.language)))


def _flips(words: _Words) -> Iterator[str]:
    """Of every system, the assumptions that turn its sign within their ranges; where none does, the nearest."""
    for name, system in words.value.systems.items():
        within = [each for each in system.break_evens if each.within]
        shown = within or system.break_evens[:_NEAREST]
        gains = _known(system.value_per_case)[2] > 0
        when = [_flip(words, each, to_gain=not gains) for each in shown]
        if when:
            kind = ("to_loss" if gains else "to_gain") + ("" if within else "_beyond")
            told = words.say("published.or").join(when)
            yield words.say(f"published.{kind}", system=plain(name), when=told)
        else:
            yield words.say("published.never", system=plain(name))


def _flip(words: _Words, each: BreakEven, *, to_gain: bool) -> str:
    side = each.gains if to_gain else {"above": "below", "below": "above"}[each.gains]
    low, high = (_amount(words, each.assumption, end) for end in (each.low, each.high))
    return words.say(
        f"published.{side}",
        assumption=_assumption(words, each.assumption),
        at=_amount(words, each.assumption, each.at),
        range=numbers.span(words.language, low, high),
    )


def _assumption(words: _Words, name: str) -> str:
    """An assumption in the reader's words."""
    if not name.startswith("loss."):
        return words.say(f"assumption.{name}")
    one = next(iter(words.value.systems.values()))
    titles = {each.error_class: each.title for each in one.by_class}
    title = titles[name.removeprefix("loss.")]
    return words.say("assumption.loss", error=plain(title.in_(words.language)))


def _amount(words: _Words, name: str, value: float) -> str:
    """An assumption's value with its unit."""
    if name in SHARES:
        return numbers.share(value)
    if name.endswith("minutes"):
        return numbers.quantity(words.language, "minutes", value)
    step = numbers.rounding_step(None, None, value)
    if name == "cases_per_month":
        return numbers.number(value, step)
    return words.money([value]).text(value, step)


def _notes(words: _Words) -> list[str]:
    """What the numbers rest on and what they leave out."""
    value = words.value
    unknown = [plain(name) for name, each in value.systems.items() if not each.cost_known]
    placeholders = sum(each.placeholder for each in value.assumptions)
    told = [words.say("published.note.independent", sure=numbers.limit(LEVEL)), *_unseen(words)]
    if len(unknown) == len(value.systems):
        told.append(words.say("published.note.no_price"))
    elif unknown:
        systems = listed(words.language, unknown)
        told.append(words.say("published.note.some_price", systems=systems))
    if placeholders:
        counts = {"n": placeholders, "all": len(value.assumptions)}
        told.append(words.say("published.note.placeholders", **counts))
    source = value.source
    day = numbers.day(words.language, source.read)
    named = {"citation": plain(source.citation), "address": plain(source.address), "day": day}
    return [*told, words.say("published.note.source", **named)]


def _unseen(words: _Words) -> Iterator[str]:
    """Classes of error that a system's counts hold no event of."""
    for name, system in words.value.systems.items():
        none = [each for each in system.by_class if not each.events]
        if none:
            titles = [plain(each.title.in_(words.language)) for each in none]
            yield words.say(
                "published.note.unseen",
                system=plain(name),
                errors=listed(words.language, titles),
                bound=numbers.share(none[0].upper),
            )


def _wrapped(line: str) -> list[str]:
    if width(line) <= MOST:
        return [line]
    indent = len(line) - len(line.lstrip())
    return [" " * indent + each for each in wrapped(line.strip(), MOST - indent)]


def _cell(told: str) -> str:
    return "<br>".join(inert(each) for each in told.split("\n"))
