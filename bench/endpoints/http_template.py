"""Any endpoint that takes and gives JSON, described in the endpoint file: no code."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import orjson
from pydantic import Field, JsonValue, model_validator
from yarl import URL

from bench.endpoints.chat_reply import loaded
from bench.endpoints.failures import (
    by_class,
    error_in_body,
    failure_kind,
    kind_of_code,
    refused,
    retry_after_s,
    shown,
)
from bench.endpoints.http_endpoint import Gathering, HttpEndpoint, cut_short
from bench.endpoints.image_parts import data_url
from bench.endpoints.json_paths import ErrorPaths, Path, ReplyPaths, at, json_or_none
from bench.endpoints.quirks import Quirks
from bench.endpoints.request_template import filled, literal_key, names_in, variables_in
from bench.endpoints.request_values import NAMES, one_text, request_values
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable, secret
from bench.endpoints.shaping import tokens
from bench.endpoints.transport import Http, Outgoing
from bench.errors import EndpointFileError, RequestFailure
from bench.types import Flag

_KNOWN = (*NAMES, "env", "params", "stream")
_OF_THE_CASE = {"prompt", "messages", "input", "item"}


class EventPaths(ReplyPaths):
    """Where each event of a stream says what. `text` is a piece of the answer, or with `whole` all of it so far.

    A stream is whole once `[DONE]`, a finish reason, or anything but null, false, 0 and "" at `done` has come.
    """

    whole: Flag = False
    done: Path | None = None


class HttpTemplate(HttpEndpoint):
    """Any JSON endpoint by a request template and paths into its reply. `base_url` is the whole address.

    Templates know prompt, system, messages, max_tokens, stop, input.FIELD, item, repeat, images, params.NAME, stream,
    and env.NAME for the environment variables that `secrets` names; headers and `query` know env alone. Where a
    template uses neither system nor messages, `prompt` begins with the instructions; params.temperature is 0 unless told.
    """

    version: ClassVar[str] = "1"

    method: Literal["POST", "PUT"] = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    query: dict[str, str] = Field(default_factory=dict)
    secrets: tuple[KeyVariable, ...] = ()
    request: JsonValue
    response: ReplyPaths
    errors: ErrorPaths | None = None
    events: EventPaths | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        """Every template can be read, knows its names, and holds no key."""
        written = {"headers": self.headers, "query": self.query, "request": self.request}
        for place, template in written.items():
            allowed = set(_KNOWN) if place == "request" else {"env"}
            unknown = sorted(names_in(template) - allowed)
            if unknown:
                raise ValueError(
                    f"{place}: no value is called '{unknown[0]}'; known: {', '.join(sorted(allowed))}"
                )
            unlisted = sorted(variables_in(template) - set(self.secrets))
            if unlisted:
                raise ValueError(f"{place}: env.{unlisted[0]} is not among secrets: [NAME]")
            name = literal_key(template)
            if name is not None:
                raise ValueError(
                    f"{place}: '{name}' is a key written out; write {{{{ env.NAME }}}} and secrets: [NAME]"
                )
            filled(template)
        if not names_in(self.request) & _OF_THE_CASE:
            raise ValueError('request: every case would ask the same; put "{{ prompt }}" into it')
        if self.stream and self.events is None:
            raise ValueError("stream: true needs events:, the paths into each event")
        return self

    def takes_images(self) -> bool:
        """Where the request template asks for them."""
        return "images" in names_in(self.request)

    def adjustments(self) -> tuple[str, ...]:
        """Parameters that no template asks for."""
        if "params" in names_in(self.request):
            return ()
        asked = (name for name in self.params if name != "max_tokens")
        return tuple(
            f"{name}: not sent, since the request template names no params" for name in asked
        )

    def account(self) -> str | None:
        """Who is billed and limited: the address's origin and every key."""
        return "\0".join((super().account() or "", *map(secret, self.secrets)))

    def wire(self) -> "TemplateWire":
        """The wire that the templates describe."""
        return TemplateWire(self, self.key())


class TemplateWire:
    """Fills the templates and follows the paths."""

    def __init__(self, endpoint: HttpTemplate, key: str | None) -> None:
        self._endpoint = endpoint
        self._env = {name: secret(name) for name in endpoint.secrets}
        try:
            query = filled(dict(endpoint.query))({"env": self._env})
            self._headers = filled(dict(endpoint.headers))({"env": self._env})
        except ValueError as error:
            raise EndpointFileError(str(error)) from None
        self._url = URL(endpoint.base_url).with_query(query or None)
        if key is not None:
            self._headers.setdefault("Authorization", f"Bearer {key}")
        self._fill = filled(endpoint.request)
        self._names = names_in(endpoint.request)

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One filled template. Raises RequestFailure (bad_request) where it cannot be filled for this item."""
        del http
        try:
            raw = orjson.dumps(self._fill(self._values(request)))
        except (ValueError, TypeError) as error:
            raise RequestFailure("bad_request", f"the request template: {error}") from None
        return Outgoing(self._url, raw, self._headers, self._endpoint.method)

    def _values(self, request: Request) -> dict[str, Any]:
        endpoint = self._endpoint
        values = request_values(request)
        values["max_tokens"] = tokens(
            request.max_tokens, endpoint.params.get("max_tokens"), Quirks()
        )
        if not self._names & {"system", "messages"}:
            values["prompt"] = one_text(request)
        if "images" in self._names:
            values["images"] = [data_url(each) for each in values["images"]]
        params = {"temperature": 0} | endpoint.params
        return values | {"env": self._env, "params": params, "stream": endpoint.stream}

    def reply(self, raw: bytes) -> Reply:
        """What stands at the paths."""
        body = loaded(raw)
        told_of = self._error(body, raw)
        if told_of is not None:
            return told_of
        return self._endpoint.response.reply(self._endpoint.response.found(body), raw)

    def _error(self, body: Any, raw: bytes) -> Reply | None:
        errors = self._endpoint.errors
        if errors is not None:
            return errors.told(body, shown(raw))
        has_text = at(body, self._endpoint.response.text) is not None
        return None if has_text else error_in_body(body)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error, by the code at its path, else by what codes it carries and its status."""
        errors = self._endpoint.errors
        if errors is not None and status >= 400:
            code = errors.code_in(json_or_none(raw))
            if code is not None:
                kind = kind_of_code(code, errors.codes) or failure_kind(status)
                return by_class(kind, f"HTTP {status}: {shown(raw)}", retry_after_s(headers))
        return refused(status, headers, raw, errors.codes if errors is not None else None)

    def stream(self) -> Gathering | None:
        """Events, where their paths are told."""
        events = self._endpoint.events
        return None if events is None else _Events(events, self._endpoint.errors)


class _Events:
    """A streamed reply, gathered along the paths."""

    def __init__(self, paths: EventPaths, errors: ErrorPaths | None) -> None:
        self._paths = paths
        self._errors = errors
        self._found: dict[str, Any] = paths.found(None)
        self._pieces: dict[str, list[str]] = {"text": [], "reasoning": []}
        self._refused: Reply | None = None
        self.has_begun = self.is_done = self._is_whole = False

    def feed(self, data: bytes) -> None:
        """One event. Raises RequestFailure for an error in the stream."""
        if self._refused is not None or self.is_done or not data.strip():
            return
        if data.strip() == b"[DONE]":
            self.is_done = self._is_whole = True
            return
        event = loaded(data)
        if self._errors is not None:
            self._refused = self._errors.told(event, shown(data))
        else:
            self._refused = error_in_body(event)
        for name, value in self._paths.found(event).items():
            if value is not None:
                self._take(name, value)
        self._is_whole = self._is_whole or self._found["finish"] is not None
        self._is_whole = self._is_whole or bool(at(event, self._paths.done))

    def _take(self, name: str, value: Any) -> None:
        if name not in self._pieces or not isinstance(value, str):
            self._found[name] = value
            return
        if self._paths.whole:
            self._pieces[name].clear()
        self._pieces[name].append(value)
        self.has_begun = self.has_begun or bool(value)

    def reply(self) -> Reply:
        """The whole answer. Raises RequestFailure (transport) where its end never came."""
        if self._refused is not None:
            return self._refused
        if not self._is_whole:
            raise cut_short()
        told = {name: "".join(pieces) for name, pieces in self._pieces.items() if pieces}
        strange = {name: value for name, value in self._found.items() if value is not None}
        return self._paths.reply(self._found | told | strange, b"(a stream)")
