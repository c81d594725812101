"""`bench`: the verbs, and how each way of failing ends."""

import io
import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn

import typer

from bench.cli.private import keep_private
from bench.cli.say import say
from bench.errors import BenchError, UserError

VERBS = (
    "run",
    "plan",
    "score",
    "report",
    "rescore",
    "check",
    "models",
    "schema",
    "init",
    "history",
    "value",
    "gate",
    "baseline",
)
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Signals that ask a process to end; not every system has all of them."""
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
    keep_private(*sys.argv[1:2])
    _be_interrupted_by_term_and_hup()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal can show Chinese
    code = 0
    try:
        code = _verb_ended()
        sys.stdout.flush()
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
    except OSError as error:  # the output's disk is full, a folder is a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(f"{error.filename or 'the output'}: {error.strerror}; choose another place", EXIT_USER)
    except Exception as error:
        shown = getattr(
            error, "format_message", None
        )  # click's usage errors, whose module typer hides
        if shown is None:
            raise
        if str(shown()).startswith("Usage:"):  # no verb was named: the whole help
            sys.stderr.write(f"{shown()}\n")
            sys.exit(EXIT_USER)
        fail(str(shown()).replace("Value error, ", ""), EXIT_USER)
    _end(code)


def _be_interrupted_by_term_and_hup() -> None:
    """End by them as by Ctrl-C: with what is written whole, one line and exit code 130."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # not under `nohup`
            signal.signal(number, interrupt)


def _verb_ended() -> int:
    """A verb's exit code. Beneath typer's own `main`, which makes exit codes of interrupts and closed pipes."""
    command = typer.main.get_command(app)
    with command.make_context("bench", sys.argv[1:]) as context:
        return int(command.invoke(context) or 0)


def fail(message: str, code: int) -> NoReturn:
    """Print one line and end."""
    say(message)
    _end(code)


def _end(code: int) -> NoReturn:
    """End; a signal that comes while the interpreter is taken down ends it too, without a traceback."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    sys.exit(code)
