"""What the pytest plugin makes of a gate's findings, and how it makes a run once."""

import json
import os
import re
import subprocess
import sys
import threading

import pytest

from bench.errors import GateError, UserError
from bench.gate.gate import gate
from bench.gate.policy_file import GatePolicy, SuitePolicy, read_gate_policy
from bench.pytest_plugin import planned
from bench.pytest_plugin.absolute import Floor
from bench.pytest_plugin.making import NAME, Ended, ended_in, made
from bench.pytest_plugin.order import Order
from bench.pytest_plugin.session import shown
from bench.pytest_plugin.summary import lines
from bench.pytest_plugin.verdicts import verdicts_of_gate, verdicts_of_limits
from bench.running.plan import plan
from bench.strategies.candidate import candidates
from bench.suites.load import load
from bench.suites.model import Gate
from tests import observed_runs
from tests.gate_reports import EXAMPLES
from tests.github_runner import commands
from tests.hostile_fields import ANYWHERE, STARTS
from tests.small_suite import written

GATES = [
    Gate(metric="wrong_rate", upper_bound_95=0.1),
    Gate(metric="soft_rate", lower_bound_95=0.5, hard=False),
]
POLICIES = {
    "built in": {},
    "rates named": {"rates": {"soft_rate": {"may_worsen_by": 0.1}, "wrong_rate": "off"}},
    "gated rates stated": {"gated_rates": {"may_worsen_by": 0.1}},
    "gated rates off": {"gated_rates": "off"},
    "no limits": {"limits": "off"},
    "little": {"value": "off", "harm": "off", "cost": "off", "latency": "off"},
}


def policy_of(name):
    return GatePolicy(
        policy="mine",
        default=SuitePolicy.model_validate(POLICIES[name]).over(read_gate_policy(None).default),
    )


def run_of(outcomes):
    """A run of one suite with two rates, of which one has a hard gate."""
    rate = observed_runs.suite({}, 0).rates["wrong_rate"]
    rates = {"wrong_rate": rate, "soft_rate": rate.model_copy(update={"better": "higher"})}
    return observed_runs.of(outcomes, suite_changes={"rates": rates, "gates": GATES})


@pytest.mark.parametrize("name", POLICIES)
def test_the_tests_that_are_collected_are_the_criteria_of_the_gate(name):
    run, policy = run_of([["accept"]] * 20), policy_of(name)
    (contrast,) = gate(run, run, policy, run_name="r", baseline_name="b").contrasts
    suite = run.suites["small"]
    assert list(planned.of_gate(suite, policy.of("small"))) == [each.name for each in contrast.criteria]  # fmt: skip


@pytest.mark.parametrize("name", POLICIES)
def test_the_tests_without_a_baseline_are_the_limits_and_the_coverage(name):
    run, policy = run_of([["accept"]] * 20), policy_of(name)
    found = verdicts_of_limits(run, policy, "en")["small", "desk"]
    assert set(planned.of_limits(run.suites["small"], policy.of("small"))) == set(found)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_session_is_red_exactly_where_the_gate_s_job_would_be(name):
    report = EXAMPLES[name]()
    found = verdicts_of_gate(report, "en")
    kinds = [each.kind for of_pair in found.values() for each in of_pair.values()]
    assert ("fail" in kinds) == (report.exit_code != 0)
    assert set(found) == {(each.suite, each.candidate) for each in report.contrasts}
    assert all(each.text.isprintable() for of_pair in found.values() for each in of_pair.values())


def test_what_no_criterion_explains_is_borne_by_all():
    report = EXAMPLES["passing"]()
    bare = [each.model_copy(update={"status": "fail"}) for each in report.contrasts]
    told = report.model_copy(update={"status": "fail", "contrasts": tuple(bare)})
    for of_pair in verdicts_of_gate(told, "en").values():
        assert {each.kind for each in of_pair.values()} == {"fail"}


def test_an_open_criterion_is_skipped_where_the_policy_warns_and_says_that_it_is_open():
    report = EXAMPLES["inconclusive"]().model_copy(update={"then": "warn"})
    found = [each for of_pair in verdicts_of_gate(report, "en").values() for each in of_pair.values()]  # fmt: skip
    assert any(each.is_open for each in found)
    assert {each.kind for each in found} == {"pass", "skip"}


def outcomes(harmful, of=60):
    return [["harm"]] * harmful + [["accept"]] * (of - harmful)


@pytest.mark.parametrize("harmful", [0, 3, 25])
@pytest.mark.parametrize("asked", ["broken", "proven"])
def test_limits_are_judged_alone_as_a_gate_judges_them(harmful, asked):
    policy = GatePolicy(policy="p", default=SuitePolicy(limits=asked, coverage={"may_worsen_by": 0}))  # fmt: skip
    run = run_of(outcomes(harmful))
    by_gate = verdicts_of_gate(gate(run, run, policy, run_name="r", baseline_name="b"), "en")
    alone = verdicts_of_limits(run, policy, "en")["small", "desk"]
    for name in ("limit:wrong_rate", "limit:soft_rate"):
        assert alone[name].kind == by_gate["small", "desk"][name].kind


@pytest.mark.parametrize(
    ("with_outcome", "planned_trials", "holds"),
    [(80, 100, True), (79, 100, False), (100, 100, True), (0, 100, False), (0, 0, False)],
)
def test_a_floor_is_reached_by_its_share_and_never_by_nothing(with_outcome, planned_trials, holds):
    assert Floor(with_outcome, planned_trials, 0.8).holds is holds


def test_a_floor_of_zero_is_not_reached_without_any_outcome():
    assert not Floor(0, 10, 0.0).holds


def test_trials_that_failed_or_were_never_asked_count_against_the_floor():
    some = run_of([["accept"], ["failed"], [None], ["redo"]])
    (found,) = verdicts_of_limits(some, read_gate_policy(None), "en").values()
    assert found["coverage"].kind == "fail"
    assert found["coverage"].text == "2 of 4 planned trials have an outcome; the suite asks for 80%"


@pytest.fixture
def small(tmp_path):
    """A suite, and an endpoint file with three recordings."""
    written(tmp_path / "s")
    line = {"output": "42"}
    lines = [json.dumps({"item": f"i{n}", **line}) for n in range(12)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    entries = "".join(f"  {name}: {{adapter: replay, file: a.jsonl}}\n" for name in "abc")
    (tmp_path / "e.yaml").write_text(f"endpoints:\n{entries}")
    return tmp_path


def planned_of(small, *names):
    from bench.endpoints.file import load_endpoints

    return plan([load(str(small / "s"))], candidates(names, load_endpoints(small / "e.yaml")))


def held(small, names, blessed, policy=None):
    """Candidate -> whether it is compared."""
    everyone = {name: observed_runs.candidate(outcomes(0)) for name in blessed}
    baseline = observed_runs.run({"small": observed_runs.suite(everyone, 60)})
    told = planned.held(planned_of(small, *names), policy or read_gate_policy(None), baseline)
    return {each.candidate: each.compared for each in told}


def test_a_candidate_that_was_not_blessed_is_held_against_the_limits(small):
    assert held(small, "ab", "a") == {"a": True, "b": False}


def test_a_policy_that_names_candidates_leaves_the_others_alone(small):
    policy = GatePolicy(policy="p", candidates=["a", {"candidate": "c", "against": "b"}])
    assert held(small, "abc", "ab", policy) == {"a": True, "c": True}


def test_a_blessed_candidate_that_is_not_asked_is_told_before_anything_is_asked(small):
    with pytest.raises(GateError, match="candidate 'b' is to be compared and is not asked; asked: 'a'"):  # fmt: skip
        held(small, "a", "ab")


def order(small, **more):
    told = {"suites": (str(small / "s"),), "endpoints": str(small / "e.yaml")}
    return Order(**(told | {"candidates": ("a",)} | more))


def silent(line):
    raise AssertionError(line)


def test_orders_that_differ_in_anything_are_different_runs(small):
    others = [
        order(small),
        order(small, limit=3),
        order(small, repeats=2),
        order(small, seed=1),
        order(small, redact=True),
        order(small, budget=1.0),
        order(small, data_policy="p.yaml"),
        order(small, candidates=("a", "b")),
    ]
    assert len({each.digest for each in others}) == len(others)
    assert order(small).digest == order(small).digest


def test_a_run_is_named_after_its_suite(small):
    assert order(small).title == "s"
    assert order(small, suites=(str(small / "s" / "suite.yaml"),)).title == "s"
    assert order(small, suites=("a", "b")).title == "2-suites"


def test_an_order_that_cannot_be_planned_leaves_no_folder(small):
    with pytest.raises(UserError, match="no endpoint is called 'z'"):
        made(order(small, candidates=("z",)), small / "r", silent)
    assert not (small / "r").exists()


def test_whoever_comes_later_reads_what_the_first_wrote(small):
    first = made(order(small), small / "r", silent)
    written_at = (small / "r" / "answers.jsonl").stat().st_mtime_ns
    assert made(order(small), small / "r", silent) == first == ended_in(small / "r")
    assert (small / "r" / "answers.jsonl").stat().st_mtime_ns == written_at
    assert first.trouble is None
    assert (small / "r" / "summary.json").is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_what_was_answered_is_for_its_owner_alone_and_the_process_is_left_as_it_was(small):
    before = os.umask(0o022)
    try:
        made(order(small), small / "r", silent)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o077 for path in (small / "r").iterdir()}
    assert modes == {0}


def claim(folder, pid):
    import socket

    folder.mkdir()
    by = {"pid": pid, "host": socket.gethostname(), "user": "u", "since": "s"}
    (folder / NAME).write_text(json.dumps({"by": by}))


def test_a_run_whose_maker_died_is_told_and_not_waited_for(small):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    claim(small / "r", gone.pid)
    told = made(order(small), small / "r", silent)
    assert f"process {gone.pid}, which made this run, has died; go on with: bench run --resume" in told.trouble  # fmt: skip
    assert not (small / "r" / "run.json").exists()


def test_who_comes_while_a_run_is_made_waits_for_its_end(small):
    claim(small / "r", os.getpid())
    found = []
    waiting = threading.Thread(target=lambda: found.append(made(order(small), small / "r", silent)))
    waiting.start()
    told = json.loads((small / "r" / NAME).read_text())
    assert not found
    (small / "r" / NAME).write_text(json.dumps(told | {"ended": {"incomplete": "3 trials"}}))
    waiting.join(timeout=20)
    assert [each.incomplete for each in found] == ["3 trials"]


def test_a_run_that_broke_off_keeps_nobody_waiting(small):
    (small / "r").mkdir()
    (small / "r" / "summary.json").mkdir()  # what is written last cannot be
    told = made(order(small), small / "r", silent)
    assert "summary.json" in told.trouble
    assert made(order(small), small / "r", silent) == told


@pytest.mark.parametrize("text", [*STARTS, *ANYWHERE])
def test_what_a_test_says_commands_no_ci_server_whatever_a_server_said(text):
    """Without a traceback pytest prints a reason from the first column on."""
    assert commands(shown(f"HTTP 400: {text}\n{text}")) == []
    assert not re.search(r"##[a-z]*\[", shown(text), re.IGNORECASE)


def test_the_end_of_a_session_commands_no_ci_server(tmp_path):
    told = "\n".join(ANYWHERE).encode("utf-8", "replace").decode()
    ended = Ended(failed=f"5 of 5 trials failed: {told}", remarks=(told,))
    claim = {"by": {"pid": 1, "host": "h", "user": "u", "since": ""}, "ended": ended.model_dump()}
    (tmp_path / NAME).write_text(json.dumps(claim), encoding="utf-8")
    found = list(lines([str(tmp_path)], tmp_path))
    assert len(found) == 3
    assert commands("\n".join(found)) == []


def test_to_load_the_plugin_loads_nothing_else_of_the_package():
    told = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport bench.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"argparse", "bench", "bench.pytest_plugin"}
