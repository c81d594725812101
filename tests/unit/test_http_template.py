import json
import time

import pytest
from pydantic import ValidationError

from bench.endpoints.file import load_endpoints
from bench.endpoints.http_template import HttpTemplate, TemplateWire
from bench.endpoints.json_paths import at, steps
from bench.errors import EndpointFileError, RequestFailure
from bench.types import Message
from tests.documented_wires import ASKED, PRODUCT, asked, product_reply, request, sse
from tests.stub_server import StubServer

EVENTS = {"Content-Type": "text/event-stream"}


def endpoint(server, **more):
    return HttpTemplate.model_validate({"base_url": server.url, **PRODUCT} | more)


def sent(asking=None, **more):
    with StubServer(lambda *_: (200, {}, product_reply())) as server:
        asked(endpoint(server, **more), asking or request())
    return server


def filled(template, asking=None, **more):
    return sent(asking, request=template, **more).requests[0]


def told(body, **more):
    with StubServer(lambda *_: (200, {}, body)) as server:
        return asked(endpoint(server, **more))


def kind_of(body, status=200, **more):
    with (
        StubServer(lambda *_: (status, {}, body)) as server,
        pytest.raises(RequestFailure) as caught,
    ):
        asked(endpoint(server, **more))
    return caught.value.kind


def test_a_string_that_is_one_expression_keeps_its_kind_and_any_other_is_text():
    template = {
        "n": "{{ max_tokens }}",
        "text": "at most {{ max_tokens }}",
        "turns": "{{ messages }}",
        "deep": [{"id": "{{ item }}", "of": "{{ input.place }}"}, 7, None, "as it is"],
        "calm": "{{ params.temperature + 1 }}",
        "list": "{{ stop }}",
    }
    body = filled(template, request(stop=("\n",)))
    assert body == {
        "n": 32,
        "text": "at most 32",
        "turns": [
            {"role": "system", "content": "Answer with a number."},
            {"role": "user", "content": "How many?"},
        ],
        "deep": [{"id": "i1", "of": "Ulm"}, 7, None, "as it is"],
        "calm": 1,
        "list": ["\n"],
    }


@pytest.mark.parametrize("text", ["42", "[1, 2]", "{{ max_tokens }}", "{% raw %}", "'quoted' \"text\" \\ \n"])  # fmt: skip
def test_a_prompt_stays_text_whatever_it_looks_like(text):
    turn = Message(role="user", content=text)
    body = filled({"q": "{{ prompt }}", "long": "Q: {{ prompt }}"}, request((turn,)))
    assert body == {"q": text, "long": f"Q: {text}"}


def test_instructions_are_never_lost():
    assert filled({"q": "{{ prompt }}"}) == {"q": "Answer with a number.\n\nHow many?"}
    apart = filled({"q": "{{ prompt }}", "s": "{{ system }}"})
    assert apart == {"q": "How many?", "s": "Answer with a number."}


def test_earlier_turns_stand_in_the_prompt_too():
    shown = (Message(role="user", content="1 + 1?"), Message(role="assistant", content="2"), ASKED[1])  # fmt: skip
    assert filled({"q": "{{ prompt }}"}, request(shown)) == {"q": "1 + 1?\n\n2\n\nHow many?"}


def test_a_field_that_an_item_lacks_is_a_failure_of_that_item_alone():
    with (
        StubServer(lambda *_: (200, {}, product_reply())) as server,
        pytest.raises(RequestFailure, match=r"'\{\{ input.colour \}\}'.*undefined") as caught,
    ):
        asked(endpoint(server, request={"q": "{{ input.colour }}"}))
    assert caught.value.kind == "bad_request"
    assert server.requests == []


def test_keys_reach_the_server_by_name_and_an_address_may_end_in_a_query(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "sk-canary-0123456789abcdef")
    more = {
        "secrets": ["SHOP_KEY"],
        "headers": {"X-Auth": "Key {{ env.SHOP_KEY }}", "X-Plain": "a"},
        "query": {"version": "2", "app": "{{ env.SHOP_KEY }}"},
        "request": {"q": "{{ prompt }}", "app_key": "{{ env.SHOP_KEY }}"},
    }
    server = sent(**more)
    assert server.headers[0]["X-Auth"] == "Key sk-canary-0123456789abcdef"
    assert server.headers[0]["X-Plain"] == "a"
    assert server.paths == ["/v1?version=2&app=sk-canary-0123456789abcdef"]
    assert server.requests[0]["app_key"] == "sk-canary-0123456789abcdef"
    identity = json.dumps(endpoint(server, **more).identity())
    assert "sk-canary" not in identity


def test_a_key_without_a_header_travels_as_usual(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "sk-canary-0123456789abcdef")
    headers = sent(api_key_env="SHOP_KEY").headers[0]
    assert headers["Authorization"] == "Bearer sk-canary-0123456789abcdef"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"headers": {"Authorization": "sk-1"}}, "headers: 'Authorization' is a key written out"),
        ({"headers": {"X-Any": "Bearer sk-1"}}, "headers: 'X-Any' is a key written out"),
        ({"request": {"a": [{"app_secret": "sk-1"}]}}, "request: 'app_secret' is a key written out"),
        ({"query": {"token": "sk-1"}}, "query: 'token' is a key written out"),
        ({"headers": {"X-Key": "{{ env.HOME }}"}}, "env.HOME is not among secrets"),
        ({"headers": {"X-Key": "{{ env['HOME'] }}"}}, "env.HOME is not among secrets"),
        ({"headers": {"X-Key": "{{ env[a] }}"}}, "no value is called 'a'"),
        ({"request": {"q": "{{ env[item] }}"}}, r"env.\? is not among secrets"),
        ({"headers": {"X-Id": "{{ item }}"}}, "headers: no value is called 'item'; known: env"),
        ({"request": {"q": "{{ promt }}"}}, "request: no value is called 'promt'"),
        ({"request": {"q": "{{ prompt"}}, "unexpected end of template"),
        ({"request": {"q": "{{ prompt + }}"}}, "'{{ prompt \\+ }}'"),
        ({"response": {"text": "a..b"}}, "'a..b' is no path"),
        ({"response": {"text": ""}}, "a path such as"),
        ({"stream": True, "events": None}, "stream: true needs events:"),
        ({"secrets": ["sk-1234"]}, "must be the name of an environment variable"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_when_the_file_is_read(more, said):
    with pytest.raises(ValidationError, match=said):
        HttpTemplate.model_validate({"base_url": "http://127.0.0.1:9/ask", **PRODUCT} | more)


@pytest.mark.parametrize("template", ["{{ ''.__class__.__mro__ }}", "{{ prompt.__init__.__globals__ }}", "{% for n in range(9) %}x{% endfor %}"])  # fmt: skip
def test_templates_reach_nothing_of_this_process(template):
    try:
        made = HttpTemplate.model_validate(
            {"base_url": "http://127.0.0.1:9/ask", **PRODUCT} | {"request": {"q": template}}
        )
    except ValidationError:
        return
    with pytest.raises(RequestFailure, match="the request template"):
        asked(made)


def test_parameters_that_no_template_asks_for_are_told():
    with StubServer() as server:
        made = endpoint(server, params={"temperature": 0, "max_tokens": 9})
        assert made.adjustments() == (
            "temperature: not sent, since the request template names no params",
        )
        asking = endpoint(
            server, params={"temperature": 1}, request={"q": "{{ prompt }}", "t": "{{ params }}"}
        )
        assert asking.adjustments() == ()
    asked_for = {"i": "{{ item }}", "t": "{{ params.temperature }}"}
    assert filled(asked_for, params={"temperature": 1})["t"] == 1


def test_the_smaller_cap_of_tokens_holds():
    asked_for = {"i": "{{ item }}", "n": "{{ max_tokens }}"}
    assert filled(asked_for, params={"max_tokens": 9})["n"] == 9


@pytest.mark.parametrize(
    ("code", "kind"), [(1001, "auth"), (1002, "quota_empty"), (1003, "rate_limited"), ("9999", "server")]
)  # fmt: skip
def test_an_error_within_a_good_status_is_typed_by_its_code(code, kind):
    assert kind_of({"status": code, "msg": "no"}) == kind
    assert told({"status": 2007, "msg": "no"}).finish == "content_filter"


def test_an_unknown_code_leaves_the_meaning_to_the_status():
    assert kind_of({"status": 9999}, status=403) == "auth"
    assert kind_of({"no": "code"}, status=429) == "rate_limited"


def test_without_error_paths_the_usual_forms_are_known():
    bare = {"errors": None}
    assert kind_of({"error": {"code": "insufficient_quota"}}, **bare) == "quota_empty"
    assert kind_of({"error": "no"}, **bare) == "server"
    assert told(product_reply() | {"error": "only a warning"}, **bare).text == "42"


def test_an_answer_that_was_cut_before_it_began_is_empty_and_no_failure():
    assert told({"status": 0, "data": {"why": "cut"}}).finish == "length"


@pytest.mark.parametrize("events", [{"text": "piece", "finish": "why"}, {"text": "piece", "done": "over"}, {"text": "piece"}])  # fmt: skip
def test_a_stream_knows_its_end_by_what_the_file_says(events):
    ends = {"finish": {"why": "done"}, "done": {"over": True}}
    last = next((end for name, end in ends.items() if name in events), "[DONE]")
    for parts, whole in (([{"piece": "4"}, {"piece": "2"}, last], True), ([{"piece": "4"}], False)):
        with StubServer(lambda *_, parts=parts: (200, EVENTS, sse(*parts))) as server:
            made = endpoint(server, stream=True, events=events)
            if whole:
                assert asked(made).text == "42"
                continue
            with pytest.raises(RequestFailure) as caught:
                asked(made)
            assert caught.value.kind == "transport"


def test_events_may_each_carry_the_whole_text_so_far():
    parts = [{"piece": "4"}, {"piece": "42"}, "[DONE]"]
    with StubServer(lambda *_: (200, EVENTS, sse(*parts))) as server:
        made = endpoint(server, stream=True, events={"text": "piece", "whole": True})
        assert asked(made).text == "42"


def test_an_error_in_a_stream_is_typed():
    for code, kind in ((1003, "rate_limited"), (2001, None)):
        body = sse({"piece": "4"}, {"status": code})
        with StubServer(lambda *_, body=body: (200, EVENTS, body)) as server:
            if kind is None:
                assert asked(endpoint(server, stream=True)).finish == "content_filter"
                continue
            with pytest.raises(RequestFailure) as caught:
                asked(endpoint(server, stream=True))
            assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.b[1].c", 7), ('a["x.y"]', 8), ("$", "all"), ("$.a.b[0]", None), ("a.b[9]", None), ("a.b.c", None), ("a[0]", None), ("a.gone.c", None)],
)  # fmt: skip
def test_a_path_leads_to_what_stands_there_or_to_nothing(path, found):
    body = {"a": {"b": [None, {"c": 7}], "x.y": 8}}
    assert at(body, path) == (body if found == "all" else found)


@pytest.mark.parametrize("path", ["", "a b", "a[", "a[x]", "a[-1]", "a..b", "a.", "a]"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="path"):
        steps(path)


def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "endpoints.yaml"
    path.write_text(
        "endpoints:\n  shop:\n    adapter: http\n    base_url: http://127.0.0.1:9/ask\n"
        "    request: {q: '{{ promt }}'}\n    response: {text: data}\n"
    )
    with pytest.raises(
        EndpointFileError, match=r"endpoints\.yaml:2:3: endpoints\.shop: request: no value"
    ):
        load_endpoints(path)


def test_choices_of_a_product_of_its_own_are_no_second_answer():
    body = {"status": 0, "data": {"text": "42"}, "quiz": [{"choices": [1]}, {"choices": [2]}]}
    assert told(body, response={"text": "data.text"}).text == "42"


def test_what_comes_after_the_end_of_a_stream_is_not_read():
    body = sse({"piece": "42"}, "[DONE]", {"piece": "43"}, "no JSON")
    with StubServer(lambda *_: (200, EVENTS, body)) as server:
        assert asked(endpoint(server, stream=True, events={"text": "piece"})).text == "42"


def test_a_stream_of_many_pieces_is_read_in_proportion_to_them():
    told = {"base_url": "http://127.0.0.1:9", **PRODUCT, "events": {"text": "piece"}}
    stream = TemplateWire(HttpTemplate.model_validate(told), None).stream()
    started = time.process_time()
    for _ in range(160_000):
        stream.feed(b'{"piece": "01234567890123456789"}')
    stream.feed(b"[DONE]")
    assert len(stream.reply().text) == 3_200_000
    assert time.process_time() - started < 8  # minutes where each piece copies those before it


def test_a_piece_that_is_no_text_is_malformed():
    body = sse({"piece": 4}, {"piece": "2"}, "[DONE]")
    with (
        StubServer(lambda *_: (200, EVENTS, body)) as server,
        pytest.raises(RequestFailure, match="not text") as caught,
    ):
        asked(endpoint(server, stream=True, events={"text": "piece"}))
    assert caught.value.kind == "malformed"


def test_a_template_that_asks_every_case_the_same_is_refused():
    told = {
        "base_url": "http://127.0.0.1:9/ask",
        "request": {"q": "hello"},
        "response": {"text": "a"},
    }
    with pytest.raises(ValidationError, match="every case would ask the same"):
        HttpTemplate.model_validate(told)
