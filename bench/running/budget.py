"""Money that may be spent: a trial is begun only if the budget holds even at its dearest."""

import asyncio
import math
from collections.abc import Mapping

from bench.endpoints.price import Price, dearest_token_cost
from bench.errors import UserError
from bench.running.plan import Plan, Trial, estimated_input_tokens
from bench.strategies.candidate import Candidate
from bench.strategies.strategy import Question
from bench.types import Answer


def is_priced(price: Price | None) -> bool:
    """Whether money can be reckoned from a price: both kinds of tokens, or the machine alone."""
    if price is None:
        return False
    if not price.counts_tokens:
        return price.machine_hour is not None
    return bool(price.tiers) or None not in (price.input, price.output)


def check_budget(plan: Plan) -> None:
    """Raise UserError when no budget could be held: money of several currencies, or no full price."""
    if len({suite.file.business.currency for suite in plan.suites}) > 1:
        raise UserError("--budget: the suites count in different currencies; run them apart")
    for candidate in plan.candidates:
        if not is_priced(candidate.endpoint.price):
            raise UserError(
                f"--budget: endpoint '{candidate.endpoint_name}' has no price to reckon with; "
                "add price: to hold a budget (input and output, or machine_hour)"
            )
        _check_lengths(plan, candidate)


def _check_lengths(plan: Plan, candidate: Candidate) -> None:
    """No request may be longer, as estimated, than the last tier of its price."""
    price = candidate.endpoint.price
    if price is None or price.longest == math.inf:
        return
    for suite in plan.suites:
        for item in plan.items[suite.name]:
            for request in candidate.strategy.planned(Question(suite, item)):
                length = estimated_input_tokens(request)
                if length > price.longest:
                    raise UserError(
                        f"--budget: '{item.id}' of '{suite.name}' takes about {length} input tokens and the tiers of "
                        f"endpoint '{candidate.endpoint_name}' end at {price.longest:.0f}; add a tier to its price"
                    )


class Budget:
    """Counts in the suites' currency; `limit` None lets everything pass."""

    def __init__(
        self, limit: float | None, plan: Plan, fx: Mapping[str, Mapping[str, float | None]]
    ) -> None:
        self.limit = limit
        self.spent = 0.0
        self._reserved: dict[tuple[str, str, str, int], float] = {}
        self._freed = asyncio.Event()
        self._fx = fx
        self._currency = {suite.name: suite.file.business.currency for suite in plan.suites}

    def admits(self, trial: Trial) -> bool:
        """Reserve the dearest this trial may get; False when that would pass the limit."""
        return self.limit is None or self._reserve(trial, self._worst(trial), self.limit)

    async def admitted(self, trial: Trial) -> bool:
        """Reserve as `admits` does, once enough of what is held for others is freed; False when none is held."""
        if self.limit is None:
            return True
        worst = self._worst(trial)
        while not self._reserve(trial, worst, self.limit):
            if not self._reserved:
                return False
            self._freed.clear()
            await self._freed.wait()
        return True

    def settle(self, trial: Trial, answer: Answer) -> None:
        """Replace a reservation by what was really paid; cached replies cost nothing again.

        What an attempt without a reply cost is unknown, and so is a reply's cost where an endpoint does not
        tell its tokens: each counts as the dearest attempt there may be.
        """
        if self.limit is None:
            return
        self.release(trial)
        costs = [each.cost for each in answer.exchanges if not each.cached]
        known = [each for each in costs if each is not None]
        unknown = max(answer.attempts, len(costs)) - len(known)
        self.spent += self._rate(answer.candidate, answer.suite) * sum(known)
        if unknown:
            self.spent += unknown * max(self._attempts(trial), default=0.0)

    def release(self, trial: Trial) -> None:
        """Free what is still held for a trial, if anything."""
        if self.limit is not None and self._reserved.pop(trial.key, None) is not None:
            self._freed.set()

    def _reserve(self, trial: Trial, worst: float, limit: float) -> bool:
        if self.spent + sum(self._reserved.values()) + worst > limit:
            return False
        self._reserved[trial.key] = worst
        return True

    def _rate(self, candidate: str, suite: str) -> float:
        return self._fx[candidate].get(self._currency[suite]) or 0.0

    def _worst(self, trial: Trial) -> float:
        return trial.candidate.endpoint.limits.max_attempts * sum(self._attempts(trial))

    def _attempts(self, trial: Trial) -> list[float]:
        """The dearest that one attempt at each planned request may get, if it is at most twice as long as estimated."""
        price, limits = trial.candidate.endpoint.price, trial.candidate.endpoint.limits
        assert price is not None
        rate = self._rate(trial.candidate.name, trial.suite.name)
        found: list[float] = []
        for request in trial.candidate.strategy.planned(
            Question(trial.suite, trial.item, trial.repeat)
        ):
            tokens = min(2 * estimated_input_tokens(request), price.longest)
            money = dearest_token_cost(price, tokens, request.max_tokens) or 0.0
            money += (price.machine_hour or 0.0) * limits.timeout_s / 3600
            found.append(rate * money)
        return found
