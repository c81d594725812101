"""ChatGLM's wire v3 as public clients of 2023 to 2025 have it, and the token of the wire v4 (docs.bigmodel.cn)."""

import json

from aiohttp import web

from tests.stub_server import completion
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
from tests.wires.tokens import read_hs256

FAULTS = {"quota": 1113, "rate": 1302, "policy": 1301, "long": 1261, "busy": 500}
ALLOWED = {"prompt", "temperature", "top_p", "request_id", "incremental", "return_type", "ref"}
USAGE = {
    "prompt_tokens": ASKED_TOKENS,
    "completion_tokens": SAID_TOKENS,
    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(code, told="x", status=200):
    raise Refused({"code": code, "msg": told, "success": False}, status)


class Zhipu(Simulation):
    async def answer(self, request, raw):
        body = json.loads(raw)
        if request.path == "/api/paas/v4/chat/completions":
            self._check_token(request.headers["Authorization"].removeprefix("Bearer "))
            self.record(request, body)
            return web.json_response(completion("".join(SAID)))
        self._check_token(request.headers["Authorization"])
        self.record(request, body)
        only(body, ALLOWED, lambda told: failed(1210, told))
        alternating(body["prompt"], lambda told: failed(1214, told))
        within(body["temperature"], 0, 1, lambda told: failed(1214, told), above=True)
        return await self._said(request, body)

    def _check_token(self, token):
        self.issued = [*getattr(self, "issued", []), token]
        identity, secret = self.keys["api_key"].split(".")
        found = read_hs256(token, secret)
        if found is None or found[1]["api_key"] != identity:
            failed(1002, "Authorization Token is invalid", 401)
        header, claims = found
        assert header["sign_type"] == "SIGN"
        if not claims["timestamp"] - 5000 <= self.now() * 1000 < claims["exp"]:
            failed(1003, "Authorization Token has expired", 401)

    async def _said(self, request, body):
        tags = tags_of(body["prompt"][-1]["content"])
        for tag, code in FAULTS.items():
            if tag in tags:
                failed(code)
        if "echo" in tags:
            failed(1214, f"{request.headers['Authorization']} {self.keys}")
        if "malformed" in tags:
            raise Refused(b'{"success": true, "data": {"choices": [{"content": 7}]}}')
        usage = {} if "nousage" in tags else {"usage": USAGE}
        if request.path == "/api/paas/v3/model-api/chatglm_std/sse-invoke":
            return await self._streamed(request, tags, usage)
        assert request.path == "/api/paas/v3/model-api/chatglm_std/invoke"
        choice = {"role": "assistant", "content": json.dumps("".join(SAID))}
        told = {"request_id": "1", "task_id": "1", "task_status": "SUCCESS", "choices": [choice]}
        return web.json_response({"code": 200, "msg": "ok", "success": True, "data": told | usage})

    @staticmethod
    async def _streamed(request, tags, usage):
        pieces = [f"event:add\nid:1\ndata:{text}\n\n".encode() for text in SAID]
        meta = json.dumps({"task_status": "SUCCESS", "request_id": "1"} | usage)
        pieces.append(f"event:finish\nid:1\ndata:\nmeta:{meta}\n\n".encode())
        if "interrupted" in tags:
            pieces[-1] = b"event:interrupted\nid:1\ndata:\n\n"
        if "late" in tags:
            told = json.dumps({"code": 1305, "msg": "x", "success": False})
            pieces[-1] = f"event:error\nid:1\ndata:{told}\n\n".encode()
        return await events(request, pieces[:1] if "cut" in tags else pieces)


def search_is_off(body):
    return body["ref"] == {"enable": False}


def system_of(body):
    return body["prompt"][0]["content"].partition("\n\n")[0]
