"""Somebody else's counts under the reader's assumptions.

FinanceBench (Islam et al. 2023, arXiv 2311.11944): 150 questions about company filings, sixteen systems, answers judged
right, wrong or declined by people; counts as released at github.com/patronus-ai/financebench.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import UserError
from bench.reports.published import FORMATS
from bench.stats import cluster_bootstrap, clustered_se, few_clusters_factor
from bench.value import worth
from bench.value.assumed import expected
from bench.value.published import (
    accuracy_difference,
    mean_features,
    published_value,
    resamples,
)
from bench.value.published_file import Counts, CountsFile, load_counts

FILE = Path(__file__).parents[2] / "results" / "published" / "financebench.yaml"
SHARED, LLAMA = "gpt-4-1106-preview_sharedStore", "llama2_sharedStore"
ACCURACIES = {
    "gpt-4-1106-preview_closedBook": 0.09333333333333334,
    "gpt-4-1106-preview_sharedStore": 0.19333333333333333,
    "gpt-4-1106-preview_singleStore": 0.5,
    "gpt-4-1106-preview_oracle": 0.8533333333333334,
    "gpt-4-1106-preview_inContext_reverse": 0.7866666666666666,
    "llama2_sharedStore": 0.19333333333333333,
    "llama2_singleStore": 0.41333333333333333,
}
HALLUCINATED = {SHARED: 0.13333333333333333, LLAMA: 0.6933333333333334}

# 44 minutes at 90 an hour, 6 of them review; 800 lost by an error that nobody notices.
BUSINESS = {
    "case": {"zh": "一件", "en": "one case"},
    "cases": {"zh": "件", "en": "cases"},
    "done_today_by": {"role": {"zh": "人", "en": "a person"}, "minutes": 44},
    "wage_per_hour": 90,
    "cases_per_month": 1000,
    "review": {"minutes": 6, "detects": 0},
    "edit": {"minutes": 2},
    "loss": {
        "wrong": {"base": 800, "placeholder": True, "title": {"zh": "答错", "en": "wrong"}},
        "grave": {"base": 5000, "placeholder": True, "title": {"zh": "大错", "en": "grave"}},
    },
}
SOURCE = {"citation": "A (2023)", "address": "example.org", "read": "2026-11-22"}


def counts(correct=70, declined=28, wrong=2, **more):
    return {"correct": correct, "declined": declined, "wrong": {"wrong": wrong}} | more


def told(systems=None, items=None, **changes):
    systems = systems or {"one": counts()}
    told = {"title": {"zh": "题", "en": "Items"}, "source": SOURCE, "business": BUSINESS | changes}
    return told | ({"items": items} if items is not None else {}) | {"systems": systems}


def valued(systems=None, **changes):
    return published_value(CountsFile.model_validate(told(systems, **changes)))


def value_of(system="one", systems=None, **changes):
    return valued(systems, **changes).systems[system].value_per_case.value


@pytest.fixture(scope="module")
def financebench():
    return published_value(load_counts(FILE))


def test_the_released_labels_give_the_published_accuracies(financebench):
    found = {name: financebench.systems[name].accuracy.value for name in ACCURACIES}
    assert found == pytest.approx(ACCURACIES, abs=1e-9)
    wrong = {name: financebench.systems[name].wrong for name in HALLUCINATED}
    assert wrong == pytest.approx(HALLUCINATED, abs=1e-9)
    assert len(financebench.systems) == 16
    assert {each.items for each in financebench.systems.values()} == {150}


def test_two_systems_of_the_same_accuracy_are_told_apart_by_value(financebench):
    good, bad = financebench.systems[SHARED], financebench.systems[LLAMA]
    assert good.correct == bad.correct == 29
    assert good.value_per_case.value > 0 > bad.value_per_case.value
    assert good.p_positive >= 0.9
    assert bad.p_positive <= 0.1
    assert (good.verdict, bad.verdict) == ("worth", "not_worth")
    first = financebench.pairs[0]
    assert (first.gains, first.loses, first.sure) == (SHARED, LLAMA, True)
    assert first.accuracy_difference.value == 0


def test_the_loss_that_turns_the_sign_is_named_for_both(financebench):
    """Between the two losses, and only there, one system gains and the other does not."""

    def loss(name):
        (found,) = (
            each
            for each in financebench.systems[name].break_evens
            if each.assumption == "loss.wrong_figure"
        )
        assert found.gains == "below"
        return found

    assert loss(LLAMA).at < 350 < loss(SHARED).at
    file = load_counts(FILE)
    business = file.business.whole()
    for name in (SHARED, LLAMA):
        here = expected(business).replaced("loss.wrong_figure", loss(name).at)
        features = mean_features(file.systems[name], ["wrong_figure"])
        assert float(worth.value(features, here, business)[0]) == pytest.approx(0, abs=1e-9)


def test_wider_ranges_withdraw_the_claim_that_the_two_are_opposite(tmp_path):
    """A loss of up to 1,000 and reviewers who notice 80 to 97 %: the chance of a gain falls to 85 %."""
    wide = FILE.read_text(encoding="utf-8")
    for narrow, wider in (("high: 600", "high: 1000"), ("0.85", "0.8"), ("0.95", "0.97")):
        assert wide.count(narrow) == 1
        wide = wide.replace(narrow, wider)
    path = tmp_path / "wide.yaml"
    path.write_text(wide, encoding="utf-8")
    found = published_value(load_counts(path))
    assert found.systems[SHARED].p_positive == pytest.approx(0.85, abs=0.01)
    assert found.systems[SHARED].verdict == "open"
    assert not any(each.sure for each in found.pairs if each.gains == SHARED)


def test_the_worked_example_is_worth_22_508_per_case():
    """V = a*S*w - (1-a)*R - u*L - c: 0.72 not redone, 0.02 of them wrong, a call of 0.012."""
    assert value_of(systems={"one": counts(cost_per_answer=0.012)}) == pytest.approx(22.508)


def test_a_monthly_cost_is_shared_by_the_cases_of_the_month():
    assert value_of() - value_of(monthly_cost=3000) == pytest.approx(3)
    month = valued(monthly_cost=3000).systems["one"].value_per_month.value
    assert month == pytest.approx(1000 * value_of() - 3000)


def test_the_cost_of_an_accepted_answer_is_review_and_call_over_the_accepted():
    one = valued({"one": counts(72, 28, 0, cost_per_answer=0.03)}).systems["one"]
    assert one.cost_per_accepted.value == pytest.approx(12.541666666666666)


cells = st.integers(0, 60)


@given(correct=cells, edit=cells, declined=cells, wrong=cells, grave=cells)
@settings(max_examples=30, deadline=None)
def test_resampled_counts_spread_like_the_bootstrap_of_a_run_with_a_cluster_an_item(
    correct, edit, declined, wrong, grave
):
    shown = Counts(
        correct=correct + 5,
        edit=edit,
        declined=declined + 5,
        wrong={"wrong": wrong, "grave": grave},
    )
    drawn = resamples("one", shown, ["wrong", "grave"], 0)
    n = shown.items
    every = {
        "accept": shown.correct, "redo": shown.declined, "harm:wrong": wrong, "harm:grave": grave
    }  # fmt: skip
    for name, events in every.items():
        rows = np.repeat([1.0, 0.0], [events, n - events])
        se = clustered_se(rows, np.arange(n))
        assert drawn[name].mean() == pytest.approx(events / n, abs=0.01)
        assert drawn[name].std() == pytest.approx(few_clusters_factor(n) * se, rel=0.1, abs=1e-12)
    shares = sum(drawn[name] for name in drawn if name not in ("one", "edit_minutes", "cost"))
    assert shares == pytest.approx(1)


def test_the_range_is_that_of_a_run_with_the_same_outcomes():
    """The counts as rows, a row a cluster, through the resampling of a run; assumptions without a range."""
    one = valued({"one": counts(40, 50, 10)}).systems["one"]
    rows = np.repeat(np.eye(3), [40, 50, 10], axis=0)
    means = cluster_bootstrap(rows, np.arange(100), 10_000, 7)
    money = 57 * means[:, 0] - 9 * means[:, 1] + (57 - 800) * means[:, 2]
    assert one.value_per_case.low == pytest.approx(np.quantile(money, 0.05), abs=2)
    assert one.value_per_case.high == pytest.approx(np.quantile(money, 0.95), abs=2)
    assert one.p_positive == pytest.approx((money > 0).mean(), abs=0.02)


def test_systems_are_drawn_apart_and_assumptions_together():
    first, again = (Counts.model_validate(counts()) for _ in range(2))
    drawn = [
        resamples(name, each, ["wrong"], 0)["accept"] for name, each in (("a", first), ("b", again))
    ]
    assert abs(np.corrcoef(drawn)[0, 1]) < 0.05


def test_a_class_without_an_event_costs_nothing_and_shows_its_bound():
    one = valued({"one": counts(50, 50, 0)}).systems["one"]
    assert [(each.error_class, each.events) for each in one.by_class] == [
        ("wrong", 0),
        ("grave", 0),
    ]
    assert one.by_class[0].upper == pytest.approx(1 - 0.05 ** (1 / 100))
    assert one.value_per_case.value == pytest.approx(0.5 * 66 - 9)


def test_the_chance_of_being_best_is_shared_with_todays_way():
    every = valued({"good": counts(90, 10, 0), "bad": counts(0, 100, 0)})
    assert list(every.systems) == ["good", "bad"]
    assert sum(
        each.p_best for each in every.systems.values()
    ) + every.p_best_today == pytest.approx(1)
    assert every.systems["good"].p_best == 1
    only = valued({"bad": counts(0, 100, 0)})
    assert only.p_best_today == 1


def test_too_few_cases_decide_nothing():
    assert valued({"one": counts(9, 0, 0)}).systems["one"].verdict == "open"
    assert valued({"one": counts(10, 0, 0)}).systems["one"].verdict == "worth"


def test_opposite_values_are_not_claimed_when_the_counts_leave_them_open():
    """Twelve cases a system: 3 right each, but 1 or 2 wrong."""
    few = valued({"a": counts(4, 8, 0), "b": counts(4, 7, 1)})
    assert [(each.gains, each.loses, each.sure) for each in few.pairs] == [("a", "b", False)]
    assert "not sure" in FORMATS["text"](few, "en")
    assert "说不准" in FORMATS["text"](few, "zh")


def test_systems_whose_accuracies_differ_are_no_pair():
    assert valued({"a": counts(90, 10, 0), "b": counts(10, 70, 20)}).pairs == []


def test_a_difference_of_accuracies_has_newcombes_interval():
    """Newcombe (1998), table II, contrast (a), method 10: 56/70 less 48/80 is 0.0524 to 0.3339."""
    one, two = Counts(correct=56, declined=14, wrong={}), Counts(correct=48, declined=32, wrong={})
    gap = accuracy_difference(one, two, 0.95)
    assert (gap.low, gap.value, gap.high) == pytest.approx((0.0524, 0.2, 0.3339), abs=5e-5)


@given(correct=st.integers(1, 300), other=st.integers(1, 300))
def test_a_difference_turned_round_is_its_mirror_image(correct, other):
    one, two = (Counts(correct=each, declined=300 - each, wrong={}) for each in (correct, other))
    ahead, back = accuracy_difference(one, two), accuracy_difference(two, one)
    assert (ahead.low, ahead.value, ahead.high) == pytest.approx(
        (-back.high, -back.value, -back.low)
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_form_names_every_system_in_both_languages(financebench, form, language):
    shown = FORMATS[form](financebench, language)
    bare = shown.replace("\\", "").replace("\n", "").replace(" ", "")
    for name in financebench.systems:
        assert bare.count(name.partition("_")[0]) >= 2
    assert "cost_per_accepted" in shown or "19.3%" in shown


def test_no_line_of_the_text_is_wider_than_100_columns(financebench):
    from bench.wording.columns import width

    for language in ("zh", "en"):
        assert (
            max(width(line) for line in FORMATS["text"](financebench, language).splitlines()) <= 100
        )


def test_prices_that_are_unknown_are_said_to_be():
    both = {"a": counts(), "b": counts(cost_per_answer=0.1)}
    assert "What the calls of a cost is not known" in FORMATS["text"](valued(both), "en")
    assert "What the calls cost" in FORMATS["text"](valued(), "en")
    assert "not deducted" not in FORMATS["text"](valued({"b": both["b"]}), "en")


def refused(tmp_path, **changes):
    path = tmp_path / "counts.yaml"
    data = told(**{name: each for name, each in changes.items() if name != "business"})
    data["business"] |= changes.get("business", {})
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_counts(path)
    line = str(caught.value).removeprefix(f"{path}:")
    number = int(line.partition(":")[0])
    return path.read_text(encoding="utf-8").splitlines()[number - 1].strip(), line


def test_counts_that_do_not_add_up_are_refused_at_their_system(tmp_path):
    at, line = refused(tmp_path, items=101)
    assert at.startswith("one:")
    assert "the counts add up to 100, not to the 101 of items" in line


def test_an_unknown_class_of_loss_is_refused_with_the_nearest_one(tmp_path):
    at, line = refused(
        tmp_path, systems={"one": {"correct": 5, "declined": 5, "wrong": {"wring": 1}}}
    )
    assert at == "wring: 1"
    assert "did you mean 'wrong'?" in line


def test_a_negative_count_is_refused(tmp_path):
    at, line = refused(tmp_path, systems={"one": counts(correct=-3)})
    assert at == "correct: -3"
    assert "greater than or equal to 0" in line


def test_a_misspelt_key_is_refused_with_the_nearest_one(tmp_path):
    at, line = refused(tmp_path, systems={"one": counts(refused=3)})
    assert at == "refused: 3"
    assert "unknown key" in line


def test_a_part_of_a_suite_that_counts_cannot_fill_is_refused(tmp_path):
    assert "unknown key" in refused(tmp_path, business={"gates": []})[1]


def test_assumptions_are_held_to_the_rules_of_a_suite(tmp_path):
    review = {"minutes": 6, "detects": 1.5}
    assert "review.detects: 1.5 is no share" in refused(tmp_path, business={"review": review})[1]
    assert "must be above 0" in refused(tmp_path, business={"cases_per_month": 0})[1]


def test_an_edit_needs_its_minutes(tmp_path):
    data = told({"one": counts(edit=3)})
    del data["business"]["edit"]
    path = tmp_path / "counts.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UserError, match=r"add business\.edit\.minutes"):
        load_counts(path)


def test_a_single_case_says_nothing(tmp_path):
    assert "say nothing" in refused(tmp_path, systems={"one": counts(1, 0, 0)})[1]
