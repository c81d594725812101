"""Files and batches on loopback, as https://platform.openai.com/docs/api-reference/batch and .../files describe them.

A batch moves one status on with every look at it: validating, in_progress, finalizing, and its `end`. Its output comes
in another order than its input. What a test wants otherwise it says:

    answer(body)              the status and body of one line's response; None: the line is not in any file
    line_error(number)        a code of a line's error, such as batch_expired, that stands in place of its response
    end                       completed | failed | expired | cancelled
    written(lines)            the output file's lines as they are to be sent
    fault(method, path, n)    of the nth such call: (status, headers, body) in its place, or "lost": the call is done
                              and its reply is not sent
"""

import email
import json
import random
import threading
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.seam import Limits
from tests.stub_server import completion

MAX_REQUESTS, MAX_BYTES = 50_000, 200_000_000
_COURSE = ("validating", "in_progress", "finalizing")
_NOW = 1_763_000_000


def endpoint(url="https://example.org/v1", **more):
    """An endpoint whose vendor takes requests by the file."""
    quick = Limits(timeout_s=5, max_attempts=3)
    told = {"base_url": url, "model": "m", "batch": True, "limits": quick} | more
    return OpenAIChat.model_validate(told)


class BatchServer:
    """`created` are batches in order, `paid` the bodies of all lines that were asked, `calls` (method, path)."""

    def __init__(self, **told):
        self.answer = told.pop("answer", lambda body: (200, completion()))
        self.line_error = told.pop("line_error", lambda number: None)
        self.end = told.pop("end", "completed")
        self.written = told.pop("written", lambda lines: lines)
        self.fault = told.pop("fault", lambda method, path, number: None)
        self.course = told.pop("course", _COURSE)
        self.prefix = told.pop("prefix", "/v1")
        assert not told, told
        self.files, self.created, self.paid = {}, [], []
        self.calls, self.headers, self.asked_at_once = [], [], []
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{self.prefix}"

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

    def count(self, method, path):
        """How often a path was called; `path` is its beginning."""
        return sum(how == method and where.startswith(path) for how, where in self.calls)

    # -- what the vendor does

    def upload(self, raw, content_type):
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        form = email.message_from_bytes(head + raw, policy=HTTP)
        parts = {
            part.get_param("name", header="content-disposition"): part for part in form.iter_parts()
        }
        assert parts["purpose"].get_content().strip() == "batch"
        content = parts["file"].get_payload(decode=True)
        if len(content) > MAX_BYTES:
            return 413, _error("file_too_large", "a file has at most 200 MB")
        name = parts["file"].get_filename()
        assert name.endswith(".jsonl")
        return 200, self.kept(content, name, "batch")

    def kept(self, content, name, purpose):
        told = {"id": f"file-{len(self.files) + 1}", "object": "file", "bytes": len(content),
                "created_at": _NOW, "filename": name, "purpose": purpose, "status": "processed"}  # fmt: skip
        self.files[told["id"]] = content
        return told

    def create(self, body):
        if body["input_file_id"] not in self.files:
            return 400, _error("invalid_request", "no such file")
        assert body["completion_window"] == "24h"
        batch = {"id": f"batch_{len(self.created) + 1}", "object": "batch", "status": "validating",
                 "endpoint": body["endpoint"], "input_file_id": body["input_file_id"],
                 "completion_window": "24h", "created_at": _NOW + len(self.created), "errors": None,
                 "output_file_id": None, "error_file_id": None,
                 "request_counts": {"total": 0, "completed": 0, "failed": 0},
                 "metadata": body.get("metadata"), "looks": 0}  # fmt: skip
        self.created.append(batch)
        return 200, _shown(batch)

    def look(self, batch_id):
        batch = next((each for each in self.created if each["id"] == batch_id), None)
        if batch is None:
            return 404, _error("not_found", f"no batch {batch_id}")
        batch["looks"] += 1
        if batch["looks"] <= len(self.course):
            batch["status"] = self.course[batch["looks"] - 1]
        elif batch["output_file_id"] is None and batch["errors"] is None:
            self._finish(batch)
        return 200, _shown(batch)

    def _finish(self, batch):
        lines = [json.loads(each) for each in self.files[batch["input_file_id"]].splitlines()]
        errors = list(_invalid(lines, batch["endpoint"]))
        if errors or self.end == "failed":
            told = errors or [{"code": "token_limit_exceeded", "message": "too many tokens enqueued", "line": None}]  # fmt: skip
            batch |= {"status": "failed", "errors": {"object": "list", "data": told}}
            return
        good, bad = [], []
        for number, line in enumerate(lines):
            code = self.line_error(number)
            told = None if code is not None else self.answer(line["body"])
            head = {"id": f"batch_req_{number}", "custom_id": line["custom_id"]}
            if code is not None:
                error = {"code": code, "message": f"this request has {code}"}
                bad.append(head | {"response": None, "error": error})
            else:
                self.paid.append(line["body"])
                if told is not None:
                    response = {"status_code": told[0], "request_id": "r", "body": told[1]}
                    where = good if told[0] == 200 else bad
                    where.append(head | {"response": response, "error": None})
        random.Random(7).shuffle(good)
        batch["status"] = self.end
        counts = {"total": len(lines), "completed": len(good), "failed": len(bad)}
        batch["request_counts"] = counts
        for name, found in (("output_file_id", self.written(_dumped(good))), ("error_file_id", _dumped(bad))):  # fmt: skip
            if found:
                content = b"".join(each + b"\n" for each in found)
                batch[name] = self.kept(content, f"{name}.jsonl", "batch_output")["id"]
        batch["errors"] = batch["errors"] or {"object": "list", "data": []}

    def page(self, query):
        newest_first = list(reversed(self.created))
        after = query.get("after", [None])[0]
        ids = [each["id"] for each in newest_first]
        begin = ids.index(after) + 1 if after else 0
        limit = int(query.get("limit", ["20"])[0])
        assert 1 <= limit <= 100
        shown = [_shown(each) for each in newest_first[begin : begin + limit]]
        return 200, {"object": "list", "data": shown, "has_more": begin + limit < len(ids)}

    # -- the wire

    def respond(self, method, path, query, raw, content_type):
        path = path.removeprefix(self.prefix)
        match method, path.split("/")[1:]:
            case "POST", ["files"]:
                return self.upload(raw, content_type)
            case "GET", ["files", name, "content"]:
                return (200, self.files[name]) if name in self.files else (404, _error("not_found", name))  # fmt: skip
            case "POST", ["batches"]:
                return self.create(json.loads(raw))
            case "GET", ["batches"]:
                return self.page(query)
            case "GET", ["batches", name]:
                return self.look(name)
            case "POST", ["chat", "completions"]:
                self.asked_at_once.append(json.loads(raw))
                return 200, completion()
        return 404, _error("not_found", path)

    def _handler(outer):  # noqa: N805  # the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                self._do("POST", self.rfile.read(int(self.headers["Content-Length"])))

            def do_GET(self):
                self._do("GET", b"")

            def _do(self, method, raw):
                parts = urlsplit(self.path)
                with outer._lock:
                    own = parts.path.removeprefix(outer.prefix)
                    number = sum(each == (method, own) for each in outer.calls)
                    outer.calls.append((method, own))
                    outer.headers.append(dict(self.headers))
                    fault = outer.fault(method, own, number)
                    headers = {}
                    if fault is None or fault == "lost":
                        status, told = outer.respond(
                            method, parts.path, parse_qs(parts.query), raw, self.headers["Content-Type"]
                        )  # fmt: skip
                    else:
                        status, headers, told = fault
                if fault == "lost":
                    self.close_connection = True
                    return
                self._send(status, headers, told)

            def _send(self, status, headers, told):
                content = told if isinstance(told, bytes) else json.dumps(told).encode()
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        return Handler


def _shown(batch):
    return {name: value for name, value in batch.items() if name != "looks"}


def _dumped(lines):
    return [json.dumps(each).encode() for each in lines]


def _error(code, message):
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}  # fmt: skip


def _invalid(lines, endpoint):
    """What keeps a file from being taken, as its guide says."""
    if len(lines) > MAX_REQUESTS:
        yield {"code": "too_many_tasks", "message": "at most 50,000 requests", "line": None}
    seen = set()
    for number, line in enumerate(lines, start=1):
        if line["custom_id"] in seen:
            yield {"code": "duplicate_custom_id", "message": line["custom_id"], "line": number}
        seen.add(line["custom_id"])
        if line["method"] != "POST" or line["url"] != endpoint:
            yield {"code": "mismatched_url", "message": line["url"], "line": number}
        if line["body"].get("stream"):
            yield {"code": "invalid_request", "message": "stream", "line": number}
    if len({line["body"]["model"] for line in lines}) > 1:
        yield {"code": "mismatched_model", "message": "one model a file", "line": None}
