"""The answers themselves, with what became of each and why: what a reader browses behind the numbers.

Where a suite has more answers than a reader could use, some are chosen (`evidence_choice`), whole items with the
answers of all candidates side by side. Texts are what models, endpoints and suites said, as they said it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import JsonValue

from bench.errors import FailureKind
from bench.scoring.reading import read
from bench.scoring.score import Scored
from bench.suites.load import Suite
from bench.suites.model import Slice
from bench.types import AnswerState, Flag, Item, OutcomeName, Record, Score, Text, Whole
from bench.value.assumed import Array
from bench.value.context import Context
from bench.value.evidence_choice import chosen_rows
from bench.value.outcomes import outcome
from bench.value.source_marks import SourceMark, source_marks
from bench.value.worth import value_of_trials

MOST_TRIALS = 2500
"""Answers of one suite that are kept for reading."""
LONGEST_TEXT = 20_000
LONGEST_REMARK = 1000


class CutText(Record):
    """A text of which at most `LONGEST_TEXT` characters are kept; `left_out` counts the rest."""

    text: str
    left_out: Whole = 0


class InputField(CutText):
    """One field of what was asked, as text."""

    name: str


class EvidenceItem(Record):
    """What was asked, and what is right. `at` is its place in the suite; `expected` is told by scorer."""

    id: str
    at: Whole
    cluster: str
    tags: dict[str, str]
    fields: tuple[InputField, ...]
    expected: dict[str, str]
    reference: str
    rationale: str


class EvidenceAnswer(Record):
    """One answer and what became of it.

    `told` is the reply as it was read, in whose characters the spans of `scores` count; `raw` what was
    sent, where that is another text. `rule` is the position of the rule that decided, its grounds stand in `Evidence.because`. `money` is
    the value of the case against today's way at the means of the assumptions, None without an
    outcome; `has_cost` says whether the price of the calls is known and therefore in it.
    """

    candidate: str
    item: str
    repeat: Whole
    state: AnswerState
    failure: FailureKind | Literal["scorer"] | None
    message: str
    told: CutText
    raw: CutText | None
    outcome: OutcomeName | None
    rule: Whole | None
    loss_class: str | None
    money: float | None
    has_cost: Flag
    scores: dict[str, Score]
    source: tuple[SourceMark, ...]


class Evidence(Record):
    """Some answers of one suite, of `total` in all; items, and answers with them, in the order of their choice."""

    total: Whole
    total_items: Whole
    candidates: tuple[str, ...]
    currency: str
    losses: dict[str, Text]
    because: tuple[Text | None, ...]
    slices: dict[str, Slice]
    items: tuple[EvidenceItem, ...]
    answers: tuple[EvidenceAnswer, ...]


def evidence(
    about: Context, rows: Sequence[Scored], table: pd.DataFrame, most: int = MOST_TRIALS
) -> Evidence | None:
    """The answers of one suite worth reading; None where there is none. `table` is the ledger of `rows`."""
    if not rows:
        return None
    suite, business = about.suite, about.business
    errors = [_errors(row) for row in rows]
    chosen = chosen_rows(table, errors, list(suite.file.slices), about.seed, most)
    of_suite = {item.id: (at, item) for at, item in enumerate(suite.items)}
    shown: dict[str, EvidenceItem] = {}
    for at in chosen:
        name = rows[at].answer.item
        if name not in shown:
            shown[name] = _item(suite, *of_suite[name])
    kept = table.iloc[chosen]
    has_cost = kept["cost"].notna().to_numpy()
    trials = _Trials(suite, shown, value_of_trials(kept, about.mean, business), has_cost)
    return Evidence(
        total=len(rows),
        total_items=table["item"].nunique(),
        candidates=tuple(dict.fromkeys(table["candidate"])),
        currency=business.currency,
        losses={name: each.title for name, each in business.loss.items()},
        because=tuple(rule.because for rule in business.outcomes),
        slices=suite.file.slices,
        items=tuple(shown.values()),
        answers=tuple(_answer(trials, at, rows[row]) for at, row in enumerate(chosen)),
    )


def _errors(row: Scored) -> frozenset[str]:
    return frozenset(
        each.error_class for each in (row.scores or {}).values() if each.error_class is not None
    )


@dataclass(frozen=True, slots=True)
class _Trials:
    """What telling the chosen trials needs: the items, and for every trial its money and whether its price is known."""

    suite: Suite
    items: Mapping[str, EvidenceItem]
    money: Array
    has_cost: npt.NDArray[np.bool_]


def _item(suite: Suite, at: int, item: Item) -> EvidenceItem:
    fields = tuple(
        InputField(name=name, **cut(_as_text(value)).model_dump())
        for name, value in item.input.items()
    )
    reference = "\n".join(f"{name}: {_readable(value)}" for name, value in item.reference.items())
    return EvidenceItem(
        id=item.id,
        at=at,
        cluster=item.cluster,
        tags=item.tags,
        fields=fields,
        expected=_expected(suite, item),
        reference=_short(reference, 5 * LONGEST_REMARK),
        rationale=_short(item.rationale, LONGEST_REMARK),
    )


def _expected(suite: Suite, item: Item) -> dict[str, str]:
    told = {}
    for name, scorer in suite.scorers.items():
        try:
            expected = scorer.expected(item)
        except Exception:  # noqa: BLE001, S112  # a scorer may be foreign code; without its word the rest is still shown
            continue
        if expected:
            told[name] = _short(str(expected), LONGEST_REMARK)
    return told


def _answer(trials: _Trials, at: int, row: Scored) -> EvidenceAnswer:
    answer, suite, item = row.answer, trials.suite, trials.items[row.answer.item]
    reading = read(answer.text, suite.file.answer).text if answer.state != "failed" else ""
    scores = {name: _shortened(score) for name, score in (row.scores or {}).items()}
    found = outcome(suite, answer.state, row.scores)
    texts = [each.text for each in item.fields]
    return EvidenceAnswer(
        candidate=answer.candidate,
        item=answer.item,
        repeat=answer.repeat,
        state=answer.state,
        failure=answer.failure.kind if answer.failure else _scorer_failed(row),
        message=_short(answer.failure.message if answer.failure else row.trouble or "", 1000),
        told=cut(reading),
        raw=cut(answer.text) if reading != answer.text.strip() and answer.text else None,
        outcome=found.name if found else None,
        rule=found.rule if found else None,
        loss_class=found.loss_class if found else None,
        money=float(trials.money[at]) if found else None,
        has_cost=bool(trials.has_cost[at]),
        scores=scores,
        source=source_marks(texts, reading, scores, item.expected),
    )


def _scorer_failed(row: Scored) -> Literal["scorer"] | None:
    return None if row.trouble is None else "scorer"


def cut(text: str) -> CutText:
    """The beginning of a text.

    >>> cut("答" * 20_001).left_out
    1
    """
    return CutText(text=text[:LONGEST_TEXT], left_out=max(0, len(text) - LONGEST_TEXT))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _shortened(score: Score) -> Score:
    """The same with bounded words, and without the spans that lie beyond what is kept of the reply."""
    extracted, reason = score.extracted, score.reason
    kept = tuple(each for each in score.spans if each.start < each.end <= LONGEST_TEXT)
    long = len(extracted or "") > LONGEST_REMARK or len(reason) > LONGEST_REMARK
    if not long and len(kept) == len(score.spans):
        return score
    return score.model_copy(
        update={
            "extracted": None if extracted is None else _short(extracted, LONGEST_REMARK),
            "reason": _short(reason, LONGEST_REMARK),
            "spans": kept,
        }
    )


def _as_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else _compact(value)


def _compact(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _readable(value: JsonValue) -> str:
    """A part of the reference as a person would write it.

    >>> _readable([{"id": "a", "text": "增长"}, {"id": "b", "text": "下降"}])
    '增长；下降'
    """
    if not isinstance(value, list):
        return _as_text(value)
    told = [each.get("text") if isinstance(each, dict) else each for each in value]
    if all(isinstance(each, str) for each in told):
        return "；".join(map(str, told))
    return _compact(value)
