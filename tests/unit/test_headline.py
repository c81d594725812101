"""What heads a report: a business metric or a rate, never a technical score."""

import pytest

from bench.errors import SuiteError, UserError
from bench.suites.headline import headed_by
from bench.suites.load import load
from bench.suites.metric_names import BUSINESS_METRICS
from tests.small_parts import answers
from tests.small_run import assessed, suite_of
from tests.small_suite import written

ADVICE = "is a technical score; a report is headed by a business metric (net_value_per_case, ...): say under drives which one the score moves"  # fmt: skip


def headed(folder, name):
    """The small suite with `name` as its headline, read from its file."""

    def change(told):
        told["business"]["headline"] = name

    return load(str(written(folder, change=change)))


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return suite_of(tmp_path_factory.mktemp("suite"))


@pytest.mark.parametrize("name", ["right", "right.value", "right.recall"])
def test_a_suite_headed_by_a_scorer_is_refused_with_its_line_and_what_to_do(tmp_path, name):
    with pytest.raises(SuiteError) as refused:
        headed(tmp_path, name)
    place, _, told = str(refused.value).partition(": business.headline: ")
    path, line, _ = place.rsplit(":", 2)
    assert path == str(tmp_path / "suite.yaml")
    shown = (tmp_path / "suite.yaml").read_text().splitlines()[int(line) - 1]
    assert shown.strip() == f"headline: {name}"
    assert told == f"'{name}' {ADVICE}"
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("net_value", "; did you mean 'net_value_per_case'?"),
        ("wrong_rat", "; did you mean 'wrong_rate'?"),
        ("number.value", "; known: cost_per_accepted, "),
    ],
)
def test_a_headline_that_is_nothing_is_refused_with_what_comes_close(tmp_path, name, hint):
    with pytest.raises(SuiteError) as refused:
        headed(tmp_path, name)
    told = f": business.headline: no business metric is called '{name}'{hint}"
    assert told in str(refused.value)


def test_a_suite_that_names_no_headline_is_headed_by_its_money(suite):
    assert suite.file.business.headline == "net_value_per_case"


@pytest.mark.parametrize("name", [*BUSINESS_METRICS, "wrong_rate"])
def test_whatever_business_metric_or_rate_heads_a_suite_is_among_its_figures(tmp_path, name):
    """Also of a suite that lists it under none of the three values."""

    def change(told):
        told["business"]["headline"] = name
        told["business"]["metrics"] = {
            "cost": ["net_value_per_case"], "innovation": ["supply_multiplier"], "experience": ["within_sla"]
        }  # fmt: skip

    summary = assessed(suite_of(tmp_path, change=change), answers(["accept", "harm"] * 6))
    assert summary.headline == name
    assert name in summary.candidates["a"].metrics


@pytest.mark.parametrize("name", ["latency_p95", "wrong_rate"])
def test_another_headline_may_be_asked_for(suite, name):
    other = headed_by(suite, name)
    summary = assessed(other, answers(["accept"] * 12))
    assert summary.headline == name
    assert name in summary.candidates["a"].metrics
    assert suite.file.business.headline == "net_value_per_case"


def test_asking_for_no_headline_leaves_the_suites_own(suite):
    assert headed_by(suite, None) is suite


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("right.value", f"--headline: suite 'small': 'right.value' {ADVICE}"),
        ("within_slo", "--headline: suite 'small': no business metric is called 'within_slo'; did you mean 'within_sla'?"),
    ],
)  # fmt: skip
def test_a_technical_or_unknown_headline_is_refused_by_option_and_suite(suite, name, told):
    with pytest.raises(UserError) as refused:
        headed_by(suite, name)
    assert str(refused.value) == told


def test_another_headline_changes_no_figure_and_no_verdict(suite):
    kinds = ["accept"] * 10 + ["harm", "redo"]
    own, other = (assessed(headed_by(suite, name), answers(kinds)) for name in (None, "wrong_rate"))
    assert other.model_copy(update={"headline": own.headline}) == own
