"""llmock breaks the server and judges the client: its verdict on ours is clean, warnings included."""

import pytest

from tests.external.asked import run, trials
from tests.external.servers import llmock_server, needs_llmock

pytestmark = needs_llmock

ITEMS = 3
ANSWERED, AGAIN = ("answered", None, 1), ("answered", None, 2)


def fail(status, times=1, **more):
    return {"type": "fail", "status": status, "times": times} | more


def stream(kind, **more):
    return {"type": "stream_fault", "kind": kind, "after_chunks": 3, "times": 2} | more


SCENARIOS = {
    "rate-limit": (fail(429, 2, retry_after=1), [ANSWERED, AGAIN, AGAIN]),
    "rate-limit-precise": (fail(429, retry_after=0.4), [ANSWERED, ANSWERED, AGAIN]),
    "unavailable": (fail(503, 3), [AGAIN, AGAIN, AGAIN]),
    "server-error": (fail(500), [ANSWERED, ANSWERED, AGAIN]),
    "overloaded": (fail(529), [ANSWERED, ANSWERED, AGAIN]),
    "outage": (fail(503, None), [("failed", "server", 3)] * ITEMS),
    "bad-request": (fail(400), [ANSWERED, ANSWERED, ("failed", "bad_request", 1)]),
    "not-found": (fail(404, None), [("failed", "bad_request", 1)] * ITEMS),
    "stall": (stream("stall", stall_seconds=30), [ANSWERED, AGAIN, AGAIN]),
    "truncate": (stream("truncate"), [ANSWERED, AGAIN, AGAIN]),
    "disconnect": (stream("disconnect"), [ANSWERED, AGAIN, AGAIN]),
    "malformed": (stream("malformed"), [ANSWERED, AGAIN, AGAIN]),
    "nothing": (None, [ANSWERED] * ITEMS),
}
"""What happens to the three items of a model, and how they end: (state, failure, requests)."""

WIRES = {"openai": "/v1", "anthropic": "/anthropic"}


def queued(server, **only):
    for name, (behavior, _) in SCENARIOS.items():
        if behavior is not None and name in only.get("names", SCENARIOS):
            server.queue(behavior | {"match": {"model": name}})


def endpoints(server, wire, **limits):
    """One endpoint and one model a scenario; those about streams are streamed, and the first and the last, too."""
    return {
        name: {
            "adapter": wire,
            "base_url": server.address + WIRES[wire],
            "model": name,
            "stream": behavior is None or behavior["type"] == "stream_fault" or name == "outage",
            "limits": {"timeout_s": 3} | limits,
        }
        for name, (behavior, _) in SCENARIOS.items()
    }


@pytest.mark.parametrize("wire", WIRES)
def test_its_verdict_is_clean_whatever_it_breaks(wire, tmp_path):
    with llmock_server(tmp_path) as server:
        queued(server)
        done = run(tmp_path, endpoints(server, wire), items=ITEMS)
        requests, verdict = server.requests(), server.verdict()
    assert done.returncode == 3, done.stderr
    for name, (_, expected) in SCENARIOS.items():
        assert trials(tmp_path, name) == expected, name
        assert requests[name] == sum(attempts for _, _, attempts in expected), name
    assert verdict[0] == 0, verdict[1]
    assert "PASS" in verdict[1]


def test_its_verdict_can_condemn(tmp_path):
    """A client that is told to ask once gives up, and llmock says so: a clean verdict means something."""
    with llmock_server(tmp_path) as server:
        queued(server)
        done = run(tmp_path, endpoints(server, "openai", max_attempts=1), items=ITEMS)
        code, told = server.verdict()
    assert done.returncode == 3
    assert code == 1
    assert "gave_up" in told


def test_a_quota_that_refills_is_waited_for(tmp_path):
    """A hundred and twenty a minute: the last ten of 130 items find it spent and come back when they were told to."""
    with llmock_server(tmp_path, "--rpm", "120") as server:
        entry = {"base_url": f"{server.address}/v1", "model": "m"}
        limits = {"concurrency": 8, "max_attempts": 4}
        done = run(tmp_path, {"paced": entry | {"limits": limits}}, items=130)
        requests, (code, told) = server.requests(), server.verdict()
    found = trials(tmp_path, "paced")
    assert requests == {"m": sum(attempts for _, _, attempts in found)}
    assert code == 0, told
    assert max(attempts for _, _, attempts in found) > 1
    assert {(state, kind) for state, kind, _ in found} == {("answered", None)}
    assert done.returncode == 0, done.stderr
