"""Spark's websocket as https://www.xfyun.cn/doc/spark/Web.html and general_url_authentication.html have it."""

import base64
import hashlib
import hmac
import json
import re
from email.utils import parsedate_to_datetime

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    tags_of,
)

FAULTS = {
    "quota": 11201,
    "rate": 11202,
    "policy": 10013,
    "policy_out": 10014,
    "long": 10907,
    "busy": 10008,
}
DOMAINS = {
    "/v1.1/chat": "lite",
    "/v3.1/chat": "generalv3",
    "/v3.5/chat": "generalv3.5",
    "/v4.0/chat": "4.0Ultra",
    "/chat/pro-128k": "pro-128k",
    "/chat/max-32k": "max-32k",
}


class Spark(Simulation):
    async def answer(self, request, _raw):
        if request.path == "/elsewhere":
            raise Refused(b"", 302, {"Location": f"{self.url}/v3.5/chat"})
        self._check_signature(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        body = json.loads(await socket.receive_str())
        self.record(request, body)
        for frame in self._frames(request, body):
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        await socket.close()
        return socket

    def _check_signature(self, request):
        query = request.query
        if not {"authorization", "date", "host"} <= set(query):
            raise Refused({"message": "Unauthorized"}, 401)
        told = base64.b64decode(query["authorization"]).decode()
        parts = dict(re.findall(r'(\w+)="([^"]*)"', told))
        if parts["api_key"] != self.keys["api_key"]:
            raise Refused({"message": "HMAC signature cannot be verified: apikey not found"}, 401)
        if abs(parsedate_to_datetime(query["date"]).timestamp() - self.now()) > 300:
            raise Refused({"message": "HMAC signature cannot be verified, a valid date"}, 403)
        lines = f"host: {query['host']}\ndate: {query['date']}\nGET {request.path} HTTP/1.1"
        digest = hmac.new(self.keys["api_secret"].encode(), lines.encode(), hashlib.sha256).digest()
        expected = base64.b64encode(digest).decode()
        if query["host"] != request.host or parts["signature"] != expected:
            raise Refused({"message": "HMAC signature does not match"}, 403)
        assert parts["headers"] == "host date request-line"
        assert parts["algorithm"] == "hmac-sha256"

    def _frames(self, request, body):
        chat = body["parameter"]["chat"]
        text = body["payload"]["message"]["text"]
        tags = tags_of(text[-1]["content"])
        code = next((FAULTS[tag] for tag in FAULTS if tag in tags), 0)
        if body["header"]["app_id"] != self.keys["app_id"]:
            code = 10016
        if (
            not 0 < chat["temperature"] <= 1
            or not 1 <= chat["max_tokens"] <= 8192
            or chat["domain"] != DOMAINS[request.path]
            or set(chat) - {"domain", "temperature", "max_tokens", "top_k", "tools"}
            or any(turn["role"] not in ("system", "user", "assistant") for turn in text)
            or any(set(turn) != {"role", "content"} for turn in text)
        ):
            code = 10005
        if "echo" in tags:
            told = f"key {self.keys['api_key']} {self.keys['api_secret']}"
            return [{"header": {"code": 10005, "message": told, "sid": "s", "status": 2}}]
        if "malformed" in tags:
            return ["{not json"]
        if "huge" in tags:
            return [frame(0, 0, ["长" * 400_000]) for _ in range(5)]
        if code == 10014:
            return [frame(0, 0, [SAID[0]]), failure(code)]
        if code:
            return [failure(code)]
        frames = [frame(0, 0, [SAID[0]]), frame(1, 1, [SAID[1]]), frame(2, 2, [""])]
        if "nousage" not in tags:
            frames[-1]["payload"]["usage"] = {
                "text": {
                    "question_tokens": 4,
                    "prompt_tokens": ASKED_TOKENS,
                    "completion_tokens": SAID_TOKENS,
                    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
                }
            }
        return frames[:1] if "cut" in tags else frames


def failure(code):
    return {"header": {"code": code, "message": "refused", "sid": "cht1", "status": 2}}


def frame(status, seq, texts):
    return {
        "header": {"code": 0, "message": "Success", "sid": "cht1", "status": status},
        "payload": {
            "choices": {
                "status": status,
                "seq": seq,
                "text": [{"content": each, "role": "assistant", "index": 0} for each in texts],
            }
        },
    }


def search_is_off(body):
    (tool,) = body["parameter"]["chat"]["tools"]
    return tool == {"type": "web_search", "web_search": {"enable": False}}


def system_of(body):
    turn = body["payload"]["message"]["text"][0]
    return turn["content"] if turn["role"] == "system" else None
