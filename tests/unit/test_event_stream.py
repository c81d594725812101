import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.event_stream import EventStream, JsonLines, Lines, events_of

STREAM = b': ping\r\nid: 1\r\ndata: {"a":1}\r\n\r\nevent: x\ndata:first\ndata: second\n\n\n:\n\ndata: last\n'


def whole(pieces):
    stream = EventStream()
    return [data for piece in pieces for data in stream.feed(piece)] + stream.end()


def test_data_is_read_and_everything_else_left_out():
    assert whole([STREAM]) == [b'{"a":1}', b"first\nsecond", b"last"]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_a_stream_says_the_same_however_it_is_cut(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    assert whole([STREAM[a:b] for a, b in itertools.pairwise(edges)]) == whole([STREAM])


def test_every_byte_alone_is_the_same_stream():
    assert whole([STREAM[at : at + 1] for at in range(len(STREAM))]) == whole([STREAM])


def test_an_event_whose_data_are_empty_is_none():
    assert whole([b"data:\n\ndata: x\n\ndata:\n\n"]) == [b"x"]


@pytest.mark.parametrize("splitter", [EventStream, JsonLines, Lines])
def test_a_line_that_never_ends_costs_time_in_proportion(splitter):
    stream, started = splitter(), time.process_time()
    for _ in range(16_000):
        assert stream.feed(b"x" * 128) == []
    assert time.process_time() - started < 2  # 20 s where each piece copies what came before it
    assert stream.held == 16_000 * 128


def test_a_content_type_is_read_in_whatever_case():
    assert isinstance(events_of("Text/Event-Stream; charset=utf-8"), EventStream)
    assert isinstance(events_of("application/x-NDJSON"), JsonLines)
    assert events_of("application/json") is None
