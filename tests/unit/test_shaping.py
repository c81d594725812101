import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.shaping import fitted, shaped, tokens, without_reasoning
from bench.errors import RequestFailure
from bench.types import Message


def turns(*told):
    return tuple(Message(role=role, content=content) for role, content in told)


def told(messages):
    return [(turn.role, turn.content) for turn in messages]


S, U, A = "system", "user", "assistant"


@pytest.mark.parametrize(
    ("quirks", "given_", "sent"),
    [
        (Quirks(), [(S, "s"), (U, "u")], [(S, "s"), (U, "u")]),
        (Quirks(system="fold"), [(S, "s"), (U, "u")], [(U, "s\n\nu")]),
        (Quirks(system="fold"), [(S, "s"), (U, "a"), (A, "b"), (U, "c")], [(U, "s\n\na"), (A, "b"), (U, "c")]),
        (Quirks(system="fold"), [(S, "s")], [(U, "s")]),
        (Quirks(system="fold"), [(U, "u")], [(U, "u")]),
        (Quirks(alternate=True), [(U, "a"), (U, "b")], [(U, "a\n\nb")]),
        (Quirks(alternate=True), [(S, "s"), (U, "a"), (A, "b"), (U, "c")], [(S, "s"), (U, "a"), (A, "b"), (U, "c")]),
        (Quirks(alternate=True, system="fold"), [(S, "s"), (S, "t"), (U, "a")], [(U, "s\n\nt\n\na")]),
    ],
)  # fmt: skip
def test_turns_are_put_as_the_vendor_takes_them(quirks, given_, sent):
    assert told(shaped(turns(*given_), quirks)) == sent


@pytest.mark.parametrize(
    ("quirks", "given_"),
    [
        (Quirks(alternate=True), [(U, "a"), (A, "b")]),
        (Quirks(alternate=True), [(A, "b"), (U, "a")]),
        (Quirks(max_messages=2), [(U, "a"), (A, "b"), (U, "c")]),
    ],
)
def test_a_conversation_that_a_vendor_would_refuse_is_not_sent(quirks, given_):
    with pytest.raises(RequestFailure) as caught:
        shaped(turns(*given_), quirks)
    assert caught.value.kind == "bad_request"


@given(st.lists(st.tuples(st.sampled_from([S, U, A]), st.text(min_size=1)), min_size=1, max_size=8))
def test_shaping_loses_no_word_and_leaves_no_two_neighbours_of_one_role(given_):
    quirks = Quirks(system="fold", alternate=True)
    try:
        sent = shaped(turns(*given_), quirks)
    except RequestFailure:
        return
    assert all(one.role != other.role for one, other in itertools.pairwise(sent))
    text = "\n\n".join(turn.content for turn in sent)
    assert sorted(text) == sorted("\n\n".join(content for _, content in given_))


@pytest.mark.parametrize(
    ("rule", "asked", "sent"),
    [
        (ParameterRule(min=0, max=1), 1.5, 1),
        (ParameterRule(min=0.1), 0, 0.1),
        (ParameterRule(above=0, below=2), 2, 1.99),
        (ParameterRule(above=0, below=1), 0, 0.01),
        (ParameterRule(min=0, max=1), 0.5, 0.5),
        (ParameterRule(max=1), "auto", "auto"),
    ],
)
def test_a_value_outside_the_bounds_is_put_inside_and_told(rule, asked, sent):
    found, notes = fitted({"x": asked}, {"x": rule})
    assert found == {"x": sent}
    assert notes == (() if asked == sent else (f"x: asked {asked}, sent {sent}",))


def test_what_is_fixed_or_refused_is_left_out_and_told_once():
    rules = {"temperature": ParameterRule(fixed=1), "top_p": ParameterRule(refused=True)}
    assert fitted({"temperature": 1, "top_p": 0.9}, rules) == (
        {},
        ("top_p: asked 0.9, not sent: refused by the vendor",),
    )


def test_output_tokens_keep_the_suite_cap_the_endpoint_cap_and_the_vendor_bounds():
    assert tokens(512, None, Quirks()) == 512
    assert tokens(512, 100, Quirks()) == 100
    assert tokens(1, None, Quirks(tokens_floor=2)) == 2
    assert tokens(512, None, Quirks(tokens_ceiling=400)) == 400


def test_a_chain_of_thought_stands_before_an_answer_or_it_is_none():
    assert without_reasoning("42", ("think",)) == ("42", "")
    assert without_reasoning("a <b> c", ("think",)) == ("a <b> c", "")
    assert without_reasoning("<thought>x</thought>42", ("think", "thought")) == ("42", "x")
    assert without_reasoning("42 <think>", ("think",)) == ("42 <think>", "")


def test_a_chain_of_thought_after_much_white_space_is_found_at_once():
    started = time.process_time()
    assert without_reasoning(" " * 50_000 + "<think>" + "x" * 50_000, ("think",))[0] == ""
    assert without_reasoning("\n" * 50_000 + "<think>a</think>\n42", ("think",)) == ("42", "a")
    assert time.process_time() - started < 1
