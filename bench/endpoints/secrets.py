"""Keys: read from the environment by name, remembered, and hidden from whatever this process writes."""

import base64
import json
import os
import re
from typing import Annotated, NamedTuple
from urllib.parse import quote

from pydantic import AfterValidator

from bench.errors import EndpointFileError

_LONG = 16
"""A shorter key may be any word (local servers take "42"), so it is hidden only where no answer can stand."""
_known: set[str] = set()
_forms: list["_Form"] = []
"""Every form of every key, the longest first: a key within a key leaves nothing of the longer one."""


class _Form(NamedTuple):
    text: str
    raw: bytes
    is_of_long_key: bool


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("must be the name of an environment variable, never a key")
    return name


KeyVariable = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable that holds a key."""


def secret(name: str) -> str:
    """The key in a variable. Raises EndpointFileError, naming the variable, when there is none to use."""
    key = os.environ.get(name, "").strip()
    if not key:
        raise EndpointFileError(
            f"the environment variable {name} is not set; export it with the key"
        )
    if not key.isascii() or not key.isprintable():
        raise EndpointFileError(f"the key in {name} holds characters no header can carry")
    remember(key)
    return key


def remember(key: str) -> None:
    """Hide a key from now on: as it is, quoted for an address or for JSON, and in base64."""
    if not key or key in _known:
        return
    _known.add(key)
    forms = {key, quote(key), quote(key, safe=""), json.dumps(key)[1:-1]}
    if len(key) >= _LONG:
        forms |= {_core_of_base64(key, offset) for offset in range(3)}
    _forms.extend(_Form(each, each.encode(), len(key) >= _LONG) for each in forms)
    _forms.sort(key=lambda each: len(each.text), reverse=True)


def _core_of_base64(key: str, offset: int) -> str:
    """The characters of a base64 text that the key alone decides, wherever in it the key begins."""
    encoded = base64.b64encode(b"\0" * offset + key.encode()).decode()
    return encoded[4 if offset else 0 : len(encoded) - 4]


def hidden(text: str, *, answer: bool = False) -> str:
    """A text, every remembered key in it shown as [key]; in an `answer` only keys that none holds by chance."""
    for form in _forms:
        if form.text in text and (form.is_of_long_key or not answer):
            text = text.replace(form.text, "[key]")
    return text


def hidden_bytes(raw: bytes, *, answer: bool = False) -> bytes:
    """The same for what a server sent, before it is read."""
    for form in _forms:
        if form.raw in raw and (form.is_of_long_key or not answer):
            raw = raw.replace(form.raw, b"[key]")
    return raw
