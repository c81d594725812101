import base64
import json
from urllib.parse import quote

import pytest

from bench.endpoints.seam import Reply
from bench.endpoints.secrets import hidden, names_a_key, remember, secret, without_keys
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
        json.dumps({"echo": KEY}).replace("/", "\\/"),  # as PHP writes it
        json.dumps({"echo": KEY}).replace("&", "\\u0026"),  # as Go does
        f'"{KEY.translate({ord(each): f"{chr(92)}u{ord(each):04X}" for each in "&+" + chr(34)})}"',  # as .NET does
        base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode(),
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


def test_a_short_key_changes_no_answer():
    remember("42x")
    assert hidden("it is 42x") == "it is [key]"
    assert hidden("it is 42x", answer=True) == "it is 42x"


@pytest.mark.parametrize(
    "within", ["\u200b", "\ufeff", "\u00ad", "\x00", "\x1b[31m", "\u202e", "\U000e0041"]
)
def test_a_key_that_a_page_would_put_together_is_hidden(within):
    echoed = f"before {KEY[:9]}{within}{KEY[9:]} after"
    assert hidden(echoed) == "before [key] after"
    assert hidden(f"no{within}key") == f"no{within}key"


def test_no_part_of_a_reply_shows_a_key():
    shown = without_keys(Reply(text=KEY, model=KEY, reasoning=f"a {KEY}"))
    assert (shown.text, shown.model, shown.reasoning) == ("[key]", "[key]", "a [key]")
    assert without_keys(Reply("x")).model is None


@pytest.mark.parametrize(
    "name",
    [
        *("api_key", "apikey", "X-API-Key", "X-Auth-Token", "x-token", "token", "key", "app_key"),
        *("client_secret", "Authorization", "proxy-authorization", "Cookie", "password"),
    ],
)
def test_a_name_of_a_key_is_known_however_it_is_written(name):
    assert names_a_key(name)


@pytest.mark.parametrize(
    "name", ["max_tokens", "api_key_env", "prompt_cache_key", "stop_token_ids", "user", "X-App-Id"]
)
def test_what_only_sounds_like_a_key_is_none(name):
    assert not names_a_key(name)


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
