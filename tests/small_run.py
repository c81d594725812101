"""Trials of a small suite whose outcomes the test decides, and what the value engine makes of them."""

import dataclasses

from bench.running.manifest import CandidateEntry, Manifest
from bench.scoring.score import Scored
from bench.suites.load import load
from bench.types import Answer, Exchange, Failure, Score
from bench.value.assess import assess
from bench.value.context import Planned
from bench.value.ledger import ledger
from tests.small_suite import item, written

METRICS = {
    "cost": ["net_value_per_case", "straight_through_rate", "minutes_saved_per_case", "cost_per_accepted",
             "escaped_error_rate", "escaped_loss_per_case"],
    "innovation": ["served_share_of_unserved", "supply_multiplier"],
    "experience": ["within_sla", "right_first_time", "latency_p50", "latency_p95", "pass_hat_k"],
}  # fmt: skip

SCORES = {
    "accept": (Score(label="right", value=1.0), Score(label="right", value=1.0)),
    "edit": (Score(label="right", value=1.0), Score(label="wrong", value=0.0)),
    "light edit": (Score(label="right", value=1.0), Score(label="empty")),
    "redo": (Score(label="empty"), Score(label="empty")),
    "harm": (Score(label="wrong", value=0.0, error_class="wrong_answer"), Score(label="right", value=1.0)),
    "grave": (Score(label="wrong", value=0.0, error_class="grave"), Score(label="right", value=1.0)),
}  # fmt: skip
"""What the scorers `right` and `style` would say of an answer with this outcome."""


def richer(told):
    """Every outcome, two classes of loss, two kinds of edit, every metric."""
    business = told["business"]
    told["scorers"] = {"right": "exact", "style": {"exact": {"reference": "style"}}}
    told["slices"] = {"kind": {"title": {"zh": "种类", "en": "kind"}, "known_before": True}}
    business["loss"]["grave"] = {
        "base": 5000,
        "placeholder": True,
        "title": {"zh": "大错", "en": "Grave"},
    }
    business["outcomes"] = [
        {"outcome": "redo", "when": {"right": "empty"}},
        {"outcome": "redo", "when": {"refused": True}},
        {"outcome": "harm", "when": {"right": "wrong"}, "loss": "right.error_class"},
        {
            "outcome": "edit",
            "when": {"style": "wrong"},
            "minutes": {"base": 3, "placeholder": True},
        },
        {"outcome": "edit", "when": {"style": "empty"}},
        {"outcome": "accept", "otherwise": True},
    ]
    business["metrics"] = METRICS


def suite_of(folder, items=12, per_cluster=1, change=lambda told: None):
    """The small suite with `richer` rules: every third item is not served today, tags are `odd`, `even`."""

    def changed(told):
        richer(told)
        change(told)

    entries = [
        item(n)
        | {
            "cluster": f"c{n // per_cluster}",
            "reference": {"answer": "42", "style": "42"},
            "tags": {"kind": "odd" if n % 2 else "even"},
            "served_today": n % 3 != 0,
        }
        for n in range(items)
    ]
    return load(str(written(folder, entries, changed)))


def manifest(names=("a",), repeats=1, seed=0, fx=1.0):
    """A finished run's manifest."""
    entry = CandidateEntry(
        endpoint="e", adapter="replay", strategy="direct", identity={"endpoint": {}}, price=None,
        fx={"CNY": fx}, data={}, limits={},
    )  # fmt: skip
    return Manifest(
        id="run", started="2026-01-01T00:00:00+00:00", seed=seed, repeats=repeats, limit=None, endpoints_file=None,
        suites={}, candidates=dict.fromkeys(names, entry), version="0", commit=None, host="here", user="someone",
    )  # fmt: skip


def trial(number, outcome="accept", candidate="a", repeat=0, cost=0.012, latency=1.0):
    """One trial of item `number`; `outcome` may also be `failed`, or `broken` (a scorer raised)."""
    answer = Answer(
        suite="small", candidate=candidate, item=f"i{number}", repeat=repeat, state="answered", text="42",
        exchanges=(Exchange(text="42", input_tokens=10, output_tokens=5, latency_s=latency, cost=cost),), attempts=1,
    )  # fmt: skip
    if outcome == "failed":
        return Scored(failed(answer), None)
    if outcome == "broken":
        return Scored(answer, None, "right: ValueError: no")
    right, style = SCORES[outcome]
    return Scored(answer, {"right": right, "style": style})


def failed(answer):
    """The same trial without a reply."""
    failure = Failure(kind="server", message="HTTP 500")
    return answer.model_copy(
        update={"state": "failed", "text": "", "exchanges": (), "failure": failure, "attempts": 4}
    )


def assessed(suite, rows, names=("a",), repeats=1, seed=0, fx=1.0):
    """The suite's summary from scored trials."""
    table = ledger(suite, rows, manifest(names, repeats, seed, fx))
    return assess(suite, table, Planned(suite.items, repeats), list(names), seed)


def with_business(suite, **changes):
    """The suite with other fields of its `business`."""
    business = suite.file.business.model_copy(update=changes)
    return dataclasses.replace(suite, file=suite.file.model_copy(update={"business": business}))
