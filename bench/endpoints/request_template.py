"""JSON with templates in its strings: `{question: "{{ prompt }}", limit: "{{ max_tokens }}"}`.

A string that is one expression alone becomes what the expression is, a number or a list included; any other string is
text. Sandboxed Jinja2 (bench.files.template), where a name that is not there is an error.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, meta, nodes

from bench.endpoints.secrets import names_a_key
from bench.files.template import sandbox

Filled = Callable[[Mapping[str, Any]], Any]
"""A template that was read: values in, JSON out. Raises ValueError."""
_ALONE = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)


def filled(template: Any) -> Filled:
    """A template, read once for many requests. Raises ValueError for one that is none."""
    match template:
        case str():
            return _string(template)
        case dict():
            parts = {name: filled(value) for name, value in template.items()}
            return lambda values: {name: part(values) for name, part in parts.items()}
        case list():
            each = [filled(value) for value in template]
            return lambda values: [part(values) for part in each]
        case _:
            return lambda _: template


def _string(text: str) -> Filled:
    if "{{" not in text and "{%" not in text:
        return lambda _: text
    alone = _ALONE.fullmatch(text.strip())
    try:
        if alone is not None:
            expression = sandbox().compile_expression(alone[1], undefined_to_none=False)
            return lambda values: _defined(_made(lambda: expression(**values), text), text)
        template = sandbox().from_string(text)
    except TemplateSyntaxError as error:
        raise ValueError(f"'{text[:60]}': {error.message}") from None
    return lambda values: _made(lambda: template.render(values), text)


def _made(make: Callable[[], Any], text: str) -> Any:
    try:
        return make()
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"'{text[:60]}': {error}") from None


def _defined(value: Any, text: str) -> Any:
    if isinstance(value, Undefined):
        raise ValueError(f"'{text[:60]}': it is undefined")  # noqa: TRY004  # a name's absence, no type
    return value


def names_in(template: Any) -> set[str]:
    """The names that a template uses. Raises ValueError for one that is none."""
    return {name for tree in _trees(template) for name in meta.find_undeclared_variables(tree)}


def variables_in(template: Any) -> set[str]:
    """The NAMEs of `env.NAME` that a template uses."""
    found: set[str] = set()
    for tree in _trees(template):
        for named in tree.find_all(nodes.Getattr):
            if _is_env(named.node):
                found.add(named.attr)
        for placed in tree.find_all(nodes.Getitem):
            if _is_env(placed.node):
                found.add(str(placed.arg.value if isinstance(placed.arg, nodes.Const) else "?"))
    return found


def _is_env(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == "env"


def _trees(template: Any) -> Iterator[nodes.Template]:
    for text in _strings(template):
        try:
            yield sandbox().parse(text)
        except TemplateSyntaxError as error:
            raise ValueError(f"'{text[:60]}': {error.message}") from None


def _strings(template: Any) -> Iterator[str]:
    match template:
        case str():
            yield template
        case dict():
            for value in template.values():
                yield from _strings(value)
        case list():
            for value in template:
                yield from _strings(value)


def literal_key(template: Any, name: str = "") -> str | None:
    """The name under which a key seems to be written out, however deep; None where there is none."""
    match template:
        case str():
            is_key = names_a_key(name) or template.lower().startswith(("bearer ", "basic "))
            return name if is_key and "{{" not in template else None
        case dict():
            inner = (literal_key(value, str(key)) for key, value in template.items())
            return next((found for found in inner if found is not None), None)
        case list():
            inner = (literal_key(value, name) for value in template)
            return next((found for found in inner if found is not None), None)
        case _:
            return None
