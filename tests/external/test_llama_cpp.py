"""llama.cpp's own server: whole replies, streams, and a key that it refuses."""

import pytest

from tests.e2e.command import judged
from tests.external.asked import exchanges, run, trials
from tests.external.servers import LLAMA_KEY, llama_server, needs_llama

pytestmark = [needs_llama, pytest.mark.local_model]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run: a whole reply, a stream, and a wrong key."""
    folder = tmp_path_factory.mktemp("llama")
    with llama_server() as address:
        known = {"base_url": f"{address}/v1", "model": "gemma", "api_key_env": "KEY"}
        endpoints = {
            "whole": known,
            "streamed": known | {"stream": True, "limits": {"concurrency": 1, "max_attempts": 1}},
            "stranger": known | {"api_key_env": "WRONG_KEY", "limits": {"concurrency": 1}},
        }
        done = run(folder, endpoints, KEY=LLAMA_KEY, WRONG_KEY="sk-wrong-0123456789abcdef")
    return folder, done


@pytest.mark.parametrize("candidate", ["whole", "streamed"])
def test_every_item_is_answered_by_one_request_with_the_tokens_it_took(ran, candidate):
    folder, done = ran
    found = trials(folder, candidate)
    assert len(found) == 3, done.stderr
    assert {(kind, requests) for _, kind, requests in found} == {(None, 1)}
    assert {state for state, _, _ in found} <= {"answered", "truncated"}
    for each in exchanges(folder, candidate):
        assert not each.get("tokens_estimated", False)
        assert each["input_tokens"] > 10
        assert 1 <= each["output_tokens"] <= 16


def test_a_stream_says_the_same_as_a_whole_reply(ran):
    """Both decode greedily, so the server's answers differ in nothing but how they come."""
    folder, _ = ran
    texts = {
        name: [(each["text"], each["output_tokens"]) for each in exchanges(folder, name)]
        for name in ("whole", "streamed")
    }
    assert sorted(texts["whole"]) == sorted(texts["streamed"])


def test_a_stream_tells_its_time_to_first_token(ran):
    folder, _ = ran
    assert all(each.get("ttft_s") is None for each in exchanges(folder, "whole"))
    for each in exchanges(folder, "streamed"):
        assert 0 < each["ttft_s"] <= each["latency_s"]
    assert judged(folder / "r", "streamed")["latency_s"]["ttft_p95"] > 0
    assert judged(folder / "r", "whole")["latency_s"]["ttft_p95"] is None


def test_a_wrong_key_stops_its_endpoint_at_once_and_no_other(ran):
    folder, done = ran
    assert done.returncode == 3
    assert "endpoint 'stranger' was not asked further: HTTP 401: " in done.stderr
    assert trials(folder, "stranger") == [("failed", "auth", 1)]
    assert judged(folder / "r", "stranger")["trials"]["not_run"] == 2
