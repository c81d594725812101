"""Answers as the page's script reads them: a block a suite, and as many items as the page has room for."""

import zlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import orjson
from pydantic import JsonValue

from bench.reports.evidence_text import Place, marked, page_text, places
from bench.reports.packing import packed
from bench.types import Score, Text
from bench.value.evidence import Evidence, EvidenceAnswer, EvidenceItem
from bench.value.judged import Judged
from bench.wording import numbers
from bench.wording.catalogue import has, say
from bench.wording.numbers import Money
from bench.wording.plain import plain

MOST_LETTERS = 760_000
"""What the packed answers of all suites may take in the page, together."""
_LETTERS_PER_BYTE = 4 / 3
INDEX = "evidence"


@dataclass(frozen=True, slots=True)
class Shown:
    """The answers of one suite that the page holds, in items of `items` in all, ready to be packed."""

    block: str
    data: dict[str, JsonValue]
    answers: int
    items: int
    evidence: Evidence


def shown(judged: Judged, most: int = MOST_LETTERS) -> Mapping[str, Shown]:
    """What the page holds of every suite that has answers, by suite; the same for every language and format."""
    return _shown(_Same(judged.evidence), most)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Evidence as a key: the same object, as its contents are large."""

    evidence: Mapping[str, Evidence]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.evidence is self.evidence

    def __hash__(self) -> int:
        return id(self.evidence)


@lru_cache(maxsize=1)  # a report asks in both languages, and for the page
def _shown(same: _Same, most: int) -> Mapping[str, Shown]:
    told = {name: _Told.of(each) for name, each in same.evidence.items()}
    sizes = {name: _sizes(each) for name, each in told.items()}
    room = _shared({name: each[-1] for name, each in sizes.items()}, int(most / _LETTERS_PER_BYTE))
    found = {}
    for at, (name, each) in enumerate(told.items()):
        kept = max(0, bisect_right(sizes[name], room[name]) - 1)
        items: list[JsonValue] = [*sorted(each.items[:kept], key=_place_in_suite)]
        found[name] = Shown(
            block=f"{INDEX}-{at + 1}",
            data=each.tables | {"items": items},
            answers=sum(each.answers[:kept]),
            items=kept,
            evidence=same.evidence[name],
        )
    return found


def _place_in_suite(item: Mapping[str, JsonValue]) -> int:
    """Neighbours often share a source, which packs it once."""
    at = item["at"]
    assert isinstance(at, int)
    return at


def packed_blocks(found: Mapping[str, Shown], titles: Mapping[str, Text]) -> dict[str, str]:
    """The blocks and their index, by the ids of their places."""
    index: list[JsonValue] = [
        {
            "key": plain(name),
            "block": each.block,
            "title": _both(titles[name]),
            "answers": each.answers,
            "total": each.evidence.total,
            "items": each.items,
            "total_items": each.evidence.total_items,
        }
        for name, each in found.items()
    ]
    return {INDEX: packed(index)} | {each.block: packed(each.data) for each in found.values()}


def _shared(wanted: Mapping[str, int], room: int) -> dict[str, int]:
    """Room for everyone: who wants little gets it, the others share what is left alike."""
    given = {}
    for place, name in enumerate(sorted(wanted, key=lambda each: wanted[each])):
        given[name] = min(wanted[name], room // (len(wanted) - place))
        room -= given[name]
    return given


def _sizes(told: "_Told") -> list[int]:
    """Bytes when packed with no item, with one, with two, …; a little more than they really are."""
    squeezer = zlib.compressobj(9)
    pieces = [orjson.dumps(told.tables), *(orjson.dumps(item) for item in told.items)]
    return list(
        accumulate(
            len(squeezer.compress(each)) + len(squeezer.flush(zlib.Z_SYNC_FLUSH)) for each in pieces
        )
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """One suite's evidence as JSON: tables of what is said often, and the items in the order of choice."""

    tables: dict[str, JsonValue]
    items: list[dict[str, JsonValue]]
    answers: list[int]
    """How many answers each item has."""

    @classmethod
    def of(cls, evidence: Evidence) -> "_Told":
        amounts = _Amounts(plain(evidence.currency))
        answers: dict[str, list[JsonValue]] = {item.id: [] for item in evidence.items}
        fields = {item.id: [places(each.text) for each in item.fields] for item in evidence.items}
        columns = {name: at for at, name in enumerate(evidence.candidates)}
        for each in evidence.answers:
            money, at = amounts.place(each.money), columns[each.candidate]
            answers[each.item].append(_answer(each, at, money, fields[each.item]))
        items = [{**_item(each, evidence), "answers": answers[each.id]} for each in evidence.items]
        counts = [len(answers[each.id]) for each in evidence.items]
        return cls(_tables(evidence) | {"amounts": amounts.told}, items, counts)


class _Amounts:
    """Money in both languages, each amount once."""

    def __init__(self, currency: str) -> None:
        self._scales = (Money("zh", currency), Money("en", currency))
        self._at: dict[str, int] = {}
        self.told: list[JsonValue] = []

    def place(self, amount: float | None) -> int | None:
        """Where in the table an amount stands, in two digits."""
        if numbers.known(amount) is None:
            return None
        assert amount is not None
        step = numbers.rounding_step(None, None, amount)
        zh, en = (each.text(amount, step, sign=True) for each in self._scales)
        if zh not in self._at:
            self._at[zh] = len(self.told)
            self.told.append({"value": round(amount, 2), "zh": zh, "en": en})
        return self._at[zh]


def _tables(evidence: Evidence) -> dict[str, JsonValue]:
    kinds = {each.failure for each in evidence.answers if each.failure is not None}
    return {
        "candidates": [plain(name) for name in evidence.candidates],
        "losses": {plain(name): _both(title) for name, title in evidence.losses.items()},
        "because": [None if each is None else _both(each) for each in evidence.because],
        "slices": [
            {
                "tag": plain(tag),
                "title": _both(each.title),
                "names": {plain(value): _both(name) for value, name in each.names.items()},
            }
            for tag, each in evidence.slices.items()
        ],
        "failures": {kind: _spoken(f"failure.{kind}") for kind in sorted(kinds)},
        "question": _question(evidence.items),
    }


def _spoken(key: str) -> JsonValue:
    return {"zh": say("zh", key), "en": say("en", key)} if has(key) else {"zh": key, "en": key}


def _both(text: Text) -> JsonValue:
    return {"zh": plain(text.zh), "en": plain(text.en)}


def _question(items: Sequence[EvidenceItem]) -> int:
    """The field that tells items apart in the fewest words: what a list of them shows."""
    fewest = min((len(each.fields) for each in items), default=0)
    if not fewest:
        return 0

    def rank(at: int) -> tuple[int, float]:
        texts = [each.fields[at].text for each in items]
        length = sum(map(len, texts)) / len(texts)
        return -len(set(texts)), length

    return min(range(fewest), key=rank)


def _item(item: EvidenceItem, evidence: Evidence) -> dict[str, JsonValue]:
    return {
        "id": plain(item.id),
        "at": item.at,
        "cluster": plain(item.cluster),
        "tags": {plain(tag): plain(item.tags[tag]) for tag in evidence.slices if tag in item.tags},
        "fields": [[plain(e.name), page_text(e.text), e.left_out] for e in item.fields],
        "expected": {plain(name): page_text(told) for name, told in item.expected.items()},
        "reference": page_text(item.reference),
        "rationale": page_text(item.rationale),
    }


def _answer(
    answer: EvidenceAnswer, at: int, money: int | None, fields: Sequence[Place]
) -> dict[str, JsonValue]:
    """One answer; what is empty is left out."""
    scores: list[JsonValue] = [
        _score(name, each, answer.told.text) for name, each in answer.scores.items()
    ]
    source: list[JsonValue] = [
        [mark.field, fields[mark.field](mark.start), fields[mark.field](mark.end), mark.holds]
        for mark in answer.source
    ]
    raw = answer.raw
    told: dict[str, JsonValue] = {
        "candidate": at,
        "repeat": answer.repeat,
        "state": answer.state,
        "failure": answer.failure,
        "message": page_text(answer.message),
        "text": page_text(answer.told.text),
        "left_out": answer.told.left_out,
        "raw": None if raw is None else page_text(raw.text),
        "raw_left_out": None if raw is None else raw.left_out,
        "outcome": answer.outcome,
        "rule": answer.rule,
        "loss": None if answer.loss_class is None else plain(answer.loss_class),
        "money": money,
        "unpriced": not answer.has_cost,
        "scores": scores,
        "source": source,
    }
    return _without_empty(told, "candidate", "repeat", "rule", "money")


def _score(name: str, score: Score, told: str) -> JsonValue:
    spans: list[JsonValue] = [[*each] for each in marked(score.spans, told)]
    value = numbers.known(score.value)
    found: dict[str, JsonValue] = {
        "scorer": plain(name),
        "label": plain(score.label),
        "value": None if value is None else round(value, 3),
        "extracted": page_text(score.extracted or ""),
        "reason": page_text(score.reason),
        "error": None if score.error_class is None else plain(score.error_class),
        "spans": spans,
    }
    return _without_empty(found, "value")


def _without_empty(told: dict[str, JsonValue], *kept: str) -> dict[str, JsonValue]:
    """Without what says nothing; of `kept`, only None says nothing."""
    return {
        name: each for name, each in told.items() if each or (name in kept and each is not None)
    }
