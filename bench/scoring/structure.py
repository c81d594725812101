"""Does a reply have the shape that the program behind it can read?"""

import json
from typing import ClassVar, Literal

from pydantic import Field

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Score

Kind = Literal["string", "number", "integer", "boolean", "list", "object", "any"]

_WORDS: dict[Kind, str] = {
    "string": "文本",
    "number": "数字",
    "integer": "整数",
    "boolean": "真假值",
    "list": "列表",
    "object": "对象",
    "any": "任意值",
}


def json_object(text: str) -> dict[str, object] | None:
    r"""The first JSON object in `text`, whatever stands around it; None where there is none.

    NaN and Infinity are no JSON (RFC 8259, section 6) and make an object unreadable.

    >>> json_object('```json\n{"部门": "内科"}\n```')
    {'部门': '内科'}
    """
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        return found if isinstance(found, dict) else None
    return None


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


_TYPES: dict[Kind, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "list": list,
    "object": dict,
    "any": object,
}


def is_a(kind: Kind, value: object) -> bool:
    """Whether a value read from JSON is of a kind; true and false are no numbers here."""
    if isinstance(value, bool) and kind in ("number", "integer"):
        return False
    return isinstance(value, _TYPES[kind])


class JsonFields(Scorer):
    """Right when the reply holds a JSON object with every required key, each of its kind.

    A required text, list or object must not be empty unless `may_be_empty`. Keys beyond the required
    ones are welcome unless `closed`. `value` is the share of required keys that are right.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("missing", "mistyped", "extra")

    field: str | None = None
    required: dict[str, Kind] = Field(min_length=1)
    may_be_empty: bool = False
    closed: bool = False
    wrong_class: str = "wrong_structure"

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The one class of a wrong shape."""
        return (self.wrong_class,)

    def expected(self, item: Item) -> str:
        """The required keys and their kinds."""
        del item
        return "、".join(f"{key}（{_WORDS[kind]}）" for key, kind in self.required.items())

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge the shape; what the values say is other scorers' business."""
        del item
        text = reading.part(self.field)
        found = json_object(text)
        if found is None:
            reason = "没有可以读取的JSON对象"
            nothing = {"missing": float(len(self.required)), "mistyped": 0.0, "extra": 0.0}
            return Score(
                label="unreadable", extracted=text[:80] or None, reason=reason, metrics=nothing
            )
        missing = [key for key in self.required if key not in found]
        mistyped = [
            key
            for key, kind in self.required.items()
            if key in found and not self._is_right(kind, found[key])
        ]
        extra = [key for key in found if key not in self.required] if self.closed else []
        metrics = {
            "missing": float(len(missing)),
            "mistyped": float(len(mistyped)),
            "extra": float(len(extra)),
        }
        share = 1 - (len(missing) + len(mistyped)) / len(self.required)
        shown = "、".join(found)[:80] or None
        if not missing and not mistyped and not extra:
            return Score(label="right", value=share, extracted=shown, metrics=metrics)
        return Score(
            label="wrong",
            value=share,
            extracted=shown,
            reason=self._defects(missing, mistyped, extra),
            error_class=self.wrong_class,
            metrics=metrics,
        )

    def _is_right(self, kind: Kind, value: object) -> bool:
        is_empty = value in ("", [], {}) or (isinstance(value, str) and not value.strip())
        return is_a(kind, value) and (self.may_be_empty or not is_empty)

    def _defects(self, missing: list[str], mistyped: list[str], extra: list[str]) -> str:
        told = [f"缺少“{key}”" for key in missing]
        told += [f"“{key}”应为{_WORDS[self.required[key]]}且不为空" for key in mistyped]
        told += [f"多出“{key}”" for key in extra]
        return "；".join(told)
