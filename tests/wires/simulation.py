"""A vendor on loopback. Each simulation is written from the vendor's documentation, signatures included, and refuses
whatever the documentation does not allow; a tag in the last question ([[rate]], [[cut]], ...) chooses a fault.
"""

import asyncio
import json
import re
import threading
import time
from dataclasses import dataclass, field

from aiohttp import web

SAID = ("四十", "二")
"""What every simulation answers, in the pieces that a stream brings."""
ASKED_TOKENS, SAID_TOKENS = 10, 5


class Refused(Exception):  # noqa: N818  # a simulation's word for an answer that is an error
    """What the vendor answers when something is wrong."""

    def __init__(self, body, status=200, headers=None):
        super().__init__(str(body))
        self.body, self.status, self.headers = body, status, headers or {}


@dataclass
class Seen:
    path: str
    query: dict
    headers: dict
    body: dict = field(default_factory=dict)


class Simulation:
    """`clock_ahead_s` is how far the vendor's clock stands before ours."""

    def __init__(self, **keys):
        self.keys = keys
        self.seen: list[Seen] = []
        self.clock_ahead_s = 0.0
        self.held = self.peak = 0

    def now(self):
        return time.time() + self.clock_ahead_s

    async def answer(self, request, raw):
        raise NotImplementedError

    def record(self, request, body):
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen(request.path, dict(request.query), headers, body))

    async def _handle(self, request):
        raw = await request.read()
        self.held += 1
        self.peak = max(self.peak, self.held)
        try:
            return await self.answer(request, raw)
        except Refused as refused:
            body = refused.body
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return web.Response(
                body=content,
                status=refused.status,
                headers={"Content-Type": "application/json"} | refused.headers,
            )
        finally:
            self.held -= 1

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        started = threading.Event()

        async def start():
            app = web.Application(client_max_size=16 << 20)
            app.router.add_route("*", "/{path:.*}", self._handle)
            self._runner = web.AppRunner(
                app, access_log=None, shutdown_timeout=1, max_field_size=64 * 1024
            )
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", 0)
            await site.start()
            self.port = self._runner.addresses[0][1]
            started.set()

        def run():
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(start())
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert started.wait(10)
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


def tags_of(text):
    return set(re.findall(r"\[\[(\w+)\]\]", text))


def only(body, allowed, refuse):
    """Refuse fields that the documentation does not name."""
    unknown = set(body) - set(allowed)
    if unknown:
        refuse(f"unknown fields {sorted(unknown)}")


def within(value, low, high, refuse, *, above=False, below=False):
    """Refuse a number outside of its documented range."""
    if value is None:
        return
    if (value <= low if above else value < low) or (value >= high if below else value > high):
        refuse(f"{value} is out of range")


def alternating(messages, refuse):
    """An odd number of turns, the user's first and last."""
    roles = [message["role"] for message in messages]
    if len(roles) % 2 == 0 or roles != ["user", "assistant"] * (len(roles) // 2) + ["user"]:
        refuse(f"roles {roles}")
    if not all(message["content"] for message in messages):
        refuse("empty content")


async def events(request, pieces, content_type="text/event-stream;charset=UTF-8"):
    """A streamed body."""
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


def data(body, after=b""):
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + after + b"\n\n"
