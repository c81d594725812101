"""Vendors on loopback that speak the Messages API, the Responses API, text completions or Ollama's own.

Each refuses what the documents do not allow: https://docs.anthropic.com/en/api/messages,
https://platform.openai.com/docs/api-reference/responses, …/completions, https://github.com/ollama/ollama, docs/api.md.
"""

from aiohttp import web

from tests import documented_wires
from tests.wires.simulation import Refused, Simulation, events, tags_of

WIRES = {wire.adapter: wire for wire in documented_wires.wires()}
ERRORS = {"auth": "auth", "quota_empty": "quota", "rate_limited": "limited", "content_policy": "policy"}  # fmt: skip
TEXT = "42"
ASKED_TOKENS, SAID_TOKENS = 10, 5
REASONING = ("gpt-5", "o1", "o3", "o4")


class Other(Simulation):
    """`key` is None where none may come. A tag in the last question chooses an error."""

    path: str
    adapter: str

    def __init__(self, prefix, key=None):
        super().__init__()
        self.prefix, self.key = prefix, key

    async def answer(self, request, raw):
        body = await request.json()
        del raw
        self.record(request, body)
        if request.path != self.prefix + self.path:
            raise Refused({"error": {"message": f"no such path: {request.path}"}}, 404)
        if not self.shows_key(request.headers):
            self._refuse("auth")
        wrong = [each for each in self.complaints(body, request.headers) if each]
        if wrong:
            told = {"message": "; ".join(wrong), "type": "invalid_request_error"}
            raise Refused({"type": "error", "error": told}, 400)
        for kind in tags_of(self.question(body)):
            self._refuse(kind)
        wire = WIRES[self.adapter]
        if not body.get("stream"):
            return web.json_response(wire.ok | {"model": body["model"]})
        _, headers, raw = wire.streamed(wire.events)
        told = raw.replace(b"stub-1", body["model"].encode())
        return await events(request, [told], headers["Content-Type"])

    def _refuse(self, kind):
        status, told = getattr(WIRES[self.adapter], ERRORS[kind])
        raise Refused(told, status)

    def shows_key(self, headers):
        shown = headers.get("Authorization")
        return shown == (None if self.key is None else f"Bearer {self.key}")

    def complaints(self, body, headers):
        raise NotImplementedError

    def question(self, body):
        return body["messages"][-1]["content"]


def bad_turns(turns, roles):
    return any(turn["role"] not in roles or not turn["content"] for turn in turns)


class Messages(Other):
    path, adapter = "/v1/messages", "anthropic"

    def shows_key(self, headers):
        return headers.get("x-api-key") == self.key

    def complaints(self, body, headers):
        yield "no anthropic-version" if headers.get("anthropic-version") != "2023-06-01" else None
        yield None if type(body.get("max_tokens")) is int else "no max_tokens"
        yield "roles" if bad_turns(body["messages"], ("user", "assistant")) else None
        yield None if isinstance(body.get("system"), str) else "the instructions were lost"
        yield "stop" if "stop" in body else None


class Responses(Other):
    path, adapter = "/responses", "responses"

    def complaints(self, body, _headers):
        yield "roles" if bad_turns(body["input"], ("user", "assistant")) else None
        yield None if body.get("max_output_tokens", 0) >= 16 else "max_output_tokens"
        yield None if isinstance(body.get("instructions"), str) else "the instructions were lost"
        yield "stop" if "stop" in body else None
        yield "kept at the vendor's" if body.get("store") is not False else None
        if body["model"].startswith(REASONING):
            for name in ("temperature", "top_p"):
                yield f"Unsupported parameter: {name}" if name in body else None

    def question(self, body):
        return body["input"][-1]["content"]


class Completions(Other):
    path, adapter = "/completions", "completions"

    def complaints(self, body, _headers):
        yield None if isinstance(body.get("prompt"), str) and body["prompt"] else "no prompt"
        yield "messages" if "messages" in body else None
        yield None if type(body.get("max_tokens")) is int else "no max_tokens"
        # https://github.com/tatsu-lab/stanford_alpaca, prompts for fine-tuning
        if body["model"] == "alpaca-7b" and not body["prompt"].endswith("### Response:"):
            yield "not Alpaca's template"

    def question(self, body):
        return body["prompt"]


class Chat(Other):
    path, adapter = "/api/chat", "ollama"

    def complaints(self, body, _headers):
        roles = ("system", "user", "assistant")
        yield "roles" if bad_turns(body["messages"], roles) else None
        yield None if type(body["options"].get("num_predict")) is int else "no num_predict"
        yield None if isinstance(body.get("stream"), bool) else "streamed by default"


SIMULATIONS = {each.adapter: each for each in (Messages, Responses, Completions, Chat)}
