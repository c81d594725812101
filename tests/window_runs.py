"""Runs of one suite over time, made of what each item was answered, for tests of what a window tells."""

import json

from bench.gate.policy_file import read_gate_policy
from bench.gate.window.beside import Run
from bench.gate.window.series import watched
from bench.types import Text
from bench.value import worth
from bench.value.observed.file import NAME, write_observed
from bench.value.observed.record import (
    Kind,
    Observed,
    ObservedCandidate,
    ObservedItem,
    ObservedSuite,
    ObservedTrial,
)

POLICY = read_gate_policy(None)
SAME = [f"{number:08x}" for number in range(400)]
"""What a model answers that never wavers, by item."""
SETTINGS = {
    "endpoint.model": "aa",
    "endpoint.base_url": "bb",
    "endpoint.params.temperature": "cc",
    "strategy": "dd",
}
DIGESTS = {"prompt": "01", "examples": "02", "answer": "03", "business": "04", "scorers": "05"}


def text(told, shares=(0.0, 0.0)):
    return Text(zh=told, en=told)


def others(texts, count, mark="f"):
    """The same with the first `count` answers said otherwise."""
    return [f"{mark}{told[1:]}" if at < count else told for at, told in enumerate(texts)]


def candidate(  # each a way in which a run may differ
    answers,
    model="m-1",
    asked="m",
    temperature=0.0,
    settings=(),
    cached=(),
    harmful=(),
    failed=(),
):
    """`answers` is a list of digests by item, or several of them, one a repeat. The rest are items, or changes."""
    repeats = answers if isinstance(answers[0], list) else [answers]
    kinds, trials = {}, []
    for repeat, texts in enumerate(repeats):
        for item, told in enumerate(texts):
            outcome = None if item in failed else "harm" if item in harmful else "accept"
            kind = Kind(
                state="failed" if item in failed else "answered",
                failure="timeout" if item in failed else None,
                outcome=outcome,
                loss_class="wrong_answer" if outcome == "harm" else None,
                model=None if item in failed else (model[item % len(model)] if isinstance(model, list) else model),
                cached=item in cached,
            )  # fmt: skip
            at = kinds.setdefault(kind, len(kinds))
            trials.append(ObservedTrial(item, repeat, at, told, 0.01, 1.0, 0.0))
    return ObservedCandidate(
        adapter="openai",
        strategy="direct",
        settings=SETTINGS | dict(settings),
        asked_model=asked,
        temperature=temperature,
        kinds=list(kinds),
        trials=trials,
    )


def suite(candidates, size=1, digests=(), items=None, judging="ab", harm=800.0):
    """Items in clusters of `size`; `items` are pairs of id and digest in place of the usual ones."""
    count = max(each.trials[-1].item for each in candidates.values()) + 1
    told = items or [(f"i{number}", "abcdef") for number in range(count)]
    return ObservedSuite(
        version=1,
        title=text("Claims"),
        cases=text("claims"),
        currency="CNY",
        digests=DIGESTS | dict(digests),
        judging=judging,
        repeats=max(each.repeat for one in candidates.values() for each in one.trials) + 1,
        coverage_floor=0.5,
        human_cost=66.0,
        weights={
            worth.ONE: 50.0,
            worth.REDO: -60.0,
            worth.COST: -1.0,
            worth.MEASURED_EDIT: -1.5,
            f"{worth.HARM}wrong_answer": -harm,
        },
        ordinary_harm=harm,
        placeholders=1,
        assumptions=4,
        rates={},
        gates=[],
        rules=[],
        losses={"wrong_answer": text("Wrong")},
        items=[ObservedItem(name, digest, at // size) for at, (name, digest) in enumerate(told)],
        candidates=candidates,
    )


def run(day, suites, version="1.0", **more):
    """A run that began on a day of November 2026."""
    told = suites if isinstance(suites, dict) else {"claims": suites}
    return Observed(
        id=f"run-{day:02}",
        started=f"2026-11-{day:02}T08:00:00+00:00",
        complete=more.pop("complete", True),
        seed=0,
        version=version,
        suites=told,
        **more,
    )


def series(*answers, **same):
    """Runs a week apart of one candidate: each a list of answers, or of keywords for `candidate`."""
    told = [each if isinstance(each, dict) else {"answers": each} for each in answers]
    return [
        run(1 + 7 * at, suite({"desk": candidate(**same | each)})) for at, each in enumerate(told)
    ]


def window_of(runs, policy=POLICY):
    """What a window tells of these runs."""
    return watched([Run(each.id, each) for each in runs], policy)


def laid(folder, runs):
    """Write the runs as folders of their ids beside one another; the last one's folder."""
    for each in runs:
        (folder / each.id).mkdir(parents=True)
        (folder / each.id / "run.json").write_text(json.dumps({"id": each.id}), encoding="utf-8")
        write_observed(folder / each.id / NAME, each)
    return folder / runs[-1].id
