"""An organisation's own numbers in place of a suite's: read, checked, put in their place and used."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.errors import SuiteError
from bench.suites.assumptions_file import (
    OwnAssumptions,
    read_assumptions,
    reassumed,
    with_assumptions,
)
from bench.suites.headline import headed_by
from bench.suites.model import SHARES, Assumption
from tests.small_parts import answers
from tests.small_run import assessed, suite_of


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """The small suite with an effort for one strategy; it says nothing of its horizon or monthly cost."""

    def change(told):
        told["business"]["effort"] = {"few_shot": 300}
        told["business"]["done_today_by"] |= {"error_rate": 0.01, "error_class": "wrong_answer"}

    return suite_of(tmp_path_factory.mktemp("suite"), change=change)


def own(folder, told):
    """The assumptions file, as text or as what it holds."""
    path = folder / "own.yaml"
    path.write_text(told if isinstance(told, str) else yaml.safe_dump({"small": told}))
    return path


def under(suite, folder, told):
    """The suite under the file's numbers."""
    (changed,) = with_assumptions([suite], read_assumptions([suite], own(folder, told)))
    return changed


def assumptions(suite):
    return dict(suite.file.business.assumptions())


def test_every_assumption_of_a_suite_can_be_replaced_and_no_other_changes(suite, tmp_path):
    """Those in lists, in sections at their defaults and in sections that the suite does not write included."""
    before = assumptions(suite)
    assert {"outcomes.3.minutes", "horizon.ramp_up_months", "monthly_cost", "effort.few_shot"} <= before.keys()  # fmt: skip
    for name in before:
        after = assumptions(under(suite, tmp_path, {name: {"base": 0.5, "source": "ours"}}))
        assert (after[name].base, after[name].source, after[name].placeholder) == (0.5, "ours", False)  # fmt: skip
        assert {each for each in before if after[each] != before[each]} == {name}


def test_a_bare_number_is_a_placeholder_that_nobody_vouches_for(suite, tmp_path):
    told = assumptions(under(suite, tmp_path, {"wage_per_hour": 180}))["wage_per_hour"]
    assert told == Assumption(base=180, placeholder=True)


def test_a_range_with_shape_source_and_day_is_kept_as_it_was_written(suite, tmp_path):
    written = {"low": 60, "base": 80, "high": 120, "shape": "triangular", "source": "payroll", "as_of": "2026-01"}  # fmt: skip
    changed = under(suite, tmp_path, {"wage_per_hour": written})
    summary = assessed(changed, answers(["accept"] * 12))
    (entry,) = (each for each in summary.assumptions if each.name == "wage_per_hour")
    told = {"name": "wage_per_hour", "title": None, "placeholder": False}
    assert entry.model_dump() == told | written


def test_a_loss_keeps_the_title_that_readers_know_it_by(suite, tmp_path):
    changed = under(suite, tmp_path, {"loss.grave": 9000}).file.business.loss["grave"]
    assert (changed.base, changed.title.en) == (9000, "Grave")


def test_a_ramp_up_that_the_suite_does_not_speak_of_delays_its_money(suite, tmp_path):
    """Of four months of growing evenly half are lost, of the first three of them all but 3^2 / (2 * 4) = 1.125."""
    kinds = answers(["accept"] * 12)
    at_once = assessed(suite, kinds).candidates["a"]
    slow = assessed(under(suite, tmp_path, {"horizon.ramp_up_months": 4}), kinds).candidates["a"]
    month = at_once.value_per_month.value
    gaps = [a.value.value - b.value.value for a, b in zip(at_once.horizons, slow.horizons, strict=True)]  # fmt: skip
    assert gaps == pytest.approx([1.875 * month, 2 * month, 2 * month])


def test_suites_that_the_file_does_not_name_and_runs_without_one_stay_as_they_are(suite):
    told = OwnAssumptions(file="own.yaml", values={"other": {"wage_per_hour": Assumption(base=1, placeholder=True)}})  # fmt: skip
    assert with_assumptions([suite], told) == with_assumptions([suite], None) == [suite]


def test_a_headline_that_was_asked_for_outlives_the_numbers(suite, tmp_path):
    headed = headed_by(suite, "wrong_rate")
    assert under(headed, tmp_path, {"wage_per_hour": 180}).file.business.headline == "wrong_rate"


def test_the_numbers_survive_being_written_down_with_the_run(suite, tmp_path):
    told = read_assumptions([suite], own(tmp_path, {"wage_per_hour": 180, "loss.grave": {"low": 1, "base": 2, "high": 3, "source": "x"}}))  # fmt: skip
    again = OwnAssumptions.model_validate_json(told.model_dump_json())
    assert again == told
    assert with_assumptions([suite], again) == with_assumptions([suite], told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("small:\n  wage_per_hours: 180\n",
         "2:3: small.wage_per_hours: unknown assumption; did you mean 'wage_per_hour'?"),
        ("small:\n  horizon.ramp_up: 4\n",
         "2:3: small.horizon.ramp_up: unknown assumption; did you mean 'horizon.ramp_up_months'?"),
        ("small:\n  effort.direct: 4\n", "2:3: small.effort.direct: unknown assumption"),
        ("small:\n  next_round_cost: 4\n", "2:3: small.next_round_cost: unknown assumption"),
        ("small:\n  wage_per_hour: cheap\n", "2:3: small.wage_per_hour: a number expected, got 'cheap'"),
        ("small:\n  wage_per_hour: {base: 3}\n",
         "2:3: small.wage_per_hour: needs a source, or placeholder: true"),
        ("small:\n  wage_per_hour: {low: 5, base: 3, source: x}\n",
         "2:3: small.wage_per_hour: low 5 is above base 3"),
        ("small:\n  review.detects: 5\n", "1:1: small: review.detects: 5 is no share; write 0.05 for 5 %"),
        ("small:\n  monthly_cost: -5\n", "1:1: small: monthly_cost: -5 is below zero"),
        ("small: [1]\n", "1:1: small: a mapping of assumptions is expected"),
        ("- small\n", "1:1: a mapping of suites to assumptions is expected"),
        ("smal:\n  wage_per_hour: 180\n", "1:1: names none of the suites; did you mean 'small'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_one_line_with_its_place(suite, tmp_path, text, told):
    with pytest.raises(SuiteError) as refused:
        read_assumptions([suite], own(tmp_path, text))
    assert str(refused.value).startswith(f"{tmp_path / 'own.yaml'}:{told}")
    assert "\n" not in str(refused.value)


def test_numbers_of_a_run_that_no_longer_fit_their_suite_name_the_file_and_the_suite(suite):
    """The suite has changed since: it no longer knows this class of error, or holds the number to a rule."""
    for name, base in (("loss.lost", 3), ("review.detects", 5)):
        told = OwnAssumptions(file="own.yaml", values={"small": {name: Assumption(base=base, placeholder=True)}})  # fmt: skip
        with pytest.raises(SuiteError) as refused:
            with_assumptions([suite], told)
        assert str(refused.value).startswith("own.yaml: does not fit suite 'small': ")
        assert "\n" not in str(refused.value)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_numbers_at_once_are_used_and_the_same_numbers_change_nothing(suite, data):
    before = assumptions(suite)
    told = {
        name: Assumption(base=data.draw(st.floats(0.01, 1 if name in SHARES else 1e6)), placeholder=True)
        for name in data.draw(st.sets(st.sampled_from(sorted(before))))
    }  # fmt: skip
    after = dict(reassumed(suite.file, told).business.assumptions())
    assert {name: after[name].base for name in after} == {
        name: told[name].base if name in told else before[name].base for name in before
    }
    same = {name: Assumption(**each.model_dump(exclude={"title"})) for name, each in before.items()}
    assert dict(reassumed(suite.file, same).business.assumptions()) == before
