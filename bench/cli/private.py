"""What a process may leave behind: files that their owner alone reads, no core dump, no key on the screen."""

import os
import sys
import threading
import traceback
from types import TracebackType
from typing import Any, TextIO, cast

PRIVATE_VERBS = ("run", "score", "report", "rescore", "gate")
"""Verbs that write what candidates answered; files that are there keep their permissions."""
_SECRETS = "bench.endpoints.secrets"


def keep_private(verb: str = "") -> None:
    """Prepare the process of a verb, before it makes a file or knows a key."""
    if verb in PRIVATE_VERBS:
        os.umask(os.umask(0o077) | 0o077)
    if verb == "run":
        _dump_no_core()
    sys.stderr = cast("TextIO", _Hiding(sys.stderr))
    sys.excepthook = _show
    threading.excepthook = lambda told: _show(told.exc_type, told.exc_value, told.exc_traceback)


def _dump_no_core() -> None:
    """A core dump would hold every key."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _without_keys(text: str, *, may_be_a_word: bool) -> str:
    """A text with the keys hidden that have been read; those that may be any word only where asked for."""
    secrets = sys.modules.get(_SECRETS)
    return text if secrets is None else str(secrets.hidden(text, answer=not may_be_a_word))


class _Hiding:
    """A stream that shows no key, whoever writes: warnings, the logs of libraries, our own lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(_without_keys(text, may_be_a_word=False))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _show(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """A traceback, in which even a short key stands for nothing else."""
    told = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(_without_keys(told, may_be_a_word=True))
