"""A candidate: an endpoint asked by a strategy, the system that would be deployed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from bench.endpoints.file import EndpointFile
from bench.endpoints.redaction import Redaction
from bench.endpoints.seam import Endpoint
from bench.errors import EndpointFileError, UserError
from bench.registry import STRATEGIES
from bench.strategies.redacting import Redacting
from bench.strategies.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Candidate:
    """`name` is `endpoint` or `endpoint/strategy`, as the user wrote it."""

    name: str
    endpoint_name: str
    adapter: str
    endpoint: Endpoint
    strategy_name: str
    strategy: Strategy

    def identity(self) -> dict[str, Any]:
        """Everything that can change this candidate's answers."""
        told, strategy = {}, self.strategy
        if isinstance(strategy, Redacting):
            told, strategy = {"redact": strategy.redaction.identity()}, strategy.inner
        return {
            "endpoint": self.endpoint.identity(),
            "strategy": self.strategy_name,
            "options": strategy.model_dump(mode="json"),
            **told,
        }


def candidates(names: tuple[str, ...], file: EndpointFile) -> tuple[Candidate, ...]:
    """The named candidates. Raises EndpointFileError with a suggestion for an unknown name."""
    chosen = names or file.candidates
    twice = [name for name in chosen if chosen.count(name) > 1]
    if twice:
        raise EndpointFileError(f"the candidate '{twice[0]}' is named twice; name it once")
    return tuple(_candidate(name, file) for name in chosen)


def without_personal_data(
    chosen: Iterable[Candidate], redaction: Redaction, *, everywhere: bool
) -> tuple[Candidate, ...]:
    """The same, of whom those whose endpoint asks for it send no personal data; `everywhere`: all that send any."""
    return tuple(
        replace(each, strategy=Redacting(inner=each.strategy, redaction=redaction))
        if each.endpoint.leaves_machine and (everywhere or each.endpoint.redact)
        else each
        for each in chosen
    )


def _candidate(name: str, file: EndpointFile) -> Candidate:
    endpoint_name, _, strategy_name = name.partition("/")
    try:
        adapter, endpoint = file.named(endpoint_name)
    except EndpointFileError as error:
        raise EndpointFileError(f"the candidate '{name}': {error}") from None
    strategy_name = strategy_name or "direct"
    spec = file.strategies.get(strategy_name, strategy_name)
    kind, options = (spec, {}) if isinstance(spec, str) else next(iter(spec.items()))
    try:
        strategy = STRATEGIES.load(kind).model_validate(options or {})
    except UserError as error:
        raise EndpointFileError(f"the candidate '{name}': {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EndpointFileError(
            f"the strategy '{strategy_name}': {where}: {first['msg']}"
        ) from None
    return Candidate(
        name,
        endpoint_name,
        adapter,
        endpoint,
        strategy_name,
        strategy,
    )
