"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the data of each event.

Comments, ids and event names are left out; an event without data is none. Lines end in LF or CRLF.
"""


class EventStream:
    """Bytes in, the data of whole events out; an event may come in any number of pieces."""

    __slots__ = ("_data", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of every event that this piece completes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        found: list[bytes] = []
        for line in lines:
            line = line.rstrip(b"\r")  # noqa: PLW2901  # the line as the standard means it
            if line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line and self._data:
                found.append(b"\n".join(self._data))
                self._data = []
        return found

    def end(self) -> list[bytes]:
        """The last event of a stream that ends without a blank line: some vendors leave it out."""
        return self.feed(b"\n\n")
