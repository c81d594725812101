"""The two ways out of a command: results to stdout, what it says of itself to stderr."""

import os
import sys

from bench.gate.told.ci_text import logged
from bench.wording.plain import plain


def tell(report: str) -> None:
    """A report. A reader that has gone away (`| head`) changes nothing but that nobody reads on."""
    try:
        sys.stdout.write(report)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """One line, whatever a server or a file put into it: no control character for a terminal, no command for a CI server."""
    sys.stderr.write(f"bench: {logged(plain(message))}\n")
