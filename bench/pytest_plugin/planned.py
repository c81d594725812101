"""Which tests there are, known before anything is asked: a run's plan, a policy and a baseline tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import GateError
from bench.gate.policy_file import GatePolicy, Pair, SuitePolicy
from bench.suites.model import Business
from bench.value.observed.record import Observed

if TYPE_CHECKING:
    from bench.running.plan import Plan


@dataclass(frozen=True, slots=True)
class Held:
    """One candidate of one suite. `compared` says whether it is held against a baseline or only against limits."""

    suite: str
    candidate: str
    compared: bool
    criteria: tuple[str, ...]
    path: Path


def held(plan: "Plan", policy: GatePolicy, baseline: Observed | None) -> Iterator[Held]:
    """Every candidate that is tested, suite by suite.

    A candidate or a suite that the baseline does not have is held against the limits alone, unless the policy names
    the candidates that count. Raises GateError for one that is to be compared and will have no answer.
    """
    names = [each.name for each in plan.candidates]
    for suite in plan.suites:
        of_suite, business = policy.of(suite.name), suite.file.business
        compared = _compared(suite.name, policy, baseline)
        _check_asked(suite.name, compared, plan)
        counted = names if policy.candidates is None or baseline is None else compared
        for name in (each for each in names if each in counted):
            yield Held(
                suite.name,
                name,
                name in compared,
                tuple(
                    of_gate(business, of_suite)
                    if name in compared
                    else of_limits(business, of_suite)
                ),
                suite.path,
            )


def _compared(suite: str, policy: GatePolicy, baseline: Observed | None) -> list[str]:
    """The candidates of a suite that a gate compares."""
    if baseline is None or suite not in baseline.suites:
        return []
    if policy.candidates is None:
        return list(baseline.suites[suite].candidates)
    return [each.candidate if isinstance(each, Pair) else each for each in policy.candidates]


def _check_asked(suite: str, compared: list[str], plan: "Plan") -> None:
    asked = {candidate.name for about, candidate in plan.pairs() if about.name == suite}
    for name in compared:
        if name not in asked:
            known = ", ".join(f"'{each}'" for each in sorted(asked)) or "nobody"
            raise GateError(
                f"suite '{suite}': candidate '{name}' is to be compared and is not asked; asked: {known}; "
                "ask it, or name under candidates: in the policy those that are held"
            )


def of_gate(business: Business, policy: SuitePolicy) -> Iterator[str]:
    """The names of the criteria that a gate holds, in its order."""
    for name in ("value", "harm"):
        if getattr(policy, name) is not None:
            yield name
    hard = {gate.metric for gate in business.gates if gate.hard}
    for name in business.rates:
        if name in policy.rates:
            if policy.rates[name] is not None:
                yield f"rate:{name}"
        elif name in hard and _gated(policy):
            yield f"rate:{name}"
    yield from _limits(business, policy)
    for name in ("coverage", "cost", "latency"):
        if getattr(policy, name) is not None:
            yield name


def of_limits(business: Business, policy: SuitePolicy) -> Iterator[str]:
    """The names of what is held without a baseline."""
    yield from _limits(business, policy)
    yield "coverage"


def _limits(business: Business, policy: SuitePolicy) -> Iterator[str]:
    if policy.limits not in (None, "off"):
        yield from dict.fromkeys(f"limit:{gate.metric}" for gate in business.gates)


def _gated(policy: SuitePolicy) -> bool:
    """Whether rates with a hard gate are held: unless the policy says off."""
    return "gated_rates" not in policy.model_fields_set or policy.gated_rates is not None
