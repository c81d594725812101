"""BlueLM's signed wire as aigc.vivo.com.cn (documents 1677 and 1745) and public clients have it."""

import base64
import hashlib
import hmac
import json

from aiohttp import web

from tests.wires.simulation import (
    SAID,
    Refused,
    Simulation,
    alternating,
    events,
    only,
    tags_of,
    within,
)

FAULTS = {
    "quota": (2003, "today usage limit"),
    "rate": (30001, "hit model rate limit"),
    "permission": (30001, "no model access permission permission expires"),
    "policy": (1007, "抱歉，我们换个话题吧"),
}
SIGNED = "x-ai-gateway-app-id;x-ai-gateway-timestamp;x-ai-gateway-nonce"


def failed(code, told):
    raise Refused({"code": code, "data": None, "msg": told})


class BlueLM(Simulation):
    digest = "raw"

    async def answer(self, request, raw):
        self._check_signature(request)
        body = json.loads(raw)
        self.record(request, body)

        def refuse(told):
            failed(1001, told)

        if not request.query.get("requestId"):
            refuse("param 'requestId' can't be empty")
        only(body, {"messages", "model", "sessionId", "systemPrompt", "extra"}, refuse)
        if not body.get("sessionId"):
            refuse("param 'sessionId' can't be empty")
        alternating(body["messages"], refuse)
        within(body["extra"]["temperature"], 0, 1, refuse, above=True)
        return await self._said(request, body)

    def _check_signature(self, request):
        headers = request.headers
        moment, nonce = headers["X-AI-GATEWAY-TIMESTAMP"], headers["X-AI-GATEWAY-NONCE"]
        app_id = headers["X-AI-GATEWAY-APP-ID"]
        assert headers["X-AI-GATEWAY-SIGNED-HEADERS"] == SIGNED
        assert len(nonce) == 8
        lines = [f"{name}:{headers[name]}" for name in SIGNED.split(";")]
        query = request.query_string
        text = "\n".join(["POST", request.path, query, app_id, moment, *lines])
        digest = hmac.new(self.keys["app_key"].encode(), text.encode(), hashlib.sha256)
        told = digest.digest() if self.digest == "raw" else digest.hexdigest().encode()
        is_right = base64.b64encode(told).decode() == headers["X-AI-GATEWAY-SIGNATURE"]
        if app_id != self.keys["app_id"] or not is_right:
            raise Refused({"message": "HMAC signature does not match"}, 401)
        if abs(int(moment) - self.now()) > 300:
            raise Refused({"message": "HMAC signature cannot be verified: timestamp"}, 401)

    async def _said(self, request, body):
        tags = tags_of(body["messages"][-1]["content"])
        stream = request.path == "/vivogpt/completions/stream"
        assert stream or request.path == "/vivogpt/completions"
        if stream and "policy" in tags:
            told = json.dumps({"reply": "换个话题"}).encode()
            return await events(request, [b"event:antispam\ndata:" + told + b"\n\n"])
        for tag, fault in FAULTS.items():
            if tag in tags and stream:
                told = json.dumps({"code": fault[0], "msg": fault[1]}).encode()
                return await events(request, [b"event:error\ndata:" + told + b"\n\n"])
            if tag in tags:
                failed(*fault)
        if "echo" in tags:
            failed(1001, " ".join(self.keys.values()))
        if "malformed" in tags:
            raise Refused(b'{"code": 0, "data": {}}')
        if not stream:
            told = {"sessionId": body["sessionId"], "requestId": "1", "content": "".join(SAID)}
            return web.json_response({"code": 0, "data": told, "msg": "done."})
        pieces = [
            b"event:message\ndata:" + json.dumps({"message": text}).encode() + b"\n\n"
            for text in SAID
        ]
        pieces.append(b"event:close\ndata:[DONE]\n\n")
        return await events(request, pieces[:1] if "cut" in tags else pieces)


def search_is_off(body):
    return not any("search" in name.lower() for name in (*body, *body["extra"]))


def system_of(body):
    return body.get("systemPrompt")
