import pytest

from bench.endpoints.completions import Completions, alpaca_prompt
from bench.errors import RequestFailure
from bench.types import Message
from tests.documented_wires import ASKED, asked, request, sse, text_chunks, text_completion
from tests.stub_server import StubServer

SHOWN = (
    ASKED[0],
    Message(role="user", content="1 + 1?"),
    Message(role="assistant", content="2"),
    ASKED[1],
)


def endpoint(server, **more):
    return Completions.model_validate({"base_url": server.url, "model": "m"} | more)


def sent(asking, **more):
    with StubServer(lambda *_: (200, {}, text_completion(" 42\n"))) as server:
        reply = asked(endpoint(server, **more), asking)
    assert server.paths == ["/v1/completions"]
    return reply, server.requests[0]


def test_turns_become_one_text_that_ends_where_the_answer_begins():
    reply, body = sent(request(SHOWN, stop=("【问】",)))
    assert reply.text == "42"
    assert body == {
        "model": "m",
        "temperature": 0,
        "prompt": "Answer with a number.\n\n【问】1 + 1?\n【答】2\n\n【问】How many?\n【答】",
        "max_tokens": 32,
        "stop": ["【问】", "【答】"],
    }


def test_the_opening_of_an_answer_is_given_and_comes_back_with_it():
    reply, body = sent(request(opening="Answer："))
    assert body["prompt"].endswith("【答】Answer：")
    assert body["stop"] == ["【问】", "【答】", "\n\n"]
    assert reply.text == "Answer： 42"


def test_alpaca_is_asked_as_it_was_trained():
    """https://github.com/tatsu-lab/stanford_alpaca, both of its prompts."""
    without = alpaca_prompt(ASKED[1:])
    assert without == (
        "Below is an instruction that describes a task. Write a response that appropriately completes the request."
        "\n\n### Instruction:\nHow many?\n\n### Response:"
    )
    assert alpaca_prompt(SHOWN) == (
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a response that appropriately completes the request."
        "\n\n### Instruction:\nAnswer with a number.\n\n### Input:\n1 + 1?\n\n### Response:\n2"
        "\n\n### Input:\nHow many?\n\n### Response:"
    )
    reply, body = sent(request(opening="Answer："), form="alpaca")
    assert body["prompt"].endswith("### Response:\nAnswer：")
    assert body["stop"] == ["### Instruction:", "### Input:", "\n\n"]
    assert reply.text == "Answer： 42"


def test_an_empty_continuation_is_an_empty_answer():
    with StubServer(lambda *_: (200, {}, text_completion(""))) as server:
        assert asked(endpoint(server)).text == ""
    body = sse(*text_chunks(""))
    with StubServer(lambda *_: (200, {"Content-Type": "text/event-stream"}, body)) as server:
        assert asked(endpoint(server, stream=True)).text == ""


def test_a_stream_asks_for_its_usage():
    with StubServer(lambda *_: (200, {}, text_completion())) as server:
        asked(endpoint(server, stream=True))
    assert server.requests[0]["stream_options"] == {"include_usage": True}


def test_choices_without_a_text_are_malformed():
    with (
        StubServer(lambda *_: (200, {}, {"choices": [{"index": 0}]})) as server,
        pytest.raises(RequestFailure) as caught,
    ):
        asked(endpoint(server))
    assert caught.value.kind == "malformed"


def test_the_official_client_reads_the_same_from_the_same_server():
    openai = pytest.importorskip("openai")
    headers = {"Content-Type": "application/json"}
    with StubServer(lambda *_: (200, headers, text_completion())) as server:
        with openai.OpenAI(base_url=server.url, api_key="k", max_retries=0) as client:
            theirs = client.completions.create(model="m", prompt="How many?")
        ours = asked(endpoint(server))
    assert (ours.text, ours.input_tokens) == (theirs.choices[0].text, theirs.usage.prompt_tokens)
