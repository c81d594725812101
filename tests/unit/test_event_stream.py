import itertools

from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.event_stream import EventStream

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
