"""vLLM and Ollama."""

import asyncio
import json
import threading

import pytest

from bench.endpoints.ollama import Ollama
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.served import Named
from bench.endpoints.transport import Outgoing, open_http
from bench.endpoints.vllm import Vllm, model_ids
from bench.errors import RequestFailure
from bench.types import Message
from tests.documented_wires import asked, lines, ollama_chat, ollama_lines, png_url, request
from tests.stub_server import StubServer, completion


def vllm(server, **more):
    return Vllm.model_validate({"base_url": server.url, "model": "m"} | more)


def ollama(server, **more):
    url = server.url.removesuffix("/v1")
    return Ollama.model_validate({"base_url": url, "model": "m"} | more)


def failure(endpoint, *requests):
    with pytest.raises(RequestFailure) as caught:
        asked(endpoint, *requests)
    return caught.value


def test_both_are_found_on_this_machine_without_being_told():
    assert Vllm(model="m").base_url == "http://127.0.0.1:8000/v1"
    assert Ollama(model="m").base_url == "http://127.0.0.1:11434"
    at_the_chat_wire = Ollama(base_url="http://127.0.0.1:11434/v1", model="m")
    assert at_the_chat_wire == Ollama(model="m")


def test_parameters_of_vllm_itself_are_sent_as_they_are():
    """https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html, extra parameters."""
    params = {
        "chat_template_kwargs": {"enable_thinking": False},
        "structured_outputs": {"choice": ["1", "2"]},
        "top_k": 20,
    }
    with StubServer() as server:
        assert asked(vllm(server, params=params)).text == "42"
    assert server.requests[0].items() >= params.items()
    assert server.paths == ["/v1/chat/completions"]


MISSING = {"error": {"message": "The model `m` does not exist.", "type": "NotFoundError", "code": 404}}  # fmt: skip


def test_a_model_that_vllm_does_not_serve_is_told_with_those_that_it_does(monkeypatch):
    monkeypatch.setenv("STUB_KEY", "sk-0123456789abcdef")
    served = {"object": "list", "data": [{"id": "qwen3-8b"}, {"id": "glm-4"}]}
    with StubServer(lambda *_: (404, {}, MISSING), lambda _: served) as server:
        endpoint = vllm(server, api_key_env="STUB_KEY")
        found = failure(endpoint, request())
    assert found.kind == "bad_request"
    assert found.message.endswith("; 'm' is not served here; known: glm-4, qwen3-8b")
    assert server.paths == ["/v1/chat/completions", "/v1/models"]


def test_the_models_are_asked_for_once_a_line():
    with StubServer(lambda *_: (404, {}, MISSING), lambda _: {"data": [{"id": "n"}]}) as server:

        async def go():
            async with vllm(server).connect() as line:
                told = []
                for _ in range(3):
                    with pytest.raises(RequestFailure, match="is not served here") as caught:
                        await line.ask(request())
                    told.append(caught.value.message)
                return told

        assert len(set(asyncio.run(go()))) == 1
    assert server.paths.count("/v1/models") == 1


@pytest.mark.parametrize("listed", [{}, {"data": [{"id": "m"}]}, {"data": 5}, []])
def test_a_list_that_says_nothing_of_it_leaves_the_servers_own_words(listed):
    with StubServer(lambda *_: (404, {}, MISSING), lambda _: listed) as server:
        assert failure(vllm(server)).message.endswith('"code": 404}}')


def test_a_prompt_that_vllm_cannot_hold_is_too_long():
    text = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"
    error = {"error": {"message": text, "type": "BadRequestError", "param": None, "code": 400}}
    with StubServer(lambda *_: (400, {}, error)) as server:
        assert failure(vllm(server)).kind == "context_too_long"
    other = json.loads(json.dumps(error).replace("maximum context length", "temperature"))
    with StubServer(lambda *_: (400, {}, other)) as server:
        assert failure(vllm(server)).kind == "bad_request"


def test_ollama_is_asked_over_its_own_wire_and_nothing_of_a_prompt_is_cut():
    told = {"num_ctx": 8192, "keep_alive": "30m", "think": False, "params": {"top_k": 5, "format": "json"}}  # fmt: skip
    with StubServer(lambda *_: (200, {}, ollama_chat())) as server:
        asked(ollama(server, **told), request(stop=("\n",)))
    assert server.paths == ["/api/chat"]
    assert server.requests == [
        {
            "model": "m",
            "stream": False,
            "truncate": False,
            "shift": False,
            "format": "json",
            "keep_alive": "30m",
            "think": False,
            "messages": [
                {"role": "system", "content": "Answer with a number."},
                {"role": "user", "content": "How many?"},
            ],
            "options": {
                "temperature": 0,
                "top_k": 5,
                "num_ctx": 8192,
                "num_predict": 32,
                "stop": ["\n"],
            },
        }
    ]


def test_an_image_goes_to_ollama_as_bare_base64():
    shown = Message(role="user", content="How many?", images=(png_url(),))
    with StubServer(lambda *_: (200, {}, ollama_chat())) as server:
        asked(ollama(server, quirks={"images": True}), request((shown,)))
    (turn,) = server.requests[0]["messages"]
    assert turn["images"] == [png_url().partition(",")[2]]


@pytest.mark.parametrize(
    "error",
    ["the input length exceeds the context length",
     '{"error":{"code":400,"message":"request (2622 tokens) exceeds the available context size","type":"exceed_context_size_error"}}'],
)  # fmt: skip
def test_a_prompt_that_ollama_cannot_hold_is_too_long(error):
    with StubServer(lambda *_: (400, {}, {"error": error})) as server:
        assert failure(ollama(server)).kind == "context_too_long"


def test_a_model_that_ollama_lacks_is_told_with_those_that_it_has():
    gone = {"error": "model 'm' not found"}
    with StubServer(lambda *_: (404, {}, gone), lambda _: {"models": [{"name": "qwen3:8b"}]}) as server:  # fmt: skip
        assert failure(ollama(server)).message.endswith("'m' is not served here; known: qwen3:8b")
    with StubServer(lambda *_: (404, {}, gone), lambda _: {"models": []}) as server:
        assert failure(ollama(server)).message.endswith("; this server serves no model")
    assert server.paths == ["/api/chat", "/api/tags"]


def test_thoughts_are_kept_apart_however_ollama_tells_them():
    for chat in (ollama_chat(thinking="7 x 6"), ollama_chat("<think>7 x 6</think>42")):
        with StubServer(lambda *_, chat=chat: (200, {}, chat)) as server:
            reply = asked(ollama(server))
        assert (reply.text, reply.reasoning) == ("42", "7 x 6")


def test_an_error_in_a_stream_of_lines_is_the_servers():
    body = lines(*ollama_lines()[:1], {"error": "model runner has unexpectedly stopped"})
    with StubServer(lambda *_: (200, {"Content-Type": "application/x-ndjson"}, body)) as server:
        assert failure(ollama(server, stream=True)).kind == "server"


def test_tool_calls_alone_are_no_answer():
    calls = [{"function": {"name": "search", "arguments": {}}}]
    with StubServer(lambda *_: (200, {}, ollama_chat("", tool_calls=calls))) as server:
        assert failure(ollama(server)).kind == "no_text"


def test_the_official_client_of_ollama_reads_the_same_from_the_same_server():
    client = pytest.importorskip("ollama")
    headers = {"Content-Type": "application/json"}
    with StubServer(lambda *_: (200, headers, ollama_chat())) as server:
        with client.Client(host=server.url.removesuffix("/v1")) as official:
            theirs = official.chat(model="m", messages=[{"role": "user", "content": "How many?"}])
        ours = asked(ollama(server))
    assert (ours.text, ours.output_tokens) == (theirs.message.content, theirs.eval_count)


def test_vllm_speaks_the_chat_wire():
    with StubServer(lambda *_: (200, {}, completion("42", "length"))) as server:
        assert asked(vllm(server)).finish == "length"


class Impatient(Named):
    patience_s = 0.1


def test_a_list_that_does_not_come_changes_nothing_of_the_refusal():
    late = threading.Event()

    async def go(server):
        chat = OpenAIChat(base_url=server.url, model="m")
        async with chat.connect() as line, open_http(1) as http:
            listing = Outgoing(f"{server.url}/models", b"", method="GET")
            async with asyncio.timeout(1):
                await Impatient(line, http, listing, model_ids, "m").ask(request())

    with (
        StubServer(lambda *_: (404, {}, MISSING), lambda _: late.wait(2)) as server,
        pytest.raises(RequestFailure) as caught,
    ):
        asyncio.run(go(server))
    assert caught.value.kind == "bad_request"
    assert caught.value.message.endswith('"code": 404}}')


def test_of_long_names_only_the_beginning_is_told():
    names = {"data": [{"id": "x" * 100_000}, {"id": "y" * 100_000}]}
    with StubServer(lambda *_: (404, {}, MISSING), lambda _: names) as server:
        assert len(failure(vllm(server)).message) < 1_000
