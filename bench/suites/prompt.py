"""Prompts: sandboxed Jinja2 over an item's input, where a name that is not there is an error."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bench.errors import SuiteError
from bench.suites.model import Prompt
from bench.types import Example, Item, Message

MAX_CHARACTERS = 2_000_000


@lru_cache(maxsize=256)
def _template(text: str) -> Template:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,  # plain text, not HTML
    )
    environment.globals.clear()  # a stranger's suite may not loop for ever over range()
    return environment.from_string(text)


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """The text of `template`. Raises SuiteError naming what is undefined or unsafe."""
    try:
        made = _template(template)
        context = made.new_context(dict(values), shared=True)  # no globals to copy: there are none
        text = "".join(made.root_render_func(context))
    except TemplateSyntaxError as error:
        raise SuiteError(f"the template's line {error.lineno}: {error.message}") from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise SuiteError(f"the template fails: {error}") from None
    if len(text) > MAX_CHARACTERS:
        raise SuiteError(f"the template makes {len(text)} characters; {MAX_CHARACTERS} at most")
    return text.strip()


def messages(prompt: Prompt, case: Item | Example) -> tuple[Message, ...]:
    """The turns that put `case` to a model."""
    system = rendered(prompt.system, case.input) if prompt.system else ""
    user = Message(role="user", content=rendered(prompt.user, case.input))
    return (Message(role="system", content=system), user) if system else (user,)
