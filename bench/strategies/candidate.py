"""A candidate: an endpoint asked by a strategy, the system that would be deployed."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bench.endpoints.file import EndpointFile
from bench.endpoints.seam import Endpoint
from bench.errors import EndpointFileError, UserError
from bench.registry import STRATEGIES, did_you_mean
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
        return {
            "endpoint": self.endpoint.identity(),
            "strategy": self.strategy_name,
            "options": self.strategy.model_dump(mode="json"),
        }


def candidates(names: tuple[str, ...], file: EndpointFile) -> tuple[Candidate, ...]:
    """The named candidates. Raises EndpointFileError with a suggestion for an unknown name."""
    chosen = names or file.candidates
    twice = [name for name in chosen if chosen.count(name) > 1]
    if twice:
        raise EndpointFileError(f"the candidate '{twice[0]}' is named twice; name it once")
    return tuple(_candidate(name, file) for name in chosen)


def _candidate(name: str, file: EndpointFile) -> Candidate:
    endpoint_name, _, strategy_name = name.partition("/")
    if endpoint_name not in file.endpoints:
        known = did_you_mean(endpoint_name, list(file.endpoints))
        raise EndpointFileError(
            f"the candidate '{name}': no endpoint is called '{endpoint_name}'{known}"
        )
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
        file.adapters[endpoint_name],
        file.endpoints[endpoint_name],
        strategy_name,
        strategy,
    )
