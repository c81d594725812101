"""A chat-completions server on loopback whose behaviour the test decides, request by request."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def completion(text="42", finish="stop", **more):
    """A reply as the wire has it."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
    }
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return {
        "id": "x",
        "object": "chat.completion",
        "model": "stub-1",
        "choices": [choice],
        "usage": usage,
    } | more


class StubServer:
    """`behave(number, body)` returns (status, headers, bytes or object); `requests` keeps what came in.

    `lists(path)` returns the object that a GET brings.
    """

    def __init__(self, behave=lambda number, body: (200, {}, completion()), lists=None):
        self.requests, self.headers, self.paths = [], [], []
        self.held = self.peak = 0
        lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    number = len(outer.requests)
                    outer.requests.append(body)
                    outer.headers.append(dict(self.headers))
                    outer.paths.append(self.path)
                    outer.held += 1
                    outer.peak = max(outer.peak, outer.held)
                try:
                    told = behave(number, body)
                    if told is None:
                        self.close_connection = True
                        return
                    status, headers, content = told
                    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except OSError:
                    self.close_connection = True
                finally:
                    with lock:
                        outer.held -= 1

            def do_GET(self):
                outer.paths.append(self.path)
                raw = json.dumps(lists(self.path) if lists else {}).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def __enter__(self):
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
