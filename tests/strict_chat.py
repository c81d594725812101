"""A chat-completions vendor on loopback that refuses whatever its own documents do not allow.

What they allow is data (tests/chat_clouds.py, tests/chat_makers.py), written from the documents and not from the catalogue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    data,
    events,
    tags_of,
)
from tests.wires.tokens import read_hs256

THOUGHT = "六乘七"
THOUGHT_TOKENS = 3
CAPS = {"max_tokens", "max_completion_tokens"}
JWT = "Authorization: Bearer (a token signed with the key)"


@dataclass(frozen=True)
class Rules:
    """What a model takes. Ranges are written as the documents write them: "(0,1]"."""

    ranges: Mapping[str, str] = field(default_factory=dict)
    unsent: tuple[str, ...] = ()
    cap: str = "max_tokens"
    most_tokens: int | None = None
    system: str | None = "system"
    """The role of instructions; None where there is none."""
    alternate: bool = False
    most_turns: int | None = None
    search_off: Mapping[str, object] = field(default_factory=dict)
    """Fields without which the vendor searches the web."""
    stream_only: bool = False
    whole: Mapping[str, object] = field(default_factory=dict)
    """Fields without which a request that is not streamed is refused."""
    stop: bool = True


@dataclass(frozen=True)
class Address:
    """One documented address. `errors` are by class: status and body."""

    url: str | None
    """In full; None where a console issues it."""
    source: str
    models: Mapping[str, Rules]
    """By pattern; the first that matches holds."""
    errors: Mapping[str, tuple[int, dict]]
    header: str | None = "Authorization: Bearer {key}"
    thought: str | None = None
    """The field that thoughts come in, or `<tag>` where they stand inside the content."""
    envelope: Mapping[str, object] = field(default_factory=dict)
    """What the vendor puts beside the choices."""
    usage_unasked: bool = False
    """Whether a stream tells its usage without being asked to."""
    waiting: bytes = b""
    """What a stream begins with while the request queues."""
    streams: bool = True

    def rules(self, model):
        """What holds for a model; None for one that the documents do not name."""
        found = (rules for name, rules in self.models.items() if fnmatchcase(model, name))
        return next(found, None)


def is_within(value, interval):
    """Whether a number is in a range such as "[0,2)"."""
    parts = re.fullmatch(r"([\[(])(-?[\d.]+),(-?[\d.]+)([\])])", interval)
    low, high = float(parts[2]), float(parts[3])
    above = value > low if parts[1] == "(" else value >= low
    return above and (value < high if parts[4] == ")" else value <= high)


def complaints(body, rules):
    """What the vendor has against a request."""
    for name, interval in rules.ranges.items():
        if name in body and not is_within(body[name], interval):
            yield f"{name} {body[name]} is not in {interval}"
    for name in rules.unsent:
        if name in body:
            yield f"{name} is not supported"
    yield from _of_the_cap(body, rules)
    yield from _of_the_turns(body["messages"], rules)
    for name, value in rules.search_off.items():
        if body.get(name) != value:
            yield f"the web would be searched: {name} is not {value}"
    if "stop" in body and not rules.stop:
        yield "stop is not supported"
    if not body.get("stream"):
        yield from _of_whole_replies(body, rules)


def _of_whole_replies(body, rules):
    if rules.stream_only:
        yield "this model only supports stream mode"
    if "stream_options" in body:
        yield "stream_options without stream"
    for name, value in rules.whole.items():
        if body.get(name) != value:
            yield f"{name} must be set to {value} for non-streaming calls"


def _of_the_cap(body, rules):
    for name in CAPS - {rules.cap}:
        if name in body:
            yield f"{name} is not supported; use {rules.cap}"
    cap = body.get(rules.cap)
    if type(cap) is not int or cap < 1:
        yield f"{rules.cap} is {cap}"
    elif rules.most_tokens is not None and cap > rules.most_tokens:
        yield f"Range of {rules.cap} should be [1, {rules.most_tokens}]"


def _of_the_turns(messages, rules):
    known = {"user", "assistant", rules.system}
    for turn in messages:
        if turn["role"] not in known:
            yield f"role {turn['role']} is not supported"
        if not isinstance(turn["content"], str) or not turn["content"].strip():
            yield "content is empty"
    if any(turn["role"] == rules.system for turn in messages[1:]):
        yield "instructions must come first"
    spoken = [turn["role"] for turn in messages if turn["role"] in ("user", "assistant")]
    if rules.alternate and spoken != ["user", "assistant"] * (len(spoken) // 2) + ["user"]:
        yield f"user and assistant must alternate, and not {spoken}"
    if rules.most_turns is not None and len(messages) > rules.most_turns:
        yield f"at most {rules.most_turns} messages"


class StrictChat(Simulation):
    """The vendor. A tag in the last question ([[rate_limited]], ...) chooses the error of that class."""

    def __init__(self, address, path, key=None):
        super().__init__()
        self.address, self.path, self.key = address, path, key

    async def answer(self, request, raw):
        body = await request.json()
        del raw
        self.record(request, body)
        if request.path != self.path:
            raise Refused({"error": {"message": f"no such path: {request.path}"}}, 404)
        if not self._shows_key(request.headers):
            self._refuse("auth")
        rules = self.address.rules(body["model"])
        if rules is None:
            raise Refused({"error": {"message": f"no model {body['model']}"}}, 404)
        wrong = list(complaints(body, rules))
        if wrong:
            told = {"message": "; ".join(wrong), "type": "invalid_request_error"}
            raise Refused({"error": told}, 400)
        for kind in tags_of(body["messages"][-1]["content"]):
            self._refuse(kind)
        if body.get("stream"):
            return await self._streamed(request, body)
        return web.json_response(self._whole(body))

    def _refuse(self, kind):
        status, told = self.address.errors[kind]
        raise Refused(told, status)

    def _shows_key(self, headers):
        if self.address.header is None:
            return "Authorization" not in headers
        name, _, value = self.address.header.partition(": ")
        if self.address.header == JWT:
            identity, secret = self.key.split(".")
            found = read_hs256(headers.get(name, "").removeprefix("Bearer "), secret)
            return found is not None and found[1]["api_key"] == identity
        return headers.get(name) == value.format(key=self.key)

    def _whole(self, body):
        field_ = self.address.thought
        message = {"role": "assistant", "content": "".join(SAID)}
        if field_ is not None and field_.startswith("<"):
            message["content"] = f"{field_}{THOUGHT}</{field_[1:]}\n\n{message['content']}"
        elif field_ is not None:
            message[field_] = THOUGHT
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        head = {"id": "c1", "object": "chat.completion", "created": 1, "model": body["model"]}
        return {**self.address.envelope, **head, "choices": [choice], "usage": self._usage()}

    async def _streamed(self, request, body):
        head = {**self.address.envelope, "id": "c1", "object": "chat.completion.chunk"}
        head |= {"created": 1, "model": body["model"]}
        deltas = [{"role": "assistant", "content": ""}, *self._thinking()]
        deltas += [{"content": piece} for piece in SAID]
        chunks = [head | {"choices": [{"index": 0, "delta": each, "finish_reason": None}]} for each in deltas]  # fmt: skip
        chunks.append(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if body.get("stream_options", {}).get("include_usage") or self.address.usage_unasked:
            chunks.append(head | {"choices": [], "usage": self._usage()})
        pieces = [self.address.waiting, *map(data, chunks), b"data: [DONE]\n\n"]
        return await events(request, [piece for piece in pieces if piece])

    def _thinking(self):
        name = self.address.thought
        if name is None:
            return []
        if name.startswith("<"):
            return [{"content": f"{name}{THOUGHT}</{name[1:]}"}]
        return [{name: THOUGHT}]

    def _usage(self):
        usage = {"prompt_tokens": ASKED_TOKENS, "completion_tokens": SAID_TOKENS}
        usage["total_tokens"] = ASKED_TOKENS + SAID_TOKENS
        if self.address.thought is not None:
            usage["completion_tokens_details"] = {"reasoning_tokens": THOUGHT_TOKENS}
        return usage
