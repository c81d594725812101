"""SkyChat 3.0 as https://cloud.tencent.com/developer/article/2472806 and public clients have it."""

import hashlib
import json

from tests.wires.simulation import SAID, Refused, Simulation, events, only, tags_of

FAULTS = {"quota": 60402, "rate": 60429, "policy": 60403}
"""The vendor's codes are not public: the endpoint's own table says what these mean."""
OWN_ERRORS = {
    "60401": "auth",
    "60402": "quota_empty",
    "60429": "rate_limited",
    "60403": "content_policy",
}


def failed(code, told="x"):
    raise Refused({"code": code, "code_msg": told, "trace_id": "t1", "resp_data": None})


class Tiangong(Simulation):
    """`content_type` is how its lines come: as an event stream, or as plain text."""

    content_type = "text/event-stream"
    prefix = b"data: "

    async def answer(self, request, raw):
        self._check_sign(request)
        body = json.loads(raw)
        self.record(request, body)
        assert request.path == "/sky-work/api/v1/chat"
        only(body, {"messages", "intent"}, lambda told: failed(60400, told))
        if any(turn["role"] not in ("system", "user", "bot") for turn in body["messages"]):
            failed(60400, "roles are system, user and bot")
        tags = tags_of(body["messages"][-1]["content"])
        for tag, code in FAULTS.items():
            if tag in tags:
                failed(code)
        if "echo" in tags:
            failed(60400, " ".join(self.keys.values()))
        if "malformed" in tags:
            raise Refused(b"<html>")
        cards = [
            self._card("search", "正在搜索"),
            *(self._card("markdown", text) for text in SAID),
            {"type": 2, "target": "finish", "card_type": "markdown", "arguments": []},
        ]
        kept = cards[:2] if "cut" in tags else cards
        lines = [self.prefix + json.dumps(card).encode() + b"\n" for card in kept]
        return await events(request, lines, self.content_type)

    def _check_sign(self, request):
        headers = request.headers
        moment = headers["timestamp"]
        text = self.keys["app_key"] + self.keys["app_secret"] + moment
        if headers["app_key"] != self.keys["app_key"]:
            failed(60401, "unknown app_key")
        if abs(int(moment) - self.now()) > 300:
            failed(60401, "timestamp")
        if hashlib.md5(text.encode()).hexdigest() != headers["sign"]:
            failed(60401, "sign")

    @staticmethod
    def _card(kind, text):
        return {
            "type": 1,
            "target": "update",
            "card_type": kind,
            "arguments": [{"messages": [{"text": text}]}],
        }


def search_is_off(body):
    return body["intent"] == "chat"


def system_of(body):
    turn = body["messages"][0]
    return turn["content"] if turn["role"] == "system" else None
