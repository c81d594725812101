"""Run a command and write its peak resident memory in bytes. `python peak_memory.py FILE COMMAND ...`.

It is measured from this small process: a child begins with the peak of the process that started it.
"""

import os
import sys
from pathlib import Path


def measured(path, *command):
    """The command's exit code."""
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    Path(path).write_text(str(used.ru_maxrss * 1024), encoding="utf-8")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(measured(*sys.argv[1:]))
