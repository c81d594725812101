"""SenseNova's own wire as console.sensecore.cn (ChatCompletions, Authorization, ErrorCode) has it."""

import json

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    data,
    events,
    only,
    tags_of,
    within,
)
from tests.wires.tokens import read_hs256

FAULTS = {
    "quota": (429, 98),  # not documented: the endpoint's own table says what it means
    "rate": (429, 8),
    "busy": (500, 2),
}
OWN_ERRORS = {"98": "quota_empty"}
ALLOWED = {
    "model",
    "messages",
    "max_new_tokens",
    "temperature",
    "top_p",
    "repetition_penalty",
    "stream",
    "know_ids",
    "n",
    "user",
    "knowledge_config",
    "plugins",
}
USAGE = {
    "prompt_tokens": ASKED_TOKENS - 2,
    "completion_tokens": SAID_TOKENS,
    "knowledge_tokens": 2,
    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(status, code, told="x"):
    raise Refused({"error": {"code": code, "message": told, "details": []}}, status)


class Sense(Simulation):
    async def answer(self, request, raw):
        self._check_token(request)
        body = json.loads(raw)
        self.record(request, body)
        assert request.path == "/v1/llm/chat-completions"

        def refuse(told):
            failed(400, 3, told)

        only(body, ALLOWED, refuse)
        within(body["temperature"], 0, 2, refuse, above=True)
        within(body["max_new_tokens"], 1, 4096, refuse)
        return await self._said(request, body)

    def _check_token(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        self.issued = [*getattr(self, "issued", []), token]
        found = read_hs256(token, self.keys["secret_key"]) if scheme == "Bearer" else None
        if found is None or found[1]["iss"] != self.keys["access_key"]:
            failed(401, 16, "invalid authorization token")
        if not found[1]["nbf"] <= self.now() < found[1]["exp"] <= self.now() + 1801:
            failed(401, 16, "the token is not valid now")

    async def _said(self, request, body):
        tags = tags_of(body["messages"][-1]["content"])
        for tag, fault in FAULTS.items():
            if tag in tags:
                failed(*fault)
        if "echo" in tags:
            failed(400, 3, f"{request.headers['Authorization']} {self.keys}")
        if "malformed" in tags:
            raise Refused(b'{"data": {"choices": [{}]}}')
        finish = "sensitive" if "policy" in tags else "stop"
        usage = {} if "nousage" in tags else {"usage": USAGE}
        if not body["stream"]:
            choice = {"index": 0, "role": "assistant", "message": "".join(SAID)}
            choices = [choice | {"finish_reason": finish}]
            return web.json_response({"data": {"id": "1", "choices": choices} | usage})
        chunks = [self._event(SAID[0], "", {}), self._event(SAID[1], "", {})]
        chunks.append(self._event("", finish, usage))
        if "late" in tags:
            chunks[2] = {"data": {}, "status": {"code": 8, "message": "slow down"}}
        kept = chunks[:1] if "cut" in tags else chunks
        pieces = [data(chunk) for chunk in kept]
        return await events(request, pieces + ([] if "cut" in tags else [b"data:[DONE]\n\n"]))

    @staticmethod
    def _event(text, finish, usage):
        choice = {"index": 0, "role": "assistant", "delta": text, "finish_reason": finish}
        return {
            "data": {"id": "1", "choices": [choice]} | usage,
            "status": {"code": 0, "message": "ok"},
        }


def search_is_off(body):
    return "plugins" not in body and "know_ids" not in body


def system_of(body):
    turn = body["messages"][0]
    return turn["content"] if turn["role"] == "system" else None
