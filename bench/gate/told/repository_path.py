"""Where a file lies in the repository, as CI servers name files: relative to its root."""

from pathlib import Path

from bench.wording.plain import plain

_LONGEST = 500


def repository_path(path: str | None, root: Path | None) -> str | None:
    """A path relative to `root`, with slashes; None for what lies outside it or is no path to show.

    Relative paths start at the working directory. Without a root only relative paths that stay below that are told.
    """
    if not path or path != plain(path) or len(path) > _LONGEST:
        return None
    base = Path.cwd() if root is None else root
    try:
        found = Path(path).resolve().relative_to(base.resolve())
    except (OSError, RuntimeError, ValueError):
        return None
    return found.as_posix() if found.parts else None
