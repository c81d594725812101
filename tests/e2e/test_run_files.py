import json

import jsonschema
import pytest

from tests.e2e.command import RUN, answering, judged, lines, number, states, summary
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion


def test_a_run_leaves_records_scores_summary_and_reports(finished):
    folder, _ = finished
    run = folder / "r"
    names = {path.name for path in run.iterdir()}
    assert names == {"run.json", "answers.jsonl", "scores.jsonl", "outcomes.json", "summary.json", "report.md", "report.html"}  # fmt: skip
    assert json.loads((run / "run.json").read_text())["complete"] is True
    assert {each["item"] for each in lines(run)} == {f"i{n}" for n in range(12)}
    assert [each["item"] for each in lines(run, "scores.jsonl")] == [f"i{n}" for n in range(12)]
    assert "Small items" in (run / "report.md").read_text(encoding="utf-8")
    assert "</html>" in (run / "report.html").read_text(encoding="utf-8")


def test_the_report_goes_to_stdout_and_progress_to_stderr(finished):
    _, done = finished
    assert "Small items" in done.stdout
    assert "bench: " not in done.stdout
    first, *wrote = done.stderr.splitlines()
    assert first == "bench: 12 trials: 1 suite(s), 1 candidate(s), about 12 requests; into r"
    assert wrote == [f"bench: wrote r/{name}" for name in ("summary.json", "report.md", "report.html")]  # fmt: skip


def test_a_summary_is_what_its_schema_says_and_its_states_sum_to_planned(finished, bench):
    folder, _ = finished
    told = summary(folder / "r")
    schema = json.loads(bench("schema", "summary").stdout)
    jsonschema.Draft202012Validator(schema).validate(told)
    trials = told["suites"]["small"]["candidates"]["stub"]["trials"]
    assert trials.pop("planned") == sum(trials.values()) == trials["answered"] == 12


def test_cut_and_filtered_replies_have_their_own_states_and_an_outcome_only_by_a_rule(
    bench, tmp_path
):
    """Item 0 is cut, item 1 filtered, item 2 filtered without a text; the others are right."""
    odd = {0: ("4", "length"), 1: ("4", "content_filter"), 2: (None, "content_filter")}
    written(tmp_path / "s")
    with StubServer(
        lambda _, body: (200, {}, completion(*odd.get(number(body), ("42",))))
    ) as server:
        endpoints(tmp_path, server.url)
        done = bench(*RUN)
    assert done.returncode == 0
    found = states(tmp_path / "r")
    assert [found[f"i{n}"] for n in range(4)] == ["truncated", "refused", "refused", "answered"]
    told = judged(tmp_path / "r")
    trials = {"planned": 12, "answered": 9, "truncated": 1, "refused": 2, "failed": 0, "not_run": 0}
    assert told["trials"] == trials
    assert told["coverage"] == 0.75
    assert told["outcomes"]["accept"] == 1.0

    def named(told):
        rules = [{"outcome": "redo", "when": {state: True}} for state in ("truncated", "refused")]
        told["business"]["outcomes"] = rules + told["business"]["outcomes"]

    written(tmp_path / "s", change=named)
    assert bench("rescore", "r").returncode == 0
    told = judged(tmp_path / "r")
    assert told["trials"] == trials
    assert told["coverage"] == 1.0
    assert told["outcomes"] == {"accept": 0.75, "edit": 0.0, "redo": 0.25, "harm": 0.0}


def test_repeats_ask_every_item_and_count_by_item(bench, tmp_path):
    def change(told):
        told["business"]["metrics"]["experience"].append("pass_hat_k")

    seen = []

    def behave(_, body):
        """Item 0 is wrong once, item 1 always."""
        wrong = number(body) == 1 or (number(body) == 0 and seen.count(0) == 0)
        seen.append(number(body))
        return 200, {}, completion("41" if wrong else "42")

    written(tmp_path / "s", change=change)
    with StubServer(behave) as server:
        endpoints(tmp_path, server.url)
        assert bench(*RUN, "--repeats", "3", "--no-cache").returncode == 0
    assert sorted(seen) == sorted([*range(12)] * 3)
    told = judged(tmp_path / "r")
    assert told["trials"]["planned"] == told["trials"]["answered"] == 36
    assert (told["items"], told["value_per_case"]["n"]) == (12, 12)
    assert told["outcomes"]["harm"] == pytest.approx((1 / 3 + 1) / 12)
    assert told["metrics"]["pass_hat_k"]["value"] == pytest.approx(10 / 12)
    assert told["metrics"]["pass_hat_k"]["n"] == 12


def test_a_limit_draws_the_same_items_for_every_candidate_and_replies_stay_inert(bench, tmp_path):
    evil = "\x1b]0;owned\x07\x1b[31m42\u202e"
    written(tmp_path / "s", [item(n) for n in range(40)])
    with StubServer(answering(evil, model=evil)) as server:
        endpoints(tmp_path, server.url)
        done = bench(*RUN, "--candidates", "stub,stub/few_shot", "--limit", "11", "--seed", "7")
    assert done.returncode == 0
    drawn = {name: {each["item"] for each in lines(tmp_path / "r") if each["candidate"] == name} for name in ("stub", "stub/few_shot")}  # fmt: skip
    assert len(drawn["stub"]) == 11
    assert drawn["stub"] == drawn["stub/few_shot"]
    shown = (done.stdout + done.stderr).splitlines()
    assert all(each.isprintable() for each in shown)
