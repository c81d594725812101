"""`name` or `{name: options}` in a suite's YAML becomes the component that is meant."""

from typing import Any

from bench.errors import UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source
from bench.registry import Table


def built(table: Table, spec: Any, source: Source, at: tuple[Any, ...]) -> Any:
    """The component of `table` that stands at `at` in a file. Raises SuiteError at that place."""
    options: Any = {}
    match spec:
        case str() as name:
            pass
        case dict() if len(spec) == 1:
            name, options = next(iter(spec.items()))
            at = (*at, name)
        case _:
            raise source.error(at, f"name one {table.kind}, or write {{name: options}}")
    try:
        kind = table.load(str(name))
    except UserError as error:
        raise source.error(at, str(error)) from None
    section = Source(source.path, options or {}, {})
    try:
        return validated(kind, section)
    except UserError as error:
        message = str(error).removeprefix(f"{section.path}:1:1: ")
        raise source.error(at, message) from None
