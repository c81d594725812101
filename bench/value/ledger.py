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
from bench.types import Item, Score
from bench.value.outcomes import holds, outcome


def ledger(suite: Suite, rows: Iterable[Scored], manifest: Manifest) -> pd.DataFrame:
    """One row for every journalled trial of a suite.

    Columns: `candidate, item, cluster, repeat, state, failure, trouble`; `outcome` (None: there is none)
    with `rule, loss_class, edit_minutes, edit_assumption`; `cost` in the suite's currency (NaN: unknown),
    `latency_s` (of trials that did not fail), tokens, `attempts, cached`; `rate:` columns (1, 0, or NaN
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
            "cost": sum(each or 0.0 for each in costs) * (fx or 0.0) if known else None,
            "latency_s": sum(latencies) if latencies and answer.state != "failed" else None,
            "input_tokens": sum(each.input_tokens or 0 for each in answer.exchanges),
            "output_tokens": sum(each.output_tokens or 0 for each in answer.exchanges),
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
    for column in ("cost", "latency_s", "edit_minutes", *rates):
        if column in table:
            table[column] = pd.to_numeric(table[column])
    return table


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
