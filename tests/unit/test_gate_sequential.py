"""A run in looks: where they lie, what each asks, and when the gate is sure enough to ask no further."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.price import Price
from bench.errors import GateError
from bench.gate.policy_file import GatePolicy, Money, Sequential, SuitePolicy
from bench.gate.sequential import Against, LookByLook, begun, check, saved
from bench.gate.steps import counted, looks_of
from bench.running.looks import SuiteLooks, within
from bench.running.manifest import manifest
from bench.running.plan import plan
from bench.running.rounds import rounds
from bench.scoring.score import scored
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.suites.load import load
from bench.types import Answer, Exchange, Item
from bench.value.ledger import ledger
from bench.value.observed.observe import observed_run, observed_suite
from tests.small_suite import item, written

PRICE = Price(currency="CNY", input=1.0, output=2.0)
WIDE = SuitePolicy(value=Money(may_fall_by=300.0))
"""A loss that a few dozen items can tell: an answer that is wrong costs 800."""


def items_of(*clusters):
    return tuple(Item(id=f"i{at}", cluster=name, input={}) for at, name in enumerate(clusters))


# Where the looks lie


@pytest.mark.parametrize(
    ("clusters", "looks", "first", "told"),
    [
        (40, 5, 8, [8, 16, 24, 32, 40]),
        (224, 10, 8, [23, 46, 68, 90, 113, 135, 157, 180, 202, 224]),
        (10, 5, 8, [8, 9, 10]),
        (100, 3, 50, [50, 75, 100]),
        (5, 5, 8, [5]),
        (40, 1, 8, [40]),
        (0, 5, 8, []),
    ],
)
def test_looks_begin_with_enough_clusters_and_go_evenly_to_all(clusters, looks, first, told):
    assert counted(clusters, Sequential(looks=looks, first_clusters=first)) == told


@settings(deadline=None)
@given(st.integers(1, 2000), st.integers(1, 20), st.integers(2, 300))
def test_looks_rise_to_all_clusters_and_are_no_more_than_asked_for(clusters, looks, first):
    told = counted(clusters, Sequential(looks=looks, first_clusters=first))
    assert told == sorted(set(told))
    assert told[-1] == clusters
    assert told[0] >= min(first, clusters)
    assert len(told) <= looks


def test_clusters_that_the_baseline_lacks_come_along_and_bring_no_information():
    items = items_of(*(f"c{n}" for n in range(30)))
    common = [each.id for each in items if int(each.id[1:]) % 3]
    how = Sequential(looks=4, first_clusters=5)
    looks = looks_of("small", items, common, 0, how)
    assert looks.fractions == (0.25, 0.5, 0.75, 1.0)
    assert looks.clusters[-1] == 30
    for clusters, known in zip(looks.clusters[:-1], (5, 10, 15), strict=True):
        asked = within(items, clusters, "small", 0)
        assert sum(each.id in common for each in asked) == known
        assert asked[-1].id in common or len(asked) > known
    new = len(within(items, looks.clusters[1], "small", 0)) - 10
    assert 0 < new < 10


def test_a_suite_without_a_common_item_is_asked_at_once():
    looks = looks_of("small", items_of("a", "b", "c"), [], 0, Sequential())
    assert looks == SuiteLooks(clusters=(3,), fractions=(1.0,))
    assert looks.is_last


# When it stops


def suite_at(folder, name="small", items=120):
    entries = [item(n) | {"cluster": f"c{n // 2}"} for n in range(items)]

    def named(told):
        told["suite"] = name

    return load(str(written(folder / name, entries, named)))


@pytest.fixture(scope="module")
def suites(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suites")
    return suite_at(folder), suite_at(folder, "other", 80)


def candidate(name="a"):
    endpoint = OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", price=PRICE)
    return Candidate(name, name, "openai", endpoint, "direct", Direct())


def answer(trial, text):
    suite, name, number, repeat = trial.key
    exchange = Exchange(text=text, cost=0.01, latency_s=1.0)
    return Answer(
        suite=suite, candidate=name, item=number, repeat=repeat, state="answered", text=text, exchanges=(exchange,),
    )  # fmt: skip


def wrong_in(share, salt=""):
    """Answers of which so many are wrong; another salt, other ones."""

    def says(trial):
        drawn = random.Random(f"{salt}|{trial.suite.name}|{trial.item.id}|{trial.repeat}").random()
        return "41" if drawn < share else "42"

    return says


def observed(planned, says):
    told = manifest(planned, "old", None, None)
    found = {}
    for suite in planned.suites:
        answers = [answer(each, says(each)) for each in planned.trials() if each.suite is suite]
        rows = list(scored(suite, answers))
        table = ledger(suite, rows, told)
        found[suite.name] = observed_suite(suite, planned.items[suite.name], rows, table, told)
    return observed_run(told.model_copy(update={"complete": True}), found)


def steps_of(planned, against, **more):
    lines = []
    made = manifest(planned, "new", None, None)
    made = made.model_copy(update={"held": begun(planned, against)})
    return LookByLook(planned, made, against, made.held, lines.append, **more), lines


def asked(planned, steps, says, most=None):
    """The trials that were answered, as a run goes: in rounds, and at most so many."""
    done, noted = set(), []
    owed = {trial.key: trial for trial in planned.trials()}
    for together in rounds(planned, owed, done, steps, noted.append):
        for trial in together:
            if most is None or len(done) < most:
                steps.heard(answer(trial, says(trial)))
                done.add(trial.key)
    return done, noted


@pytest.fixture
def small(suites):
    return plan([suites[0]], [candidate()], repeats=1, seed=1)


def policy(**more):
    return GatePolicy(policy="t", default=WIDE, **more)


def test_a_candidate_that_answers_as_before_passes_at_an_early_look(small):
    against = Against(observed(small, wrong_in(0.1)), "main", policy())
    steps, lines = steps_of(small, against)
    done, noted = asked(small, steps, wrong_in(0.1))
    looks, items = len(lines), len(done)
    assert lines[-1] == f"small, look {looks} of 10, {items} of 120 items: pass"
    assert items <= 64
    assert [each.ended for each in noted] == [None] * (looks - 1) + ["decided"]
    told = saved(small, steps.held, [])
    assert (told.look, told.looks, told.items_asked, told.items_planned) == (looks, 10, items, 120)
    assert told.requests_not_sent == 120 - items


def test_a_broken_candidate_fails_at_one_of_the_first_looks(small):
    against = Against(observed(small, wrong_in(0.05)), "main", policy())
    steps, lines = steps_of(small, against)
    done, _ = asked(small, steps, lambda _: "41")
    assert lines[-1].endswith("fail")
    assert steps.held.ended == "decided"
    assert len(done) <= 32


def test_a_few_answers_as_before_are_no_proof_that_nothing_changed(small):
    """The first look sees none of the answers that are wrong now; (1 - 0.1)^29 is below 0.05."""
    against = Against(observed(small, wrong_in(0.0)), "main", policy())
    first = {each.id for each in begun(small, against).asked(small.items, small.seed)["small"]}
    steps, lines = steps_of(small, against)
    asked(small, steps, lambda trial: "42" if trial.item.id in first else "41")
    assert "look 1 of 10, 16 of 120 items: inconclusive" in lines[0]
    assert lines[-1].endswith("fail")
    steps, lines = steps_of(small, against)
    asked(small, steps, wrong_in(0.0))
    assert 8 < len({each.cluster for each in steps.items()["small"]}) <= 32
    assert lines[-1].endswith("pass")


def test_what_no_item_can_tell_is_asked_to_the_end_and_stays_open(small):
    strict = GatePolicy(policy="t", default=SuitePolicy(value=Money(may_fall_by=0.5)))
    against = Against(observed(small, wrong_in(0.2)), "main", strict)
    steps, lines = steps_of(small, against)
    done, noted = asked(small, steps, wrong_in(0.2, "other"))
    assert len(done) == 120
    assert lines[-1] == "small, look 10 of 10, 120 of 120 items: inconclusive"
    assert [each.suites["small"].begun for each in noted] == [*range(2, 11), 10]
    assert steps.held.ended == "whole"
    assert saved(small, steps.held, []).requests_not_sent == 0


def test_a_suite_that_is_decided_is_asked_no_further_while_another_goes_on(suites):
    both = plan(suites, [candidate()], seed=1)
    against = Against(observed(both, wrong_in(0.1)), "main", policy())

    def says(trial):
        return "41" if trial.suite.name == "other" else wrong_in(0.3, "x")(trial)

    steps, lines = steps_of(both, against)
    done, noted = asked(both, steps, says)
    of_suite = {name: sum(key[0] == name for key in done) for name in ("small", "other")}
    looks = {name: each.begun for name, each in noted[-1].suites.items()}
    assert looks["other"] < looks["small"]
    assert of_suite == {name: len(each) for name, each in steps.items().items()}
    assert of_suite["other"] < 80
    assert "other, look" in lines[-1]
    assert lines[-1].endswith("fail")


def test_all_candidates_of_a_suite_go_on_until_each_is_decided(suites):
    two = plan([suites[0]], [candidate("a"), candidate("b")], seed=1)
    against = Against(observed(two, wrong_in(0.1)), "main", policy())

    def says(trial):
        return wrong_in(0.1)(trial) if trial.candidate.name == "a" else wrong_in(0.3, "x")(trial)

    steps, _ = steps_of(two, against)
    done, _ = asked(two, steps, says)
    of_each = [{key[2] for key in done if key[1] == name} for name in ("a", "b")]
    assert of_each[0] == of_each[1]
    assert len(of_each[0]) > 16


def test_the_verdict_does_not_hang_on_who_answered_first(small):
    against = Against(observed(small, wrong_in(0.1)), "main", policy())
    says = wrong_in(0.3, "x")
    told = []
    for order in (1, -1):
        steps, lines = steps_of(small, against)
        done, done_again = set(), 0
        for together in rounds(
            small, {t.key: t for t in small.trials()}, done, steps, lambda _: None
        ):
            for trial in together[::order]:
                steps.heard(answer(trial, says(trial)))
                done.add(trial.key)
            done_again += 1
        told.append((lines, len(done), done_again))
    assert told[0] == told[1]


def test_a_round_that_was_not_answered_whole_is_the_last_and_is_not_judged(small):
    against = Against(observed(small, wrong_in(0.1)), "main", policy())
    steps, lines = steps_of(small, against)
    done, noted = asked(small, steps, wrong_in(0.1), most=7)
    assert (len(done), lines, noted) == (7, [], [])
    assert steps.held.ended is None


def test_the_policys_budget_ends_a_run_at_the_last_look_that_was_answered_whole(small):
    against = Against(observed(small, wrong_in(0.1)), "main", policy())
    says = wrong_in(0.3, "x")
    undisturbed, lines = steps_of(small, against)
    asked(small, undisturbed, says)
    assert lines[1].startswith("small, look 2 of 10, 28 of 120")
    for may_stop_short, told in ((True, (1, "budget")), (False, (2, None))):
        steps, _ = steps_of(small, against, may_stop_short=may_stop_short)
        asked(small, steps, says, most=20)
        steps.out_of_money()
        assert (steps.held.suites["small"].begun, steps.held.ended) == told
        assert len(steps.items()["small"]) == (16 if may_stop_short else 28)
    first, _ = steps_of(small, against, may_stop_short=True)
    asked(small, first, says, most=3)
    first.out_of_money()
    assert (first.held.suites["small"].begun, first.held.ended) == (1, None)


def test_what_the_gate_would_refuse_is_refused_before_anything_is_asked(small, suites):
    made = manifest(small, "new", None, None)
    good = observed(small, wrong_in(0.1))
    check(small, made, Against(good, "main", policy()))
    two = plan([suites[0]], [candidate("a"), candidate("b")])
    with pytest.raises(GateError, match="'b' has no answer in the run"):
        check(small, made, Against(observed(two, wrong_in(0.1)), "main", policy()))
    elsewhere = plan([suites[1]], [candidate()])
    with pytest.raises(GateError, match="no suite in common"):
        check(small, made, Against(observed(elsewhere, wrong_in(0.1)), "main", policy()))
