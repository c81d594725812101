"""Money that may be spent: a trial is begun only if the budget holds even at its dearest."""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass

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
    for candidate in plan.asked():
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
    for suite in (about for about, asked in plan.pairs() if asked.name == candidate.name):
        for item in plan.items[suite.name]:
            for request in candidate.strategy.planned(Question(suite, item)):
                length = estimated_input_tokens(request)
                if length > price.longest:
                    raise UserError(
                        f"--budget: '{item.id}' of '{suite.name}' takes about {length} input tokens and the tiers of "
                        f"endpoint '{candidate.endpoint_name}' end at {price.longest:.0f}; add a tier to its price"
                    )


@dataclass(frozen=True, slots=True)
class Lapse:
    """What a trial that goes on has cost, in its price's currency, and how many of its attempts cost nobody knows what."""

    known: tuple[float, ...]
    unknown: int


class Budget:
    """Counts in the suites' currency; `limit` None lets everything pass."""

    def __init__(
        self, limit: float | None, plan: Plan, fx: Mapping[str, Mapping[str, float | None]]
    ) -> None:
        self.limit = limit
        self.spent = 0.0
        self._reserved: dict[tuple[str, str, str, int], float] = {}
        self._handed_over: dict[tuple[str, str, str, int], float] = {}
        self._in_batches = 0.0
        self._dearer: dict[str, float] = {}
        """Endpoint -> how many times the dearest that was foreseen an attempt has cost, where that was passed."""
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
        while not self._reserve(trial, self._worst(trial), self.limit):
            if not self._reserved:
                return False
            self._freed.clear()
            await self._freed.wait()
        return True

    def commits(self, trial: Trial, *, is_handed_over: bool = False) -> bool:
        """Set the dearest aside that this trial may get in a batch, which takes hours and which nobody waits for.

        False when that would pass the limit; what is handed over already counts in any case.
        """
        if self.limit is None:
            return True
        price = trial.candidate.endpoint.price
        assert price is not None
        worst = price.batch * sum(self._attempts(trial))
        held = sum(self._reserved.values()) + self._in_batches
        if not is_handed_over and self.spent + held + worst > self.limit:
            return False
        self._handed_over[trial.key] = worst
        self._in_batches += worst
        return True

    def settle(self, trial: Trial, answer: Answer) -> None:
        """Replace a reservation by what was really paid; cached replies cost nothing again.

        What an attempt without a reply cost is unknown, unless the vendor told its tokens (`lost_cost`), and so is a
        reply's cost where an endpoint does not tell them: each counts as the dearest attempt there may be.
        """
        if self.limit is None:
            return
        self.release(trial)
        rate = self._rate(answer.candidate, answer.suite)
        costs = [each.cost for each in answer.exchanges if not each.cached]
        known = [rate * each for each in costs if each is not None]
        attempts = max(answer.attempts, len(costs) + answer.lost_attempts)
        unknown = attempts - len(known) - answer.lost_attempts
        self.spent += sum(known) + rate * (answer.lost_cost or 0.0)
        if answer.lost_cost is not None:
            known.append(rate * answer.lost_cost / answer.lost_attempts)
        foreseen = self._dearest(trial)
        if known and max(known) > foreseen > 0:
            name = trial.candidate.endpoint_name
            self._dearer[name] = self._dearer.get(name, 1.0) * max(known) / foreseen
        self.spent += unknown * foreseen

    def bears(self, trial: Trial, lapse: Lapse) -> bool:
        """Whether a trial may ask once more, after attempts that may have cost more than was held for them."""
        if self.limit is None:
            return True
        rate = self._rate(trial.candidate.name, trial.suite.name)
        foreseen = self._dearest(trial)
        worst = rate * sum(lapse.known) + lapse.unknown * foreseen
        worst += max(foreseen, rate * max(lapse.known, default=0.0))
        if worst <= self._reserved.get(trial.key, 0.0):
            return True
        return self._reserve(trial, worst, self.limit)

    def release(self, trial: Trial) -> None:
        """Free what is still held for a trial, if anything."""
        if self.limit is None:
            return
        self._in_batches -= self._handed_over.pop(trial.key, 0.0)
        if self._reserved.pop(trial.key, None) is not None:
            self._freed.set()

    def _reserve(self, trial: Trial, worst: float, limit: float) -> bool:
        held_for_others = sum(self._reserved.values()) - self._reserved.get(trial.key, 0.0)
        if self.spent + held_for_others + self._in_batches + worst > limit:
            return False
        self._reserved[trial.key] = worst
        return True

    def _rate(self, candidate: str, suite: str) -> float:
        return self._fx[candidate].get(self._currency[suite]) or 0.0

    def _worst(self, trial: Trial) -> float:
        return trial.candidate.endpoint.limits.max_attempts * sum(self._attempts(trial))

    def _dearest(self, trial: Trial) -> float:
        """What any one attempt of a trial may cost at most."""
        return max(self._attempts(trial), default=0.0)

    def _attempts(self, trial: Trial) -> list[float]:
        """The dearest that one attempt at each planned request may get, if it is at most twice as long as estimated.

        An endpoint that was seen to cost more than that counts as so much dearer.
        """
        price, limits = trial.candidate.endpoint.price, trial.candidate.endpoint.limits
        assert price is not None
        rate = self._rate(trial.candidate.name, trial.suite.name)
        rate *= self._dearer.get(trial.candidate.endpoint_name, 1.0)
        found: list[float] = []
        for request in trial.candidate.strategy.planned(
            Question(trial.suite, trial.item, trial.repeat)
        ):
            tokens = min(2 * estimated_input_tokens(request), price.longest)
            money = dearest_token_cost(price, tokens, request.max_tokens) or 0.0
            money += (price.machine_hour or 0.0) * limits.timeout_s / 3600
            found.append(rate * money)
        return found
