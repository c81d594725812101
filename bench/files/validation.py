"""Turning parsed data into models, with errors that a YAML author can act on."""

import types
import typing
from collections.abc import Hashable
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from bench.errors import SuiteError, UserError
from bench.files.yaml_source import Source
from bench.registry import did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def validated(
    model: type[Model],
    source: Source,
    at: tuple[Hashable, ...] = (),
    kind: type[UserError] = SuiteError,
) -> Model:
    """The value at `at` of a file as a `model`; the first problem becomes the error's one line."""
    data = source.data
    for part in at:
        data = data[part]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = sorted(  # a misspelt key is why another one is missing
            error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden"
        )
        where, message = _problem(model, problems[0], data)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise source.error((*at, *where), message + more, kind) from None


def _problem(model: type[BaseModel], problem: Any, data: Any) -> tuple[tuple[Hashable, ...], str]:
    """The path and the words of one of pydantic's problems."""
    where = _real_path(problem["loc"], data)
    value = problem.get("input")
    match problem["type"]:
        case "extra_forbidden":
            known = _keys(model, problem["loc"][:-1])
            return where, f"unknown key{did_you_mean(str(problem['loc'][-1]), known)}"
        case "missing":
            return where[:-1] if where else (), f"'{problem['loc'][-1]}' is missing"
        case "string_type":
            return where, f"text expected, got {_shown(value)}; put it in quotes"
        case "float_type" | "int_type" | "bool_type" as wanted:
            noun = {
                "float_type": "a number",
                "int_type": "a whole number",
                "bool_type": "true or false",
            }
            return where, f"{noun[wanted]} expected, got {_shown(value)}"
        case "model_type" | "dict_type":
            return where, f"a mapping expected, got {_shown(value)}"
        case "value_error":
            return where, str(problem["ctx"]["error"])
        case _:
            message = problem["msg"][:1].lower() + problem["msg"][1:]
            return where, f"{message}, got {_shown(value)}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _real_path(loc: tuple[Any, ...], data: Any) -> tuple[Hashable, ...]:
    """`loc` without the names that pydantic adds for unions, cut where the data ends."""
    path: list[Hashable] = []
    for index, part in enumerate(loc):
        if (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        ):
            data = data[part]
        elif index < len(loc) - 1:
            continue  # a union's tag
        path.append(part)
    return tuple(path)


def _keys(annotation: Any, loc: tuple[Any, ...]) -> list[str]:
    """The keys that the model at `loc` knows."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _keys(annotation.model_fields["root"].annotation, loc)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not loc:
            return [field.alias or name for name, field in annotation.model_fields.items()]
        for name, field in annotation.model_fields.items():
            if loc[0] in (name, field.alias):
                return _keys(field.annotation, loc[1:])
        return _keys(annotation, loc[1:])
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (list, tuple, dict):
        return _keys(arguments[-1 if origin is dict else 0], loc[1:])
    if origin in (typing.Union, types.UnionType):
        found = [_keys(argument, loc) for argument in arguments]
        return max(found, key=len, default=[])
    if origin is typing.Annotated:
        return _keys(arguments[0], loc)
    return []
