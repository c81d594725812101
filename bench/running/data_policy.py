"""What may be sent where: an endpoint against the class of a suite's data, before any byte leaves.

A policy file lists, for each class of data, rules that an endpoint has to meet. An endpoint that does not is
not asked about that suite: it is not opened, its keys are not looked for and its host is not resolved.
"""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from bench.endpoints.redaction import Redaction
from bench.endpoints.seam import DataPlace, Endpoint
from bench.errors import UserError
from bench.running.policy_file import DEFAULT, DataClass, PolicyFile, Rule, read_policy
from bench.strategies.candidate import Candidate
from bench.suites.load import Suite
from bench.types import Flag, Record, Text

_NAMED = 3
"""Names that one line tells; the rest are counted."""
_PROXIES = ("https_proxy", "http_proxy", "all_proxy")


class Refusal(Record):
    """A candidate that is not asked about a suite, and the rule that forbids it."""

    suite: str
    candidate: str
    rule: str
    text: Text
    source: str


class PolicyEntry(Record):
    """The policy in a run's manifest: what it was, and what it refused.

    `path` is None for the packaged default; `by_option` says that --policy named it. `redact_all`: personal data
    were replaced for every endpoint that sends anything, not only for those whose entry asks for it.
    """

    name: str
    path: str | None
    by_option: Flag = False
    digest: str
    refused: tuple[Refusal, ...]
    redact_all: Flag = False


def changed_refusals(before: PolicyEntry | None, after: PolicyEntry | None) -> list[str]:
    """Who was asked by one policy and is not by the other; None: nobody was refused."""
    then, now = (
        {(one.suite, one.candidate): one for one in (each.refused if each else ())}
        for each in (before, after)
    )
    told = []
    for suite, candidate in dict.fromkeys([*then, *now]):
        was, is_now = then.get((suite, candidate)), now.get((suite, candidate))
        pair = f"candidate '{candidate}' on suite '{suite}'"
        if was is None and is_now is not None and after is not None:
            told.append(
                f"{pair} was asked then, is refused now (data policy '{after.name}', rule '{is_now.rule}')"
            )
        elif was is not None and is_now is None and before is not None:
            told.append(
                f"{pair} is asked now, was refused then (data policy '{before.name}', rule '{was.rule}')"
            )
    return told


@dataclass(frozen=True)
class DataPolicy:
    """How a run treats data: a policy file that was read, and whether all personal data are replaced.

    `path` is None for the packaged default.
    """

    file: PolicyFile
    path: Path | None = None
    by_option: bool = False
    redact_all: bool = False

    @cached_property
    def digest(self) -> str:
        """A fingerprint of what it says; comments and order of keys change nothing."""
        return hashlib.sha256(self.file.model_dump_json().encode()).hexdigest()[:16]

    @property
    def redaction(self) -> Redaction:
        """What is replaced where personal data are."""
        return Redaction(self.file.redact)

    def refusing(self, data_class: DataClass, endpoint: Endpoint) -> Rule | None:
        """The first rule of the class that the endpoint does not meet; None where all are met."""
        if not endpoint.leaves_machine:
            return None
        place = place_of(endpoint)
        rules: tuple[Rule, ...] = getattr(self.file.classes, data_class)
        return next((rule for rule in rules if not rule.is_met(place)), None)

    def entry(self, refused: tuple[Refusal, ...]) -> PolicyEntry:
        """What the manifest keeps of it."""
        return PolicyEntry(
            name=self.file.policy,
            path=str(self.path) if self.path else None,
            by_option=self.by_option,
            digest=self.digest,
            refused=refused,
            redact_all=self.redact_all,
        )


def load_policy(
    option: Path | None = None, of_file: Path | None = None, *, redact_all: bool = False
) -> DataPolicy:
    """The policy that an option names, or else the endpoint file, or else the default.

    Raises EndpointFileError with file, line and column.
    """
    path = option or of_file
    return DataPolicy(read_policy(path or DEFAULT), path, option is not None, redact_all)


def place_of(endpoint: Endpoint) -> DataPlace:
    """Where what is sent to an endpoint goes, as its entry states it.

    An entry that states neither residency nor deployment and whose address is this machine's own, reached without
    a proxy, is here and on the edge. Names are never resolved: only loopback addresses (RFC 1122, 3.2.1.3;
    RFC 4291, 2.5.3) and `localhost`, which is reserved for them (RFC 6761, 6.3), count.
    """
    place = endpoint.data
    is_direct = getattr(endpoint, "proxy", None) is None
    is_stated = place.model_fields_set & {"residency", "deployment"}
    if not is_stated and is_direct and _is_loopback(_address(endpoint)):
        return place.model_copy(update={"residency": "here", "deployment": "edge"})
    return place


def _address(endpoint: Endpoint) -> str | None:
    address = getattr(endpoint, "base_url", None)
    return address if isinstance(address, str) else None


def _is_loopback(address: str | None) -> bool:
    host = urlsplit(address).hostname if address else None
    if host is None:
        return False
    name = host.removesuffix(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refusals(
    policy: DataPolicy, suites: Sequence[Suite], candidates: Sequence[Candidate]
) -> tuple[Refusal, ...]:
    """Every pair that the policy forbids, suite by suite."""
    found = []
    for suite in suites:
        for candidate in candidates:
            rule = policy.refusing(suite.file.data_class, candidate.endpoint)
            if rule is not None:
                found.append(
                    Refusal(
                        suite=suite.name,
                        candidate=candidate.name,
                        rule=rule.rule,
                        text=rule.text,
                        source=rule.source,
                    )
                )
    return tuple(found)


def refused_line(policy: DataPolicy, refused: Sequence[Refusal]) -> str:
    """One line on what is refused: by each rule the first pairs, the rest counted."""
    told = []
    for rule in dict.fromkeys(each.rule for each in refused):
        pairs = [f"{each.candidate} on {each.suite}" for each in refused if each.rule == rule]
        told.append(f"{_first(pairs)} (rule '{rule}')")
    return f"refused by data policy '{policy.file.policy}', not asked: {'; '.join(told)}"


def nothing_left(policy: DataPolicy, refused: Sequence[Refusal]) -> UserError:
    """What to say when everything is refused."""
    return UserError(
        f"{refused_line(policy, refused)}; nothing is left to ask: state data: for the endpoint as it is, "
        "or name another --policy"
    )


def proxy_of(endpoint: Endpoint) -> str | None:
    """The proxy that requests pass, as it may be written down; None for none."""
    used = getattr(endpoint, "proxy_used", None)
    return None if used is None else used()


def unused_proxy(candidates: Sequence[Candidate], environment: Mapping[str, str]) -> str | None:
    """One line where the environment names a proxy that requests to other machines will not pass."""
    named = sorted(name for name in environment if name.lower() in _PROXIES and environment[name])
    direct = dict.fromkeys(
        each.endpoint_name
        for each in candidates
        if each.endpoint.leaves_machine and _goes_out_directly(each.endpoint)
    )
    if not named or not direct:
        return None
    return (
        f"{named[0]} is set and not used for {_first(list(direct))}; "
        "write proxy: environment to pass through it"
    )


def _goes_out_directly(endpoint: Endpoint) -> bool:
    address = _address(endpoint)
    return address is not None and not _is_loopback(address) and proxy_of(endpoint) is None


def _first(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
