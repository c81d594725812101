"""Baichuan2-53B as the vendor's page of 2023 had it, by public clients."""

import hashlib
import json

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    alternating,
    events,
    only,
    tags_of,
    within,
)

FAULTS = {"quota": 10300, "rate": 10203, "policy": 10400, "busy": 10500}
USAGE = {
    "prompt_tokens": ASKED_TOKENS,
    "answer_tokens": SAID_TOKENS,
    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(code, told="x"):
    raise Refused({"code": code, "msg": told, "data": None})


class Legacy(Simulation):
    """`content_type` is how the lines of a stream come."""

    content_type = "text/event-stream"

    async def answer(self, request, raw):
        self._check_signature(request, raw)
        body = json.loads(raw)
        self.record(request, body)
        only(body, {"model", "messages", "parameters"}, lambda told: failed(10000, told))
        parameters = body["parameters"]
        only(
            parameters,
            {"temperature", "top_p", "top_k", "with_search_enhance"},
            lambda told: failed(10000, told),
        )
        within(parameters["temperature"], 0, 1, lambda told: failed(10000, told))
        alternating(body["messages"], lambda told: failed(10000, told))
        return await self._said(request, body)

    def _check_signature(self, request, raw):
        headers = request.headers
        if headers.get("Authorization") != f"Bearer {self.keys['api_key']}":
            failed(10101)
        moment = headers["X-BC-Timestamp"]
        if abs(int(moment) - self.now()) > 300:
            failed(10104)
        if headers["X-BC-Sign-Algo"] != "MD5":
            failed(10106)
        signed = self.keys["secret_key"].encode() + raw + moment.encode()
        if hashlib.md5(signed).hexdigest() != headers["X-BC-Signature"]:
            failed(10105)

    async def _said(self, request, body):
        tags = tags_of(body["messages"][-1]["content"])
        for tag, code in FAULTS.items():
            if tag in tags:
                failed(code)
        if "echo" in tags:
            failed(10000, " ".join(self.keys.values()))
        if "malformed" in tags:
            raise Refused(b'{"code": 0, "data": {"messages": []}}')
        usage = {} if "nousage" in tags else {"usage": USAGE}
        if request.path == "/v1/chat":
            return web.json_response(self._part("".join(SAID), "stop") | usage)
        assert request.path == "/v1/stream/chat"
        parts = [self._part(SAID[0], ""), self._part(SAID[1], "stop") | usage]
        kept = parts[:1] if "cut" in tags else parts
        lines = [json.dumps(part).encode() + b"\n" for part in kept]
        return await events(request, lines, self.content_type)

    @staticmethod
    def _part(text, finish):
        message = {"role": "assistant", "content": text, "finish_reason": finish}
        return {"code": 0, "msg": "success", "data": {"messages": [message]}}


def search_is_off(body):
    return body["parameters"]["with_search_enhance"] is False


def system_of(body):
    return body["messages"][0]["content"].partition("\n\n")[0]
