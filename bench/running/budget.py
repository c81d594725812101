"""Money that may be spent: a trial is begun only if the budget holds even at its dearest."""

from collections.abc import Mapping

from bench.endpoints.seam import Price
from bench.errors import UserError
from bench.running.plan import Plan, Trial, estimated_tokens, token_cost
from bench.strategies.strategy import Question
from bench.types import Answer


def is_priced(price: Price | None) -> bool:
    """Whether money can be reckoned from a price: both kinds of tokens, or the machine alone."""
    if price is None:
        return False
    tokens = (price.input, price.output)
    return None not in tokens or (tokens == (None, None) and price.machine_hour is not None)


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


class Budget:
    """Counts in the suites' currency; `limit` None lets everything pass."""

    def __init__(
        self, limit: float | None, plan: Plan, fx: Mapping[str, Mapping[str, float | None]]
    ) -> None:
        self.limit = limit
        self.spent = 0.0
        self._reserved: dict[tuple[str, str, str, int], float] = {}
        self._fx = fx
        self._currency = {suite.name: suite.file.business.currency for suite in plan.suites}

    def admits(self, trial: Trial) -> bool:
        """Reserve the dearest this trial may get; False when that would pass the limit."""
        if self.limit is None:
            return True
        worst = self._worst(trial)
        if self.spent + sum(self._reserved.values()) + worst > self.limit:
            return False
        self._reserved[trial.key] = worst
        return True

    def settle(self, answer: Answer) -> None:
        """Replace a reservation by what was really paid; cached replies cost nothing again.

        Where an endpoint does not tell its tokens, what was paid is unknown and the reservation is spent.
        """
        if self.limit is None:
            return
        reserved = self._reserved.pop(answer.key, 0.0)
        if any(each.cost is None and not each.cached for each in answer.exchanges):
            self.spent += reserved
            return
        rate = self._rate(answer.candidate, answer.suite)
        self.spent += rate * sum(each.cost or 0.0 for each in answer.exchanges if not each.cached)

    def _rate(self, candidate: str, suite: str) -> float:
        return self._fx[candidate].get(self._currency[suite]) or 0.0

    def _worst(self, trial: Trial) -> float:
        price, limits = trial.candidate.endpoint.price, trial.candidate.endpoint.limits
        assert price is not None
        money = 0.0
        for request in trial.candidate.strategy.planned(
            Question(trial.suite, trial.item, trial.repeat)
        ):
            tokens = 2 * sum(estimated_tokens(turn.content) for turn in request.messages)
            money += token_cost(price, tokens, request.max_tokens) or 0.0
            money += (price.machine_hour or 0.0) * limits.timeout_s / 3600
        return money * self._rate(trial.candidate.name, trial.suite.name)
