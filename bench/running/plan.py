"""What a run will do, counted and priced before anything is sent."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.endpoints.file import Rate
from bench.endpoints.price import Price, dearest_token_cost
from bench.endpoints.seam import Request
from bench.endpoints.tokens import message_tokens
from bench.errors import EndpointFileError
from bench.running.data_policy import DataPolicy, Refusal, refusals
from bench.strategies.candidate import Candidate
from bench.strategies.strategy import Question
from bench.suites.load import Suite
from bench.suites.variation import SUFFIX
from bench.types import Item

_SAMPLE = 40
"""Items whose prompts are rendered to estimate a suite's tokens."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Item x candidate x repeat."""

    suite: Suite
    candidate: Candidate
    item: Item
    repeat: int

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What the journal calls this trial."""
        return (self.suite.name, self.candidate.name, self.item.id, self.repeat)


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """One suite under one candidate. Money in `currency`; None where the price is unknown."""

    suite: str
    candidate: str
    trials: int
    requests: int
    input_tokens: int
    max_output_tokens: int
    cost: float | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be asked. `items` are the chosen items of each suite, in order.

    What the policy refused is no trial: it is neither counted nor priced nor checked.
    """

    suites: tuple[Suite, ...]
    candidates: tuple[Candidate, ...]
    items: dict[str, tuple[Item, ...]]
    repeats: int
    seed: int
    fx: dict[tuple[str, str], Rate]
    policy: DataPolicy | None = None
    refused: tuple[Refusal, ...] = ()

    def pairs(self) -> Iterator[tuple[Suite, Candidate]]:
        """Who is asked about what, suite by suite."""
        barred = {(each.suite, each.candidate) for each in self.refused}
        for suite in self.suites:
            for candidate in self.candidates:
                if (suite.name, candidate.name) not in barred:
                    yield suite, candidate

    def asked(self) -> tuple[Candidate, ...]:
        """The candidates that are asked about anything."""
        names = {candidate.name for _, candidate in self.pairs()}
        return tuple(each for each in self.candidates if each.name in names)

    def trials(self) -> Iterator[Trial]:
        """Every trial, suite by suite and candidate by candidate, so that prompts share their beginning."""
        for suite, candidate in self.pairs():
            for repeat in range(self.repeats):
                for item in self.items[suite.name]:
                    yield Trial(suite, candidate, item, repeat)

    def count(self) -> int:
        """The number of trials."""
        return self.repeats * sum(len(self.items[suite.name]) for suite, _ in self.pairs())

    def work(self) -> list[PlannedWork]:
        """Requests, tokens and money by suite and candidate; tokens are estimated from sampled prompts.

        Money is the dearest that each request may cost at its estimated length.
        """
        return [self._work(suite, candidate) for suite, candidate in self.pairs()]

    def _work(self, suite: Suite, candidate: Candidate) -> PlannedWork:
        items = self.items[suite.name]
        step = max(1, len(items) // _SAMPLE)
        sampled = items[::step]
        requests = [
            request
            for item in sampled
            for request in candidate.strategy.planned(Question(suite, item))
        ]
        scale = len(items) * self.repeats / max(1, len(sampled))
        lengths = [estimated_input_tokens(request) for request in requests]
        caps = [request.max_tokens for request in requests]
        price = candidate.endpoint.price
        costs = [
            dearest_token_cost(price, length, cap)
            for length, cap in zip(lengths, caps, strict=True)
        ]
        known = [each for each in costs if each is not None]
        return PlannedWork(
            suite.name,
            candidate.name,
            len(items) * self.repeats,
            round(len(requests) * scale),
            round(sum(lengths) * scale),
            round(sum(caps) * scale),
            sum(known) * scale if price and len(known) == len(costs) else None,
            price.currency if price else None,
        )


def plan(  # noqa: PLR0913  # what a run may choose, each with its default
    suites: Sequence[Suite],
    candidates: Sequence[Candidate],
    *,
    limit: int | None = None,
    repeats: int = 1,
    seed: int = 0,
    fx: dict[tuple[str, str], Rate] | None = None,
    policy: DataPolicy | None = None,
) -> Plan:
    """Choose the items and check what can be checked. Raises EndpointFileError.

    `limit` draws that many items of each suite at random by `seed`, the same for every candidate, since
    the first items of a file share their clusters. Without a policy any endpoint may be sent anything.
    """
    items = {suite.name: drawn(suite.items, limit, seed) for suite in suites}
    refused = refusals(policy, suites, candidates) if policy is not None else ()
    made = Plan(tuple(suites), tuple(candidates), items, repeats, seed, fx or {}, policy, refused)
    told_of: dict[str, list[Suite]] = {}
    for suite, candidate in made.pairs():
        told_of.setdefault(candidate.name, []).append(suite)
    for candidate in made.candidates:
        if candidate.name in told_of:
            _check(candidate, told_of[candidate.name], made.fx)
    return made


def _check(candidate: Candidate, suites: Sequence[Suite], fx: dict[tuple[str, str], Rate]) -> None:
    try:
        for suite in suites:
            exchange_rate(candidate.endpoint.price, suite.file.business.currency, fx)
        candidate.endpoint.check()
    except EndpointFileError as error:
        raise EndpointFileError(f"endpoint '{candidate.endpoint_name}': {error}") from None
    for suite in suites:
        problem = candidate.strategy.problem(suite) or _unseen(candidate, suite)
        if problem is not None:
            where = f"the candidate '{candidate.name}' on suite '{suite.name}'"
            raise EndpointFileError(f"{where}: {problem} or leave it out")


def _unseen(candidate: Candidate, suite: Suite) -> str | None:
    """What keeps an endpoint from seeing what a suite shows, or None."""
    if not suite.file.prompt.images or candidate.endpoint.takes_images():
        return None
    return "the prompt shows images and this endpoint takes none; say quirks: {images: true} if its model sees"


def drawn(items: tuple[Item, ...], limit: int | None, seed: int) -> tuple[Item, ...]:
    """`limit` items at random, in the file's order; a perturbed twin comes with the item before it."""
    groups: list[list[Item]] = []
    for item in items:
        if groups and item.id == groups[-1][0].id + SUFFIX:
            groups[-1].append(item)
        else:
            groups.append([item])
    if limit is None or limit >= len(groups):
        return items
    positions = random.Random(seed).sample(range(len(groups)), limit)  # noqa: S311  # a draw, not a secret
    return tuple(item for position in sorted(positions) for item in groups[position])


def exchange_rate(
    price: Price | None, currency: str, fx: dict[tuple[str, str], Rate]
) -> float | None:
    """What one unit of the price's currency is in the suite's; None when there is no price."""
    if price is None:
        return None
    if price.currency == currency:
        return 1.0
    rate = dated_rate(price, currency, fx)
    if rate is not None:
        return rate.rate if (price.currency, currency) in fx else 1 / rate.rate
    raise EndpointFileError(
        f"a price is in {price.currency} and the suite counts in {currency}; "
        f"add fx: {{{price.currency}: {{{currency}: {{rate, as_of, source}}}}}} to the endpoint file"
    )


def dated_rate(price: Price | None, currency: str, fx: dict[tuple[str, str], Rate]) -> Rate | None:
    """The entry that changes the price's currency into another, or back; None where there is none."""
    if price is None:
        return None
    return fx.get((price.currency, currency)) or fx.get((currency, price.currency))


def estimated_input_tokens(request: Request) -> int:
    """A rough count of all turns of a request."""
    return sum(message_tokens(turn) for turn in request.messages)
