import base64
import json
from urllib.parse import quote

import pytest

from bench.endpoints.secrets import hidden, hidden_bytes, remember, secret
from bench.errors import EndpointFileError

KEY = 'sk-a/b+c=d"e&f g?h-Zq7vXw9LrT2b'  # no key of anyone's


@pytest.fixture(autouse=True)
def remembered():
    remember(KEY)


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        json.dumps({"echo": KEY}),
        base64.b64encode(f"user:{KEY}".encode()).decode(),
        base64.b64encode(f"ab{KEY}z".encode()).decode(),
        base64.b64encode(KEY.encode()).decode(),
    ],
)
def test_a_key_is_hidden_in_every_form_that_it_travels_in(form):
    told = hidden(f"before {form} after")
    assert "[key]" in told
    assert told.startswith("before ")
    assert told.endswith(" after")
    for part in (KEY, quote(KEY, safe=""), json.dumps(KEY)[1:-1]):
        assert part not in told
    assert hidden_bytes(form.encode()).count(b"[key]") >= 1


def test_a_short_key_changes_no_answer():
    remember("42x")
    assert hidden("it is 42x") == "it is [key]"
    assert hidden("it is 42x", answer=True) == "it is 42x"
    assert hidden_bytes(b"it is 42x", answer=True) == b"it is 42x"


@pytest.mark.parametrize(
    ("value", "told"),
    [("", "is not set"), ("  ", "is not set"), ("schlüssel", "no header"), ("a\nb", "no header")],
)
def test_a_key_that_cannot_be_used_is_told_without_being_shown(monkeypatch, value, told):
    monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(EndpointFileError, match=told) as caught:
        secret("SOME_KEY")
    assert "SOME_KEY" in str(caught.value)
    assert not value.strip() or value not in str(caught.value)


def test_of_a_key_within_a_key_nothing_is_left_over():
    remember("inner-Zq7vXw9LrT2b")
    remember("outer.inner-Zq7vXw9LrT2b.outer")
    assert hidden("a outer.inner-Zq7vXw9LrT2b.outer b inner-Zq7vXw9LrT2b c") == "a [key] b [key] c"
