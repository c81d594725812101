"""Another currency: all money of a summary is multiplied and nothing else changes."""

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.full_run import MONEY, full_suite, leaves, run
from tests.small_parts import supposed
from tests.small_run import assessed

slowly = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed has nothing that could shrink
)


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """Every part of a summary has something to say."""
    return full_suite(tmp_path_factory.mktemp("suite"))


IN_MONEY = {
    "value_per_case", "net_per_case", "value_per_month", "horizons", "quantiles", "evpi_per_case", "flows",
    "information", "expected_loss", "expected_loss_upper", "difference", "mde", "value_low", "value_high",
    "cost", "cost_per_case", "value_chosen", "gain", "gain_over_big",
}  # fmt: skip
NO_MONEY = {
    "n",
    "level",
    "cases",
    "items",
    "months",
    "share",
    "p_positive",
    "input_tokens",
    "output_tokens",
}
ENDS = {"low", "base", "high", "break_even", "from", "to"}


def is_money(told, path):
    """Whether the number at the path is an amount of money, and not a share, a count or a time."""
    *folders, last = path
    holder = told
    for part in folders:
        holder = holder[part]
    if last in ENDS and isinstance(holder, dict) and ("assumption" in holder or "name" in holder):
        return holder.get("assumption", holder.get("name")) in MONEY
    if "metrics" in path and "technical" not in path:
        return holder["unit"] == "money" and last in ("value", "low", "high", "today")
    if "points" in path:
        return path[path.index("points") + 2] == "value" and last not in NO_MONEY
    if set(path) & {"spread", "tail"}:
        return last != "share"
    return bool(IN_MONEY & set(path)) and last not in NO_MONEY


@slowly
@given(seed=st.integers(0, 10**6))
def test_in_another_currency_all_money_is_multiplied_and_nothing_else_changes(suite, seed):
    """Four of the new for one of the old, a power of two, so that not even rounding differs."""
    rows = run(seed) + run(seed + 1, "b")
    other = supposed(suite, {name: tuple(4 * end for end in ends) for name, ends in MONEY.items()})
    one = json.loads(assessed(suite, rows, ("a", "b"), repeats=2).model_dump_json())
    four = json.loads(assessed(other, rows, ("a", "b"), repeats=2, fx=4.0).model_dump_json())
    yours, counted = dict(leaves(four)), 0
    for path, each in leaves(one):
        if not isinstance(each, (int, float)) or isinstance(each, bool):
            assert yours[path] == each or isinstance(each, str), path  # sentences name amounts
            continue
        times = 4 if is_money(one, path) else 1
        counted += times == 4
        assert yours[path] == pytest.approx(each * times, rel=1e-6, abs=1e-9), path
    assert counted > 200
