"""Turning parsed data into models, with errors that a YAML author can act on."""

import types
import typing
from collections.abc import Hashable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from bench.errors import SuiteError, UserError
from bench.files.yaml_source import Source
from bench.registry import did_you_mean

Model = TypeVar("Model", bound=BaseModel)
_OF_A_KEY = ("extra_forbidden", "missing")
"""Problems whose path ends in a key of the mapping, there or not."""


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
            _of_the_form_meant(error.errors(include_url=False), data),
            key=lambda each: each["type"] != "extra_forbidden",
        )
        where, message = _problem(model, problems[0], data)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise source.error((*at, *where), message + more, kind) from None


def _of_the_form_meant(problems: Sequence[Any], data: Any) -> list[Any]:
    """Without those of alternatives (a text, a list, a mapping) that a value has not even the form of."""

    def is_other_form(problem: Any) -> bool:
        at = problem["loc"]
        return (
            _is_form(problem)
            and _ends_in_tag(at, data)
            and any(
                other["loc"][: len(at) - 1] == at[:-1]
                and (len(other["loc"]) > len(at) or not _is_form(other))
                for other in problems
            )
        )

    return [each for each in problems if not is_other_form(each)]


def _is_form(problem: Any) -> bool:
    return str(problem["type"]).endswith("_type")


def _ends_in_tag(loc: tuple[Any, ...], data: Any) -> bool:
    """Whether the last part of `loc` is a name that pydantic adds for a union."""
    *_, last = loc or ("",)
    for part in _real_path(loc, data)[:-1]:
        data = data[part]
    return not _holds(data, last)


def _problem(model: type[BaseModel], problem: Any, data: Any) -> tuple[tuple[Hashable, ...], str]:
    """The path and the words of one of pydantic's problems."""
    where = _real_path(problem["loc"], data)
    if problem["type"] not in _OF_A_KEY and _ends_in_tag(problem["loc"], data):
        where = where[:-1]
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
        if _holds(data, part):
            data = data[part]
        elif index < len(loc) - 1:
            continue  # a union's tag
        path.append(part)
    return tuple(path)


def _holds(data: Any, part: Any) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


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
