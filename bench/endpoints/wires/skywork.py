"""Kunlun's own wire (天工 SkyChat 3.0): a key signed by MD5, roles user and bot, JSON events a line.

Sources: https://cloud.tencent.com/developer/article/2472806 (2024-12-02) and public clients; the vendor's own page
(https://model-platform.tiangong.cn/api-reference) could not be read.
"""

import time
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import orjson
from pydantic import model_validator

from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.signing import skywork_sign
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.meaning import CodeTable, Meaning
from bench.endpoints.wires.native import (
    ByLine,
    NativeEndpoint,
    Pieces,
    an_object,
    first,
    json_object,
)

_ENDS = ("finish", "end")


class Skywork(NativeEndpoint):
    """SkyChat. It tells no usage, so tokens are estimated; it has no field for output tokens or temperature.

    `search: off` is the intent `chat`; `vendor_default` lets the service decide. Not verified without an account: the
    service looks dormant since 2025, its error codes are not public (`errors` may name them), and which event ends a
    stream (`finish` or `end`) is known from public clients only.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        roles={"assistant": "bot"},
        params={"temperature": ParameterRule(refused=True)},
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = ()
    keys: ClassVar[tuple[str, ...]] = ("app_key_env", "app_secret_env")
    caps_output: ClassVar[bool] = False
    searches: ClassVar[bool] = True

    base_url: str = "https://api-maas.singularity-ai.com/sky-work/api/v1"
    app_key_env: KeyVariable = "TIANGONG_APP_KEY"
    app_secret_env: KeyVariable = "TIANGONG_APP_SECRET"  # noqa: S105  # a variable's name

    @model_validator(mode="after")
    def _search_known(self) -> Self:
        if self.search == "on":
            raise ValueError("search cannot be forced here; write off or vendor_default")
        return self

    def wire(self) -> "SkyworkWire":
        """The signed wire."""
        return SkyworkWire(self, self.secret("app_key_env"), self.secret("app_secret_env"))


class SkyworkWire:
    """Writes `messages` and `intent`, reads cards."""

    def __init__(self, endpoint: Skywork, app_key: str, app_secret: str) -> None:
        self._endpoint = endpoint
        self._keys = (app_key, app_secret)
        self._meaning = endpoint.meaning()

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question, signed for this second."""
        del http
        endpoint, now = self._endpoint, str(int(time.time()))
        body = {
            "messages": endpoint.turns(request),
            "intent": "chat" if endpoint.search == "off" else "",
            **endpoint.sent(),
        }
        headers = {
            "app_key": self._keys[0],
            "timestamp": now,
            "sign": skywork_sign(*self._keys, now),
        }
        return Outgoing(f"{endpoint.base_url}/chat", orjson.dumps(body), headers)

    def reply(self, raw: bytes) -> Reply:
        """The events of a body that did not come as an event stream."""
        cards = SkyworkCards(self._meaning)
        for line in raw.splitlines():
            cards.feed(line)
        return cards.reply()

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code."""
        return self._meaning.refused(status, headers, raw, _error(an_object(raw)))

    def stream(self) -> "SkyworkCards":
        """The same events as they come."""
        return SkyworkCards(self._meaning)


class SkyworkCards(Pieces, ByLine):
    """Events of cards, a line each, with or without `data:`; the texts of markdown cards are the answer."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning

    def feed(self, data: bytes) -> None:
        """One line."""
        line = data.strip().removeprefix(b"data:").strip()
        if not line or self.is_whole or line.startswith((b"event:", b"id:", b":")):
            return
        if line == b"[DONE]":
            self.end()
            return
        card = json_object(line)
        error = _error(card)
        if error is not None and not card.get("arguments"):
            self.refuse(self._meaning.told(*error, line))
            return
        if card.get("card_type", "markdown") == "markdown":
            self.add(_text(card))
        if card.get("target") in _ENDS:
            self.end()


def _text(card: Mapping[str, Any]) -> Any:
    return first(first(card.get("arguments")).get("messages")).get("text")


def _error(body: Mapping[str, Any]) -> tuple[str, str] | None:
    code = body.get("code")
    if code is None or str(code) == "200":
        return None
    return str(code), str(body.get("code_msg"))
