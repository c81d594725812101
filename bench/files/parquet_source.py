"""Parquet files, with the extra `parquet`."""

from importlib import import_module
from pathlib import Path

from bench.errors import SuiteError, UserError
from bench.files.plain_value import plain
from bench.files.yaml_source import Path_, Place, Source


def read_parquet(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """The rows as mappings; the line of a row is its number. Raises `kind`, also where pyarrow is missing."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise kind(
            f"{path}: Parquet needs pyarrow; install it with: pip install 'industry-bench[parquet]'"
        ) from None
    try:
        rows = parquet.read_table(path).to_pylist()
    except FileNotFoundError:
        raise kind(f"{path}: no such file") from None
    except (ValueError, OSError, ArithmeticError) as error:  # ArrowInvalid, a far date, no file
        raise kind(f"{path}: not Parquet: {' '.join(str(error).split())[:200]}") from None
    places: dict[Path_, Place] = {(index,): Place(index + 1, 1) for index in range(len(rows))}
    return Source(path, [plain(row) for row in rows], places)
