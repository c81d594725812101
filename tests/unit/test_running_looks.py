"""How far a run that is held against a baseline has come, and how its rounds are asked."""

import asyncio
from contextlib import asynccontextmanager
from typing import ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.endpoints.seam import Endpoint, Reply
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Stop, execute_rounds
from bench.running.journal import Journal
from bench.running.looks import Held, SuiteLooks, changed_holding, in_drawn_order, within
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.suites.load import load
from bench.types import Item
from tests.small_suite import written


def items_of(*clusters):
    return tuple(Item(id=f"i{at}", cluster=name, input={}) for at, name in enumerate(clusters))


def test_a_cluster_that_comes_or_goes_leaves_the_others_in_their_order():
    names = [f"c{n}" for n in range(50)]
    order = in_drawn_order(names, "small", 3)
    assert sorted(order) == sorted(names)
    assert in_drawn_order(reversed(names), "small", 3) == order
    assert in_drawn_order(names[:-5], "small", 3) == [each for each in order if each in names[:-5]]
    assert order not in (in_drawn_order(names, "small", 4), in_drawn_order(names, "other", 3))


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40), st.integers(0, 9))
def test_a_look_asks_whole_clusters_as_they_stand_in_the_file_and_those_of_the_look_before(
    names, seed
):
    items = items_of(*names)
    before = ()
    for clusters in range(len(set(names)) + 1):
        now = within(items, clusters, "small", seed)
        chosen = {each.cluster for each in now}
        assert len(chosen) == clusters
        assert now == tuple(each for each in items if each.cluster in chosen)
        assert set(before) <= {each.id for each in now}
        before = tuple(each.id for each in now)


def held(**more):
    looks = SuiteLooks(clusters=(8, 16, 24), fractions=(0.5, 0.75, 1.0), begun=2)
    told = {"baseline": "main", "baseline_digest": "ab", "policy": None, "policy_digest": "cd"}
    return Held(**(told | {"suites": {"small": looks}} | more))


def test_what_a_run_is_held_against_survives_its_manifest():
    before = held(ended="decided")
    assert Held.model_validate_json(before.model_dump_json()) == before
    assert before.fractions() == {"small": (0.5, 0.75)}
    items = items_of(*(f"c{n}" for n in range(24)))
    asked = before.asked({"small": items, "other": items}, 0)
    assert (len(asked["small"]), asked["other"]) == (16, items)


def test_a_run_goes_on_only_against_the_baseline_and_the_policy_that_it_began_with():
    assert changed_holding(None, None) == changed_holding(held(), held(ended="whole")) == []
    assert changed_holding(held(), held(baseline_digest="ee")) == [
        "the baseline 'main' is not what it was when the run began"
    ]
    assert changed_holding(held(), held(policy_digest="ee")) == [
        "the gate's policy 'built-in' changed"
    ]
    assert changed_holding(None, held()) == ["held against no baseline then, against 'main' now"]
    assert changed_holding(held(), None) == ["held against 'main' then, against no baseline now"]


class Counting(Endpoint):
    """Counts how often it was opened, and answers at once."""

    opened: ClassVar[list[str]] = []

    def identity(self):
        return {}

    @asynccontextmanager
    async def connect(self):
        self.opened.append("opened")
        yield self

    async def ask(self, request):
        return Reply(request.case.item)


def test_endpoints_stay_open_from_one_round_to_the_next_and_a_closed_run_draws_no_more(
    tmp_path,
):
    Counting.opened.clear()
    counting, suite = Counting(), load(str(written(tmp_path / "s")))
    planned = plan([suite], [Candidate("a", "a", "counting", counting, "direct", Direct())])
    trials = list(planned.trials())
    found, drawn = [], []

    def in_rounds(stop):
        for at in range(0, 9, 3):
            drawn.append(len(found))
            yield trials[at : at + 3]
            if at == 3:
                stop.end()

    stop = Stop()
    with Journal(tmp_path) as journal, Cache(None) as cache:
        budget = Budget(None, planned, {})
        asyncio.run(execute_rounds(in_rounds(stop), journal, cache, budget, found.append, stop))
    assert Counting.opened == ["opened"]
    assert drawn == [0, 3, 6]
    assert [each.item for each in found] == [each.item.id for each in trials[:6]]
