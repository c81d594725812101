"""Huawei's own wire (盘古 PanguLM V1): project and deployment in the address, a token of the identity service.

Sources: https://support.huaweicloud.com/api-pangulm/pangulm_05_0012.html (2026-01-22),
https://support.huaweicloud.com/api-iam/iam_30_0001.html (token by password).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import orjson
from pydantic import field_validator, model_validator

from bench.endpoints.chat_reply import ChatStream, mapping, parsed_reply
from bench.endpoints.failures import failure_kind, shown
from bench.endpoints.http_endpoint import Gathering
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.access_token import AccessToken
from bench.endpoints.wires.meaning import CodeTable
from bench.endpoints.wires.native import NativeEndpoint, an_object, json_object
from bench.errors import RequestFailure

_DAY_S = 24 * 3600.0
_EXPIRED = ("APIG.0301", "APIGW.0301")
DOCUMENTED = CodeTable(
    "https://support.huaweicloud.com/api-pangulm/ErrorCode.html, "
    "https://support.huaweicloud.com/api-versatile/ErrorCode.html",
    "documented",
    {
        "APIG.0301": "auth",
        "APIGW.0301": "auth",
        "APIG.0302": "auth",
        "APIGW.0302": "auth",
        "PANGU.0001": "server",
        "PANGU.0010": "bad_request",
        "PANGU.3278": "bad_request",
        "PANGU.3306": "bad_request",
        "PANGU.3308": "bad_request",
        "PANGU.3315": "bad_request",
        "PANGU.3317": "bad_request",
        "PANGU.3318": "context_too_long",
    },
)
RECALLED = CodeTable(
    "https://support.huaweicloud.com/devg-apisign/api-sign-errorcode.html",
    "recalled",
    {
        "APIG.0303": "auth",
        "APIG.0305": "auth",
        "APIG.0308": "rate_limited",
        "APIGW.0308": "rate_limited",
    },
)


class PanguV1(NativeEndpoint):
    """PanguLM at the address that the console shows for a deployment, without what follows the host.

    One way of showing who asks: `app_code_env` (X-Apig-AppCode), `token_env` (a token got elsewhere, good for a day), or
    `password_env` with `user_env`, `domain_env` and `iam_url` (a token is fetched and renewed).

    Not verified without an account: codes for an empty quota and for the content policy, which no page names; the
    status of the answer speaks, and `errors` may say more.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        params={"temperature": ParameterRule(min=0, max=1), "top_p": ParameterRule(above=0, max=1)},
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED, RECALLED)

    project_id: str
    deployment_id: str
    app_code_env: KeyVariable | None = None
    token_env: KeyVariable | None = None
    password_env: KeyVariable | None = None
    user_env: KeyVariable = "HUAWEI_IAM_USER"
    domain_env: KeyVariable = "HUAWEI_IAM_DOMAIN"
    iam_url: str = "https://iam.cn-southwest-2.myhuaweicloud.com"

    @field_validator("iam_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"'{url}' is no plain http(s) address")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if sum(self._ways()) != 1:
            raise ValueError("name one of app_code_env, token_env and password_env")
        return self

    def _ways(self) -> tuple[bool, bool, bool]:
        named = (self.app_code_env, self.token_env, self.password_env)
        return (named[0] is not None, named[1] is not None, named[2] is not None)

    def key(self) -> str | None:
        """What shows who asks."""
        by_code, by_token, _ = self._ways()
        if by_code:
            return self.secret("app_code_env")
        if by_token:
            return self.secret("token_env")
        return "\0".join(self.secret(name) for name in ("domain_env", "user_env", "password_env"))

    def wire(self) -> "PanguWire":
        """The wire with a token of its own where one is fetched."""
        self.key()
        return PanguWire(self)

    async def exchanged(self, http: Http) -> tuple[str, float]:
        """A token of the identity service, and the seconds it is good for."""
        user = {
            "name": self.secret("user_env"),
            "password": self.secret("password_env"),
            "domain": {"name": self.secret("domain_env")},
        }
        auth = {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": self.project_id}},
        }
        url = f"{self.iam_url}/v3/auth/tokens?nocatalog=true"
        got = await http.exchange(Outgoing(url, orjson.dumps({"auth": auth})))
        token = got.headers.get("X-Subject-Token")
        if got.status == 201 and token:
            return token, _lifetime_s(mapping(an_object(got.raw).get("token")))
        kind = failure_kind(got.status) if got.status >= 400 else "auth"
        kind = "auth" if kind == "bad_request" else kind
        raise RequestFailure(kind, f"no IAM token: HTTP {got.status}: {shown(got.raw)}")


def _lifetime_s(token: Mapping[str, Any]) -> float:
    try:
        until, since = (
            datetime.fromisoformat(str(token[name])) for name in ("expires_at", "issued_at")
        )
        return max((until - since).total_seconds(), 0.0)
    except (KeyError, ValueError):
        return _DAY_S


class PanguWire:
    """Writes and reads chat completions at a deployment."""

    def __init__(self, endpoint: PanguV1) -> None:
        self._endpoint = endpoint
        self._token = AccessToken(endpoint.exchanged) if endpoint.password_env else None
        self._meaning = endpoint.meaning()
        where = f"/v1/{endpoint.project_id}/deployments/{endpoint.deployment_id}"
        self._url = f"{endpoint.base_url}{where}/chat/completions"

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question."""
        endpoint = self._endpoint
        if self._token is not None:
            headers = {"X-Auth-Token": await self._token.value(http)}
        elif endpoint.app_code_env:
            headers = {"X-Apig-AppCode": endpoint.secret("app_code_env")}
        else:
            headers = {"X-Auth-Token": endpoint.secret("token_env")}
        body = {
            "messages": endpoint.turns(request),
            "max_tokens": endpoint.output_tokens(request),
            **endpoint.sent(),
            "stream": endpoint.stream,
        }
        return Outgoing(self._url, orjson.dumps(body), headers)

    def reply(self, raw: bytes) -> Reply:
        """A chat completion."""
        body = json_object(raw)
        error = _error(body)
        if error is not None and "choices" not in body:
            return self._meaning.told(*error, raw)
        if self._token is not None:
            self._token.worked()
        return parsed_reply(raw)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and `error_code`; a token that has expired is fetched anew."""
        error = _error(an_object(raw))
        if self._token is not None and status == 401 and (error is None or error[0] in _EXPIRED):
            self._token.refused(f"HTTP {status}: {shown(raw)}")
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> Gathering:
        """Events whose choices hold `message` where others hold `delta`."""
        if self._token is not None:
            self._token.worked()
        return ChatStream()


def _error(body: Mapping[str, Any]) -> tuple[str, str] | None:
    code = body.get("error_code")
    return None if code is None else (str(code), str(body.get("error_msg")))
