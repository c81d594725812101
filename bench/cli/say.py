"""What the command says of itself, on stderr."""

import sys

from bench.reports.plain import plain


def say(message: str) -> None:
    """One line, whatever a server or a file put into it; no control character reaches a terminal."""
    sys.stderr.write(f"bench: {plain(message)}\n")
