"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the data of each event.

Comments, ids and event names are left out; an event without data is none. Lines end in LF or CRLF. Some servers send
JSON lines instead (https://github.com/ndjson/ndjson-spec), each of which is an event.
"""


class Lines:
    """Bytes in, whole lines out, blank ones included. The time is linear, however small the pieces are."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = bytearray()

    @property
    def held(self) -> int:
        """Bytes of the line that has not ended yet."""
        return len(self._rest)

    def feed(self, piece: bytes) -> list[bytes]:
        """What this piece completes."""
        *ended, rest = piece.split(b"\n")
        if ended:
            ended[0] = self.forget() + ended[0]
        self._rest += rest
        return [line.rstrip(b"\r") for line in ended]

    def forget(self) -> bytes:
        """The line that has not ended yet, which is begun anew."""
        begun = bytes(self._rest)
        self._rest.clear()
        return begun

    def end(self) -> list[bytes]:
        """What is complete once nothing more comes: some vendors leave the last line feed out."""
        return self.feed(b"\n")


class JsonLines(Lines):
    """The lines that are not blank."""

    __slots__ = ()

    def feed(self, piece: bytes) -> list[bytes]:
        """What this piece completes."""
        return [line for line in super().feed(piece) if line.strip()]


class EventStream(Lines):
    """The data of whole events; an event may come in any number of pieces."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        super().__init__()
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of every event that this piece completes."""
        found: list[bytes] = []
        for line in super().feed(piece):
            if line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line and self._data:
                data = b"\n".join(self._data)
                self._data = []
                if data:
                    found.append(data)
        return found

    def end(self) -> list[bytes]:
        """The last event of a stream that ends without a blank line: some vendors leave it out."""
        return self.feed(b"\n\n")


def events_of(content_type: str) -> Lines | None:
    """What reads a body that comes as events; None for one that comes whole."""
    content_type = content_type.lower()
    if "event-stream" in content_type:
        return EventStream()
    return JsonLines() if "ndjson" in content_type else None
