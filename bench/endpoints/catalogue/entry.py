"""An entry of an endpoint file that says `from:`, filled in from the catalogue."""

import os
import re
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel

from bench.endpoints.catalogue.load import Catalogue, merged
from bench.endpoints.catalogue.system import Api, System
from bench.endpoints.seam import Endpoint
from bench.errors import EndpointFileError
from bench.registry import ADAPTERS, did_you_mean

OF_THE_CATALOGUE = ("from", "api")
"""Keys of an entry that are read here and are no adapter's."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_IMPORT = "bring its recorded answers in by adapter: replay or `bench score`"


def filled(entry: Mapping[str, Any], catalogue: Catalogue, today: date) -> dict[str, Any]:
    """The options of `entry` and its `adapter`, completed from its system's row; what it says itself wins.

    A system that cannot be asked, or whose address is missing, becomes an endpoint whose `check` says so, so that
    the others of the file can be run. Raises EndpointFileError for a system or an api that the catalogue lacks.
    """
    name = str(entry["from"])
    system = catalogue.system(name)
    own = {key: value for key, value in entry.items() if key not in OF_THE_CATALOGUE}
    api_name, api = _chosen(name, system, entry.get("api"))
    if api is None:
        if "adapter" in own:
            return merged(_fitting({"data": _place(system, None)}, _adapter(own["adapter"])), own)
        way_in = "" if system.reach == "out_of_scope" else f"; {_IMPORT}"
        return _unreachable(name, f"{_who(name, system)}: {system.reached.en}{way_in}", own, None)
    adapter = _adapter(str(own.get("adapter", api.adapter)))
    placed, missing = _placed(api, own)
    if missing:
        return _unreachable(name, _incomplete(name, system, api, missing), own, adapter)
    told = _told(system, api_name, api, own, today) | placed
    if "model" in own and api.model_option != "model":
        own[api.model_option] = own.pop("model")
    return {"adapter": api.adapter, **merged(_fitting(told, adapter), own)}


def _placed(api: Api, own: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Address and options with their `${NAME}`s read from the environment; option -> names that are not set.

    What the entry says itself needs no variable.
    """
    placed: dict[str, Any] = {}
    missing: dict[str, list[str]] = {}
    for key, value in {"base_url": api.base_url, **api.options}.items():
        if value is None or (key in own and not isinstance(value, dict)):
            continue
        unset: list[str] = []
        placed[key] = _from_environment(value, unset)
        if unset:
            missing[key] = unset
    return placed, missing


def _from_environment(value: Any, unset: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _from_environment(inner, unset) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    unset += [name for name in _VARIABLE.findall(value) if not os.environ.get(name, "").strip()]
    return _VARIABLE.sub(lambda found: os.environ.get(found[1], "").strip(), value)


def _chosen(name: str, system: System, wanted: Any) -> tuple[str, Api | None]:
    if wanted is None:
        return next(iter(system.apis.items()), ("", None))
    if wanted not in system.apis:
        hint = did_you_mean(str(wanted), list(system.apis))
        raise EndpointFileError(f"{name} has no api '{wanted}'{hint}")
    return wanted, system.apis[wanted]


def _adapter(name: str) -> type[Endpoint]:
    found: type[Endpoint] = ADAPTERS.load(name)
    return found


def _told(
    system: System, api_name: str, api: Api, own: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """What the catalogue says of the model that is asked: options, quirks, parameters, place, and today's price."""
    model = own.get("model", next(iter(api.models), None))
    elsewhere = "base_url" in own and api.residency != "here"
    told: dict[str, Any] = {
        "quirks": _as_written(api.quirks),
        "params": dict(api.params),
        "limits": dict(api.limits),
        "data": _place(system, api, elsewhere=elsewhere),
    }
    if isinstance(model, str):
        told[api.model_option] = model
        for rule in api.rules:
            if any(fnmatchcase(model, pattern) for pattern in rule.models):
                told["quirks"] = merged(told["quirks"], _as_written(rule.quirks))
                told["params"] = told["params"] | rule.params
                told |= {} if rule.stream is None else {"stream": rule.stream}
        params = told["params"] | (own.get("params") or {})
        line = system.price(model, api_name, today, params)
        if line is not None and not elsewhere:
            told["price"] = _as_written(line.price)
    return {key: value for key, value in told.items() if value not in ({}, None)}


def _as_written(value: BaseModel) -> dict[str, Any]:
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _place(system: System, api: Api | None, *, elsewhere: bool = False) -> dict[str, Any]:
    """Where what is asked goes, as far as a data policy can ask.

    `elsewhere` is an address of the entry's own that is not the vendor's: its place says nothing of it.
    """
    own_machine = api is not None and api.residency == "here"
    weights = system.weights.state
    if weights == "both":  # what is hosted oneself is the open part; of the rest nobody says
        weights = "open" if own_machine else "unknown"
    place: dict[str, Any] = {}
    if api is not None and not elsewhere:
        place = {"residency": api.residency, "deployment": api.deployment}
    return {
        **place,
        "weights": weights,
        "licence": system.weights.licence if weights == "open" else None,
        "filed": system.filed,
    }


def _fitting(told: dict[str, Any], adapter: type[Endpoint]) -> dict[str, Any]:
    """What of `told` the adapter has an option for.

    An adapter with a wire of its own knows the vendor's particulars; of the quirks it takes codes and rules.
    """
    quirks = told.get("quirks", {})
    told = {"errors": quirks.get("errors"), "rules": quirks.get("params"), **told}
    fields = adapter.model_fields
    return {key: value for key, value in told.items() if key in fields and value is not None}


def _unreachable(
    name: str, sentence: str, own: dict[str, Any], adapter: type[Endpoint] | None
) -> dict[str, Any]:
    """An endpoint that only says why; options that the adapter would have taken say nothing here."""
    none_public = _adapter("none_public")
    kept = {
        key: value
        for key, value in own.items()
        if key in none_public.model_fields or adapter is None or key not in adapter.model_fields
    }
    kept.pop("model", None)
    return {**kept, "adapter": "none_public", "system": name, "sentence": sentence}


def _incomplete(name: str, system: System, api: Api, missing: dict[str, list[str]]) -> str:
    variables = list(dict.fromkeys(each for names in missing.values() for each in names))
    why = f"{api.why.en}; " if api.why else ""
    otherwise = f", or {_IMPORT}" if system.reach == "import" else ""
    return (
        f"{_who(name, system)}: {why}export {', '.join(variables)} "
        f"or write {', '.join(f'{key}:' for key in missing)}{otherwise}"
    )


def _who(name: str, system: System) -> str:
    told = [system.usual_name("zh"), system.company.en]
    told += [system.field.en] if system.field else []
    return f"{name} ({', '.join(told)})"
