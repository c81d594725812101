"""A loopback chat-completions server that answers every request after a fixed time.

`python slow_server.py SECONDS` prints its port, then serves until it is ended. `GET /stats` tells how many
requests it served and how many it held at once at most. The reply to "... [[n]]" is n * 7919 % 9973; to those who
ask for a stream it comes a digit at a time, the first after the fixed time and the rest 5 ms later.
"""

import asyncio
import json
import re
import sys

_MARK = re.compile(rb"\[\[(\d+)\]\]")
_TAIL_S = 0.005
_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Server(asyncio.Protocol):
    delay_s = 0.02
    served = held = peak = 0
    first_at = last_at = 0.0

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            found = re.search(rb"(?i)content-length: *(\d+)", head)
            size = int(found[1]) if found else 0
            if len(self.buffer) < end + 4 + size:
                return
            body = self.buffer[end + 4 : end + 4 + size]
            self.buffer = self.buffer[end + 4 + size :]
            if head.startswith(b"GET"):
                told = {"served": Server.served, "peak": Server.peak}
                told["seconds"] = Server.last_at - Server.first_at
                self.send(json.dumps(told).encode())
                continue
            Server.held += 1
            Server.peak = max(Server.peak, Server.held)
            loop = asyncio.get_running_loop()
            Server.first_at = Server.first_at or loop.time()
            loop.call_later(self.delay_s, self.answer, body)

    def answer(self, body):
        Server.held -= 1
        Server.served += 1
        Server.last_at = asyncio.get_running_loop().time()
        marks = _MARK.findall(body)
        number = int(marks[-1]) * 7919 % 9973 if marks else 0
        if b'"stream":true' in body:
            first, *rest = events(b"%d" % number)
            self.write(_STREAM + first)
            loop = asyncio.get_running_loop()
            loop.call_later(_TAIL_S, self.write, b"".join(rest) + b"0\r\n\r\n")
            return
        told = (
            b'{"id":"x","object":"chat.completion","model":"slow","choices":[{"index":0,"message":'
            b'{"role":"assistant","content":"%d"},"finish_reason":"stop"}],'
            b'"usage":{"prompt_tokens":12,"completion_tokens":4,"total_tokens":16}}' % number
        )
        self.send(told)

    def send(self, body):
        self.write(_HEAD % len(body) + body)

    def write(self, raw):
        if not self.transport.is_closing():
            self.transport.write(raw)


def events(digits):
    """A digit an event, then why it ended, the usage and the end: each a piece of the body on its own."""
    choices = [
        b'{"index":0,"delta":{"content":"%c"},"finish_reason":null}' % digit for digit in digits
    ]
    choices.append(b'{"index":0,"delta":{},"finish_reason":"stop"}')
    told = [b'{"id":"x","model":"slow","choices":[%s]}' % choice for choice in choices]
    usage = b'"usage":{"prompt_tokens":12,"completion_tokens":4,"total_tokens":16}'
    told += [b'{"id":"x","model":"slow","choices":[],%s}' % usage, b"[DONE]"]
    lines = [b"data: %s\n\n" % each for each in told]
    return [b"%x\r\n%s\r\n" % (len(line), line) for line in lines]


async def serve(delay_s):
    Server.delay_s = delay_s
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(serve(float(sys.argv[1])))
    except ImportError:
        asyncio.run(serve(float(sys.argv[1])))
