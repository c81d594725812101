"""`bench run --against`: asked look by look, stopped as soon as the gate is sure, counted at the server."""

import json

import pytest

from tests.e2e.command import (
    AGAIN,
    RUN,
    complaint,
    judged,
    last_line,
    lines,
    summary,
)
from tests.held_run import (
    FIRST,
    HELD,
    ITEMS,
    gate_of,
    levels,
    manifest,
    policy_file,
    suite_at,
    value,
    wrong_in,
)
from tests.small_suite import endpoints, item, written


def test_a_candidate_that_answers_as_before_passes_at_an_early_look(bench, blessed, server):
    done = bench(*RUN, *HELD)
    assert done.returncode == 0, done.stderr
    asked = len(server.requests)
    assert FIRST <= asked <= ITEMS // 2
    run = blessed / "r"
    look = manifest(run)["held"]["suites"]["small"]["begun"]
    told = done.stderr.splitlines()
    assert f"bench: small, look {look} of 10, {asked} of {ITEMS} items: pass" in told
    assert (
        f"stopped at look {look} of 10: {asked} of {ITEMS} items asked, {ITEMS - asked} requests not sent"
        in " ".join(done.stdout.split())
    )
    assert manifest(run)["complete"] is True
    assert manifest(run)["held"]["ended"] == "decided"
    trials = judged(run)["trials"]
    assert (trials["planned"], trials["answered"], trials["not_run"]) == (asked, asked, 0)
    assert gate_of(run)["saved"]["requests_not_sent"] == ITEMS - asked
    told = f"was settled early: {asked} of {ITEMS} items were asked"
    assert told in " ".join(done.stdout.split())
    assert told in (run / "report.md").read_text(encoding="utf-8")


def test_a_broken_candidate_fails_at_one_of_the_first_looks(bench, blessed, server):
    server.behaviour.now = wrong_in(1.0)
    done = bench(*RUN, *HELD)
    assert done.returncode == 1, done.stderr
    assert len(server.requests) <= 2 * FIRST
    assert gate_of(blessed / "r")["status"] == "fail"


def test_whoever_reads_the_run_later_counts_what_was_asked_and_judges_the_same_look(
    bench, blessed, server
):
    server.behaviour.now = wrong_in(0.5, "x")
    done = bench(*RUN, *HELD)
    run = blessed / "r"
    before = gate_of(run)
    looks = manifest(run)["held"]["suites"]["small"]["begun"]
    assert 1 < looks < 10
    asked = len(server.requests)
    assert judged(run)["trials"]["planned"] == asked < ITEMS
    outcomes = json.loads((run / "outcomes.json").read_text(encoding="utf-8"))
    assert len(outcomes["looks"]["small"]) == looks
    again = bench("gate", "r", "--against", "base", "--policy", "gate.yaml", "--json", "again.json")
    assert again.returncode == done.returncode
    after = json.loads((blessed / "again.json").read_text(encoding="utf-8"))
    assert levels(after) == levels(before)
    assert all(each[3] < 0.05 for each in levels(after))
    assert bench("rescore", "r").returncode == 0
    assert judged(run)["trials"]["planned"] == asked
    assert bench("report", "r").returncode == 0
    assert judged(run)["trials"]["not_run"] == 0
    assert len(server.requests) == asked


def test_two_suites_stop_each_at_its_own_look(bench, blessed, server):
    suite_at(blessed, "other", 60)
    both = ("run", "s", "other", "--endpoints", "endpoints.yaml")
    assert bench(*both, "--out", "base2", "--no-cache").returncode == 0
    server.requests.clear()
    noisy, broken = wrong_in(0.5, "x"), wrong_in(1.0)

    def by_suite(at, body):
        is_other = body["messages"][0]["content"].endswith("other.")
        return (broken if is_other else noisy)(at, body)

    server.behaviour.now = by_suite
    done = bench(*both, "--out", "r", "--against", "base2", *HELD[2:])
    looks = {
        name: each["begun"] for name, each in manifest(blessed / "r")["held"]["suites"].items()
    }
    asked = {name: sum(each["suite"] == name for each in lines(blessed / "r")) for name in looks}
    told = [each for each in done.stderr.splitlines() if ", look " in each]
    assert len(told) == max(looks.values())
    assert looks["small"] > looks["other"]
    assert done.returncode == 1
    assert asked == {name: judged(blessed / "r", suite=name)["trials"]["planned"] for name in looks}


def test_with_every_answer_in_the_cache_the_verdict_is_the_same_and_costs_nothing(
    bench, blessed, server
):
    server.behaviour.now = wrong_in(0.5, "x")
    cached = [each for each in HELD if each != "--no-cache"]
    first = bench(*RUN, *cached)
    asked = len(server.requests)
    second = bench(*RUN[:-1], "again", *cached)
    assert len(server.requests) == asked
    assert first.returncode == second.returncode
    report = gate_of(blessed / "again")
    assert value(report) == value(gate_of(blessed / "r"))
    assert report["saved"]["requests_from_cache"] == asked
    assert f"{asked} more answered from the cache" in " ".join(second.stdout.split())


PRICE = {"currency": "CNY", "input": 1.0, "output": 2.0, "per": 1}
"""A reply of the stub costs 20; the dearest there may be is below 80."""


def priced(folder, server):
    limits = {"concurrency": 1, "max_attempts": 1}
    endpoints(folder, server.url, price=PRICE, limits=limits)


def test_the_policys_budget_ends_an_extended_run_and_the_users_interrupts_it(
    bench, blessed, server
):
    priced(blessed, server)
    assert bench("run", "s", "--endpoints", "endpoints.yaml", "--out", "base2", "--no-cache").returncode == 0  # fmt: skip
    server.requests.clear()
    server.behaviour.now = wrong_in(0.5, "x")
    enough = 20 * (FIRST + 4) + 60
    held = ("--against", "base2", *HELD[2:])
    stopped = bench(*RUN, *held, "--budget", enough)
    assert last_line(stopped).startswith("stopped before the budget was passed; ")
    assert last_line(stopped).endswith(f"{AGAIN} --budget {enough} --lang en --no-cache")
    assert manifest(blessed / "r")["complete"] is False
    assert bench("gate", "r", "--against", "base2", "--policy", "gate.yaml").returncode != 0
    policy_file(blessed, inconclusive={"then": "extend", "budget": enough})
    ended = bench(*RUN[:-1], "q", *held)
    assert ended.returncode == 4, ended.stderr
    assert "the policy's budget (inconclusive.budget) bears no further look" in ended.stderr
    assert f"look 1 of 10: 16 of {ITEMS} items asked" in " ".join(ended.stdout.split())
    assert judged(blessed / "q")["trials"]["planned"] == FIRST
    assert manifest(blessed / "q")["held"]["ended"] == "budget"
    early = {"against": "base2", "why": "budget", "items_asked": FIRST, "items_planned": ITEMS}
    assert summary(blessed / "q")["run"]["stopped_early"] == early
    assert summary(blessed / "r")["run"]["stopped_early"] is None
    policy_file(blessed, inconclusive={"then": "extend", "budget": 100})
    nothing = last_line(bench(*RUN[:-1], "p", *held))
    assert nothing.endswith("raise the policy's inconclusive.budget and begin another run")


def test_an_extended_run_plans_no_more_items_than_its_policy_allows(bench, blessed, server):
    strict = {"value": {"may_fall_by": 20}, "harm": "off"}
    policy_file(blessed, default=strict, inconclusive={"then": "extend", "up_to_items": 40})
    server.behaviour.now = wrong_in(0.1, "y")
    done = bench(*RUN, *HELD)
    assert done.returncode == 4, done.stderr
    assert len(server.requests) == 40
    assert manifest(blessed / "r")["limit"] == 40
    assert manifest(blessed / "r")["held"]["ended"] == "whole"


def test_failed_trials_are_asked_again_and_the_run_is_judged_at_the_look_it_had_come_to(
    bench, blessed, server
):
    server.behaviour.now = lambda *_: (400, {}, {})
    failed = bench(*RUN, *HELD)
    assert failed.returncode == 1, failed.stderr
    assert "ask them again with" in failed.stderr
    asked = len(server.requests)
    assert asked <= 2 * FIRST
    server.behaviour.now = wrong_in(0.1)
    mended = bench("run", "--resume", "--retry-failed", "--out", "r", "--no-cache")
    assert mended.returncode == 0, mended.stderr
    assert len(server.requests) == asked + judged(blessed / "r")["trials"]["planned"]


MISTAKES = {
    "a policy without a baseline": (("--gate", "gate.yaml"), "--gate goes with --against"),
    "a batch": (("--against", "base", "--batch"), "--batch"),
    "no such baseline": (("--against", "nobody"), "nobody"),
    "no such policy": (("--against", "base", "--gate", "none.yaml"), "none.yaml"),
    "a policy for another suite": (("--against", "base", "--gate", "other.yaml"), "other.yaml:2"),
    "another candidate": (("--against", "base", "--candidates", "stub/few_shot"), "'stub'"),
}


@pytest.mark.parametrize(("options", "named"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_before_anything_is_asked(bench, blessed, server, options, named):
    elsewhere = "policy: other\nsuites: {smal: {harm: off}}\n"
    (blessed / "other.yaml").write_text(elsewhere, encoding="utf-8")
    assert named in complaint(bench(*RUN, *options))
    assert server.requests == []
    assert not (blessed / "r").exists()


def test_a_run_goes_on_only_as_it_began(bench, blessed, server):
    assert bench(*RUN, *HELD).returncode == 0
    asked = len(server.requests)
    resume = ("run", "--resume", "--out", "r")
    assert bench(*resume, "--no-cache").returncode == 0
    policy_file(blessed, confidence=0.9)
    assert "the gate's policy 'gate.yaml' changed" in complaint(bench(*resume))
    resumed = bench("run", "--resume", "--out", "base", "--against", "r")
    assert "held against no baseline then, against 'r' now" in complaint(resumed)
    assert len(server.requests) == asked


def test_nothing_in_common_with_the_baseline_is_a_mistake(bench, blessed, server):
    others = [item(n) | {"id": f"j{n}"} for n in range(12)]
    written(blessed / "s", others)
    assert "no item in common" in complaint(bench(*RUN, *HELD))
    assert server.requests == []
