"""A schedule over every fault, asked whole and as a stream: exact states, exact requests, bounded time and memory."""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from tests.e2e.command import RUN, command, judged, lines
from tests.hostile.schedule import (
    CLOSING,
    MAX_ATTEMPTS,
    ROWS,
    STREAMED_WITHOUT_USAGE,
    right_answer,
    text_of,
    then_well,
)
from tests.hostile.server import TOOL, HostileServer
from tests.small_suite import written

pytestmark = pytest.mark.skipif(not TOOL, reason="BENCH_HOSTILE_SERVER names no fault server")

MIB = 1 << 20
PEAK_MEMORY = (sys.executable, str(Path(__file__).with_name("peak_memory.py")), "peak")
TIMEOUT_S = 6
LONGEST_S = 45
"""Three deadlines and the waits between them are 20 s; the rest is for a machine that has other work."""
MODELS = ("whole", "streamed")


@dataclass(frozen=True)
class Ran:
    """A command that ended. `requests` is the server's count, (model, item) -> requests."""

    folder: Path
    done: object
    requests: dict
    wall_s: float

    def answers(self, model):
        """Item -> what the journal holds of it."""
        return {
            each["item"]: each for each in lines(self.folder / "r") if each["candidate"] == model
        }

    def table(self):
        """(model, item) -> (state, failure, text, attempts, requests): everything that a fixed schedule fixes."""
        found = {}
        for model in MODELS:
            for item, each in self.answers(model).items():
                kind = each.get("failure", {}).get("kind")
                told = (each["state"], kind, each.get("text", ""), each["attempts"])
                found[model, item] = (*told, self.requests[model, item])
        return found


def planned(rows):
    """Item -> its row: every fault for ever, and every fault that is asked again followed by a good answer."""
    alone = {row.fault: row for row in rows}
    passing = {f"{row.fault}.ok": then_well(row) for row in rows if row.requests > 1}
    return alone | passing


LIMITED = tuple(row for row in ROWS if row.kind == "rate_limited")
PARTS = {
    "faults": planned(row for row in ROWS if row not in LIMITED),
    "limits": planned(LIMITED),
}
"""Two runs, since a server that refuses so often is asked more and more slowly, and the rest would wait with it."""


def asking(name):
    """An item whose prompt holds the server's tag."""
    plan = f"{name.removesuffix('.ok')},ok" if name.endswith(".ok") else name
    return {
        "id": name,
        "cluster": name,
        "input": {"question": f"[[id={name} plan={plan}]]"},
        "reference": {"answer": right_answer(name)},
    }


def ran(folder, part):
    written(folder / "s", [asking(name) for name in PARTS[part]])
    limits = {"concurrency": 400, "timeout_s": TIMEOUT_S, "max_attempts": MAX_ATTEMPTS}
    with HostileServer(folder / "server") as server:
        entry = {"adapter": "openai", "base_url": server.url, "limits": limits}
        entries = {
            model: entry | {"model": model, "stream": model == "streamed"} for model in MODELS
        }
        (folder / "endpoints.yaml").write_text(json.dumps({"endpoints": entries}))
        if part == "faults":
            server.pack_its_bomb()
        started = time.monotonic()
        done = command(folder, *RUN, "--quiet", wrapped=PEAK_MEMORY)
        return Ran(folder, done, server.requests(), time.monotonic() - started)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """(part, time) -> the run: the same schedule twice, each part and each time against a server of its own."""
    asked = list(product(PARTS, ("first", "again")))
    folders = [tmp_path_factory.mktemp("-".join(each)) for each in asked]
    with ThreadPoolExecutor(len(asked)) as pool:  # they wait most of the time
        ended = list(pool.map(ran, folders, [part for part, _ in asked]))
    for each in ended:
        assert each.done.returncode == 3, each.done.stderr
        assert "Traceback" not in each.done.stderr
    return dict(zip(asked, ended, strict=True))


@pytest.fixture(params=PARTS)
def part(request):
    return request.param


@pytest.fixture
def run(runs, part):
    return runs[part, "first"]


def test_the_schedule_holds_every_fault_that_the_server_knows(tmp_path):
    with HostileServer(tmp_path) as server:
        assert {row.fault for row in ROWS} | set(CLOSING) == server.faults()


@pytest.mark.parametrize("model", MODELS)
def test_every_fault_ends_in_its_state_after_exactly_its_requests(run, part, model):
    table = run.table()
    expected = {
        item: (row.state, row.kind, text_of(row, item), row.requests, row.requests)
        for item, row in PARTS[part].items()
    }
    found = {item: table.get((model, item)) for item in expected}
    differing = [item for item in expected if expected[item] != found[item]]
    shown = [f"{item}: expected {expected[item]}, found {found[item]}" for item in differing]
    assert not differing, "\n".join(shown)


@pytest.mark.parametrize("model", MODELS)
def test_every_planned_trial_is_in_one_state_and_the_states_sum_to_the_plan(run, part, model):
    trials = judged(run.folder / "r", model)["trials"]
    states = Counter(row.state for row in PARTS[part].values())
    counts = {state: states[state] for state in ("answered", "truncated", "refused", "failed")}
    assert {name: trials[name] for name in counts} == counts
    assert trials["planned"] == sum(counts.values())


def test_the_same_schedule_again_gives_the_same_table(runs, part):
    assert runs[part, "first"].table() == runs[part, "again"].table()


def test_no_redirect_is_followed(run):
    assert {model for model, _ in run.requests} == set(MODELS)
    assert not [item for _, item in run.requests if item.endswith("REDIRECTED")]


def test_a_run_ends_within_its_deadlines_and_300_mib(run):
    assert run.wall_s < LONGEST_S
    assert int((run.folder / "peak").read_text()) < 300 * MIB


@pytest.mark.parametrize("model", MODELS)
def test_tokens_are_estimated_and_marked_so_where_the_server_does_not_tell_them(runs, model):
    answers = runs["faults", "first"].answers(model)
    rows = [row for row in ROWS if row.state == "answered"]
    streamed = STREAMED_WITHOUT_USAGE if model == "streamed" else frozenset()
    expected = {row.fault: row.estimated or row.fault in streamed for row in rows}
    found = {
        fault: answers[fault]["exchanges"][0].get("tokens_estimated", False) for fault in expected
    }
    assert found == expected
    assert all(answers[fault]["exchanges"][0]["input_tokens"] > 0 for fault in expected)


def test_a_model_that_was_swapped_is_told(runs):
    told = json.loads((runs["faults", "first"].folder / "r" / "run.json").read_text())
    expected = {model: sorted({model, "silently-swapped-model"}) for model in MODELS}
    assert told["models_that_answered"] == expected


def test_a_stream_tells_when_its_first_piece_came_and_a_whole_reply_does_not(runs):
    run = runs["faults", "first"]
    late = {model: run.answers(model)["slow2"]["exchanges"][0] for model in MODELS}
    assert late["whole"].get("ttft_s") is None
    assert 2 <= late["streamed"].get("ttft_s", 0) <= late["streamed"]["latency_s"] < TIMEOUT_S
