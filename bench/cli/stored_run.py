"""A finished or unfinished run, read back with the suites that it was made with."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import RunFolderError

if TYPE_CHECKING:
    from bench.running.manifest import Manifest
    from bench.suites.load import Suite
    from bench.types import Answer, Item

ASKED = ("prompt", "answer", "baseline", "items", "examples")
"""Parts of a suite that decide what candidates were asked; the rest only judges the answers."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """What is needed to judge a run again. `items` are those that it asked, or was about to ask."""

    manifest: "Manifest"
    suites: "list[Suite]"
    items: "dict[str, tuple[Item, ...]]"
    answers: "list[Answer]"


def stored_run(folder: Path, *, allow_new_judgement: bool) -> StoredRun:
    """Read a run. Raises RunFolderError when a suite has changed too much to judge its answers."""
    from bench.running.journal import answers
    from bench.running.manifest import read_manifest
    from bench.running.plan import drawn
    from bench.suites.load import load
    from bench.suites.locate import found_again

    manifest = read_manifest(folder)
    suites = []
    for name, entry in manifest.suites.items():
        suite = load(found_again(name, entry.path), entry.vary)
        changed = [
            part for part, digest in entry.digests.items() if suite.digests.get(part) != digest
        ]
        asked = [part for part in changed if part in ASKED]
        if asked:
            raise RunFolderError(
                f"suite '{name}' is no longer what was run: its {', '.join(asked)} changed; "
                f"restore version {entry.version} or run again"
            )
        if changed and not allow_new_judgement:
            raise RunFolderError(
                f"suite '{name}': its {', '.join(changed)} changed since the run; use: bench rescore {folder}"
            )
        suites.append(suite)
    items = {suite.name: drawn(suite.items, manifest.limit, manifest.seed) for suite in suites}
    if manifest.held is not None:
        items = manifest.held.asked(items, manifest.seed)
    return StoredRun(manifest, suites, items, list(answers(folder)))
