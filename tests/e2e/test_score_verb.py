import json
from shutil import copytree

import jsonschema
import pytest
import yaml

from tests.e2e.command import (
    command,
    complaint,
    judged,
    last_line,
    lines,
    states,
    summary,
    together,
)
from tests.small_suite import item, written

FAILED = {"planned": 12, "answered": 9, "refused": 0, "truncated": 0, "failed": 3, "not_run": 0}
TABLE = "no,question,answer,channel\n1/a,question 1?,42,web\n2,question 2?,43,desk\n3,question 3?,042,web\n"
FIELDS = {
    "id": "no",
    "input": {"question": "question"},
    "reference": {"answer": "answer"},
    "tags": {"channel": {"column": "channel", "names": {"web": "online"}}},
}


def answers(path, numbers, output="42", **more):
    told = [{"item": f"i{number}", "output": output} | more for number in numbers]
    path.write_text("".join(json.dumps(each) + "\n" for each in told), encoding="utf-8")


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A folder in which three candidates were scored: one wrong, one incomplete, one without fault."""
    folder = tmp_path_factory.mktemp("scored")
    written(folder / "s")
    answers(folder / "wrong.jsonl", range(12), "41", model="m-1", output_tokens=3, latency_s=2.5)
    answers(folder / "some.jsonl", range(9))
    answers(folder / "right.jsonl", range(12))
    named = ("--answers", "wrong.jsonl", "--answers", "partly=some.jsonl", "--answers", "right.jsonl")  # fmt: skip
    return folder, command(folder, "score", "s", *named, "--out", "r", "--lang", "en")


def test_answers_made_elsewhere_get_the_reports_of_a_run(scored):
    folder, done = scored
    assert "Way of working" in done.stdout
    for name in ("run.json", "answers.jsonl", "scores.jsonl", "summary.json", "report.md", "report.html"):  # fmt: skip
        assert (folder / "r" / name).stat().st_size > 0
    assert list(summary(folder / "r")["suites"]["small"]["candidates"]) == ["wrong", "partly", "right"]  # fmt: skip
    assert judged(folder / "r", "right")["outcomes"]["accept"] == 1
    assert judged(folder / "r", "wrong")["outcomes"]["harm"] == 1
    assert judged(folder / "r", "wrong")["latency_s"]["p50"] == 2.5
    assert judged(folder / "r", "right")["latency_s"]["p50"] is None


def test_an_item_without_an_answer_is_a_failure_and_the_last_line_counts_them(scored):
    folder, done = scored
    told = "3 of 36 trials have no answer and count as failures: partly 3; add them and score into another --out"  # fmt: skip
    assert last_line(done) == told
    assert judged(folder / "r", "partly")["trials"] == FAILED
    assert judged(folder / "r", "partly")["coverage"] == 0.75
    assert judged(folder / "r", "partly")["outcomes"]["accept"] == 1  # of those that have one


def test_the_run_can_be_reported_rescored_and_continued(scored, tmp_path):
    folder, _ = scored
    copytree(folder, tmp_path, dirs_exist_ok=True)
    for name in ("wrong", "some", "right"):  # the run holds what it needs
        (tmp_path / f"{name}.jsonl").unlink()
    before = summary(tmp_path / "r")
    reported = command(tmp_path, "report", "r", "--lang", "en")
    rescored = command(tmp_path, "rescore", "r", "--lang", "en")
    assert (reported.returncode, rescored.returncode) == (0, 0), reported.stderr + rescored.stderr
    assert summary(tmp_path / "r")["suites"] == before["suites"]
    again = command(tmp_path, "run", "--resume", "--retry-failed", "--out", "r")
    assert last_line(again).startswith("failed trials: 3, ")
    assert len(lines(tmp_path / "r")) == 36


def test_repeats_come_from_the_answers(bench, tmp_path):
    written(tmp_path / "s", [item(0), item(1)])
    told = [{"item": f"i{n % 2}", "repeat": n // 2, "output": "42"} for n in range(4)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    done = bench("score", "s", "--answers", "a.jsonl", "--out", "r")
    assert done.returncode == 0, done.stderr
    assert judged(tmp_path / "r", "a")["trials"]["planned"] == 4


def table_suite(folder, text=TABLE):
    """A suite made of a table, without a line of code and without a file of items."""
    items = {"data": "../table.csv", "map": FIELDS}

    def change(told):
        told["items"] = items
        told["slices"] = {"channel": {"title": {"zh": "渠道", "en": "channel"}}}

    path = written(folder / "s", change=change)
    (folder / "s" / "items.jsonl").unlink()
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return path


def test_a_table_becomes_a_suite_and_its_own_ids_name_the_answers(bench, tmp_path):
    table_suite(tmp_path)
    told = "item,output,latency_s\n1/a,42,0.5\n2,43,\n3,42,1\n"
    (tmp_path / "answers.csv").write_text(told, encoding="utf-8")
    planned, done = together(
        lambda: bench("plan", "s", "--candidates", "baseline"),
        lambda: bench("score", "s", "--answers", "desk=answers.csv", "--out", "r", "--lang", "en"),
    )
    assert planned.stdout.splitlines()[-1].startswith("3 trials.")
    assert done.returncode == 0, done.stderr
    assert states(tmp_path / "r").keys() == {"1-a", "2", "3"}
    labels = {row["item"]: row["scores"]["right"]["label"] for row in lines(tmp_path / "r", "scores.jsonl")}  # fmt: skip
    assert labels == {"1-a": "right", "2": "right", "3": "wrong"}  # 042 stays text
    assert "online" in done.stdout + (tmp_path / "r" / "report.md").read_text(encoding="utf-8")


def test_an_output_that_is_null_is_no_answer(bench, tmp_path):
    written(tmp_path / "s", [item(0), item(1)])
    (tmp_path / "a.jsonl").write_text(
        '{"item": "i0", "output": "42", "suite": null}\n{"item": "i1", "output": null}\n'
        '{"item": "q", "output": "1", "suite": "other"}\n'
    )
    done = bench("score", "s", "--answers", "a.jsonl", "--out", "r")
    assert last_line(done).startswith("1 of 2 trials have no answer and count as failures: a 1;")
    assert states(tmp_path / "r") == {"i0": "answered", "i1": "failed"}


MISTAKES = {
    "an item that is not there": (("odd.jsonl",), "odd.jsonl:2:1: 1.item: suite 'small' has no item 'i_11'; did you mean 'i11'?"),
    "an item like no other": (("far.jsonl",), "far.jsonl:1:1: 0.item: suite 'small' has no item '张三'"),
    "an answer given twice": (("twice.jsonl",), "twice.jsonl:3:1: 1: line 1 answers 'i1' already; keep one"),
    "an answer without an item": (("none.jsonl",), "none.jsonl:1:1: 0: 'item' is missing"),
    "a misspelt key": (("key.jsonl",), "key.jsonl:1:1: 0.ouput: unknown key; did you mean 'output'? (and 1 more)"),
    "a line that is no mapping": (("list.jsonl",), "list.jsonl:1:1: 0: a mapping expected, got [1]"),
    "answers to another suite": (("other.jsonl",), "other.jsonl: holds no answer to suite 'small'"),
    "answers that are not there": (("nowhere.jsonl",), "nowhere.jsonl: no such file"),
    "answers of another kind": (("s/suite.yaml",), "s/suite.yaml: '.yaml' is no kind of data that is read; save it as one of "),
    "one name twice": (("good.jsonl", "./good.jsonl"), "--answers: two candidates are called 'good'; write NAME=FILE"),
    "a name with a slash": (("a/b=good.jsonl",), "--answers a/b=good.jsonl: a candidate's name holds no slash and no comma; write NAME=FILE"),
    "no name at all": (("=good.jsonl",), "--answers =good.jsonl: a candidate's name holds no slash"),
    "no answers": ((), "Missing option '--answers'."),
}  # fmt: skip
TOLD = {
    "good": '{"item": "i1", "output": "42"}',
    "odd": '{"item": "i1", "output": "42"}\n{"item": "i_11", "output": "42"}',
    "far": '{"item": "张三", "output": "42"}',
    "twice": '{"item": "i1", "output": "42"}\n\n{"item": "i1", "output": "42"}',
    "none": '{"output": "42"}',
    "key": '{"item": "i1", "ouput": "42"}',
    "list": "[1]",
    "other": '{"item": "i1", "output": "42", "suite": "big"}',
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Every mistake made once, two at a time: its name -> the command that ended."""
    folder = tmp_path_factory.mktemp("refused")
    written(folder / "s")
    for name, text in TOLD.items():
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")

    def made(files):
        options = [part for file in files for part in ("--answers", file)]
        return lambda: command(folder, "score", "s", *options, "--out", "r")

    done = together(*[made(files) for files, _ in MISTAKES.values()])
    return folder, dict(zip(MISTAKES, done, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_that_says_where_what_and_what_to_do(refused, mistake):
    _, done = refused
    assert complaint(done[mistake]).startswith(MISTAKES[mistake][1])


def test_a_mistake_leaves_no_run_behind(refused):
    folder, _ = refused
    assert not (folder / "r").exists()


def test_a_run_is_not_written_over(scored):
    folder, _ = scored
    before = {path: path.read_bytes() for path in (folder / "r").rglob("*") if path.is_file()}
    done = command(folder, "score", "s", "--answers", "right.jsonl", "--out", "r")
    assert complaint(done) == "r: holds a run already; choose another --out"
    assert {path: path.read_bytes() for path in before} == before


def test_an_endpoint_file_is_not_written_over(bench, tmp_path):
    written(tmp_path / "s")
    (tmp_path / "a.jsonl").write_text(TOLD["good"])
    (tmp_path / "endpoints.yaml").write_text("endpoints: {}\n")
    done = bench("score", "s", "--answers", "a.jsonl", "--out", ".")
    assert complaint(done) == "endpoints.yaml: stands there already; choose another --out"
    assert (tmp_path / "endpoints.yaml").read_text() == "endpoints: {}\n"


def test_the_schema_of_suites_knows_data_and_lists_of_files(bench, tmp_path):
    schema = json.loads(bench("schema", "suite").stdout)
    suite = yaml.safe_load(table_suite(tmp_path).read_text(encoding="utf-8"))
    check = jsonschema.Draft202012Validator(schema)
    hub = {"name": "org/set", "split": "test", "config": None}
    for items in (
        suite["items"],
        "items.yaml",
        ["items/a.yaml", "items/b.jsonl"],
        {"data": ["a.csv", "b.parquet"], "map": "tatqa", "limit": 5, "where": {"kind": ["1"]}},
        {"data": hub, "map": "instruction"},
        {"data": "a.csv", "map": FIELDS | {"id": {"template": "{{ no }}"}, "each": "rows"}},
    ):
        check.validate(suite | {"items": items})
    for items in (
        {"data": "a.csv"},
        {"data": "a.csv", "map": "tatq"},
        {"data": "a.csv", "map": {"id": "no"}},
        {"data": "a.csv", "map": FIELDS | {"id": {"template": "x", "column": "no"}}},
        {"data": "a.csv", "map": FIELDS, "limit": 0},
        {"data": {"name": "org/set"}, "map": FIELDS},
        3,
    ):
        with pytest.raises(jsonschema.ValidationError):
            check.validate(suite | {"items": items})
