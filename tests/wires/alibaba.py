"""DashScope as https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope and error-code have it."""

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
    "quota": (400, "Arrearage", "Access denied, please make sure your account is in good standing"),
    "rate": (429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
    "policy": (400, "DataInspectionFailed", "Input data may contain inappropriate content."),
    "long": (400, "InvalidParameter", "Range of input length should be [1, 30720]"),
    "busy": (500, "InternalError.Algo", "inference error"),
}
PARAMETERS = {
    "result_format",
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "seed",
    "stop",
    "enable_search",
    "incremental_output",
    "enable_thinking",
    "thinking_budget",
}
USAGE = {
    "input_tokens": ASKED_TOKENS,
    "output_tokens": SAID_TOKENS,
    "total_tokens": ASKED_TOKENS + SAID_TOKENS,
}


def failed(status, code, told):
    raise Refused({"code": code, "message": told, "request_id": "r1"}, status)


class Alibaba(Simulation):
    async def answer(self, request, raw):
        try:
            return await self._answered(request, raw)
        except Refused as refused:
            if request.headers.get("X-DashScope-SSE") == "enable" and refused.status != 200:
                told = f":HTTP_STATUS/{refused.status}\ndata:{json.dumps(refused.body)}\n\n"
                refused.body = b"id:1\nevent:error\n" + told.encode()
                refused.headers = {"Content-Type": "text/event-stream"}
            raise

    async def _answered(self, request, raw):
        if request.headers.get("Authorization") != f"Bearer {self.keys['api_key']}":
            failed(401, "InvalidApiKey", "Invalid API-key provided.")
        body = json.loads(raw)
        self.record(request, body)
        assert request.path == "/services/aigc/text-generation/generation"

        def refuse(told):
            failed(400, "InvalidParameter", told)

        only(body, {"model", "input", "parameters"}, refuse)
        only(body["input"], {"messages"}, refuse)
        parameters = body["parameters"]
        only(parameters, PARAMETERS, refuse)
        within(parameters["temperature"], 0, 2, refuse, below=True)
        if parameters["result_format"] != "message":
            refuse("this simulation answers messages only")
        return await self._said(request, body)

    async def _said(self, request, body):
        tags = tags_of(body["input"]["messages"][-1]["content"])
        for tag, fault in FAULTS.items():
            if tag in tags:
                failed(*fault)
        if "echo" in tags:
            failed(400, "InvalidParameter", f"bad key {self.keys['api_key']}")
        if "malformed" in tags:
            raise Refused(b'{"output": {"choices": []}}')
        usage = {} if "nousage" in tags else {"usage": USAGE}
        if request.headers.get("X-DashScope-SSE") != "enable":
            return web.json_response(self._chunk("".join(SAID), "stop") | usage)
        assert body["parameters"]["incremental_output"] is True
        if "late" in tags:
            told = {"code": "InternalError", "message": "x", "request_id": "r1"}
            return await events(request, [self._event(self._chunk(SAID[0], "null")), error(told)])
        chunks = [self._chunk(text, "null") | usage for text in SAID]
        chunks.append(self._chunk("", "stop") | usage)
        kept = chunks[:1] if "cut" in tags else chunks
        return await events(request, [self._event(chunk) for chunk in kept])

    @staticmethod
    def _chunk(text, finish):
        message = {"role": "assistant", "content": text}
        return {
            "output": {"choices": [{"message": message, "finish_reason": finish}]},
            "request_id": "r1",
        }

    @staticmethod
    def _event(chunk):
        told = json.dumps(chunk, ensure_ascii=False)
        return f"id:1\nevent:result\n:HTTP_STATUS/200\ndata:{told}\n\n".encode()


def error(told):
    return f"id:2\nevent:error\n:HTTP_STATUS/500\ndata:{json.dumps(told)}\n\n".encode()


def search_is_off(body):
    return body["parameters"]["enable_search"] is False


def system_of(body):
    turn = body["input"]["messages"][0]
    return turn["content"] if turn["role"] == "system" else None
