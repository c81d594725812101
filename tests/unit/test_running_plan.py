import asyncio
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.file import Rate
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.price import Price, dearest_token_cost
from bench.endpoints.seam import Limits
from bench.endpoints.tokens import estimated_tokens
from bench.errors import EndpointFileError, UserError
from bench.running.budget import Budget, check_budget
from bench.running.plan import drawn, exchange_rate, plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.strategies.few_shot import FewShot
from bench.strategies.strategy import Question
from bench.suites.load import load
from bench.types import Answer, Exchange, Item
from tests.small_suite import item, written

CNY = Price(currency="CNY", input=1.0, output=2.0)
IN_YUAN = {("USD", "CNY"): Rate(rate=7.2, as_of="2026-01-01", source="a bank")}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return load(str(written(tmp_path_factory.mktemp("suite"), [item(n) for n in range(60)])))


def candidate(name="a", price=CNY, strategy=None, **told):
    told.setdefault("limits", Limits(max_attempts=1))
    endpoint = OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", price=price, **told)
    return Candidate(name, name, "openai", endpoint, "direct", strategy or Direct())


def answer(trial, *costs, cached=False, state="answered", attempts=0):
    suite, name, number, repeat = trial.key
    exchanges = tuple(Exchange(text="42", cost=cost, cached=cached) for cost in costs)
    return Answer(
        suite=suite, candidate=name, item=number, repeat=repeat, state=state, exchanges=exchanges,
        attempts=attempts,
    )  # fmt: skip


# What is drawn


def test_every_candidate_gets_the_same_items_and_every_repeat_too(suite):
    made = plan([suite], [candidate("a"), candidate("b")], limit=10, repeats=3, seed=5)
    asked = {}
    for trial in made.trials():
        asked.setdefault((trial.candidate.name, trial.repeat), []).append(trial.item.id)
    assert len(asked) == 6
    assert len({tuple(each) for each in asked.values()}) == 1
    assert made.count() == sum(1 for _ in made.trials()) == 60


@given(seed=st.integers(0, 1000), limit=st.integers(0, 80))
def test_a_limit_draws_by_seed_without_repetition_and_in_the_files_order(suite, seed, limit):
    chosen = drawn(suite.items, limit, seed)
    assert chosen == drawn(suite.items, limit, seed)
    assert len(chosen) == min(limit, 60)
    places = [suite.items.index(each) for each in chosen]
    assert places == sorted(set(places))


def test_another_seed_draws_other_items(suite):
    assert (
        len({tuple(each.id for each in drawn(suite.items, 10, seed)) for seed in range(20)}) == 20
    )


def test_no_limit_asks_everything(suite):
    assert drawn(suite.items, None, 3) == suite.items


# What it costs


def test_an_exchange_rate_works_both_ways():
    dollars, yuan = Price(currency="USD"), Price(currency="CNY")
    assert exchange_rate(dollars, "CNY", IN_YUAN) == 7.2
    assert exchange_rate(yuan, "USD", IN_YUAN) == pytest.approx(1 / 7.2)
    assert exchange_rate(yuan, "CNY", {}) == 1.0
    assert exchange_rate(None, "CNY", {}) is None


def test_a_missing_exchange_rate_says_what_to_add(suite):
    with pytest.raises(
        EndpointFileError,
        match=r"endpoint 'a'.*a price is in EUR and the suite counts in CNY; add fx: \{EUR: \{CNY:",
    ):
        plan([suite], [candidate(price=Price(currency="EUR"))], fx=IN_YUAN)


def test_what_cannot_work_is_said_when_planning(suite, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(
        EndpointFileError, match="endpoint 'a': the environment variable NO_SUCH_KEY"
    ):
        plan([suite], [candidate(api_key_env="NO_SUCH_KEY")])


def test_tokens_cost_by_the_million_and_nothing_is_guessed():
    """6000 in at 0.8 and 800 out at 4.8 a million are 0.00864."""
    assert dearest_token_cost(
        Price(currency="CNY", input=0.8, output=4.8), 6000, 800
    ) == pytest.approx(0.00864)
    assert dearest_token_cost(Price(currency="CNY", input=0.8), 6000, 800) is None
    assert dearest_token_cost(None, 6000, 800) is None


@given(st.text(max_size=200), st.text(max_size=50))
def test_more_text_is_never_fewer_tokens(text, more):
    assert estimated_tokens(text) <= estimated_tokens(text + more)


def test_a_plan_counts_requests_tokens_and_money(suite):
    (work,) = plan([suite], [candidate()], repeats=2).work()
    assert (work.trials, work.requests, work.max_output_tokens) == (120, 120, 120 * 16)
    assert work.cost == pytest.approx(
        (work.input_tokens + 2 * work.max_output_tokens) / 1e6, rel=1e-3
    )
    (unpriced,) = plan([suite], [candidate(price=None)]).work()
    assert (unpriced.cost, unpriced.currency) == (None, None)


# What may be spent


def budget(limit, suite, *names, rate=1.0, **told):
    made = plan([suite], [candidate(name, **told) for name in names or ("a",)])
    return Budget(limit, made, {name: {"CNY": rate} for name in names or ("a",)}), list(
        made.trials()
    )


def test_without_a_limit_everything_passes(suite):
    money, trials = budget(None, suite, price=None)
    assert all(money.admits(trial) for trial in trials)


def test_what_is_in_flight_counts_at_its_dearest_until_it_is_settled(suite):
    price = Price(currency="CNY", input=0.0, output=1.0, per=1)
    money, trials = budget(40.0, suite, price=price)
    assert [money.admits(trial) for trial in trials[:3]] == [True, True, False]
    money.settle(trials[0], answer(trials[0], 1.0))
    assert money.spent == 1.0
    assert money.admits(trials[2])
    assert not money.admits(trials[3])


@given(st.lists(st.floats(0, 16), min_size=1, max_size=30), st.floats(0, 200))
def test_no_more_is_spent_than_allowed_if_nothing_costs_more_than_its_dearest(suite, costs, limit):
    money, trials = budget(limit, suite, price=Price(currency="CNY", input=0.0, output=1.0, per=1))
    for trial, cost in zip(trials, costs, strict=False):
        if money.admits(trial):
            money.settle(trial, answer(trial, cost))
    assert money.spent <= limit + 1e-9


def test_a_failed_trial_frees_what_was_held_for_it(suite):
    money, trials = budget(16.0, suite, price=Price(currency="CNY", input=0.0, output=1.0, per=1))
    assert money.admits(trials[0])
    assert not money.admits(trials[1])
    money.settle(trials[0], answer(trials[0], state="failed"))
    assert money.admits(trials[1])


def test_a_cached_reply_costs_nothing_again(suite):
    money, trials = budget(1000.0, suite)
    money.admits(trials[0])
    money.settle(trials[0], answer(trials[0], 5.0, cached=True))
    assert money.spent == 0


def test_a_reply_whose_cost_is_unknown_spends_what_was_held_for_it(suite):
    money, trials = budget(40.0, suite, price=Price(currency="CNY", input=0.0, output=1.0, per=1))
    money.admits(trials[0])
    money.settle(trials[0], answer(trials[0], None))
    assert money.spent == 16.0


def test_every_attempt_that_may_be_made_is_held_and_one_without_a_reply_is_spent(suite):
    price = Price(currency="CNY", input=0.0, output=1.0, per=1)
    money, trials = budget(64.0, suite, price=price, limits=Limits(max_attempts=4))
    assert money.admits(trials[0])
    assert not money.admits(trials[1])
    money.settle(trials[0], answer(trials[0], 5.0, attempts=3))
    assert money.spent == 5 + 2 * 16
    money, trials = budget(63.9, suite, price=price, limits=Limits(max_attempts=4))
    assert not money.admits(trials[0])


def test_who_lacks_money_waits_for_what_others_give_back_and_no_longer(suite):
    """Room for one at a time at 16 held and 5 paid: seven of 60 are admitted, all who wait at once."""
    price = Price(currency="CNY", input=0.0, output=1.0, per=1)
    money, trials = budget(46.0, suite, price=price)
    told = []

    async def one(trial):
        if await money.admitted(trial):
            told.append(True)
            await asyncio.sleep(0)
            money.settle(trial, answer(trial, 5.0, attempts=1))
        else:
            told.append(False)

    async def go():
        async with asyncio.timeout(5):
            await asyncio.gather(*(one(trial) for trial in trials))

    asyncio.run(go())
    assert told.count(True) == 7
    assert money.spent == 35.0


def test_money_is_counted_in_the_suites_currency(suite):
    price = Price(currency="CNY", input=0.0, output=1.0, per=1)
    money, trials = budget(100.0, suite, price=price, rate=7.0)
    assert not money.admits(trials[0])
    money.settle(trials[0], answer(trials[0], 2.0))
    assert money.spent == 14.0


def test_the_machines_time_counts_up_to_the_deadline(suite):
    money, trials = budget(1.0, suite, price=Price(currency="CNY", machine_hour=36.0))
    assert not money.admits(trials[0])
    assert budget(1.3, suite, price=Price(currency="CNY", machine_hour=36.0))[0].admits(trials[0])


@pytest.mark.parametrize(
    "price",
    [
        None,
        Price(currency="CNY"),
        Price(currency="CNY", input=1.0),
        Price(currency="CNY", output=1.0, machine_hour=1.0),
    ],
)
def test_a_budget_over_an_unknown_price_is_refused(suite, price):
    made = plan([suite], [candidate(price=price)])
    with pytest.raises(UserError, match="--budget: endpoint 'a' has no price"):
        check_budget(made)


def test_a_budget_over_two_currencies_is_refused(suite, tmp_path):
    other = load(
        str(written(tmp_path, change=lambda told: told["business"].update(currency="USD")))
    )
    made = plan([suite, other], [candidate()], fx=IN_YUAN)
    with pytest.raises(UserError, match="different currencies"):
        check_budget(made)


# How it is asked


@pytest.mark.parametrize("k", [1, 3, 4])
def test_few_shot_shows_k_solved_examples_before_the_question(suite, k):
    question = Question(suite, suite.items[7])
    (request,) = FewShot(k=k).planned(question)
    roles = [turn.role for turn in request.messages]
    assert roles == ["system", *["user", "assistant"] * k, "user"]
    assert request.messages[-1] == question.messages()[-1]
    shown = [turn.content for turn in request.messages if turn.role == "assistant"]
    assert shown == [each.answer for each in suite.examples[:k]]


def test_few_shot_never_shows_a_scored_item(suite):
    asked = {Question(suite, each).messages()[-1].content for each in suite.items}
    for each in suite.items:
        (request,) = FewShot(k=4).planned(Question(suite, each))
        shown = [turn.content for turn in request.messages[:-1]]
        assert not asked & set(shown)


def test_a_strategy_never_sees_the_reference(suite):
    secret = dataclasses.replace(
        suite,
        items=tuple(
            each.model_copy(update={"reference": {"answer": "SECRET"}}) for each in suite.items
        ),
    )
    for strategy in (Direct(), FewShot()):
        (request,) = strategy.planned(Question(secret, secret.items[0]))
        assert "SECRET" not in repr(request)


def test_both_strategies_ask_in_the_suites_answer_form(suite):
    for strategy in (Direct(), FewShot()):
        (request,) = strategy.planned(Question(suite, suite.items[0], repeat=2))
        assert (request.max_tokens, request.stop, request.opening, request.case.repeat) == (
            16,
            (),
            "",
            2,
        )


def test_few_shot_with_too_few_examples_is_refused_before_anything_is_sent(suite):
    greedy = candidate(strategy=FewShot(k=9))
    with pytest.raises(
        EndpointFileError, match="shows 9 examples and the suite has 4; add examples"
    ):
        plan([suite], [greedy])


def test_a_perturbed_twin_is_drawn_with_its_item():
    items = tuple(
        Item(id=f"i{at}{twin}", cluster="c", input={}, tags={"wording": wording})
        for at in range(9)
        for twin, wording in (("", "as_written"), (".varied", "varied"))
    )
    found = [each.id for each in drawn(items, 4, seed=1)]
    assert len(found) == 8
    assert found[1::2] == [f"{each}.varied" for each in found[::2]]
