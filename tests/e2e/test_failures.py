import random
import threading
from collections import Counter

import yaml

from tests.e2e.command import (
    AGAIN,
    RUN,
    asked,
    command,
    failing_for,
    judged,
    last_line,
    lines,
    number,
    states,
    together,
)
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion


def test_failed_trials_are_counted_and_enter_no_mean(bench, tmp_path):
    """Of 24 items the odd ones fail for ever; item 0 is answered wrong, the other even ones right."""

    def behave(_, body):
        at = number(body)
        return (500, {}, {}) if at % 2 else (200, {}, completion("41" if at == 0 else "42"))

    items = [item(n) for n in range(24)]
    written(tmp_path / "s", items)
    written(tmp_path / "even", items[::2])
    with StubServer(behave) as server:
        endpoints(tmp_path, server.url, limits={"max_attempts": 1})
        half, alone = together(
            lambda: bench(*RUN),
            lambda: bench(
                "run", "even", "--endpoints", "endpoints.yaml", "--out", "alone", "--quiet"
            ),
        )
    cause = "failed trials: 12, 12 of them by server: HTTP 500: {}"
    assert last_line(half) == f"{cause}; ask them again with: {AGAIN} --retry-failed"
    assert alone.returncode == 0
    assert "12 trials" not in alone.stderr
    with_failures, without = judged(tmp_path / "r"), judged(tmp_path / "alone")
    trials = {
        "planned": 24,
        "answered": 12,
        "failed": 12,
        "truncated": 0,
        "refused": 0,
        "not_run": 0,
    }
    assert with_failures["trials"] == trials
    assert with_failures["failures"] == {"server": 12}
    assert (with_failures["coverage"], without["coverage"]) == (0.5, 1.0)
    assert with_failures["outcomes"] == without["outcomes"]
    assert with_failures["outcomes"]["accept"] == 11 / 12
    assert with_failures["value_per_case"]["value"] == without["value_per_case"]["value"]
    assert with_failures["verdict"]["decision"] == "iterate"
    assert [each["code"] for each in with_failures["verdict"]["reasons"]] == ["coverage"]
    assert "coverage" not in {each["code"] for each in without["verdict"]["reasons"]}


def test_a_port_that_does_not_answer_fails_every_trial_and_the_run_ends(bench, tmp_path):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1", limits={"max_attempts": 1})
    done = bench(*RUN)
    assert last_line(done).startswith("failed trials: 12, 12 of them by transport: ")
    assert last_line(done).endswith(f"; ask them again with: {AGAIN} --retry-failed")
    told = judged(tmp_path / "r")
    assert told["trials"]["failed"] == 12
    assert told["outcomes"] is None
    assert told["coverage"] == 0.0


def test_failed_trials_are_asked_max_attempts_times_and_again_only_by_retry_failed(bench, tmp_path):
    broken = {3, 5}
    written(tmp_path / "s")
    with StubServer(failing_for(lambda at: at in broken)) as server:
        endpoints(tmp_path, server.url, limits={"max_attempts": 2})
        assert bench(*RUN).returncode == 3
        assert sorted(asked(server)) == sorted([*range(12), 3, 5])
        before = {each["item"]: each for each in lines(tmp_path / "r")}
        assert {name for name in before if before[name]["attempts"] == 2} == {"i3", "i5"}
        broken.clear()
        server.requests.clear()
        resumed = bench("run", "--resume", "--out", "r")
        assert last_line(resumed).endswith("--retry-failed")
        assert asked(server) == []
        assert bench("run", "--resume", "--out", "r", "--retry-failed").returncode == 0
        assert sorted(asked(server)) == [3, 5]
    after = {each["item"]: each for each in lines(tmp_path / "r")}
    assert set(states(tmp_path / "r").values()) == {"answered"}
    assert {name for name in before if before[name] != after[name]} == {"i3", "i5"}
    assert judged(tmp_path / "r")["trials"]["answered"] == 12


def test_an_endpoint_that_refuses_the_key_stops_while_others_go_on(bench, tmp_path):
    good = "Bearer sk-right"

    def guarded(at, _):
        held = locked.headers[at].get("Authorization")
        return (200, {}, completion()) if held == good else (401, {}, b"\x1b[31mno such key\x07")

    written(tmp_path / "s")
    locked = StubServer(guarded)
    with locked, StubServer() as opened:
        entries = {
            "locked": {"base_url": locked.url, "api_key_env": "STUB_KEY", "limits": {"concurrency": 3}},
            "opened": {"base_url": opened.url},
        }  # fmt: skip
        told = {name: {"adapter": "openai", "model": "m"} | each for name, each in entries.items()}
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": told}))
        done = bench(*RUN, STUB_KEY="sk-wrong")
        assert AGAIN in last_line(done)
        assert "endpoint 'locked' was not asked further: HTTP 401: no such key" in done.stderr
        assert 1 <= len(locked.requests) <= 3
        assert len(opened.requests) == 12
        refused = judged(tmp_path / "r", "locked")["trials"]
        assert (refused["answered"], refused["failed"] + refused["not_run"]) == (0, 12)
        assert judged(tmp_path / "r", "opened")["trials"]["answered"] == 12
        mended = bench("run", "--resume", "--out", "r", STUB_KEY="sk-right")
        assert mended.returncode == 0, mended.stderr
        assert len(opened.requests) == 12
    assert judged(tmp_path / "r", "locked")["trials"]["answered"] == 12
    assert len(lines(tmp_path / "r")) == 24


def test_an_account_that_is_empty_for_one_model_stops_that_endpoint_alone(bench, tmp_path):
    """Vendors have quotas for single models, too: the other one of the same key goes on."""

    def guarded(_, body):
        if body["model"] == "open":
            return 200, {}, completion()
        return 402, {}, {"error": {"message": "no money left"}}

    written(tmp_path / "s")
    with StubServer(guarded) as server:
        shared = {"adapter": "openai", "base_url": server.url, "api_key_env": "STUB_KEY"}
        entries = {
            "poor": shared | {"model": "poor", "limits": {"concurrency": 1}},
            "open": shared | {"model": "open"},
        }
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": entries}))
        done = bench(*RUN, STUB_KEY="sk-shared")
    assert AGAIN in last_line(done)
    assert "endpoint 'poor' was not asked further: HTTP 402" in done.stderr
    trials = {name: judged(tmp_path / "r", name)["trials"] for name in entries}
    assert (trials["poor"]["failed"], trials["poor"]["not_run"]) == (1, 11)
    assert trials["open"]["answered"] == 12
    assert len(server.requests) == 13


def test_the_same_faults_give_the_same_table_one_at_a_time_and_sixteen_at_once(tmp_path):
    """What happens to the nth request for an item depends on the item and n alone."""
    faults = ["500", "429", "400", "gone", "nonsense", "tool calls", "good", "good", "good"]

    def scheduled():
        seen, lock = Counter(), threading.Lock()

        def behave(_, body):
            at = number(body)
            with lock:
                seen[at] += 1
                nth = seen[at]
            what = random.Random(f"7:{at}:{nth}").choice(faults)
            if what == "gone":
                return None
            if what == "tool calls":
                message = {"role": "assistant", "content": None, "tool_calls": [{}]}
                choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
                return 200, {}, completion() | {"choices": [choice]}
            if what in ("good", "nonsense"):
                return 200, {}, completion() if what == "good" else b"{"
            return int(what), {}, {}

        return StubServer(behave)

    servers = {1: scheduled(), 16: scheduled()}
    with servers[1], servers[16]:
        for at_once, server in servers.items():
            folder = tmp_path / str(at_once)
            written(folder / "s")
            endpoints(folder, server.url, limits={"concurrency": at_once, "max_attempts": 2})
        together(*(lambda n=n: command(tmp_path / str(n), *RUN) for n in servers))
    tables = [
        {
            each["item"]: (each["state"], each["attempts"], each.get("failure", {}).get("kind"))
            for each in lines(tmp_path / str(n) / "r")
        }
        for n in servers
    ]
    assert tables[0] == tables[1]
    assert len(tables[0]) == 12
    assert len({state for state, *_ in tables[0].values()}) == 2
    for n, server in servers.items():
        sent = Counter(asked(server))
        assert {f"i{at}": count for at, count in sent.items()} == {
            name: attempts for name, (_, attempts, _) in tables[0].items()
        }, n
