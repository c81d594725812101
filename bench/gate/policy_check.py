"""A policy against the run that it is for: names that nothing answers to, waivers that have run out."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from pathlib import Path

from bench.errors import UserError
from bench.files.yaml_source import read_yaml
from bench.gate.policy_file import GatePolicy, SuitePolicy
from bench.registry import did_you_mean
from bench.value.observed.record import Observed

_At = tuple[Hashable, ...]


def check_policy(policy: GatePolicy, observed: Observed, path: Path | None = None) -> None:
    """Raises UserError for the first suite, rate or waived limit of the policy that the run does not know.

    `path` is the policy's file, for the place in it. Suites may be absent from a policy that is not `complete`. What
    stands under `default` must mean something in one of the run's suites.
    """
    for at, message in _unknown(policy, observed):
        raise _error(policy, path, at, message)


def lapsed(policy: GatePolicy, today: date) -> list[str]:
    """A line for each waiver that has run out: its limit counts again."""
    told = {"default": policy.default} | {
        f"suites.{name}": each for name, each in policy.suites.items()
    }
    return [
        f"policy '{policy.policy}': {where}.waived.{metric} ran out on {waiver.until}: the limit counts again; "
        "remove it or set a later day"
        for where, each in told.items()
        for metric, waiver in each.waived.items()
        if not waiver.holds(today)
    ]


def _unknown(policy: GatePolicy, observed: Observed) -> Iterator[tuple[_At, str]]:
    """The place of each name that means nothing, and what is said of it."""
    for name, held in policy.suites.items():
        suite = observed.suites.get(name)
        if suite is not None:
            gated = [gate.metric for gate in suite.gates]
            yield from _names(held, ("suites", name), list(suite.rates), gated)
        elif policy.complete:
            known = did_you_mean(name, list(observed.suites))
            yield (("suites", name), f"the run has no such suite{known or '; run it'}")
    rates = {rate: None for suite in observed.suites.values() for rate in suite.rates}
    limits = {gate.metric: None for suite in observed.suites.values() for gate in suite.gates}
    yield from _names(policy.default, ("default",), list(rates), list(limits))


def _names(
    held: SuitePolicy, at: _At, rates: list[str], gated: list[str]
) -> Iterator[tuple[_At, str]]:
    for name in _beyond(held.rates, rates):
        yield (*at, "rates", name), f"no such rate{did_you_mean(name, rates)}"
    for name in _beyond(held.waived, gated):
        known = did_you_mean(name, gated)
        yield (*at, "waived", name), f"no gate of the suite is about it{known}"


def _beyond(named: Iterable[str], known: list[str]) -> list[str]:
    return [name for name in named if name not in known]


def _error(policy: GatePolicy, path: Path | None, at: _At, message: str) -> UserError:
    if path is not None:
        return read_yaml(path, UserError).error(at, message, UserError)
    where = ".".join(map(str, at))
    return UserError(f"policy '{policy.policy}': {where}: {message}")
