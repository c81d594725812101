"""Keys: read from the environment by name, remembered, and hidden from whatever this process writes."""

import base64
import json
import os
import re
from dataclasses import replace
from typing import Annotated, NamedTuple
from urllib.parse import quote

from pydantic import AfterValidator

from bench.endpoints.seam import Reply
from bench.errors import EndpointFileError

_LONG = 16
"""A shorter key may be any word (local servers take "42"), so it is hidden only where no answer can stand."""
_KEY_NAME = re.compile(
    r"(^|[-_])(authorization|(api|app)[-_]?key|(access|auth)[-_]?(token|key)|secret([-_]?(id|key))?|password|cookie)$"
    r"|^(x[-_])?(key|token)$",
    re.IGNORECASE,
)
_known: set[str] = set()
_forms: list["_Form"] = []
"""Every form of every key, the longest first: a key within a key leaves nothing of the longer one."""
_UNSEEN = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"  # escape sequences of terminals
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U0010ffff]"
)
"""What a page or a terminal leaves out, so that what stands on either side of it comes together."""


class _Form(NamedTuple):
    text: str
    is_of_long_key: bool


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("must be the name of an environment variable, never a key")
    return name


KeyVariable = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable that holds a key."""


def names_a_key(name: str) -> bool:
    """Whether what is called so, an option, a header or a field of a body, is a key.

    >>> names_a_key("X-Auth-Token"), names_a_key("max_tokens"), names_a_key("api_key_env")
    (True, False, False)
    """
    return _KEY_NAME.search(name) is not None


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
    forms = {key, quote(key), quote(key, safe=""), *_in_json(key)}
    if len(key) >= _LONG:
        cores = [_core_of_base64(key, offset) for offset in range(3)]
        forms |= {*cores, *(each.replace("+", "-").replace("/", "_") for each in cores)}
    _forms.extend(_Form(each, len(key) >= _LONG) for each in forms)
    _forms.sort(key=lambda each: len(each.text), reverse=True)


def _in_json(key: str) -> set[str]:
    """A key as writers of JSON escape it: what they must, besides that PHP the slash, Go `&<>`, .NET these and more."""
    plain = json.dumps(key)[1:-1]
    found = {plain, plain.replace("/", "\\/")}
    for code in ("\\u{:04x}", "\\u{:04X}"):
        for escaped in ("&<>", "&<>+'\"`"):
            found.add(
                "".join(
                    code.format(ord(each)) if each in escaped else json.dumps(each)[1:-1]
                    for each in key
                )
            )
    return found


def _core_of_base64(key: str, offset: int) -> str:
    """The characters of a base64 text that the key alone decides, wherever in it the key begins."""
    encoded = base64.b64encode(b"\0" * offset + key.encode()).decode()
    return encoded[4 if offset else 0 : len(encoded) - 4]


def hidden(text: str, *, answer: bool = False) -> str:
    """A text, every remembered key in it shown as [key]; in an `answer` only keys that none holds by chance.

    Where unseen characters stand within a key they are taken out of all of the text.
    """
    shown = _replaced(text, answer=answer)
    if shown.replace("\n", "").isprintable():  # most texts are; ten times as fast as the pattern
        return shown
    bare = _UNSEEN.sub("", shown)
    found = _replaced(bare, answer=answer)
    return shown if found == bare else found


def _replaced(text: str, *, answer: bool) -> str:
    for form in _forms:
        if form.text in text and (form.is_of_long_key or not answer):
            text = text.replace(form.text, "[key]")
    return text


def without_keys(reply: Reply) -> Reply:
    """A reply that echoes no key. It is whole by now, whatever pieces or escapes an echo came in."""
    if not _forms:
        return reply
    return replace(
        reply,
        text=hidden(reply.text, answer=True),
        model=None if reply.model is None else hidden(reply.model, answer=True),
        reasoning=hidden(reply.reasoning, answer=True),
    )
