"""Every text of a judged run replaced by a hostile one, or by a harmless twin of the same shape."""

import dataclasses
import re
import types
import typing

from bench.types import Record
from bench.value.judged import Judged

STARTS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","a")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "::set-output name=x::y",
    "::error::x",
    "##[error]x",
    "##vso[task.setvariable variable=x]y",
    "# head",
    "> quoted",
    "1. one",
    "- - -",
    "|a|b|\n|---|---|\n|c|d|",
)
"""What comes alive at the start of a cell or a line."""
ANYWHERE = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</style><style>*{display:none}</style>",
    "\"><img src=x onerror='window.pwned=1'>",
    "'><a href=javascript:window.pwned=1 autofocus onfocus=window.pwned=1>x</a>",
    "<svg onload=window.pwned=1><animate onbegin=window.pwned=1 attributeName=x></svg>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe><base href=//evil.example>",
    "<!-- --!> <![CDATA[ ]]> <?php ?> </w:t></w:r> &lt;b&gt; &#60;b&#62;",
    "</textarea></title></noscript></template></table></details></div>",
    "expression(alert(1)) @import url(//evil.example/x.css); url(javascript:1) }*{color:red}",
    "[a](javascript:alert(1)) ![b](https://evil.example/x.png) <https://evil.example> **c** `d` ~~e~~",
    "https://evil.example www.evil.example a@evil.example @octocat #12 GH-12 $x$ [^1] :tada:",
    "\n\n| a | b |\n|---|---|\n| c | d |\n\n# head\n\n```sh\nrm\n```\n\n<details open>",
    "\n::set-output name=x::y\n::add-mask::x\n##[group]x\n",
    "\u2028window.pwned=1\u2029window.pwned=1\x85",
    "{{7*7}} {low} {0} ${x} %s %(x)s <%= 1 %> \\u003cscript\\u003e \\",
    "\x1b[31mred\x1b[0m \x9b31m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x1b]0;title\x07",
    "\u202etxet\u2066 \u200f\u200b\ufeff",
    "\ud800 \udfff",
    "\x00\x01\x08\x0b\x0c\x0e\x1f\x7f\ufffe\uffff",
)
"""What comes alive wherever it stands."""
CODES = {("Draws", "packed")}
"""Records and fields whose texts are numbers."""
NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.:-]*")


def hostile(judged, turn=0):
    """The run with every text hostile: it holds all of `ANYWHERE` and begins with another of `STARTS` each turn."""
    tail = " ".join(ANYWHERE)
    return _swapped(judged, lambda at: f"{STARTS[(at + turn) % len(STARTS)]} {at} {tail} {at}")


def beginning(judged, turn=0):
    """The run with every text one of `STARTS`, another each turn."""
    return _swapped(judged, lambda at: f"{STARTS[(at + turn) % len(STARTS)]} {at}")


def harmless(judged):
    """The run with every text as harmless as the next."""
    return _swapped(judged, lambda at: f"harmless {at}")


def unbroken(judged, size, every=1):
    """The run with every so many texts a word of `size` characters that cannot be broken."""
    return _swapped(judged, lambda at: f"{at}" + "x" * (size if at % every == 0 else 1))


def _swapped(judged, text_of):
    """Texts that were equal stay equal, others stay different: names keep meaning what they name."""
    swap = _Swap(text_of, _names(judged))
    return Judged(
        summary=swap.of(judged.summary, None),
        evidence=swap.of(judged.evidence, dict[str, typing.Any]),
        what_if=swap.of(judged.what_if, dict[str, typing.Any]),
    )


def _names(judged):
    """Names that suites give to their parts and the page computes with; their form is checked where they enter."""
    found = {
        each
        for model in judged.what_if.values()
        for each in _texts(model.model_dump())
        if NAME.fullmatch(each)
    }
    return found - {*judged.summary.suites, *judged.summary.run.candidates}


def _texts(told):
    """Every text of a dumped record, those of keys too."""
    if isinstance(told, dict):
        for name, each in told.items():
            yield from (name, *_texts(each))
    elif isinstance(told, list | tuple):
        for each in told:
            yield from _texts(each)
    elif isinstance(told, str):
        yield told


class _Swap:
    def __init__(self, text_of, kept):
        self.text_of, self.known = text_of, {each: each for each in kept}

    def text(self, told):
        """The text in place of `told`; nothing stays nothing."""
        return told and self.known.setdefault(told, self.text_of(len(self.known)))

    def of(self, value, kind):
        """The value with its texts swapped, those of a fixed choice excepted."""
        if isinstance(value, str):
            return value if value in _choices(kind) else self.text(value)
        if isinstance(value, Record):
            return value.model_copy(update=dict(self._fields(value, type(value).model_fields)))
        if dataclasses.is_dataclass(value):
            told = {each.name: self.of(getattr(value, each.name), None) for each in dataclasses.fields(value)}  # fmt: skip
            return dataclasses.replace(value, **told)
        if isinstance(value, dict):
            key, inner = _arguments(kind, dict, 2)
            return {self.of(name, key): self.of(each, inner) for name, each in value.items()}
        if isinstance(value, list | tuple):
            inner = _arguments(kind, type(value), 1)[0]
            return type(value)(self.of(each, inner) for each in value)
        return value

    def _fields(self, record, fields):
        for name, field in fields.items():
            if (type(record).__name__, name) not in CODES:
                yield name, self.of(getattr(record, name), field.annotation)


def _alternatives(kind):
    """What a union or an annotated type is made of, flat."""
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        return [part for each in typing.get_args(kind) for part in _alternatives(each)]
    if typing.get_origin(kind) is typing.Annotated:
        return _alternatives(typing.get_args(kind)[0])
    return [kind]


def _choices(kind):
    """The texts that the type allows where it allows only some."""
    return {
        each
        for part in _alternatives(kind)
        if typing.get_origin(part) is typing.Literal
        for each in typing.get_args(part)
    }


def _arguments(kind, container, count):
    """The types of what a container of this kind holds; None where it is not told."""
    for part in _alternatives(kind):
        told = typing.get_args(part)
        if typing.get_origin(part) is container and len(told) >= count:
            return told[:count]
    return (None,) * count
