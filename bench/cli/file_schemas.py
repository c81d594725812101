"""JSON Schemas of the files that people write and programs read."""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from bench.checking.checks_file import ChecksFile
from bench.endpoints.catalogue.load import CatalogueFile
from bench.endpoints.file import Rate
from bench.endpoints.seam import Endpoint
from bench.gate.policy_file import GatePolicy
from bench.gate.record import GateReport
from bench.registry import ADAPTERS, MUTATIONS, SCORERS, STRATEGIES, Table
from bench.running.policy_file import PolicyFile
from bench.suites.data import map_names
from bench.suites.model import Assumption, SuiteFile
from bench.suites.selftest_model import Calibration, Planted
from bench.types import Example, Item
from bench.value.observed.record import Observed
from bench.value.published_file import CountsFile
from bench.value.summary import Summary

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def file_schemas() -> dict[str, dict[str, Any]]:
    """Name of the schema -> the schema (JSON Schema 2020-12)."""
    return {
        "suite": _suite(),
        "items": _of(list[Item]),
        "examples": _of(list[Example]),
        "calibration": _of(list[Calibration]),
        "planted": _planted(),
        "endpoints": _endpoints(),
        "catalogue": _catalogue(),
        "policy": _headed(PolicyFile.model_json_schema()),
        "assumptions": _of(dict[str, dict[str, Assumption]]),
        "counts": _of(CountsFile),
        "gate": _headed(_without_null(GatePolicy.model_json_schema())),
        "outcomes": _outcomes(),
        "gate_report": _headed(GateReport.model_json_schema(mode="serialization")),
        "check": _headed(ChecksFile.model_json_schema(mode="serialization")),
        "summary": _headed(Summary.model_json_schema(by_alias=True, mode="serialization")),
    }


def _of(kind: Any) -> dict[str, Any]:
    schema = TypeAdapter(kind).json_schema()
    return _headed(_with_bare_numbers(schema))


def _headed(schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DRAFT, **schema}


def _with_bare_numbers(schema: dict[str, Any]) -> dict[str, Any]:
    """An assumption may be written as a bare number."""
    definitions = schema.get("$defs", {})
    for name in ("Assumption",):
        if name in definitions:
            definitions[name] = {"anyOf": [{"type": "number"}, definitions[name]]}
    return schema


def _without_null(value: Any) -> Any:
    """A schema of a file in which what is not said is left out."""
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {
        key: _without_null(each)
        for key, each in value.items()
        if not (key == "default" and each is None)
    }
    if "anyOf" in told:
        told["anyOf"] = [each for each in told["anyOf"] if each != {"type": "null"}]
    return told


def _outcomes() -> dict[str, Any]:
    schema = Observed.model_json_schema()
    schema["properties"]["seal"] = {"type": "string", "description": "A digest of all else."}
    schema["required"] = ["format", *schema["required"], "seal"]
    return _headed(schema)


def _suite() -> dict[str, Any]:
    schema = SuiteFile.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    schema["properties"]["scorers"]["additionalProperties"] = _one_of(SCORERS, definitions)
    named, written_out = definitions["DataItems"]["properties"]["map"]["anyOf"]
    definitions["DataItems"]["properties"]["map"]["anyOf"] = [
        {**named, "enum": map_names()},
        written_out,
    ]
    return _headed(_with_bare_numbers(schema))


def _planted() -> dict[str, Any]:
    schema = TypeAdapter(list[Planted]).json_schema()
    definitions = schema["$defs"]
    definitions["Planted"]["properties"]["mutation"] = _one_of(MUTATIONS, definitions)
    return _headed(schema)


def _endpoints() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    entries = []
    for name in ADAPTERS.names():
        told = _moved(ADAPTERS.load(name), definitions)
        told["properties"] = {"adapter": {"const": name}, **told.get("properties", {})}
        told["required"] = ["adapter", *told.get("required", [])]
        entries.append(told)
    entries.append(_from_the_catalogue(definitions))
    rates = TypeAdapter(dict[str, dict[str, Rate]]).json_schema()
    definitions |= rates.pop("$defs", {})
    strategies = _one_of(STRATEGIES, definitions)
    return {
        "$schema": _DRAFT,
        "$defs": definitions,
        "type": "object",
        "additionalProperties": False,
        "required": ["endpoints"],
        "properties": {
            "endpoints": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"oneOf": entries},
            },
            "candidates": {"type": "array", "items": {"type": "string"}},
            "strategies": {"type": "object", "additionalProperties": strategies},
            "fx": rates,
            "catalogue": {"type": "array", "items": {"type": "string"}},
            "policy": {"type": "string"},
        },
    }


def _from_the_catalogue(definitions: dict[str, Any]) -> dict[str, Any]:
    """An entry that names a system of the catalogue: it may say any option of that system's adapter, and needs none."""
    shared = _moved(Endpoint, definitions)["properties"]
    return {
        "type": "object",
        "required": ["from"],
        "properties": {
            "from": {"type": "string"},
            "api": {"type": "string"},
            "adapter": {"enum": ADAPTERS.names()},
            "model": {"type": "string"},
            **shared,
        },
    }


def _catalogue() -> dict[str, Any]:
    """A row of one's own says everything, one that changes a row of ours only what differs: nothing is compulsory."""
    schema = CatalogueFile.model_json_schema()
    for name in ("System", "Api"):
        schema["$defs"][name].pop("required", None)
    return _headed(schema)


def _one_of(table: Table, definitions: dict[str, Any]) -> dict[str, Any]:
    """`name` alone, or `{name: options}`."""
    names = table.names()
    options = [
        {
            "type": "object",
            "additionalProperties": False,
            "required": [name],
            "properties": {name: _moved(table.load(name), definitions)},
        }
        for name in names
    ]
    return {"oneOf": [{"enum": names}, *options]}


def _moved(model: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    """A model's schema with its definitions moved to the file's own."""
    schema = model.model_json_schema()
    definitions |= schema.pop("$defs", {})
    return schema
