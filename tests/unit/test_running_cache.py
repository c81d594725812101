import dataclasses
import sqlite3

import pytest

from bench.endpoints.seam import Case, Request
from bench.running.cache import Cache, request_key
from bench.types import Exchange, Message

REQUEST = Request(
    Case("s", "i", 0, {}), (Message(role="user", content="How many?"),), 16, ("\n",), "A:"
)
IDENTITY = b'{"model":"m"}'
GOOD = Exchange(
    text="42", model="m", input_tokens=3, output_tokens=1, latency_s=0.5, cost=0.01, attempts=2
)


def changed(**told):
    return dataclasses.replace(REQUEST, **told)


def turns(*told):
    return tuple(Message(role=role, content=content) for role, content in told)


@pytest.mark.parametrize(
    "other",
    [
        changed(messages=turns(("user", "How many ?"))),
        changed(messages=turns(("system", "How many?"))),
        changed(messages=turns(("user", "How many?"), ("user", ""))),
        changed(messages=turns(("user", "How"), ("user", " many?"))),
        changed(max_tokens=17),
        changed(stop=()),
        changed(stop=("\n", "")),
        changed(opening="B:"),
        changed(case=Case("s", "i", 1, {})),
        changed(case=Case("s", "i", 0, {"document": 7})),  # which templates and programs are sent
    ],
)
def test_a_request_that_differs_in_anything_that_is_sent_has_another_key(other):
    assert request_key(IDENTITY, other) != request_key(IDENTITY, REQUEST)


def test_another_endpoint_has_another_key():
    assert request_key(b'{"model":"n"}', REQUEST) != request_key(IDENTITY, REQUEST)


def test_the_same_request_has_the_same_key_whatever_case_it_was_made_for():
    """What the model never sees decides nothing: a suite's name, an item's."""
    other = changed(case=Case("another", "j", 0, {}, "baseline"))
    assert request_key(IDENTITY, other) == request_key(IDENTITY, REQUEST)


def test_a_good_reply_is_given_back_marked_as_cached(tmp_path):
    path = tmp_path / "deep" / "replies.sqlite"
    with Cache(path) as cache:
        assert cache.get(b"k") is None
        cache.put(b"k", GOOD)
        assert cache.get(b"k").exchange.cached
    with Cache(path) as again:
        assert again.get(b"k") == (GOOD.model_copy(update={"cached": True}), GOOD.latency_s)
        assert again.get(b"other") is None
        assert again.trouble is None


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_what_was_cut_or_filtered_is_not_kept(tmp_path, finish):
    with Cache(tmp_path / "c") as cache:
        cache.put(b"k", GOOD.model_copy(update={"finish": finish}))
        assert cache.get(b"k") is None


def test_without_a_path_nothing_is_kept():
    with Cache(None) as cache:
        cache.put(b"k", GOOD)
        assert cache.get(b"k") is None
        assert cache.trouble is None


def test_many_replies_outlive_the_batches_they_are_written_in(tmp_path):
    with Cache(tmp_path / "c") as cache:
        for number in range(450):
            cache.put(str(number).encode(), GOOD)
    with Cache(tmp_path / "c") as cache:
        assert all(cache.get(str(number).encode()) for number in range(450))


def test_a_file_that_is_no_cache_is_trouble_and_no_crash(tmp_path):
    path = tmp_path / "c"
    path.write_bytes(b"not a database at all, sorry" * 100)
    with Cache(path) as cache:
        cache.put(b"k", GOOD)
        assert cache.get(b"k") is None
        assert cache.trouble


def test_a_folder_that_cannot_be_made_is_trouble_and_no_crash(tmp_path):
    (tmp_path / "file").write_text("x")
    with Cache(tmp_path / "file" / "c") as cache:
        assert cache.get(b"k") is None
        assert cache.trouble


def test_a_cache_that_breaks_while_in_use_is_trouble_and_no_crash(tmp_path):
    path = tmp_path / "c"
    with Cache(path) as cache:
        cache.put(b"k", GOOD)
    with Cache(path) as cache:
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE replies")
        other.close()
        assert cache.get(b"k") is None
        assert "replies" in cache.trouble


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"txt": "x"}', b"\xff\xfe"])
def test_an_entry_that_cannot_be_read_is_asked_again_and_replaced(tmp_path, content):
    path = tmp_path / "c"
    with Cache(path) as cache:
        cache.put(b"k", GOOD)
    with sqlite3.connect(path) as file:
        file.execute("UPDATE replies SET exchange = ?", (content,))
    file.close()
    with Cache(path) as cache:
        assert cache.get(b"k") is None
        assert cache.trouble
        cache.put(b"k", GOOD)
    with Cache(path) as cache:
        assert cache.get(b"k").exchange.text == "42"


def test_the_machines_share_is_kept_beside_the_latency(tmp_path):
    with Cache(tmp_path / "c") as cache:
        cache.put(b"k", GOOD, 0.125)
    with Cache(tmp_path / "c") as again:
        kept = again.get(b"k")
    assert (kept.exchange.latency_s, kept.machine_s) == (0.5, 0.125)
