"""The manifest of a run: enough to repeat it, to continue it, and to refuse what does not belong to it."""

import getpass
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import Field, JsonValue, ValidationError

from bench import __version__
from bench.endpoints.price import Price
from bench.errors import RunFolderError
from bench.files.whole_file import write_whole
from bench.running.data_policy import PolicyEntry, changed_refusals, place_of, proxy_of
from bench.running.looks import Held, changed_holding
from bench.running.plan import Plan, dated_rate, exchange_rate
from bench.suites.assumptions_file import OwnAssumptions
from bench.types import Record

NAME = "run.json"


class SuiteEntry(Record):
    """A suite as it was when the run began."""

    path: str
    version: int
    digests: dict[str, str]
    items: int
    vary: int | None = None
    """The seed of its perturbed twins; None without any."""

    def changed(self, other: "SuiteEntry") -> str:
        """What makes `other` another suite; empty where nothing does. Other twins are other items by themselves."""
        parts = [part for part in self.digests if self.digests[part] != other.digests.get(part)]
        told = []
        if self.vary != other.vary:
            then, now = (
                f"by seed {each}" if each is not None else "none"
                for each in (self.vary, other.vary)
            )
            told.append(f"perturbed twins {then} then, {now} now")
            parts = [part for part in parts if part != "items"]
        if parts:
            told.append(f"its {', '.join(parts)} changed")
        return ", ".join(told)


class CandidateEntry(Record):
    """A candidate as it was when the run began."""

    endpoint: str
    adapter: str
    strategy: str
    identity: dict[str, JsonValue]
    price: dict[str, JsonValue] | None
    fx: dict[str, float | None]
    """Suite currency -> what one unit of the price's currency is worth in it."""
    fx_source: dict[str, str] = Field(default_factory=dict)
    """Suite currency -> day and source of that rate, where the price is in another currency."""
    data: dict[str, JsonValue]
    limits: dict[str, JsonValue]
    proxy: str | None = None
    """What requests pass on their way; None for none."""
    adjusted: tuple[str, ...] = ()
    """What was not sent as it was asked, a line each."""

    @property
    def model(self) -> str | None:
        """The model that is asked for; None where the endpoint names none."""
        identity = self.identity.get("endpoint")
        model = identity.get("model") if isinstance(identity, dict) else None
        return str(model) if model else None

    @property
    def currency(self) -> str | None:
        """What the candidate's costs are counted in; None without a price."""
        return str(self.price["currency"]) if self.price else None


class Manifest(Record):
    """`run.json`."""

    format: int = 1
    id: str
    started: str
    finished: str | None = None
    complete: bool = False
    seed: int
    repeats: int
    limit: int | None
    endpoints_file: str | None
    suites: dict[str, SuiteEntry]
    candidates: dict[str, CandidateEntry]
    assumptions: OwnAssumptions | None = None
    """Numbers that the run's reports use in place of the suites' own."""
    data_policy: PolicyEntry | None = None
    """What was not asked because the data may not go there; None: nobody looked."""
    held: Held | None = None
    """What the run was held against while it went on, and which items it asked; None: it asks all of its plan."""
    models_that_answered: dict[str, list[str]] = Field(default_factory=dict)
    version: str
    commit: str | None
    host: str
    user: str

    def rerouted(self) -> dict[str, tuple[str, list[str]]]:
        """Candidate -> the model that was asked for and others that answered in its place.

        A dated release of a model (`gpt-4o-2024-08-06` for `gpt-4o`) is that model.
        """
        found: dict[str, tuple[str, list[str]]] = {}
        for name, entry in self.candidates.items():
            if entry.model is None:
                continue
            asked = entry.model.lower()
            answered = self.models_that_answered.get(name, [])
            others = [each for each in answered if not each.lower().startswith(asked)]
            if others:
                found[name] = (entry.model, others)
        return found

    def differences(self, other: "Manifest") -> list[str]:
        """What would make `other` another run: suites, candidates, draw.

        Prices and limits may change, but not the currency that the costs in the journal are counted in.
        """
        found = [
            f"{name}: {getattr(self, name)} then, {getattr(other, name)} now"
            for name in ("seed", "repeats", "limit")
            if getattr(self, name) != getattr(other, name)
        ]
        found += changed_refusals(self.data_policy, other.data_policy)
        found += changed_holding(self.held, other.held)
        for kind in ("suites", "candidates"):
            then, now = getattr(self, kind), getattr(other, kind)
            found += [f"{kind[:-1]} '{name}' is gone" for name in then if name not in now]
            found += [f"{kind[:-1]} '{name}' is new" for name in now if name not in then]
        for name in self.suites.keys() & other.suites.keys():
            changed = self.suites[name].changed(other.suites[name])
            if changed:
                found.append(f"suite '{name}': {changed}")
        for name in self.candidates.keys() & other.candidates.keys():
            differing = _changed(self.candidates[name].identity, other.candidates[name].identity)
            if differing:
                found.append(f"candidate '{name}': {', '.join(differing)} changed")
            then_in, now_in = self.candidates[name].currency, other.candidates[name].currency
            if then_in not in (None, now_in):
                found.append(f"candidate '{name}': priced in {then_in} then, {now_in} now")
        return found

    def repriced(self, other: "Manifest") -> "Manifest":
        """This run with the prices, exchange rates and limits that `other` gives its candidates.

        And with its assumptions and its data policy, where it has any.
        """
        current = {
            name: entry.model_copy(
                update={
                    field: getattr(other.candidates[name], field)
                    for field in ("price", "fx", "fx_source", "limits")
                }
            )
            for name, entry in self.candidates.items()
        }
        own = other.assumptions or self.assumptions
        policy = other.data_policy or self.data_policy
        return self.model_copy(
            update={"candidates": current, "assumptions": own, "data_policy": policy}
        )


def _changed(then: Any, now: Any, name: str = "") -> list[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        return [
            each
            for key in sorted(then.keys() | now.keys())
            for each in _changed(then.get(key), now.get(key), f"{name}.{key}" if name else key)
        ]
    return [] if then == now else [name]


def manifest(plan: Plan, run_id: str, limit: int | None, endpoints_file: Path | None) -> Manifest:
    """The manifest of a planned run."""
    currencies: dict[str, set[str]] = {each.name: set() for each in plan.candidates}
    for suite, candidate in plan.pairs():
        currencies[candidate.name].add(suite.file.business.currency)
    return Manifest(
        id=run_id,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=plan.seed,
        repeats=plan.repeats,
        limit=limit,
        endpoints_file=str(endpoints_file) if endpoints_file else None,
        suites={
            suite.name: SuiteEntry(
                path=str(suite.path),
                version=suite.file.version,
                digests=suite.digests,
                items=len(plan.items[suite.name]),
                vary=suite.vary,
            )
            for suite in plan.suites
        },
        candidates={
            each.name: CandidateEntry(
                endpoint=each.endpoint_name,
                adapter=each.adapter,
                strategy=each.strategy_name,
                identity=each.identity(),
                price=each.endpoint.price.model_dump() if each.endpoint.price else None,
                fx={
                    currency: exchange_rate(each.endpoint.price, currency, plan.fx)
                    for currency in sorted(currencies[each.name])
                },
                fx_source=_fx_sources(each.endpoint.price, currencies[each.name], plan),
                data=place_of(each.endpoint).model_dump(),
                limits=each.endpoint.limits.model_dump(),
                proxy=proxy_of(each.endpoint),
                adjusted=each.endpoint.adjustments(),
            )
            for each in plan.candidates
        },
        data_policy=plan.policy.entry(plan.refused) if plan.policy else None,
        version=__version__,
        commit=_commit(),
        host=f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}",
        user=_user(),
    )


def _fx_sources(price: Price | None, currencies: set[str], plan: Plan) -> dict[str, str]:
    rates = {currency: dated_rate(price, currency, plan.fx) for currency in sorted(currencies)}
    return {
        currency: f"{rate.as_of}, {rate.source}"
        for currency, rate in rates.items()
        if rate is not None
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _commit() -> str | None:
    """The commit of the working directory, so that a result can be traced to its suites."""
    try:
        told = subprocess.run(  # a fixed command
            ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607  # whichever git the user has
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip() or None


def write_manifest(folder: Path, made: Manifest) -> None:
    """Write `run.json` whole. Raises RunFolderError."""
    write_whole(folder / NAME, orjson.dumps(made.model_dump(), option=orjson.OPT_INDENT_2))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run's folder. Raises RunFolderError when there is none."""
    path = folder / NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise RunFolderError(f"{folder}: holds no run ({NAME} is missing)") from None
    except (OSError, ValidationError) as error:
        raise RunFolderError(f"{path}: cannot be read: {type(error).__name__}") from None
