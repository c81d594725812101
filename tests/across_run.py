"""A run of several small suites whose outcomes the test decides, and the views across them.

A case costs 66 today (44 minutes at 1.5), its review 9, a call 0.012; a month has 1000. So a usable answer is
worth 56.988, one to be done again -9.012, a harmful one 743.012 less.
"""

from bench.running.manifest import CandidateEntry
from bench.value.across.build import across
from bench.value.assess import assessed
from bench.value.context import Planned
from bench.value.ledger import ledger
from tests.small_run import manifest, suite_of, trial

USED, AGAIN = 56.988, -9.012


def way(endpoint="e", strategy="direct", deployment="public"):
    """A candidate as the manifest tells it."""
    data = {} if deployment is None else {"residency": "here", "deployment": deployment}
    return CandidateEntry(
        endpoint=endpoint, adapter="replay", strategy=strategy, identity={"endpoint": {}}, price=None,
        fx={"CNY": 1.0, "EUR": 1.0}, data=data, limits={},
    )  # fmt: skip


def run(folder, ways, suites, changes=None):
    """Assess `suites` (name -> candidate -> outcomes in the order of items, None: not run) and look across them.

    `ways` is name -> `way(...)`; `changes` edit a suite's mapping in place, by its name. An outcome may be
    (outcome, further arguments of `trial`).
    """
    about = manifest().model_copy(update={"candidates": ways})
    found = {name: _assessed(folder, about, name, told, changes) for name, told in suites.items()}
    return found, across(found, about)


def _assessed(folder, about, name, told, changes):
    def change(mapping):
        mapping["suite"] = name
        (changes or {}).get(name, lambda _: None)(mapping)

    items = max(len(outcomes) for outcomes in told.values())
    suite = suite_of(folder / name, items=items, change=change)
    rows = [
        _trial(n, each, candidate)
        for candidate, outcomes in told.items()
        for n, each in enumerate(outcomes)
        if each is not None
    ]
    strategies = {candidate: each.strategy for candidate, each in about.candidates.items()}
    planned = Planned(suite.items, 1, strategies)
    table = ledger(suite, rows, about)
    return assessed(suite, table, planned, list(about.candidates), about.seed)


def _trial(number, told, candidate):
    outcome, more = (told, {}) if isinstance(told, str) else told
    made = trial(number, outcome, candidate, **{k: v for k, v in more.items() if k != "unpriced"})
    if not more.get("unpriced"):
        return made
    exchanges = tuple(each.model_copy(update={"cost": None}) for each in made.answer.exchanges)
    return type(made)(made.answer.model_copy(update={"exchanges": exchanges}), made.scores)


def outcomes(used, of=12, rest="redo"):
    """So many accepted answers, and the rest."""
    return ["accept"] * used + [rest] * (of - used)
