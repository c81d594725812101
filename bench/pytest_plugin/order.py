"""What a run is asked for by tests: by the options of pytest, by a marker, or by both."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from bench.errors import UserError
from bench.registry import did_you_mean

if TYPE_CHECKING:
    from bench.cli.selection import Selection

_SUITE = "suite.yaml"
_KEYS = ("suite", "endpoints", "candidates", "limit", "repeats", "seed", "budget", "data_policy", "redact")  # fmt: skip
"""What a marker may say; the options are called the same."""


@dataclass(frozen=True, slots=True)
class Order:
    """A run to be made. Equal orders are one run. Paths are absolute, but for suites that are named."""

    suites: tuple[str, ...]
    endpoints: str | None = None
    candidates: tuple[str, ...] = ()
    limit: int | None = None
    repeats: int = 1
    seed: int = 0
    budget: float | None = None
    data_policy: str | None = None
    redact: bool = False

    @property
    def digest(self) -> str:
        """A fingerprint of all that it says."""
        return hashlib.blake2b(orjson.dumps(asdict(self)), digest_size=4).hexdigest()

    @property
    def title(self) -> str:
        """What its folder is called after."""
        if len(self.suites) > 1:
            return f"{len(self.suites)}-suites"
        path = Path(self.suites[0])
        return path.parent.name if path.name == _SUITE else path.name

    def selection(self) -> "Selection":
        """The same as the command line has it."""
        from bench.cli.selection import Selection

        return Selection(
            suites=self.suites,
            endpoints=Path(self.endpoints) if self.endpoints else None,
            candidates=self.candidates,
            limit=self.limit,
            repeats=self.repeats,
            seed=self.seed,
            vary=False,
            policy=Path(self.data_policy) if self.data_policy else None,
            redact=self.redact,
        )


def order_of_options(config: pytest.Config) -> Order:
    """The run that the command line asks for; its paths begin where pytest was started."""
    named = _listed(config.getoption("bench_suite"), "--bench-suite")
    return _order({"suite": named}, _options(config), config.invocation_params.dir)


def order_of_marker(item: pytest.Item) -> Order:
    """The run that the marker `bench` asks for; its paths begin in the root folder.

    Of several markers (of a test, its class, its module) the nearest counts, each for what it says; what none says
    comes from the options. Raises UserError.
    """
    told: dict[str, Any] = {}
    for mark in item.iter_markers("bench"):
        if mark.args:
            raise UserError("pytest.mark.bench: takes no positional argument; write suite=...")
        told = {**mark.kwargs, **told}
    for key in told:
        if key not in _KEYS:
            raise UserError(
                f"pytest.mark.bench: unknown argument '{key}'{did_you_mean(key, list(_KEYS))}"
            )
    options = _options(item.config)
    if "suite" not in told:
        named = item.config.getoption("bench_suite")
        if len(named) != 1:
            raise UserError("bench_run needs a suite: write @pytest.mark.bench(suite=...)")
        options["suite"] = str(_suite(named[0], item.config.invocation_params.dir))
    return _order(told, options, item.config.rootpath)


def _options(config: pytest.Config) -> dict[str, Any]:
    """What the options say, but for the suites, with absolute paths."""
    told = {key: config.getoption(f"bench_{key}") for key in _KEYS if key != "suite"}
    for key in ("endpoints", "data_policy"):
        if told[key] is not None:
            told[key] = str(config.invocation_params.dir / told[key])
    return {key: value for key, value in told.items() if value is not None}


def _order(told: dict[str, Any], options: dict[str, Any], base: Path) -> Order:
    """What is said, over the options."""
    said = {key: value for key, value in told.items() if value is not None}
    chosen = {**options, **said}
    suites = _listed(chosen.pop("suite"), "suite")
    if not suites:
        raise UserError("bench: no suite is named")
    for key in ("endpoints", "data_policy"):
        if key in chosen:
            chosen[key] = str(base / _path(chosen[key], key))
    for key in ("limit", "repeats", "seed"):
        if key in chosen:
            chosen[key] = _whole(chosen[key], key)
    chosen["candidates"] = _listed(chosen.get("candidates", ()), "candidates")
    return Order(suites=tuple(_suite(each, base) for each in suites), **chosen)


def _suite(named: str, base: Path) -> str:
    """Where the suite is, seen from `base`; a name that is none of its folders is looked up as the commands do."""
    for place in (base / "tasks" / named, base / named):
        if (place / _SUITE).is_file():
            return str(place / _SUITE)
    return str(base / named) if (base / named).is_file() else named


def _listed(told: Any, key: str) -> tuple[str, ...]:
    """Names separated by commas, or a list of such."""
    each = [told] if isinstance(told, str | Path) else told
    if not isinstance(each, Iterable) or not all(isinstance(one, str | Path) for one in each):
        raise UserError(f"bench: {key}: a name or a list of names is expected, not {told!r}")
    parts = (part.strip() for one in each for part in str(one).split(","))
    return tuple(part for part in parts if part)


def _path(told: Any, key: str) -> str:
    if not isinstance(told, str | Path):
        raise UserError(f"bench: {key}: a path is expected, not {told!r}")
    return str(told)


def _whole(told: Any, key: str) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or (key != "seed" and told < 1):
        raise UserError(f"bench: {key}: a whole number above 0 is expected, not {told!r}")
    return told
