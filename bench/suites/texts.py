"""The texts that stand in a value of JSON."""

from collections.abc import Iterator

from pydantic import JsonValue


def texts(value: JsonValue) -> Iterator[str]:
    """Every text inside a value, and every number as text; names of fields are none.

    >>> list(texts({"rows": ["甲", 3.5], "is_open": True}))
    ['甲', '3.5']
    """
    match value:
        case str():
            yield value
        case bool() | None:
            return
        case int() | float():
            yield str(value)
        case list():
            for each in value:
                yield from texts(each)
        case dict():
            for each in value.values():
                yield from texts(each)
