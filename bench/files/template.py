"""The one Jinja2 environment for text that somebody else may have written: sandboxed, without globals.

A name that is not there is an error, and without globals nobody may loop for ever over range().
"""

from functools import lru_cache

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


@lru_cache(maxsize=1)
def sandbox() -> ImmutableSandboxedEnvironment:
    """The environment."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,  # plain text, not HTML
    )
    environment.globals.clear()
    return environment
