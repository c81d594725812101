"""What invented runs showed: outcomes drawn or told, as `outcomes.json` would hold them."""

from bench.errors import RunFolderError
from bench.types import Text
from bench.value.observed.file import read_observed
from bench.value.observed.record import (
    Kind,
    Observed,
    ObservedCandidate,
    ObservedItem,
    ObservedRate,
    ObservedSuite,
    ObservedTrial,
)

WEIGHTS = {
    "one": 50.0,
    "accept": 0.0,
    "edit:edit.minutes": -3.0,
    "edit_minutes": -1.5,
    "redo": -60.0,
    "harm:wrong": -800.0,
    "cost": -1.0,
}
"""A usable answer gains 50 or 47, one that is done again loses 10, a harmful one loses 750; by hand a case costs 60."""
KINDS = {
    "accept": Kind(state="answered", outcome="accept", rule=2, rates="0"),
    "edit": Kind(state="answered", outcome="edit", rule=3, edit_assumption="edit.minutes", rates="0"),
    "redo": Kind(state="answered", outcome="redo", rule=1, rates="0"),
    "harm": Kind(state="answered", outcome="harm", rule=0, loss_class="wrong", rates="1"),
    "failed": Kind(state="failed", failure="server", rates="-"),
    "scorer": Kind(state="answered", scorer_failed=True, rates="-"),
}  # fmt: skip
RULES = [Text(zh=each, en=each) for each in ("wrong", "not usable", "right", "nearly right")]


def candidate(outcomes, texts=None, settings=None, cost=0.01, latency_s=1.0, **more):
    """A candidate whose trials came out as told: `outcomes[item]` is a list of names of KINDS, one a repeat, None for none.

    `texts[item][repeat]` is what the answer was; without it each text goes with its outcome.
    """
    names = list(KINDS)
    trials = [
        ObservedTrial(
            at,
            repeat,
            names.index(name),
            f"{hash_of(texts[at][repeat] if texts else name)}",
            cost,
            latency_s,
            0.0,
        )
        for at, repeats in enumerate(outcomes)
        for repeat, name in enumerate(repeats)
        if name is not None
    ]
    return ObservedCandidate(
        adapter="openai",
        strategy="direct",
        settings=settings or {"endpoint.model": "aa"},
        asked_model="m",
        temperature=0.0,
        kinds=list(KINDS.values()),
        trials=trials,
        **more,
    )


def hash_of(text):
    """Eight hexadecimal digits of a text."""
    import zlib

    return f"{zlib.crc32(str(text).encode()):08x}"


def suite(candidates, items, clusters=None, repeats=1, **changes):
    """A suite of `items` items; `clusters[item]` is a cluster's number, each item its own unless told."""
    told = {
        "version": 1,
        "title": Text(zh="小题", en="Small items"),
        "cases": Text(zh="题", en="items"),
        "currency": "CNY",
        "digests": {"prompt": "p1", "items": "i1"},
        "judging": "ab",
        "repeats": repeats,
        "coverage_floor": 0.8,
        "human_cost": 60.0,
        "weights": WEIGHTS,
        "ordinary_harm": 800.0,
        "placeholders": 3,
        "assumptions": 9,
        "rates": {"wrong_rate": ObservedRate(title=Text(zh="答错率", en="Share wrong"), better="lower")},
        "gates": [],
        "rules": RULES,
        "losses": {"wrong": Text(zh="答错", en="Wrong")},
        "items": [
            ObservedItem(f"i{at}", hash_of(at), at if clusters is None else int(clusters[at]))
            for at in range(items)
        ],
        "candidates": candidates,
    }  # fmt: skip
    return ObservedSuite(**(told | changes))


def run(suites, **changes):
    told = {
        "id": "r",
        "started": "2026-11-01T09:00:00+00:00",
        "finished": "2026-11-01T09:10:00+00:00",
        "complete": True,
        "seed": 0,
        "version": "0.1.0",
        "commit": "abc",
        "suites": suites,
    }
    return Observed(**(told | changes))


def of(outcomes, clusters=None, name="desk", suite_changes=None, texts=None, **changes):
    """A run of one suite `small` and one candidate; `outcomes` as in `candidate`."""
    one = candidate(outcomes, texts)
    repeats = max((len(each) for each in outcomes), default=1)
    told = suite({name: one}, len(outcomes), clusters, repeats, **(suite_changes or {}))
    return run({"small": told}, **changes)


def read_or_refused(tmp_path_factory, content):
    """What a file of these bytes is read as; None where it is refused, as it must be, in one line."""
    path = tmp_path_factory.mktemp("held") / "outcomes.json"
    path.write_bytes(content)
    try:
        return read_observed(path)
    except RunFolderError as error:
        told = str(error)
    assert told.startswith(f"{path}")
    assert "\n" not in told
    assert len(told) < 1000
    return None
