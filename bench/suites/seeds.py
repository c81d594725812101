"""The entries of `seeds/` that a suite may grow from."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.files.yaml_source import read_yaml
from bench.registry import did_you_mean
from bench.suites.load import Suite
from bench.suites.locate import built_in
from bench.types import Text


@lru_cache(maxsize=4)
def seed_entries(folder: Path | None = None) -> dict[str, Any]:
    """Every entry of the digest by its id, the documents themselves included."""
    found: dict[str, Any] = {}
    for path in sorted((folder or built_in("seeds")).glob("*.yaml")):
        for entries in read_yaml(path).data.values():
            found |= {entry["id"]: entry for entry in entries}
    return found


def cited(names: list[str]) -> list[tuple[str, Text, list[str]]]:
    """Id, statement and documents (by title) of the entries that a suite cites; unknown ids are left out."""
    if not names:
        return []
    known = seed_entries()
    found = []
    for name in names:
        entry = known.get(name)
        if entry is None or "text" not in entry:
            continue
        documents = (
            entry["document"] if isinstance(entry["document"], list) else [entry["document"]]
        )
        titles = [str(known[each]["title"]) for each in documents]
        found.append((name, Text(**entry["text"]), titles))
    return found


def unknown_citations(suite: Suite) -> list[str]:
    """One line for every `grows_from` that no seed entry answers."""
    known = list(seed_entries())
    return [
        f"{suite.path}: grows_from: no seed entry '{name}'{did_you_mean(name, known)}"
        for name in suite.file.grows_from
        if name not in known
    ]
