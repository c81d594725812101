"""Data as the page's script unpacks it."""

import base64
import json
import zlib

import orjson
from pydantic import JsonValue


def packed(data: JsonValue) -> str:
    """JSON, deflated, in letters that no page takes for its own.

    >>> packed([])
    'eNqLjgUAARUAuQ=='
    """
    try:
        text = orjson.dumps(data)
    except TypeError:  # a lone surrogate, which orjson refuses and JSON may hold escaped
        text = json.dumps(data).encode()
    return base64.b64encode(zlib.compress(text, 9)).decode()
