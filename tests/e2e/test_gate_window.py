"""`bench gate RUN --window N` over runs of a stub server whose model, or what it says, changes."""

import json
from datetime import UTC, datetime

import pytest

from tests.e2e.command import complaint, number, until
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS = 24


class Server:
    """What the stub server is today: the `model` that it names, and the items that it answers otherwise."""

    def __init__(self):
        self.model, self.otherwise = "stub-1", frozenset()

    def __call__(self, _, body):
        told = "43" if number(body) in self.otherwise else "42"
        return 200, {}, completion(told, model=self.model)


@pytest.fixture
def server(tmp_path):
    """A suite of 24 items, an endpoint at temperature 0, and the server behind it, to be changed between runs."""
    behave = Server()
    written(tmp_path / "s", [item(at) for at in range(ITEMS)])
    with StubServer(behave) as stub:
        endpoints(tmp_path, stub.url, params={"temperature": 0})
        yield behave


@pytest.fixture
def asked(bench, tmp_path):
    """`asked(name)` runs the suite into a folder of that name, in a second that no other run began in."""

    def ask(name, *more):
        began = datetime.now(UTC).replace(microsecond=0)
        done = bench("run", "s", "--endpoints", "endpoints.yaml", "--out", name, *more)
        assert done.returncode == 0, done.stderr
        until(lambda: datetime.now(UTC).replace(microsecond=0) > began)

    return ask


def told(done):
    """What was printed, in one line of single blanks."""
    assert "Traceback" not in done.stderr
    return " ".join(done.stdout.split())


def test_the_same_model_is_steady_and_another_behind_the_same_name_fails(bench, server, asked):
    asked("a", "--no-cache")
    asked("b", "--no-cache")
    steady = bench("gate", "b", "--window", "5", "--lang", "en")
    assert steady.returncode == 0
    assert told(steady).startswith("STEADY: Small items · stub, 0% of answers differ between")
    server.otherwise = frozenset(range(12))
    asked("c", "--no-cache")
    drifted = bench("gate", "c", "--window", "5", "--lang", "en", "--markdown", "c.md")
    assert drifted.returncode == 1
    shown = told(drifted)
    assert shown.startswith("ANSWERS CHANGED: Small items · stub, 50% of answers differ between")
    assert "at temperature 0 and with the same prompt" in shown
    assert "before: 0%), so the model behind “stub” probably changed" in shown
    assert "value per 100 items fell by" in shown


def test_another_name_in_the_replies_fails_and_a_policy_may_let_it_pass(
    bench, server, asked, tmp_path
):
    asked("a")
    server.model = "stub-2"
    asked("b", "--no-cache")
    done = bench("gate", "b", "--window", "5", "--lang", "zh", "--markdown", "b.md")
    assert done.returncode == 1
    assert told(done).startswith("模型已换：小题 · stub，")
    assert "先前是 stub-1，现在是 stub-2" in told(done)
    assert (tmp_path / "b.md").read_text(encoding="utf-8").startswith("<!-- bench-gate-window -->")
    (tmp_path / "warn.yaml").write_text("policy: lenient\ndrift: warn\n", encoding="utf-8")
    lenient = bench("gate", "b", "--window", "5", "--policy", "warn.yaml")
    assert (lenient.returncode, lenient.stdout) == (0, done.stdout)


def test_answers_from_the_cache_tell_nothing_and_say_so(bench, server, asked):
    asked("a")
    server.otherwise = frozenset(range(12))
    asked("b")
    done = bench("gate", "b", "--window", "5", "--lang", "en")
    assert done.returncode == 4
    assert "came from the cache; run with --no-cache to watch a model" in told(done)


def test_a_prompt_that_changed_is_told_and_is_no_drift(bench, server, asked, tmp_path):
    asked("a")
    written(
        tmp_path / "s",
        [item(at) for at in range(ITEMS)],
        change=lambda suite: suite["prompt"].update(system="Answer otherwise."),
    )
    server.otherwise = frozenset(range(12))
    asked("b")
    done = bench("gate", "b", "--window", "5", "--lang", "en")
    assert done.returncode == 0
    assert told(done).startswith("CHANGED BY US: Small items · stub, the prompt changed between")


def test_a_window_needs_another_run_and_bears_what_lies_beside_it(bench, server, asked, tmp_path):
    asked("a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "outcomes.json").write_text("{", encoding="utf-8")
    (tmp_path / "c").symlink_to(tmp_path / "a")
    done = bench("gate", "a", "--window", "5", "--lang", "en")
    assert done.returncode == 4
    assert "no earlier run holds an answer that this candidate gave afresh" in told(done)
    assert "left out b/outcomes.json: not the outcomes of a run" in told(done)
    manifest = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    assert manifest["complete"]
    assert "--window" in complaint(bench("gate", "a", "--window", "1"))
    assert "no such file" in complaint(bench("gate", "none", "--window", "5"))
