"""Baidu's first wire as https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t and its page of errors have it."""

import json

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
    "quota": (17, "Open api daily request limit reached"),
    "rate": (18, "Open api qps request limit reached"),
    "long": (336003, "prompt tokens too long"),
    "busy": (336100, "try again"),
}
PREFIX = "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/"
PLACES = ("completions_pro", "completions", "ernie_speed", "ernie-lite-8k")
"""Of ERNIE-4.0-8K, 3.5-8K, Speed-8K and Lite-8K."""
ALLOWED = {
    "messages",
    "temperature",
    "top_p",
    "penalty_score",
    "stream",
    "system",
    "stop",
    "disable_search",
    "enable_citation",
    "max_output_tokens",
    "user_id",
}


def refuse(told):
    raise Refused({"error_code": 336003, "error_msg": told})


class Baidu(Simulation):
    """`good_tokens` are those that the vendor takes; `token_failure` is what the token server answers instead."""

    def __init__(self, **keys):
        super().__init__(**keys)
        self.issued = []
        self.good_tokens = set()
        self.token_failure = None
        self.lifetime_s = 2_592_000
        self.takes_new_tokens = True

    async def answer(self, request, raw):
        if request.path == "/oauth/2.0/token":
            return self._token(request)
        token = request.query.get("access_token")
        if token not in self.good_tokens:
            known = token in self.issued
            told = "Access token expired" if known else "Access token invalid or no longer valid"
            raise Refused({"error_code": 111 if known else 110, "error_msg": told})
        body = json.loads(raw)
        self.record(request, body)
        assert request.path.removeprefix(PREFIX) in PLACES
        only(body, ALLOWED, refuse)
        alternating(body["messages"], refuse)
        within(body.get("temperature"), 0, 1, refuse, above=True)
        within(body.get("max_output_tokens"), 2, 2048, refuse)
        return await self._said(request, body)

    def _token(self, request):
        query = request.query
        assert query["grant_type"] == "client_credentials"
        if self.token_failure is not None:
            raise self.token_failure
        if query["client_id"] != self.keys["ak"] or query["client_secret"] != self.keys["sk"]:
            told = {"error": "invalid_client", "error_description": "unknown client id"}
            raise Refused(told, 401)
        token = f"24.{len(self.issued):032x}.2592000.1700000000.282335-1"
        self.issued.append(token)
        if self.takes_new_tokens:
            self.good_tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": self.lifetime_s})

    async def _said(self, request, body):
        tags = tags_of(body["messages"][-1]["content"])
        for tag, (code, told) in FAULTS.items():
            if tag in tags:
                raise Refused({"error_code": code, "error_msg": told})
        if "echo" in tags:
            told = f"{self.keys['ak']} {self.keys['sk']} {request.query['access_token']}"
            raise Refused({"error_code": 336003, "error_msg": told})
        if "malformed" in tags:
            raise Refused(b'{"result":')
        if "policy" in tags:
            pieces = [self._part("换个话题", need_clear_history=True, ban_round=-1)]
        else:
            pieces = [self._part(SAID[0]), self._part(SAID[1])]
        usage = {
            "prompt_tokens": ASKED_TOKENS,
            "completion_tokens": SAID_TOKENS,
            "total_tokens": ASKED_TOKENS + SAID_TOKENS,
        }
        if "nousage" not in tags:
            for piece in pieces:
                piece["usage"] = usage
        if body.get("stream"):
            for number, piece in enumerate(pieces):
                piece |= {"sentence_id": number, "is_end": number == len(pieces) - 1}
            kept = pieces[:1] if "cut" in tags else pieces
            return await events(request, [data(piece) for piece in kept])
        whole = pieces[-1] | {"result": "".join(piece["result"] for piece in pieces)}
        if "truncated" in tags:
            whole["is_truncated"] = True
        return web.json_response(whole)

    @staticmethod
    def _part(text, **more):
        return {
            "id": "as-1",
            "object": "chat.completion",
            "created": 1,
            "result": text,
            "is_truncated": False,
            "need_clear_history": False,
        } | more


def search_is_off(body):
    return body["disable_search"] is True


def system_of(body):
    return body.get("system")
