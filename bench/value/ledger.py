"""The ledger: one tidy table, a row a trial. Everything after it is arithmetic."""

import zlib
from collections.abc import Iterable, Mapping

import pandas as pd

from bench.running.manifest import Manifest
from bench.scoring.score import Scored
from bench.suites.load import Suite
from bench.suites.model import Rate
from bench.suites.rules import STATES
from bench.suites.variation import SUFFIX
from bench.types import Answer, Item, Score
from bench.value.outcomes import holds, outcome

_NUMBERS = ("cost", "lost_cost", "latency_s", "ttft_s", "tokens_per_s", "edit_minutes")


def ledger(suite: Suite, rows: Iterable[Scored], manifest: Manifest) -> pd.DataFrame:
    """One row for every journalled trial of a suite.

    Columns: `candidate, item, cluster, repeat, state, failure, trouble`; `outcome` (None: there is none)
    with `rule, loss_class, edit_minutes, edit_assumption`; `cost` in the suite's currency (NaN: unknown),
    lost replies included,
    `lost_cost` of replies of no use, `latency_s`, `ttft_s` and `tokens_per_s` (of trials that did not fail; the
    latter two of streamed ones), tokens, `attempts, cached`; `rate:` columns (1, 0, or NaN
    outside `among`; of pairs in the row of the first item); `scorer.label`, `scorer.value` and `scorer.metric` columns; a `tag:` column per
    slice, `served_today`, `worth` and `variant` (a checksum of the text, blanks aside).
    """
    items = {item.id: item for item in suite.items}
    currency = suite.file.business.currency
    tags = sorted({tag for item in suite.items for tag in item.tags})
    records = []
    for row in rows:
        answer = row.answer
        item = items[answer.item]
        found = outcome(suite, answer.state, row.scores)
        fx = manifest.candidates[answer.candidate].fx.get(currency)
        costs = [each.cost for each in answer.exchanges]
        known = fx is not None and all(each is not None for each in costs)
        latencies = [each.latency_s for each in answer.exchanges if each.latency_s is not None]
        has_failed = answer.state == "failed"
        record: dict[str, object] = {
            "candidate": answer.candidate,
            "item": answer.item,
            "cluster": item.cluster,
            "repeat": answer.repeat,
            "state": answer.state,
            "failure": answer.failure.kind if answer.failure else None,
            "trouble": row.trouble,
            "outcome": found.name if found else None,
            "rule": found.rule if found else None,
            "loss_class": found.loss_class if found else None,
            "edit_minutes": found.edit_minutes if found else 0.0,
            "edit_assumption": found.edit_assumption if found else None,
            "cost": (sum(each or 0.0 for each in costs) + (answer.lost_cost or 0.0)) * (fx or 0.0)
            if known
            else None,
            "lost_cost": _lost(answer, fx),
            "latency_s": sum(latencies) if latencies and not has_failed else None,
            "ttft_s": None if has_failed else _first_piece_s(answer),
            "tokens_per_s": None if has_failed else _tokens_per_s(answer),
            "input_tokens": sum(each.input_tokens or 0 for each in answer.exchanges),
            "output_tokens": sum(each.output_tokens or 0 for each in answer.exchanges),
            "reasoning_tokens": sum(each.reasoning_tokens or 0 for each in answer.exchanges),
            "estimated": any(each.tokens_estimated for each in answer.exchanges),
            "requests": len(answer.exchanges),
            "attempts": answer.attempts,
            "cached": sum(each.cached for each in answer.exchanges),
            "served_today": item.served_today,
            "worth": 1.0 if item.worth is None else item.worth,
            "variant": zlib.crc32("".join(answer.text.split()).encode()),
        }
        for tag in tags:
            record[f"tag:{tag}"] = item.tags.get(tag)
        for name, rate in suite.file.business.rates.items():
            is_met = rate.differs is None and found is not None
            record[f"rate:{name}"] = _meets(rate, item, row) if is_met else None
        for name, score in (row.scores or {}).items():
            record[f"{name}.label"] = score.label
            record[f"{name}.value"] = score.value
            for metric, value in score.metrics.items():
                record[f"{name}.{metric}"] = value
        records.append(record)
    for name, rate in suite.file.business.rates.items():
        if rate.differs is not None:
            _compare_pairs(name, rate, records)
    table = pd.DataFrame.from_records(records)
    rates = [f"rate:{name}" for name in suite.file.business.rates]
    for column in (*_NUMBERS, *rates):
        if column in table:
            table[column] = pd.to_numeric(table[column])
    return table


def _lost(answer: Answer, fx: float | None) -> float | None:
    """Money of replies that nobody could use, in the suite's currency; None where none is known."""
    paid = [each.cost for each in answer.exchanges] if answer.state == "failed" else []
    known = [each for each in (*paid, answer.lost_cost) if each is not None]
    return sum(known) * fx if known and fx is not None else None


def _first_piece_s(answer: Answer) -> float | None:
    """How long a person looks at nothing: until the first piece of the exchange that is the answer."""
    if not answer.exchanges or answer.exchanges[-1].ttft_s is None:
        return None
    before = [each.latency_s for each in answer.exchanges[:-1]]
    if None in before:
        return None
    return sum(each for each in before if each is not None) + answer.exchanges[-1].ttft_s


def _tokens_per_s(answer: Answer) -> float | None:
    """The speed of writing after the first token of the last exchange; None where it was not streamed."""
    last = answer.exchanges[-1] if answer.exchanges else None
    if last is None or last.ttft_s is None or last.latency_s is None or not last.output_tokens:
        return None
    writing_s = last.latency_s - last.ttft_s
    return (
        (last.output_tokens - 1) / writing_s if writing_s > 0 and last.output_tokens > 1 else None
    )


def _compare_pairs(name: str, rate: Rate, records: list[dict[str, object]]) -> None:
    """Put 1 or 0 into the row of each pair's first item: whether its items were judged differently.

    Pairs of which an item has no outcome, and items outside any pair, count neither way.
    """
    key = str(rate.differs)
    column = key if "." in key else f"{key}.label"
    groups: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for record in records:
        value = record.get(f"tag:{rate.within}")
        inside = all(
            record.get(f"tag:{tag}") in (wanted if isinstance(wanted, list) else [wanted])
            for tag, wanted in rate.among.items()
        )
        if value is not None and inside:
            at = (
                record["candidate"],
                record["repeat"],
                str(record["item"]).endswith(SUFFIX),
                value,
            )
            groups.setdefault(at, []).append(record)
    for group in groups.values():
        if len(group) > 1 and all(each["outcome"] is not None for each in group):
            said = {each.get(column) for each in group}
            group[0][f"rate:{name}"] = float(len(said) > 1)


def _meets(rate: Rate, item: Item, row: Scored) -> float | None:
    """1 or 0 for an item among those that the rate is about, None for any other.

    An answer that was cut or filtered is thrown away: what it says counts neither for nor against a
    rate, unless the rate is about being cut or filtered.
    """
    if row.answer.state in STATES and row.answer.state not in rate.when:
        return None
    for tag, wanted in rate.among.items():
        if item.tags.get(tag) not in (wanted if isinstance(wanted, list) else [wanted]):
            return None
    scores: Mapping[str, Score] = row.scores or {}
    return float(
        all(holds(key, condition, row.answer.state, scores) for key, condition in rate.when.items())
    )
