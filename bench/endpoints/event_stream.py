"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the data of each event.

Comments, ids and event names are left out; an event without data is none. Lines end in LF or CRLF. Some servers send
JSON lines instead (https://github.com/ndjson/ndjson-spec), each of which is an event.
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


class JsonLines:
    """The same for JSON lines."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """Every line that this piece completes, blank ones left out."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [line for line in lines if line.strip()]

    def end(self) -> list[bytes]:
        """The last line of a stream that ends without a line feed."""
        return self.feed(b"\n")


def events_of(content_type: str) -> EventStream | JsonLines | None:
    """What reads a body that comes as events; None for one that comes whole."""
    if "event-stream" in content_type:
        return EventStream()
    return JsonLines() if "ndjson" in content_type else None
