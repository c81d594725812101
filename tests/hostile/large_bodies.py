"""A server of bodies of a hundred megabytes, each kind chosen by the last word of the question."""

import json
import threading
import zlib
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIZE = 100_000_000
_BLOCK = b"A" * 1_000_000
_BEFORE = b'{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"'
_AFTER = b'"}}]}'
_EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"' + b"A" * 10_000 + b'"}}]}\n\n'


def completion():
    """A chat completion of a hundred megabytes, in blocks."""
    yield _BEFORE
    for _ in range(SIZE // len(_BLOCK)):
        yield _BLOCK
    yield _AFTER


@cache
def packed():
    """The same, packed to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(block) for block in completion()) + packer.flush()


def line():
    """An event that never ends."""
    yield b"data: "
    for _ in range(SIZE // len(_BLOCK)):
        yield _BLOCK


def events():
    """Ten thousand events that never come to an end."""
    for _ in range(SIZE // len(_EVENT)):
        yield _EVENT


def told(kind):
    """Status, headers and blocks of a kind of body."""
    length = {"Content-Length": str(len(_BEFORE) + SIZE + len(_AFTER))}
    stream = {"Content-Type": "text/event-stream"}
    match kind:
        case "announced":
            return 200, length, completion()
        case "unannounced":
            return 200, {}, completion()
        case "packed":
            return 200, {"Content-Encoding": "gzip"}, [packed()]
        case "line":
            return 200, stream, line()
        case "events":
            return 200, stream, events()
        case "refusal":
            return 500, length, completion()
    raise ValueError(kind)


class LargeBodies:
    """`requests` counts by kind."""

    def __init__(self):
        self.requests = {}
        lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = body["messages"][-1]["content"].split()[-1]
                with lock:
                    outer.requests[kind] = outer.requests.get(kind, 0) + 1
                status, headers, blocks = told(kind.partition(".")[0])
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for block in blocks:
                        self.wfile.write(block)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self):
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
