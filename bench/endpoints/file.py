"""The endpoint file: who can be asked, under which name, and at what price."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from bench.endpoints.price import AsOf
from bench.endpoints.seam import Endpoint
from bench.errors import EndpointFileError, UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import ADAPTERS, did_you_mean
from bench.types import Number, Record

BUILT_IN = Path(__file__).parent / "builtin.yaml"
_LITERAL_KEYS = ("api_key", "apikey", "key", "token", "secret", "password", "authorization")
_LITERAL_ENDS = ("api_key", "access_token", "auth_token", "_secret", "_password")
_RATE_FORM = "rates expected, like {USD: {CNY: {rate, as_of, source}}}"
_ADVICE = "a key is never written here; name an environment variable under api_key_env"


class Rate(Record):
    """What one unit of a currency is worth in another, on a day."""

    rate: Number = Field(gt=0)
    as_of: AsOf
    source: str


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """A file's endpoints by name. `fx` maps (from, to) currencies; `strategies` are named variants."""

    endpoints: dict[str, Endpoint]
    adapters: dict[str, str]
    strategies: dict[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    fx: dict[tuple[str, str], Rate] = field(default_factory=dict)


def load_endpoints(path: Path | None) -> EndpointFile:
    """The endpoints of a file beside the built-in ones. Raises EndpointFileError with line and column.

    Only the file's own endpoints are candidates unless others are named.
    """
    built_in = _read(BUILT_IN)
    if path is None:
        return built_in
    own = _read(path)
    return replace(
        own,
        endpoints=built_in.endpoints | own.endpoints,
        adapters=built_in.adapters | own.adapters,
    )


def _read(path: Path) -> EndpointFile:
    source = read_yaml(path, EndpointFileError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping with endpoints: is expected", EndpointFileError)
    known = ["endpoints", "candidates", "strategies", "fx"]
    for key in source.data:
        if key not in known:
            raise source.error((key,), f"unknown key{did_you_mean(key, known)}", EndpointFileError)
    entries = source.data.get("endpoints")
    if not isinstance(entries, dict) or not entries:
        raise source.error(("endpoints",), "at least one endpoint is expected", EndpointFileError)
    endpoints = {name: _endpoint(name, entry, source) for name, entry in entries.items()}
    candidates = source.data.get("candidates") or list(endpoints)
    if not isinstance(candidates, list) or not all(isinstance(each, str) for each in candidates):
        raise source.error(("candidates",), "a list of names is expected", EndpointFileError)
    return EndpointFile(
        endpoints,
        {name: entry["adapter"] for name, entry in entries.items()},
        source.data.get("strategies") or {},
        tuple(candidates),
        _rates(source),
    )


def _endpoint(name: str, entry: Any, source: Source) -> Endpoint:
    at: tuple[Hashable, ...] = ("endpoints", name)
    if "/" in name or "," in name or not name.isprintable():
        raise source.error(at, "a name holds no slash and no comma", EndpointFileError)
    if not isinstance(entry, dict) or not isinstance(entry.get("adapter"), str):
        raise source.error(at, "adapter: is missing; see `bench models list`", EndpointFileError)
    for key in entry:
        if _names_a_key(key):
            raise source.error((*at, key), _ADVICE, EndpointFileError)
    _refuse_keys(entry.get("params"), (*at, "params"), source)
    try:
        adapter = ADAPTERS.load(entry["adapter"])
    except UserError as error:
        raise source.error((*at, "adapter"), str(error), EndpointFileError) from None
    options = {key: value for key, value in entry.items() if key != "adapter"}
    for key in adapter.paths:
        if isinstance(options.get(key), str) and not options[key].startswith("~"):
            options[key] = str(source.path.parent / options[key])
    section = Source(source.path, _nested(at, options), source.places)
    endpoint = validated(adapter, section, at, EndpointFileError)
    assert isinstance(endpoint, Endpoint)
    return endpoint


def _names_a_key(name: str) -> bool:
    name = name.lower().replace("-", "_")
    return name in _LITERAL_KEYS or name.endswith(_LITERAL_ENDS)


def _refuse_keys(value: Any, at: tuple[Hashable, ...], source: Source) -> None:
    """No key written literally, however deep; a mapping under such a name is a schema's field."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and _names_a_key(name):
                raise source.error((*at, name), _ADVICE, EndpointFileError)
            _refuse_keys(inner, (*at, name), source)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _refuse_keys(inner, (*at, index), source)


def _nested(at: tuple[Hashable, ...], value: Any) -> Any:
    for part in reversed(at):
        value = {part: value}
    return value


def _rates(source: Source) -> dict[tuple[str, str], Rate]:
    """What `fx:` says, base and quote currency to rate."""
    found: dict[tuple[str, str], Rate] = {}
    told = source.data.get("fx") or {}
    if not isinstance(told, dict):
        raise source.error(("fx",), _RATE_FORM, EndpointFileError)
    for base, quotes in told.items():
        if not isinstance(quotes, dict):
            raise source.error(("fx", base), _RATE_FORM, EndpointFileError)
        for quote in quotes:
            found[(base, quote)] = validated(Rate, source, ("fx", base, quote), EndpointFileError)
    return found
