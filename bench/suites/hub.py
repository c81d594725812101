"""Data sets of the Hugging Face hub, with the extra `huggingface`."""

from importlib import import_module
from pathlib import Path
from typing import Any

from bench.errors import SuiteError
from bench.files.plain_value import plain
from bench.files.yaml_source import Path_, Place, Source
from bench.suites.data_model import HuggingFace


def read_hub(spec: HuggingFace, library: Any = None) -> Source:
    """The rows as mappings; the line of a row is its number.

    `library` is the package `datasets`, or what stands in for it. Raises SuiteError: one line, also where
    the package is missing or the hub cannot be asked.
    """
    if library is None:
        try:
            library = import_module("datasets")
        except ImportError:
            raise SuiteError(
                "sets of the hub need datasets; install it with: pip install 'industry-bench[huggingface]'"
            ) from None
    try:
        rows = library.load_dataset(
            spec.name, spec.config, split=spec.split, revision=spec.revision
        )
        records = [plain(dict(row)) for row in rows]
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        raise SuiteError(
            f"the hub gives no '{spec.name}': {type(error).__name__}: {told}"
        ) from error
    places: dict[Path_, Place] = {(index,): Place(index + 1, 1) for index in range(len(records))}
    return Source(Path(spec.name), records, places)
