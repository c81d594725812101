"""Hunyuan as https://cloud.tencent.com/document/api/1729/105701 and 101842 (signature v3) have it."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    alternating,
    data,
    events,
    only,
    tags_of,
    within,
)

FAULTS = {
    "quota": "FailedOperation.ResourcePackExhausted",
    "rate": "RequestLimitExceeded",
    "busy": "InternalError",
}
ALLOWED = {
    "Model",
    "Messages",
    "Stream",
    "StreamModeration",
    "TopP",
    "Temperature",
    "EnableEnhancement",
    "Seed",
    "Stop",
    "EnableThinking",
}
USAGE = {
    "PromptTokens": ASKED_TOKENS,
    "CompletionTokens": SAID_TOKENS,
    "TotalTokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(code, told="x"):
    raise Refused({"Response": {"Error": {"Code": code, "Message": told}, "RequestId": "r1"}})


class Tencent(Simulation):
    async def answer(self, request, raw):
        self._check_signature(request, raw)
        body = json.loads(raw)
        self.record(request, body)
        only(body, ALLOWED, lambda told: failed("UnknownParameter", told))
        messages = [{"role": each["Role"], "content": each["Content"]} for each in body["Messages"]]
        spoken = messages[1:] if messages[0]["role"] == "system" else messages
        alternating(spoken, lambda told: failed("InvalidParameterValue", told))
        within(body.get("Temperature"), 0, 2, lambda told: failed("InvalidParameterValue", told))
        return await self._said(request, body, tags_of(messages[-1]["content"]))

    def _check_signature(self, request, raw):
        headers = request.headers
        if request.path != "/" or headers.get("X-TC-Action") != "ChatCompletions":
            failed("InvalidParameter", "no such action")
        if headers.get("X-TC-Version") != "2023-09-01":
            failed("InvalidParameter", "no such version")
        moment = int(headers["X-TC-Timestamp"])
        if abs(moment - self.now()) > 300:
            failed("AuthFailure.SignatureExpire")
        found = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/(\S+), SignedHeaders=(\S+), Signature=(\w{64})",
            headers["Authorization"],
        )
        secret_id, scope, names, signature = found.groups()
        if secret_id != self.keys["secret_id"]:
            failed("AuthFailure.SecretIdNotFound")
        date = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")
        assert scope == f"{date}/hunyuan/tc3_request"
        lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names.split(";"))
        hashed = hashlib.sha256(raw).hexdigest()
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashed}"
        key = ("TC3" + self.keys["secret_key"]).encode()
        for part in (date, "hunyuan", "tc3_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        text = "\n".join(
            ["TC3-HMAC-SHA256", str(moment), scope, hashlib.sha256(canonical.encode()).hexdigest()]
        )
        if hmac.digest(key, text.encode(), "sha256").hex() != signature:
            failed("AuthFailure.SignatureFailure")

    async def _said(self, request, body, tags):
        for tag, code in FAULTS.items():
            if tag in tags:
                failed(code)
        if "echo" in tags:
            failed("InvalidParameter", f"{self.keys['secret_id']} {self.keys['secret_key']}")
        if "malformed" in tags:
            raise Refused(b'{"Response": {}}')
        usage = {} if "nousage" in tags else {"Usage": USAGE}
        finish = "sensitive" if "policy" in tags else "stop"
        if body["Stream"]:
            chunks = [
                {"Choices": [{"FinishReason": "", "Delta": {"Role": "assistant", "Content": text}}]}
                | usage
                for text in SAID
            ]
            chunks.append({"Choices": [{"FinishReason": finish, "Delta": {"Content": ""}}]} | usage)
            kept = chunks[:1] if "cut" in tags else chunks
            return await events(request, [data(chunk) for chunk in kept], "text/event-stream")
        message = {"Role": "assistant", "Content": "".join(SAID)}
        response = {
            "Created": 1,
            "Id": "1",
            "Choices": [{"FinishReason": finish, "Message": message}],
            "RequestId": "r1",
        }
        return web.json_response({"Response": response | usage})


def search_is_off(body):
    return body["EnableEnhancement"] is False


def system_of(body):
    turn = body["Messages"][0]
    return turn["Content"] if turn["Role"] == "system" else None
