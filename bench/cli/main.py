"""`bench`: the verbs, and how each way of failing ends."""

import os
import sys
from importlib import import_module
from typing import NoReturn

import typer

from bench.errors import BenchError, UserError

VERBS = ("run", "plan", "report", "rescore", "check", "models", "schema", "init")
EXIT_USER, EXIT_INCOMPLETE, EXIT_INTERRUPTED = 2, 3, 130

app = typer.Typer(
    help="Which language model, asked in which way, is worth putting into a piece of work?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _verb in VERBS:
    import_module(f"bench.cli.{_verb}_verb").add_to(app)


def main() -> NoReturn:
    """Run a verb. A user's mistake is one line on stderr and exit code 2; a bug keeps its traceback."""
    try:
        code = app(standalone_mode=False) or 0
    except UserError as error:
        fail(str(error), EXIT_USER)
    except BenchError as error:
        fail(str(error), EXIT_INCOMPLETE)
    except typer.Exit as error:
        code = error.exit_code
    except KeyboardInterrupt:
        fail("interrupted", EXIT_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        shown = getattr(
            error, "format_message", None
        )  # click's usage errors, whose module typer hides
        if shown is None:
            raise
        fail(str(shown()), EXIT_USER)
    sys.exit(int(code))


def fail(message: str, code: int) -> NoReturn:
    """Print one line and end."""
    line = " ".join(message.split())
    printable = "".join(each for each in line if each.isprintable())
    sys.stderr.write(f"bench: {printable}\n")
    sys.exit(code)
