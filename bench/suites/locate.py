"""Where suites and seeds are: named on the command line, under ./tasks, or carried by the package."""

from pathlib import Path

from bench.errors import SuiteError
from bench.registry import did_you_mean

_PACKAGE = Path(__file__).resolve().parent.parent


def built_in(folder: str) -> Path:
    """`tasks` or `seeds` as the wheel carries them, or as they stand in a checkout."""
    carried = _PACKAGE / f"_{folder}"
    return carried if carried.is_dir() else _PACKAGE.parent / folder


def suite_names() -> list[str]:
    """The suites that can be named without a path."""
    roots = (Path("tasks"), built_in("tasks"))
    return sorted({path.parent.name for root in roots for path in root.glob("*/suite.yaml")})


def suite_path(name: str) -> Path:
    """The `suite.yaml` meant by a name, a folder or a file. Raises SuiteError with a suggestion."""
    for candidate in (Path("tasks") / name, built_in("tasks") / name, Path(name)):
        if (candidate / "suite.yaml").is_file():
            return candidate / "suite.yaml"
    if Path(name).is_file():
        return Path(name)
    raise SuiteError(f"no suite is called '{name}'{did_you_mean(name, suite_names())}")


def found_again(name: str, path: str) -> str:
    """The suite that a run was made with: where it was, or by its name when the run has moved."""
    return path if Path(path).is_file() else name
