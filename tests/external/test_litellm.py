"""The LiteLLM proxy in front of llama.cpp: both its routes, whole and streamed, its limit and its refusals."""

import pytest

from tests.e2e.command import judged
from tests.external.asked import exchanges, run, trials
from tests.external.servers import (
    MASTER_KEY,
    litellm_proxy,
    llama_server,
    needs_litellm,
    needs_llama,
)

pytestmark = [needs_llama, needs_litellm, pytest.mark.local_model]

ROUTES = ("openai", "openai-stream", "anthropic", "anthropic-stream")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """The proxy's address."""
    with llama_server() as llama, litellm_proxy(llama, tmp_path_factory.mktemp("log")) as address:
        yield address


def known(proxy, **more):
    return {"base_url": f"{proxy}/v1", "api_key_env": "KEY", "model": "small"} | more


@pytest.fixture(scope="module")
def ran(proxy, tmp_path_factory):
    """One run of every route, of the limit and of a key that the proxy cannot look up."""
    folder = tmp_path_factory.mktemp("litellm")
    endpoints = {
        route: known(
            proxy,
            adapter=route.partition("-")[0],
            base_url=proxy if route.startswith("anthropic") else f"{proxy}/v1",
            stream=route.endswith("stream"),
            params={"temperature": 0},
        )
        for route in ROUTES
    }
    endpoints["narrow"] = known(proxy, model="narrow")
    endpoints["stranger"] = known(proxy, api_key_env="WRONG_KEY")
    return folder, run(folder, endpoints, KEY=MASTER_KEY, WRONG_KEY="sk-wrong-0123456789abcdef")


@pytest.mark.parametrize("route", ROUTES)
def test_every_item_is_answered_by_one_request_with_the_tokens_it_took(ran, route):
    folder, done = ran
    found = trials(folder, route)
    assert len(found) == 3, done.stderr
    assert {(kind, requests) for _, kind, requests in found} == {(None, 1)}, done.stderr
    assert {state for state, _, _ in found} <= {"answered", "truncated"}
    for each in exchanges(folder, route):
        assert each["model"] == "small"
        assert not each.get("tokens_estimated", False)
        assert each["input_tokens"] > 10
        assert 1 <= each["output_tokens"] <= 16
        if route.endswith("stream"):
            assert 0 < each["ttft_s"] <= each["latency_s"]
        else:
            assert each.get("ttft_s") is None


def test_all_routes_say_the_same(ran):
    """One model decodes greedily behind each, so they differ in nothing but their wire."""
    folder, _ = ran
    texts = {route: sorted(each["text"] for each in exchanges(folder, route)) for route in ROUTES}
    assert all(found == texts["openai"] for found in texts.values())


def test_its_limit_is_waited_for_and_told_as_such(ran):
    """One a minute passes, or two where the minute ends meanwhile; its 429 names no time to come back."""
    folder, _ = ran
    found = trials(folder, "narrow")
    failed = [each for each in found if each[0] == "failed"]
    assert len(found) == 3
    assert 1 <= len(failed) <= 2
    assert failed == [("failed", "rate_limited", 3)] * len(failed)


def test_a_key_that_the_proxy_itself_holds_wrong_stops_its_endpoint_and_no_other(proxy, tmp_path):
    """The proxy passes on that its own key for one model is refused; the same client's other model goes on."""
    one_by_one = {"limits": {"concurrency": 1}}
    endpoints = {model: known(proxy, model=model, **one_by_one) for model in ("locked", "small")}
    done = run(tmp_path, endpoints, KEY=MASTER_KEY)
    assert done.returncode == 3
    assert "endpoint 'locked' was not asked further: HTTP 401: " in done.stderr
    assert trials(tmp_path, "locked") == [("failed", "auth", 1)]
    assert judged(tmp_path / "r", "locked")["trials"]["not_run"] == 2
    assert judged(tmp_path / "r", "small")["trials"]["failed"] == 0
    assert judged(tmp_path / "r", "small")["trials"]["not_run"] == 0


def test_a_key_that_it_cannot_look_up_is_a_bad_request_that_is_not_repeated(ran):
    """Without a database it answers 400 to any key but its own, which says nothing of the key."""
    folder, _ = ran
    assert trials(folder, "stranger") == [("failed", "bad_request", 1)] * 3
