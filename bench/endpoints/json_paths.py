"""Where in a JSON reply the answer stands, told by paths: `choices[0].message.content`.

Names are parted by dots, places in lists stand in brackets, and a name with other characters is quoted in brackets:
`data["text.zh"]`. `$` is the whole.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, Field

from bench.endpoints.chat_reply import count
from bench.endpoints.failures import ErrorClass, by_class, kind_of_code, malformed
from bench.endpoints.seam import Reply
from bench.types import Finish, Record

_STEP = re.compile(r"""\.?([\w-]+)|\[(\d+)\]|\[["']([^"']+)["']\]""")


@lru_cache(maxsize=256)
def steps(path: str) -> tuple[str | int, ...]:
    """A path's names and places. Raises ValueError for what is none.

    >>> steps('choices[0].message["con.tent"]')
    ('choices', 0, 'message', 'con.tent')
    >>> steps("$")
    ()
    """
    rest, found = path.removeprefix("$"), list[str | int]()
    if not path:
        raise ValueError("a path such as data.choices[0].text is expected")
    while rest:
        step = _STEP.match(rest)
        if step is None:
            raise ValueError(f"'{path}' is no path; write it like data.choices[0].text")
        found.append(int(step[2]) if step[2] else step[1] or step[3])
        rest = rest[step.end() :]
    return tuple(found)


def _checked(path: str) -> str:
    steps(path)
    return path


Path = Annotated[str, AfterValidator(_checked)]
"""A place in a JSON document."""


def at(body: Any, path: str | None) -> Any:
    """What stands at a path; None where nothing does.

    >>> at({"data": [{"text": "42"}]}, "data[0].text")
    '42'
    """
    if path is None:
        return None
    for step in steps(path):
        if isinstance(step, str) and isinstance(body, dict):
            body = body.get(step)
        elif isinstance(step, int) and isinstance(body, list) and step < len(body):
            body = body[step]
        else:
            return None
    return body


_COUNTS = ("input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens")
_PLACES = ("text", "reasoning", "model", "finish", *_COUNTS)


class ReplyPaths(Record):
    """Where a reply says what. Only `text` is compulsory.

    `finishes` maps what stands at `finish` to stop, length or content_filter; anything else means stop.
    """

    text: Path
    reasoning: Path | None = None
    model: Path | None = None
    input_tokens: Path | None = None
    output_tokens: Path | None = None
    cached_input_tokens: Path | None = None
    reasoning_tokens: Path | None = None
    finish: Path | None = None
    finishes: dict[str, Finish] = Field(default_factory=dict)

    def found(self, body: Any) -> dict[str, Any]:
        """What stands at each path; None where nothing does."""
        return {name: at(body, getattr(self, name)) for name in _PLACES}

    def reply(self, found: Mapping[str, Any], raw: bytes) -> Reply:
        """The answer in what was found in `raw`. Raises RequestFailure where there is none."""
        text, reason = found["text"], found["finish"]
        finish = self.finishes.get(_as_text(reason), "stop") if reason is not None else "stop"
        if text is None and finish != "stop":
            text = ""
        if text is None:
            malformed(f"nothing stands at {self.text}", raw)
        if not isinstance(text, str):
            malformed(f"what stands at {self.text} is {type(text).__name__}, not text", raw)
        model, thought = found["model"], found["reasoning"]
        return Reply(
            text=text,
            finish=finish,
            model=model if isinstance(model, str) else None,
            reasoning=thought if isinstance(thought, str) else "",
            input_tokens=count(found["input_tokens"]),
            output_tokens=count(found["output_tokens"]),
            cached_input_tokens=count(found["cached_input_tokens"]),
            reasoning_tokens=count(found["reasoning_tokens"]),
        )


class ErrorPaths(Record):
    """Where a reply tells of an error, whatever its HTTP status.

    What stands at `code` is an error unless it is one of `success`; `codes` says what each means, and one that ends in
    * stands for all that begin so. An unknown code is the server's, so it is asked again.
    """

    code: Path
    success: tuple[str, ...] = ()
    codes: dict[str, ErrorClass] = Field(default_factory=dict)

    def code_in(self, body: Any) -> str | None:
        """The code of an error; None where there is none."""
        found = at(body, self.code)
        if found is None or isinstance(found, dict | list) or _as_text(found) in self.success:
            return None
        return _as_text(found)

    def told(self, body: Any, shown: str, otherwise: ErrorClass = "server") -> Reply | None:
        """A reply that the content policy refused; None for no error. Raises RequestFailure for any other."""
        code = self.code_in(body)
        if code is None:
            return None
        return by_class(kind_of_code(code, self.codes) or otherwise, f"error {code}: {shown}")


def _as_text(value: Any) -> str:
    """A code as a YAML file writes it: 1001, true, "too_long".

    >>> _as_text(1001), _as_text(True), _as_text("too_long")
    ('1001', 'true', 'too_long')
    """
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def json_or_none(raw: bytes) -> Any:
    """A body as JSON; None for what is none, which its status then explains."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
