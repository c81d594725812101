"""The hand-worked document tests/golden/traced/README.md, number by number, against the program."""

import math
from pathlib import Path

import numpy as np
import pytest

from bench.reports.view import view
from bench.running.journal import answers
from bench.running.manifest import read_manifest
from bench.suites.load import load
from bench.value.judge_run import judge_run
from bench.value.judged import Judged

FOLDER = Path(__file__).parents[1] / "golden" / "traced"
DOCUMENT = (FOLDER / "README.md").read_text(encoding="utf-8")
PERT = {
    "minutes": (4, 8, 15), "wage": (70, 110, 170), "review": (0.5, 1.5, 3), "errors": (0.01, 0.03, 0.08),
    "loss": (500, 2000, 10_000), "cases": (800, 2000, 5000), "fixed": (2000, 5000, 12_000), "detects": (0.5, 0.7, 0.9),
}  # fmt: skip
MEAN = {name: (low + 4 * base + high) / 6 for name, (low, base, high) in PERT.items()}
CALLS = 5.11982e-3 / 12 / 3600 * 0.5


@pytest.fixture(scope="module")
def summary():
    """The run's answers through the program as it is today."""
    suite = load(str(FOLDER / "suite.yaml"))
    return judge_run(
        [suite], {suite.name: suite.items}, read_manifest(FOLDER), list(answers(FOLDER))
    ).summary


@pytest.fixture(scope="module")
def traced(summary):
    """The candidate that the document traces."""
    return summary.suites["finance_traced"].candidates["baseline"]


def by_hand():
    """Money of today's way, of an accepted answer and of one to be done again."""
    today = MEAN["minutes"] * MEAN["wage"] / 60 + MEAN["errors"] * MEAN["loss"]
    review = MEAN["review"] * MEAN["wage"] / 60
    return today, today - review, -review


def test_seven_answers_are_used_and_five_done_again(traced):
    told = [
        line.split("|")[6].strip()
        for line in DOCUMENT.splitlines()
        if "-" in line[:20] and line.count("|") == 7
    ]
    assert (told.count("accept"), told.count("redo"), len(told)) == (7, 5, 13)  # with the ruler
    shares = traced.outcomes.model_dump()
    assert shares == pytest.approx({"accept": 7 / 12, "edit": 0, "redo": 5 / 12, "harm": 0})


def test_the_money_of_a_case_is_the_documents(summary, traced):
    today, accepted, redone = by_hand()
    case = (7 * accepted + 5 * redone) / 12 - CALLS
    assert today == pytest.approx(123.9722, abs=5e-5)
    assert (round(accepted, 4), round(redone, 4), round(case, 4)) == (120.9815, -2.9907, 69.3264)
    assert summary.suites["finance_traced"].today.cost_per_case == pytest.approx(today)
    assert traced.value_per_case.value == pytest.approx(case, abs=1e-9)
    net = case - MEAN["fixed"] / MEAN["cases"]
    assert traced.net_per_case.value == pytest.approx(net)
    assert f"{net:.4f}" in DOCUMENT
    month = case * MEAN["cases"] - MEAN["fixed"]
    assert traced.value_per_month.value == pytest.approx(month)
    assert f"**{month:,.0f}**" in DOCUMENT
    assert traced.placeholder_share > 0.99


def test_the_chance_is_that_of_an_independent_simulation(traced):
    """Nothing of the program: multinomial items, Beta errors, PERT assumptions."""
    rng, n = np.random.default_rng(5), 200_000
    drawn = {
        name: low + (high - low) * rng.beta(1 + 4 * (base - low) / (high - low), 1 + 4 * (high - base) / (high - low), n)
        for name, (low, base, high) in PERT.items()
    }  # fmt: skip
    # twelve items say a little less than a normal would: t on 11 degrees of freedom, G / (G - 1)
    widened = math.sqrt(12 / 11) * 1.7959 / 1.6449
    accepted = 7 / 12 + widened * (rng.binomial(12, 7 / 12, n) / 12 - 7 / 12)
    wrong = rng.beta(0.5, 12.5, n)
    accepted, redone = accepted * (1 - wrong), (1 - accepted) * (1 - wrong)
    by_person = drawn["minutes"] * drawn["wage"] / 60 + drawn["errors"] * drawn["loss"]
    review = drawn["review"] * drawn["wage"] / 60
    lost = wrong * (drawn["detects"] * by_person + (1 - drawn["detects"]) * drawn["loss"])
    value = by_person - review - redone * by_person - lost - drawn["fixed"] / MEAN["cases"]
    assert traced.p_positive == pytest.approx((value > 0).mean(), abs=0.02)
    assert round(traced.p_positive, 2) == 0.79
    low, high = np.quantile(value, [0.05, 0.95])
    assert traced.net_per_case.low == pytest.approx(low, abs=6)
    assert traced.net_per_case.high == pytest.approx(high, abs=6)


def test_the_limits_are_the_documents(traced):
    for gate, n, limit, bound, more in zip(
        traced.gates, (12, 9), (0.02, 0.05), (22.1, 28.3), (137, 50), strict=True
    ):
        assert (gate.events, gate.n, gate.limit, gate.held) == (0, n, limit, None)
        assert gate.bound == pytest.approx(1 - 0.05 ** (1 / n))
        assert round(100 * gate.bound, 1) == bound
        assert gate.more_items == math.ceil(math.log(0.05) / math.log(1 - limit)) - n == more


def test_the_verdict_and_its_sentence_are_the_documents(summary, traced):
    suite = summary.suites["finance_traced"]
    assert (suite.verdict.decision, suite.verdict.candidate) == ("iterate", None)
    assert [each.code for each in traced.verdict.reasons] == [
        "gains_unsure",
        "gate_unproven",
        "gate_unproven",
    ]
    assert traced.information.cases < 36 * MEAN["cases"]  # discounted, and growing from none
    assert traced.information.more_items[0].worth > traced.information.next_round_cost
    (shown,) = view(Judged(summary), "en").suites
    assert f"> {shown.sentence}\n" in DOCUMENT
