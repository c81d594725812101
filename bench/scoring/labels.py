"""One word out of a closed list: whether the reply picked the right one, and how far off it was."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bench.registry import did_you_mean
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.standards.triage_scales import SCALES, bridged
from bench.types import Item, Number, Score

_SHOWN = 80
"""Characters of an unreadable field that are kept as evidence."""


def mentioned(text: str, choices: Mapping[str, list[str]]) -> list[str]:
    """Find the choices that `text` names, in the order of their first mention.

    Longer names are looked for first, so that a part of a longer name is no mention of its own.

    >>> mentioned("儿科急诊，不行再挂儿科", {"儿科": [], "急诊科": ["急诊"], "儿科急诊": []})
    ['儿科急诊', '儿科']
    """
    first: dict[str, int] = {}
    left = text
    for alias, name in _longest_first(choices):
        at = left.find(alias)
        if at >= 0:
            left = left.replace(alias, "\0" * len(alias))
            first[name] = min(at, first.get(name, at))
    return sorted(first, key=lambda name: first[name])


def _longest_first(choices: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    pairs = {(alias, name) for name, names in choices.items() for alias in (name, *names)}
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


class Label(Scorer):
    """Right when the reply names exactly one choice and it is among the item's acceptable ones.

    `choices` maps every choice to its other names. The reference under `reference` is one choice or a
    list of acceptable ones. `wrong_class` names a wrong pick. With `several: true` a reply may name
    more than one choice and is right when the first is acceptable.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "unreadable")

    field: str | None = None
    reference: str
    choices: dict[str, list[str]] = Field(min_length=2)
    several: bool = False
    wrong_class: str = "wrong_label"

    @model_validator(mode="after")
    def _distinct_names(self) -> Self:
        _refuse_shared_names("choices", self.choices, lambda name: name)
        return self

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The one class of a wrong pick."""
        return (self.wrong_class,)

    def _accepted(self, item: Item) -> list[str]:
        told = item.reference.get(self.reference)
        return [str(each) for each in told] if isinstance(told, list) else [str(told)]

    def problem(self, item: Item) -> str | None:
        """Every acceptable answer must be a choice, and there must be one."""
        accepted = self._accepted(item)
        if not accepted:
            return f"reference.{self.reference}: needs at least one acceptable choice"
        unknown = [each for each in accepted if each not in self.choices]
        return f"reference.{self.reference}: '{unknown[0]}' is no choice" if unknown else None

    def expected(self, item: Item) -> str:
        """Name the acceptable choices."""
        return "、".join(self._accepted(item))

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge the named choice."""
        told = reading.part(self.field)
        picks = mentioned(told, self.choices)
        if not picks or (len(picks) > 1 and not self.several):
            reason = "没有给出选项" if not picks else f"给出了多个选项：{'、'.join(picks)}"
            return Score(label="unreadable", extracted=told[:_SHOWN] or None, reason=reason)
        if picks[0] in self._accepted(item):
            return Score(label="right", value=1.0, extracted=picks[0])
        return Score(
            label="wrong",
            value=0.0,
            extracted=picks[0],
            reason=f"可接受的是{self.expected(item)}",
            error_class=self.wrong_class,
        )


class Ordinal(Scorer):
    """A level on an ordered scale: right, under (less than it should be) or over, and by how many steps.

    `levels` runs from the most to the least urgent (or highest to lowest), each with its other names,
    which may be as short as "1" or "I": see `level_names`. A published `scale` of triage names them instead; `also`
    adds scales whose levels are understood as the Chinese level that they come nearest to (橙色, ESI 2). Under-rating picks a later level than
    the reference. `under_class` names an under-rating and `grave_class` one of at least `grave_steps`
    steps; each is one class for all, or a class by the level that would have been right.

    `steps` is the pick's place less the right one (positive: under-rated); `chosen_place` counts from 1,
    the most urgent. Without a readable pick there is neither.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "under", "over", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("steps", "chosen_place")

    field: str | None = None
    reference: str
    scale: str | None = None
    also: list[str] = Field(default_factory=list)
    levels: dict[str, list[str]] = Field(default_factory=dict)
    under_class: str | dict[str, str] = "under_rated"
    grave_class: str | dict[str, str] | None = None
    grave_steps: Number = 2
    kind: Literal["ordinal"] = "ordinal"

    @model_validator(mode="before")
    @classmethod
    def _named_scale(cls, data: Any) -> Any:
        """Levels come from a published scale, or are written out."""
        if not isinstance(data, dict):
            return data
        scale, also = data.get("scale"), data.get("also") or []
        if not isinstance(scale, str | None) or not isinstance(also, list):
            return data  # pydantic says what is expected
        for name in [*([scale] if scale is not None else []), *also]:
            if name not in list(SCALES):
                raise ValueError(
                    f"no scale is called '{name}'{did_you_mean(str(name), list(SCALES))}"
                )
        if scale is not None and data.get("levels") is not None:
            raise ValueError("needs either scale or levels, not both")
        named = SCALES[scale].levels if scale is not None else data.get("levels")
        if not isinstance(named, dict) or (not also and scale is None):
            return data
        if not all(isinstance(others, list) for others in named.values()):
            return data
        levels = {name: list(others) for name, others in named.items()}
        for other in also:
            for level, names in SCALES[other].levels.items():
                nearest = bridged(other, level)
                if nearest not in levels:
                    raise ValueError(
                        "also: scales are bridged to Ⅰ to Ⅳ; write the names under levels"
                    )
                taken = {each for several in levels.values() for each in several}
                levels[nearest] += [
                    each for each in (level, *names) if len(each) > 1 and each not in taken
                ]
        return {**data, "levels": levels}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.levels) < 2:
            raise ValueError("levels: at least two are needed")
        _refuse_shared_names("levels", self.levels, _plain)
        for option, told in (("under_class", self.under_class), ("grave_class", self.grave_class)):
            for level in told if isinstance(told, dict) else ():
                if level not in self.levels:
                    raise ValueError(f"{option}: '{level}' is no level")
        lowered = list(self.levels)[:-1]  # the last level cannot be under-rated
        if isinstance(self.under_class, dict):
            unnamed = [level for level in lowered if level not in self.under_class]
            if unnamed:
                raise ValueError(f"under_class: no class for '{unnamed[0]}'")
        return self

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The classes of under-rating."""
        told = (self.under_class, self.grave_class)
        classes = [
            name
            for each in told
            if each is not None
            for name in (each.values() if isinstance(each, dict) else [each])
        ]
        return tuple(dict.fromkeys(classes))

    def problem(self, item: Item) -> str | None:
        """Ask that the reference be a level."""
        told = item.reference.get(self.reference)
        return None if told in self.levels else f"reference.{self.reference}: '{told}' is no level"

    def expected(self, item: Item) -> str:
        """Name the right level."""
        return str(item.reference[self.reference])

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge the level that was named."""
        told = reading.part(self.field)
        picks = level_names(told, self.levels)
        order = list(self.levels)
        if len(picks) != 1:
            reason = "没有给出级别" if not picks else f"给出了多个级别：{'、'.join(picks)}"
            return Score(label="unreadable", extracted=told[:_SHOWN] or None, reason=reason)
        chosen = order.index(picks[0]) + 1
        steps = chosen - order.index(self.expected(item)) - 1
        label = "right" if steps == 0 else "under" if steps > 0 else "over"
        return Score(
            label=label,
            value=1 - abs(steps) / (len(order) - 1),
            extracted=picks[0],
            reason="" if steps == 0 else f"应为{self.expected(item)}",
            error_class=self._class_of(self.expected(item), steps),
            metrics={
                "steps": float(steps),
                "chosen_place": float(chosen),
            },
        )

    def _class_of(self, right: str, steps: int) -> str | None:
        if steps <= 0:
            return None
        grave = _class(self.grave_class, right) if steps >= self.grave_steps else None
        return grave or _class(self.under_class, right)


def _class(told: str | dict[str, str] | None, level: str) -> str | None:
    return told.get(level) if isinstance(told, dict) else told


def level_names(text: str, levels: Mapping[str, list[str]]) -> list[str]:
    """Read the levels that a field states, normally one.

    A level stands at the start of the field, after 第 or brackets; what stands right beside it (in brackets, after
    或, -, / or the like) is read too, so that "Ⅱ级（急重）" is one level and "Ⅱ或Ⅲ" two. Later words
    are commentary. A field that does not begin with a level is searched for names of two or more characters.
    Forms are compared after NFKC, so "Ⅱ", "II" and "ＩＩ" are one. A bare numeral is a level only where no
    further word continues it: "1级" and "1（急危）", never "1小时" or "10分钟".

    >>> scale = {"Ⅰ": ["急危", "1"], "Ⅱ": ["急重", "2"], "Ⅲ": ["急症", "3"], "Ⅳ": ["非急症", "4"]}
    >>> level_names("Ⅱ级（急重），1小时内复评", scale)
    ['Ⅱ']
    >>> level_names("2-3级", scale)
    ['Ⅱ', 'Ⅲ']
    """
    pattern, names = _level_pattern(tuple((name, *others) for name, others in levels.items()))
    plain = _plain(text)
    found: list[str] = []
    at = _LEADING.match(plain)
    place = at.end() if at else 0
    while (match := pattern.match(plain, place)) is not None:
        found.append(names[match[0]])
        gap = _BESIDE.match(plain, match.end())
        place = gap.end() if gap else match.end()
    if not found:
        found = [
            names[match[0]]
            for match in pattern.finditer(plain)
            if len(match[0]) > 1 or plain[match.end() : match.end() + 1] == "级"
        ]
    return list(dict.fromkeys(found))


_LEADING = re.compile(r"[\W_]*第?")
_BESIDE = re.compile(r"""级?别?[()\[\]【】/~—–·、:*"'“”+\-]*(?:或者|或|至|到)?[(\["'“第]*""")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=64)
def _level_pattern(levels: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """All names as one pattern, longest first, and the level that each plain form names."""
    names = {_plain(alias): level[0] for level in levels for alias in level}
    ordered = [re.escape(alias) for alias in sorted(names, key=lambda alias: (-len(alias), alias))]
    words = "|".join(alias for alias in ordered if not alias[-1].isascii()) or r"\Z"
    not_inside = r"(?<![0-9a-z.])"
    not_continued = rf"(?![.:]\d)(?=\Z|\W|级|或|至|到|{words})"
    alternatives = [
        (not_inside if alias.lstrip("\\")[0].isascii() else "")
        + alias
        + (not_continued if alias[-1].isascii() else "")
        for alias in ordered
    ]
    return re.compile("|".join(alternatives)), names


def _refuse_shared_names(
    option: str, names: Mapping[str, list[str]], plain: Callable[[str], str]
) -> None:
    owner: dict[str, str] = {}
    for name, others in names.items():
        for alias in (name, *others):
            key = plain(alias)
            if not key:
                raise ValueError(f"{option}: '{name}' has an empty name")
            if owner.setdefault(key, name) != name:
                raise ValueError(f"{option}: '{alias}' names both '{owner[key]}' and '{name}'")
