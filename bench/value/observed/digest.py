"""Fingerprints of values: equal ones have equal digests, whoever made them and in whatever order."""

import hashlib
from typing import Any

import orjson


def digest(value: Any, size: int = 8) -> str:
    """A fingerprint of a value of JSON, in so many hexadecimal digits; the order of keys does not count."""
    told = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(told, digest_size=size // 2).hexdigest()
