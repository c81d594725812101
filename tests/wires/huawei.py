"""PanguLM V1 and the identity service as https://support.huaweicloud.com/api-pangulm/pangulm_05_0012.html and
https://support.huaweicloud.com/api-iam/iam_30_0001.html have them.
"""

import json

from aiohttp import web

from tests.wires.simulation import (
    ASKED_TOKENS,
    SAID,
    SAID_TOKENS,
    Refused,
    Simulation,
    events,
    only,
    tags_of,
    within,
)

FAULTS = {
    "quota": (403, "PANGU.9402"),  # not documented: the endpoint's own table says what it means
    "policy": (400, "PANGU.9403"),
    "rate": (429, "APIG.0308"),
    "long": (400, "PANGU.3318"),
    "busy": (500, "PANGU.0001"),
}
OWN_ERRORS = {"PANGU.9402": "quota_empty", "PANGU.9403": "content_policy"}
ALLOWED = {"messages", "user", "stream", "temperature", "top_p", "max_tokens", "n"}
USAGE = {
    "prompt_tokens": ASKED_TOKENS,
    "completion_tokens": SAID_TOKENS,
    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(status, code, told="x"):
    raise Refused({"error_code": code, "error_msg": told}, status)


class Huawei(Simulation):
    """`issued` are tokens, each of 12,000 characters; `expired` are those that the gateway takes no more."""

    def __init__(self, **keys):
        super().__init__(**keys)
        self.issued = []
        self.expired = set()

    async def answer(self, request, raw):
        body = json.loads(raw)
        if request.path == "/v3/auth/tokens":
            return self._token(body)
        self._check_token(request)
        self.record(request, body)
        assert request.path == "/v1/project-1/deployments/deployment-1/chat/completions"

        def refuse(told):
            failed(400, "PANGU.0010", told)

        only(body, ALLOWED, refuse)
        within(body["temperature"], 0, 1, refuse)
        return await self._said(request, body)

    def _token(self, body):
        auth = body["auth"]
        user = auth["identity"]["password"]["user"]
        assert auth["identity"]["methods"] == ["password"]
        assert auth["scope"] == {"project": {"id": "project-1"}}
        keys = (user["domain"]["name"], user["name"], user["password"])
        if keys != (self.keys["domain"], self.keys["user"], self.keys["password"]):
            told = {"error": {"code": 401, "message": "The username or password is wrong."}}
            raise Refused(told, 401)
        token = f"MII{len(self.issued):06d}" + "A" * 12_000
        self.issued.append(token)
        told = {
            "token": {
                "issued_at": "2026-01-01T00:00:00.000000Z",
                "expires_at": "2026-01-02T00:00:00.000000Z",
            }
        }
        return web.json_response(told, status=201, headers={"X-Subject-Token": token})

    def _check_token(self, request):
        if "X-Apig-AppCode" in request.headers:
            if request.headers["X-Apig-AppCode"] != self.keys["app_code"]:
                failed(401, "APIG.0303", "Incorrect app authentication information")
            return
        token = request.headers.get("X-Auth-Token")
        if token not in self.issued or token in self.expired:
            failed(401, "APIG.0301", "Incorrect IAM authentication information: token expires")

    async def _said(self, request, body):
        tags = tags_of(body["messages"][-1]["content"])
        for tag, fault in FAULTS.items():
            if tag in tags:
                failed(*fault)
        if "echo" in tags:
            failed(400, "PANGU.0010", " ".join(self.keys.values()) + str(dict(request.headers)))
        if "malformed" in tags:
            raise Refused(b'{"choices": []}')
        usage = {} if "nousage" in tags else {"usage": USAGE}
        if not body["stream"]:
            return web.json_response(self._chunk("".join(SAID), "stop") | usage)
        chunks = [self._chunk(text, None) | usage for text in SAID]
        chunks.append(self._chunk("", "stop") | usage)
        kept = chunks[:1] if "cut" in tags else chunks
        pieces = [f"data:{json.dumps(chunk)}\n\n".encode() for chunk in kept]
        return await events(request, pieces + ([] if "cut" in tags else [b"data:[DONE]\n\n"]))

    @staticmethod
    def _chunk(text, finish):
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "finish_reason": finish, "message": message}
        return {"id": "chat-1", "model": "pangu-nlp-n1-32k_x", "choices": [choice]}


def search_is_off(body):
    return not any("search" in name for name in body)


def system_of(body):
    turn = body["messages"][0]
    return turn["content"] if turn["role"] == "system" else None
