"""What a call costs: by its length, by what was cached and thought, by the hour; and what nobody can know."""

import doctest
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints import price as module
from bench.endpoints.file import load_endpoints
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.price import Price, cost, dearest_token_cost, token_cost
from bench.endpoints.seam import Limits, Reply
from bench.errors import EndpointFileError, UserError
from bench.running.budget import Budget, check_budget
from bench.running.manifest import manifest, read_manifest, write_manifest
from bench.running.plan import estimated_input_tokens, plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.strategies.strategy import Question
from bench.suites.load import load
from tests.small_suite import item, written

SMALL, LARGE = (
    {"up_to": 128_000, "input": 0.8, "output": 4.8},
    {"up_to": 256_000, "input": 2, "output": 12},
)
NIGHT = {"from": "00:30", "to": "08:30", "zone": "Asia/Shanghai", "factor": 0.5}


def price(**told):
    return Price.model_validate({"currency": "CNY"} | told)


def used(input_tokens, output_tokens, cached=None, reasoning=None):
    return Reply(
        "42", input_tokens=input_tokens, output_tokens=output_tokens, cached_input_tokens=cached,
        reasoning_tokens=reasoning,
    )  # fmt: skip


def at(text, zone="Asia/Shanghai"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


TIERED = price(tiers=[SMALL, LARGE])
FLAT = price(input=1, output=2, per=1)
PARTED = price(input=10, output=20, cached_input=1, reasoning=30, per=1)


def test_the_worked_examples_of_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0


# How long a request is


@pytest.mark.parametrize(
    ("asked", "told", "yuan"),
    [
        (150_000, 2_000, 0.324),
        (6_000, 800, 0.00864),
        (128_000, 0, 0.1024),
        (128_001, 0, 0.256002),
        (0, 0, 0.0),
    ],
)
def test_all_tokens_cost_what_the_tier_of_the_whole_request_says(asked, told, yuan):
    """The first two: qwen3.5-plus, yuan a million, 0.8 and 4.8 to 128k, 2 and 12 to 256k."""
    assert cost(TIERED, used(asked, told), None) == pytest.approx(yuan)


def test_a_request_longer_than_the_last_tier_has_no_known_price():
    assert cost(TIERED, used(256_001, 0), None) is None
    assert dearest_token_cost(TIERED, 256_001, 0) is None
    unbounded = price(tiers=[SMALL, {"input": 2, "output": 12}])
    assert cost(unbounded, used(10_000_000, 0), None) == pytest.approx(20)


def test_what_is_cached_counts_towards_the_length():
    tiers = [{"up_to": 10, "input": 1, "output": 0}, {"input": 3, "output": 0, "cached_input": 2}]
    assert cost(price(tiers=tiers, per=1), used(11, 0, cached=11), None) == 22


# What was cached and what was thought


@pytest.mark.parametrize(
    ("usage", "money"),
    [
        (used(100, 50), 100 * 10 + 50 * 20),
        (used(100, 50, cached=0, reasoning=0), 100 * 10 + 50 * 20),
        (used(100, 50, cached=60), 40 * 10 + 60 * 1 + 50 * 20),
        (used(100, 50, reasoning=30), 100 * 10 + 20 * 20 + 30 * 30),
        (used(100, 50, cached=100, reasoning=50), 100 * 1 + 50 * 30),
        (used(100, 50, cached=101), None),
        (used(100, 50, reasoning=51), None),
        (used(None, 50), None),
        (used(100, None, reasoning=5), None),
    ],
)
def test_a_part_with_a_rate_of_its_own_is_taken_out_of_the_whole_once(usage, money):
    assert cost(PARTED, usage, None) == money


@given(st.integers(0, 1000), st.integers(0, 1000), st.data())
def test_without_rates_of_their_own_parts_cost_what_the_rest_does(asked, told, data):
    cached, thought = data.draw(st.integers(0, asked)), data.draw(st.integers(0, told))
    same = price(input=1, output=2, cached_input=1, reasoning=2, per=1)
    for each in (FLAT, same):
        assert cost(each, used(asked, told, cached, thought), None) == asked + 2 * told


def test_a_rate_that_is_not_given_is_unknown_and_a_machine_is_paid_beside_tokens():
    assert cost(price(input=1), used(1, 1), None) is None
    assert cost(price(), used(1, 1), None) is None
    assert cost(None, used(1, 1), None) is None
    both = price(input=1, output=2, per=1, machine_hour=3600)
    assert cost(both, used(1, 1), 4.0) == 7
    assert cost(both, used(1, 1), None) is None
    assert cost(both, used(1, None), 4.0) is None


# When it was asked


@pytest.mark.parametrize(
    ("moment", "factor"),
    [("2026-11-01T00:29:59", 1), ("2026-11-01T00:30:00", 0.5), ("2026-11-01T08:29:59", 0.5), ("2026-11-01T08:30:00", 1)],
)  # fmt: skip
def test_hours_begin_with_their_first_minute_and_end_before_their_last(moment, factor):
    nightly = price(input=1, output=2, per=1, hours=[NIGHT], machine_hour=3600)
    assert cost(nightly, used(10, 10), 4.0, at(moment)) == 30 * factor + 4


def test_hours_may_reach_into_the_next_day_follow_their_zone_and_the_first_that_hold_count():
    late = {"from": "22:00", "to": "06:00", "zone": "Europe/Berlin", "factor": 0.5}
    peak = {"from": "05:00", "to": "12:00", "zone": "Europe/Berlin", "factor": 2}
    changing = price(input=1, output=0, per=1, hours=[late, peak])
    told = {
        hour: token_cost(changing, used(1, 0), at(f"2026-07-01T{hour}:00", "Europe/Berlin"))
        for hour in ("21", "22", "23", "00", "05", "06", "12")
    }
    assert told == {"21": 1, "22": 0.5, "23": 0.5, "00": 0.5, "05": 0.5, "06": 2, "12": 1}
    summer, winter = at("2026-07-01T20:30", "UTC"), at("2026-12-01T20:30", "UTC")
    assert [token_cost(changing, used(1, 0), each) for each in (summer, winter)] == [0.5, 1]


def test_where_the_hour_matters_and_is_not_known_the_cost_is_not_either():
    assert cost(price(input=1, output=2, hours=[NIGHT]), used(1, 1), None) is None


# What is promised beforehand


@pytest.mark.parametrize(
    ("told", "money"),
    [
        ({"input": 10, "output": 20, "cached_input": 1, "reasoning": 30}, 20 * 10 + 5 * 30),
        ({"input": 10, "output": 20, "cached_input": 11, "reasoning": 1}, 20 * 11 + 5 * 20),
        (
            {"tiers": [{"up_to": 10, "input": 5, "output": 1}, {"input": 1, "output": 2}]},
            10 * 5 + 5,
        ),
        ({"tiers": [{"up_to": 20, "input": 1, "output": 1}, {"input": 9, "output": 9}]}, 20 + 5),
        ({"input": 1, "output": 1, "hours": [NIGHT, NIGHT | {"factor": 2}]}, 2 * 25),
    ],
)
def test_the_dearest_is_uncached_thought_through_at_the_peak_and_of_any_length_below(told, money):
    assert dearest_token_cost(price(per=1, **told), 20, 5) == money


rates = st.fixed_dictionaries(
    {"input": st.integers(0, 50), "output": st.integers(0, 50)},
    optional={"cached_input": st.integers(0, 50), "reasoning": st.integers(0, 50)},
)
tiers = st.lists(st.tuples(st.integers(1, 100), rates), max_size=4, unique_by=lambda each: each[0])
hours = st.lists(st.sampled_from([NIGHT, NIGHT | {"factor": 2.0}, NIGHT | {"zone": "UTC"}]))


@given(rates, tiers, hours, st.integers(0, 100), st.integers(0, 50), st.data())
def test_no_request_costs_more_than_its_dearest(flat, found, when, asked, told, data):
    steps = [{"up_to": bound, **each} for bound, each in sorted(found, key=lambda each: each[0])]
    each = price(hours=when, **({"tiers": steps} if steps else flat))
    really, wrote = data.draw(st.integers(0, asked)), data.draw(st.integers(0, told))
    usage = used(really, wrote, data.draw(st.integers(0, really)), data.draw(st.integers(0, wrote)))
    dearest = dearest_token_cost(each, asked, told)
    if dearest is None:
        assert asked > steps[-1]["up_to"]
    else:
        moment = data.draw(st.integers(0, 86_400))
        assert token_cost(each, usage, moment) <= dearest + 1e-12


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return load(str(written(tmp_path_factory.mktemp("suite"), [item(n) for n in range(20)])))


def candidate(**told):
    endpoint = OpenAIChat(
        base_url="http://127.0.0.1:9/v1", model="m", price=price(**told),
        limits=Limits(max_attempts=1),
    )  # fmt: skip
    return Candidate("a", "a", "openai", endpoint, "direct", Direct())


def lengths(suite):
    return [
        estimated_input_tokens(request)
        for each in suite.items
        for request in Direct().planned(Question(suite, each))
    ]


def test_a_plan_takes_the_tier_of_each_request_and_not_of_their_sum(suite):
    longest = max(lengths(suite))
    cheap, dear = {"up_to": longest, "input": 1, "output": 2}, {"input": 100, "output": 200}
    (work,) = plan([suite], [candidate(tiers=[cheap, dear], hours=[NIGHT], per=1)]).work()
    assert work.cost == work.input_tokens + 2 * work.max_output_tokens
    (unknown,) = plan([suite], [candidate(tiers=[cheap | {"up_to": longest - 1}])]).work()
    assert (unknown.cost, unknown.currency) == (None, "CNY")


def test_a_budget_over_a_request_without_a_price_is_refused(suite):
    longest = max(lengths(suite))
    held = candidate(tiers=[SMALL | {"up_to": longest}], per=1)
    check_budget(plan([suite], [held]))
    short = candidate(tiers=[SMALL | {"up_to": longest - 1}])
    with pytest.raises(UserError, match=rf"--budget: 'i\d+' of 'small' takes about {longest} inpu"):
        check_budget(plan([suite], [short]))


def test_what_is_held_for_a_request_ends_with_the_last_tier_and_reaches_the_dearer_ones(suite):
    """Held for twice the estimated length, which 16 output tokens at nothing add nothing to."""
    length = lengths(suite)[0]
    near = {"up_to": length, "input": 1, "output": 0}
    for far, dearest in ((length + 1, 5 * (length + 1)), (3 * length, 5 * 2 * length)):
        tiers = [near, {"up_to": far, "input": 5, "output": 0}]
        made = plan([suite], [candidate(tiers=tiers, per=1)], limit=None)
        trial = next(made.trials())
        assert not Budget(dearest - 0.5, made, {"a": {"CNY": 1.0}}).admits(trial)
        assert Budget(dearest, made, {"a": {"CNY": 1.0}}).admits(trial)


# How it is written down


def loaded(folder, told, more=""):
    path = folder / "endpoints.yaml"
    entry = (
        "endpoints:\n  e:\n    adapter: openai\n    base_url: http://127.0.0.1:9/v1\n    model: m\n"
    )
    path.write_text(f"{entry}    price: {told}\n{more}", encoding="utf-8")
    return load_endpoints(path)


FULL = (
    "{currency: CNY, tiers: [{up_to: 128000, input: 0.8, output: 4.8, cached_input: 0.08}, "
    '{up_to: 256000, input: 2, output: 12, reasoning: 24}], hours: [{from: "00:30", to: 08:30, '
    "zone: Asia/Shanghai, factor: 0.5}], as_of: 2026-11, source: price list}"
)


def test_a_price_is_kept_as_it_was_written(tmp_path, suite):
    read = loaded(tmp_path, FULL).endpoints["e"]
    assert type(read).model_validate(read.model_dump()) == read
    made = manifest(
        plan([suite], [Candidate("a", "a", "openai", read, "direct", Direct())]), "run", None, None
    )
    assert made.candidates["a"].price["hours"] == [NIGHT]
    write_manifest(tmp_path, made)
    assert read_manifest(tmp_path) == made


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (FULL.replace("128000", "256000"), "price.tiers: up_to 256000 comes after 256000; sort them upwards"),
        (FULL.replace("up_to: 128000, ", ""), "price.tiers: only the last tier may leave up_to out"),
        (FULL.replace("input: 2, ", ""), "price.tiers.1: 'input' is missing"),
        (FULL.replace("tiers", "input: 1, tiers"), "price: input stands beside tiers; write it in each tier"),
        ("{currency: CNY, cached_input: 1, output: 1}", "cached_input is the rate of a part of the input; add input:"),
        ("{currency: CNY, input: 1, reasoning: 1}", "reasoning is the rate of a part of the output; add output:"),
        (FULL.replace("08:30", "8:30"), "price.hours.0.to: '8:30' is no time of day; write HH:MM"),
        (FULL.replace("08:30", "00:30"), "price.hours.0: from and to are both 00:30"),
        (FULL.replace("Asia/Shanghai", "Asia/Shanghia"), "price.hours.0.zone: 'Asia/Shanghia' is no time zone"),
        (FULL.replace("Asia/Shanghai", "../../etc"), "price.hours.0.zone: '../../etc' is no time zone"),
        (FULL.replace("from:", "form:"), "price.hours.0.form: unknown key; did you mean 'from'?"),
        ("{currency: CNY, machine_hour: 1, hours: [{from: 00:30, to: 08:30, factor: 0.5}]}", "hours change the price of tokens, and none is given"),
        *((FULL.replace("2026-11", f'"{day}"'), f"price.as_of: '{day}' is no date; write YYYY-MM-DD or YYYY-MM")
          for day in ("27.9.2026", "2026-13", "2026-02-30", "20261101", "2026-W01", "today")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_price_is_one_line_that_says_where(tmp_path, told, what):
    with pytest.raises(EndpointFileError) as caught:
        loaded(tmp_path, told)
    assert "endpoints.yaml:6:" in str(caught.value)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("{USD: {CNY: {rate: 7.1, as_of: last week, source: bank}}}", "fx.USD.CNY.as_of: 'last week' is no date"),
        ("{USD: {CNY: {rate: 7.1, source: bank}}}", "fx.USD.CNY: 'as_of' is missing"),
        ("{USD: 7.1}", "fx.USD: rates expected, like {USD: {CNY: {rate, as_of, source}}}"),
        ("[USD]", "fx: rates expected, like"),
    ],
)  # fmt: skip
def test_a_rate_of_exchange_names_its_day(tmp_path, told, what):
    with pytest.raises(EndpointFileError) as caught:
        loaded(tmp_path, "{currency: CNY}", f"fx: {told}\n")
    assert what in str(caught.value)
