"""What the value engine holds of a small suite before it is told: the context, and each candidate measured."""

import dataclasses

from bench.suites.assumptions_file import reassumed
from bench.suites.model import Assumption
from bench.value.context import Planned, context
from bench.value.ledger import ledger
from bench.value.measure import measured
from tests.small_run import manifest, trial


def supposed(suite, assumptions):
    """The suite under other assumptions: path -> (low, base, high), a number, or an Assumption."""
    changed = {name: _assumption(told) for name, told in assumptions.items()}
    return dataclasses.replace(suite, file=reassumed(suite.file, changed))


def _assumption(told):
    if isinstance(told, Assumption):
        return told
    low, base, high = told if isinstance(told, tuple) else (told, told, told)
    return Assumption(low=low, base=base, high=high, source="the test")


def answers(kinds, candidate="a", repeat=0, **told):
    """A trial of every item in turn; `kinds` are outcomes, None leaves the item out."""
    return [
        trial(number, kind, candidate, repeat, **told)
        for number, kind in enumerate(kinds)
        if kind is not None
    ]


def parts(suite, rows, names=("a",), repeats=1, strategies=None, seed=0):
    """The context of the suite, and its candidates measured."""
    about = context(suite, Planned(suite.items, repeats, strategies or {}), seed)
    table = ledger(suite, rows, manifest(names, repeats, seed))
    found = {name: table[table["candidate"] == name] if len(table) else table for name in names}
    return about, measured(about, found)


def harmless(told):
    """A change of the small suite: no answer can do harm, so that nothing unseen has to be allowed for."""
    business = told["business"]
    business["loss"] = {}
    business["outcomes"] = [rule for rule in business["outcomes"] if rule["outcome"] != "harm"]
