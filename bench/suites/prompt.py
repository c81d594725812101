"""Prompts: sandboxed Jinja2 over an item's input, where a name that is not there is an error."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError

from bench.errors import SuiteError
from bench.files.images import image_problem
from bench.files.template import sandbox
from bench.suites.model import Prompt
from bench.types import Example, Item, Message

MAX_CHARACTERS = 2_000_000


@lru_cache(maxsize=256)
def _template(text: str) -> Template:
    return sandbox().from_string(text)


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


def messages(prompt: Prompt, case: Item | Example, folder: Path) -> tuple[Message, ...]:
    """The turns that put `case` to a model; file names of images are relative to the suite's `folder`."""
    system = rendered(prompt.system, case.input) if prompt.system else ""
    images = images_of(prompt, case, folder) if prompt.images else ()
    user = Message(role="user", content=rendered(prompt.user, case.input), images=images)
    return (Message(role="system", content=system), user) if system else (user,)


def images_of(prompt: Prompt, case: Item | Example, folder: Path) -> tuple[str, ...]:
    """The images that a prompt shows with `case`. Raises SuiteError naming the field and the file."""
    found: list[str] = []
    for field in prompt.images:
        if field not in case.input:
            raise SuiteError(f"images: the input has no field '{field}'")
        value = case.input[field]
        for name in value if isinstance(value, list) else [value]:
            if not isinstance(name, str) or not name:
                raise SuiteError(
                    f"images: '{field}' is no file name, no data URL, and no list of them"
                )
            found.append(name if name.startswith("data:") else _beside(folder, name))
            problem = image_problem(found[-1])
            if problem is not None:
                raise SuiteError(f"images: '{name[:80]}' in '{field}': {problem}")
    return tuple(found)


def _beside(folder: Path, name: str) -> str:
    """The absolute path of a file in the suite's folder: a stranger's suite may send nothing else of a machine."""
    if "\0" in name:
        raise SuiteError(f"images: {name!r} is no file name")
    home = folder.resolve()
    path = (home / name).resolve()
    if not path.is_relative_to(home):
        raise SuiteError(
            f"images: '{name}' lies outside the suite's folder; put it beside the suite"
        )
    return str(path)
