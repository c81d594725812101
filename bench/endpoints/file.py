"""The endpoint file: who can be asked, under which name, and at what price."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from bench.endpoints.price import AsOf
from bench.endpoints.seam import Endpoint
from bench.endpoints.secrets import names_a_key
from bench.errors import EndpointFileError, UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import ADAPTERS, did_you_mean
from bench.types import Number, Record

if TYPE_CHECKING:
    from bench.endpoints.catalogue.load import Catalogue

BUILT_IN = Path(__file__).parent / "builtin.yaml"
_RATE_FORM = "rates expected, like {USD: {CNY: {rate, as_of, source}}}"
_ADVICE = "a key is never written here; name an environment variable under api_key_env"
_KEYS = ("endpoints", "candidates", "strategies", "fx", "catalogue", "policy")
_PRICE_ZONE = ZoneInfo("Asia/Shanghai")


class Rate(Record):
    """What one unit of a currency is worth in another, on a day."""

    rate: Number = Field(gt=0)
    as_of: AsOf
    source: str


@dataclass(frozen=True, slots=True)
class EndpointFile:
    """A file's endpoints by name. `fx` maps (from, to) currencies; `strategies` are named variants.

    `catalogue_files` add to the catalogue, whose prices count as they are on `today`.
    """

    endpoints: dict[str, Endpoint]
    adapters: dict[str, str]
    strategies: dict[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    fx: dict[tuple[str, str], Rate] = field(default_factory=dict)
    catalogue_files: tuple[Path, ...] = ()
    today: date = date.min
    policy: Path | None = None
    """The data policy that the file names."""

    def catalogue(self) -> "Catalogue":
        """Our rows and the file's own."""
        from bench.endpoints.catalogue.load import Catalogue  # most runs name nobody of it

        return Catalogue(self.catalogue_files)

    def named(self, name: str) -> tuple[str, Endpoint]:
        """The adapter's name and the endpoint called `name`, in the file or else in the catalogue.

        Raises EndpointFileError with a suggestion when there is none.
        """
        if name in self.endpoints:
            return self.adapters[name], self.endpoints[name]
        catalogue = self.catalogue()
        if name not in catalogue.ids():
            hint = did_you_mean(name, [*self.endpoints, *catalogue.ids()])
            if not hint.startswith("; did you mean"):
                hint = (
                    f"{did_you_mean(name, list(self.endpoints))}, and those of `bench models list`"
                )
            raise EndpointFileError(f"no endpoint is called '{name}'{hint}")
        source = Source(Path("catalogue"), {}, {})
        return _endpoint(name, {"from": name}, source, self)


def load_endpoints(path: Path | None, today: date | None = None) -> EndpointFile:
    """The endpoints of a file beside the built-in ones. Raises EndpointFileError with line and column.

    Only the file's own endpoints are candidates unless others are named. `today` decides which of the catalogue's
    prices holds.
    """
    today = today or datetime.now(_PRICE_ZONE).date()
    built_in = _read(BUILT_IN, today)
    if path is None:
        return built_in
    own = _read(path, today)
    return replace(
        own,
        endpoints=built_in.endpoints | own.endpoints,
        adapters=built_in.adapters | own.adapters,
    )


def _read(path: Path, today: date) -> EndpointFile:
    source = read_yaml(path, EndpointFileError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping with endpoints: is expected", EndpointFileError)
    for key in source.data:
        if key not in _KEYS:
            hint = did_you_mean(key, list(_KEYS))
            raise source.error((key,), f"unknown key{hint}", EndpointFileError)
    entries = source.data.get("endpoints")
    if not isinstance(entries, dict) or not entries:
        raise source.error(("endpoints",), "at least one endpoint is expected", EndpointFileError)
    candidates = _names("candidates", source) or tuple(entries)
    files = tuple(path.parent / each for each in _names("catalogue", source))
    read = EndpointFile(
        {},
        {},
        source.data.get("strategies") or {},
        candidates,
        _rates(source),
        files,
        today,
        _policy(source),
    )
    if files:
        read.catalogue()  # a mistake in a file of the user's own is told, whoever is asked
    made = {name: _endpoint(name, entry, source, read) for name, entry in entries.items()}
    return replace(
        read,
        endpoints={name: endpoint for name, (_, endpoint) in made.items()},
        adapters={name: adapter for name, (adapter, _) in made.items()},
    )


def _policy(source: Source) -> Path | None:
    told = source.data.get("policy")
    if told is None:
        return None
    if not isinstance(told, str) or not told:
        raise source.error(("policy",), "the name of a policy file is expected", EndpointFileError)
    return source.path.parent / told


def _names(key: str, source: Source) -> tuple[str, ...]:
    told = source.data.get(key) or []
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise source.error((key,), "a list of names is expected", EndpointFileError)
    return tuple(told)


def _endpoint(name: str, entry: Any, source: Source, file: EndpointFile) -> tuple[str, Endpoint]:
    """The adapter's name and the endpoint of one entry."""
    at: tuple[Hashable, ...] = ("endpoints", name)
    if "/" in name or "," in name or not name.isprintable():
        raise source.error(at, "a name holds no slash and no comma", EndpointFileError)
    if not isinstance(entry, dict) or not {"adapter", "from"} & set(entry):
        told = "adapter: (or from:, a system of the catalogue) is missing; see `bench models list`"
        raise source.error(at, told, EndpointFileError)
    for key in ("adapter", "from"):
        if key in entry and not isinstance(entry[key], str):
            raise source.error((*at, key), "a name is expected", EndpointFileError)
    for key in entry:
        if names_a_key(key):
            raise source.error((*at, key), _ADVICE, EndpointFileError)
    for part in ("params", "query"):
        _refuse_keys(entry.get(part), (*at, part), source)
    entry = _completed(entry, at, source, file)
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
    return entry["adapter"], endpoint


def _completed(
    entry: dict[str, Any], at: tuple[Hashable, ...], source: Source, file: EndpointFile
) -> dict[str, Any]:
    """An entry with what the catalogue says of its system, where it names one."""
    if "from" not in entry:
        return entry
    from bench.endpoints.catalogue.entry import filled  # most files name nobody of it

    try:
        return filled(entry, file.catalogue(), file.today)
    except UserError as error:
        raise source.error((*at, "from"), str(error), EndpointFileError) from None


def _refuse_keys(value: Any, at: tuple[Hashable, ...], source: Source) -> None:
    """No key written literally, however deep; a mapping under such a name is a schema's field, {{ … }} a template."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and names_a_key(name) and "{{" not in inner:
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
