import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.batch_server import BatchServer
from tests.e2e.command import (
    BENCH,
    RUN,
    complaint,
    judged,
    last_line,
    lines,
    number,
    states,
    surroundings,
    until,
)
from tests.small_suite import endpoints, written
from tests.stub_server import completion

BATCH = (*RUN, "--batch", "--batch-poll", "0.02")
LATER = ("run", "--resume", "--out", "r", "--batch", "--batch-poll", "0.02")
COLLECT = "bench run --resume --out r --batch"
PRICE = {"currency": "CNY", "input": 1000.0, "output": 2000.0}
KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def offered(tmp_path):
    """Write the suite and an endpoint of a server that takes requests by the file."""

    def offer(server, **more):
        written(tmp_path / "s")
        endpoints(tmp_path, server.url, batch=True, price=PRICE, **more)
        return tmp_path / "r"

    return offer


def test_a_batched_run_is_reported_at_half_price_and_without_a_latency(bench, offered):
    with BatchServer() as server:
        run = offered(server)
        done = bench(*BATCH, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert len(states(run)) == len(server.paid) == 12
    usage = judged(run)["usage"]
    # 12 requests of 10 and 5 tokens: 12 x (10 x 1000 + 5 x 2000) / 1e6 = 0.24, and half of that
    assert usage["cost"] == pytest.approx(0.12)
    assert all(value is None for value in judged(run)["latency_s"].values())
    assert (
        "0.5 times as much for requests that were handed over in a batch"
        in (run / "report.md").read_text()
    )
    assert "batch batch_1: completed, 12 of 12 done" in done.stderr


def test_a_plan_of_a_batch_costs_half(bench, offered):
    with BatchServer() as server:
        offered(server)
        told = [
            bench("plan", "s", "--endpoints", "endpoints.yaml", *more).stdout
            for more in ((), ("--batch",))
        ]
    usual, batched = (float(each.splitlines()[1].split()[6]) for each in told)
    assert batched == pytest.approx(usual / 2, abs=1e-4)
    assert server.calls == []


def test_handed_over_is_left_at_once_and_collected_later(bench, offered):
    with BatchServer() as server:
        run = offered(server)
        done = bench(*BATCH, "--batch-wait", "0")
        assert last_line(done) == (
            "12 trials have no answer, 1 batch(es) under way with the vendor; "
            f"go on with: {COLLECT}"
        )
        assert (server.count("POST", "/batches"), server.paid) == (1, [])
        done = bench(*LATER)
        assert done.returncode == 0, done.stderr
    assert len(states(run)) == len(server.paid) == 12
    assert server.count("POST", "/batches") == 1


def test_what_is_under_way_is_not_asked_as_usual_and_paid_for_twice(bench, offered, tmp_path):
    with BatchServer() as server:
        run = offered(server)
        path = tmp_path / "endpoints.yaml"
        told = yaml.safe_load(path.read_text())
        told["endpoints"]["other"] = told["endpoints"]["stub"] | {
            "model": "other",
            "price": dict(PRICE),
        }
        path.write_text(yaml.safe_dump(told))
        last_line(bench(*BATCH, "--batch-wait", "0"))
        refused = complaint(bench("run", "--resume", "--out", "r", "--quiet"))
        assert "collect them with --batch" in refused
        del told["endpoints"]["stub"]["batch"]
        path.write_text(yaml.safe_dump(told))
        refused = bench(*LATER).stderr
        assert "endpoint 'stub' has batches under way" in refused
    assert (server.asked_at_once, lines(run)) == ([], [])


def test_ctrl_c_leaves_the_batches_and_says_how_they_are_collected(bench, offered, tmp_path):
    with BatchServer(course=["in_progress"] * 10_000) as server:
        run = offered(server)
        process = subprocess.Popen(
            [*BENCH, *BATCH], cwd=tmp_path, env=surroundings(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        until(lambda: server.count("GET", "/batches") > 0)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        assert process.returncode == 130, told
        assert told.splitlines()[-1] == (
            "bench: interrupted; 12 trials owed, 1 batch(es) under way with the vendor; "
            f"go on with: {COLLECT}"
        )
        assert lines(run) == []
        server.course = []
        assert bench(*LATER).returncode == 0
    assert len(states(run)) == len(server.paid) == 12


@pytest.mark.parametrize(
    "point",
    [
        ("POST", "/files", 0),
        ("POST", "/batches", 0),
        ("GET", "/batches/batch_1", 0),
        ("GET", "/batches/batch_1", 3),
        ("GET", "/files/file-2/content", 0),
    ],
    ids=lambda point: "-".join(map(str, point)).replace("/", "_"),
)
@pytest.mark.parametrize("is_done", [True, False], ids=["done", "not_done"])
def test_a_kill_at_any_point_neither_pays_twice_nor_loses(bench, offered, tmp_path, point, is_done):
    running = []

    def kill(method, path, count):
        if (method, path, count) != point or not running:
            return None
        running.pop().kill()  # it is there: nothing is sent within the first tenth of a second
        return "lost" if is_done else (500, {}, b"")

    with BatchServer(fault=kill) as server:
        run = offered(server)
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        process = subprocess.Popen([*BENCH, *BATCH], cwd=tmp_path, env=surroundings(), **quiet)
        running.append(process)
        assert process.wait(30) == -signal.SIGKILL
        done = bench(*LATER)
        assert done.returncode == 0, done.stderr
    assert len(states(run)) == 12
    assert len(server.paid) == 12
    assert len(server.created) == 1


def test_failed_lines_are_asked_again_only_when_that_is_wished(bench, offered):
    answer = lambda body: (500, {}) if number(body) in (3, 4) else (200, completion())  # noqa: E731
    with BatchServer(answer=answer) as server:
        run = offered(server)
        done = bench(*BATCH)
        assert "failed trials: 2" in last_line(done)
        assert bench(*LATER).returncode == 3
        assert len(server.created) == 1
        server.answer = lambda _: (200, completion())
        assert bench(*LATER, "--retry-failed").returncode == 0
    assert set(states(run).values()) == {"answered"}
    assert sorted(number(body) for body in server.paid) == sorted([*range(12), 3, 4])


def test_expired_requests_are_owed_and_not_failed(bench, offered):
    with BatchServer(end="expired", line_error=lambda n: "batch_expired" if n > 8 else None) as server:  # fmt: skip
        run = offered(server)
        assert last_line(bench(*BATCH)).startswith("3 trials have no answer; go on with: ")
        assert set(states(run).values()) == {"answered"}
        server.end, server.line_error = "completed", lambda _: None
        assert bench(*LATER).returncode == 0
    assert len(states(run)) == len(server.paid) == 12


def test_a_batch_that_is_not_taken_is_told_with_the_vendors_reason(bench, offered):
    with BatchServer(end="failed") as server:
        offered(server)
        done = bench(*BATCH)
    assert last_line(done).startswith("12 trials have no answer; go on with: ")
    assert "'stub' was not asked further: batch batch_1 was not taken: token_limit_exceeded" in done.stderr  # fmt: skip


def test_nothing_beyond_the_budget_is_handed_over(bench, offered):
    with BatchServer() as server:
        run = offered(server)
        done = bench(*BATCH, "--budget", "0.0001")
    assert last_line(done).startswith("stopped before the budget was passed; 12 trials owed")
    assert (lines(run), server.calls) == ([], [])


def test_without_anybody_who_takes_files_one_line_says_what_to_do(bench, tmp_path):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1")
    assert "set batch: true on an endpoint" in complaint(bench(*BATCH))
    assert "go with --batch" in complaint(bench(*RUN, "--batch-wait", "0"))
    assert not (tmp_path / "r").exists()


def test_a_key_is_found_nowhere_after_a_batch(bench, offered, tmp_path):
    def faults(method, path, count):
        if method == "POST" and path == "/files":
            return None
        return (401, {}, {"error": {"message": f"key {KEY}", "code": "invalid_api_key"}})

    with BatchServer(fault=faults) as server:
        offered(server, api_key_env="MY_KEY")
        done = bench(*BATCH, MY_KEY=KEY)
    assert done.returncode == 3
    assert "invalid_api_key" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    for path in filter(Path.is_file, tmp_path.rglob("*")):
        assert KEY.encode() not in path.read_bytes(), path
