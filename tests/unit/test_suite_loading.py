import pytest

from bench.errors import SuiteError
from bench.suites.load import load
from tests.small_suite import SUITE, item, written


def test_a_sound_suite_loads_with_its_items_and_examples(tmp_path):
    suite = load(str(written(tmp_path)))
    assert (suite.name, len(suite.items), len(suite.examples)) == ("small", 12, 4)


def set_at(told, path, value):
    *parents, last = path.split(".")
    for parent in parents:
        told = told[int(parent)] if isinstance(told, list) else told[parent]
    if value is None:
        del told[last]
    else:
        told[last] = value


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        ("business", None, "'business' is missing"),
        ("businss", {}, "unknown key; did you mean 'business'?"),
        ("business.reviw", 3, "unknown key; did you mean 'review'?"),
        ("business.review.minutes", {"low": 3, "base": 1, "high": 4, "placeholder": True}, "low 3 is above base 1"),
        ("business.review.minutes", {"base": 1}, "needs a source, or placeholder: true"),
        ("business.wage_per_hour", "012", "a number expected, got '012'"),
        ("version", "1", "a whole number expected"),
        ("business.outcomes.1.when", {"rihgt": "wrong"}, "no scorer is called 'rihgt'; did you mean 'right'?"),
        ("business.outcomes.1.when", {"right": "wrnog"}, "'right' never says 'wrnog'; did you mean 'wrong'?"),
        ("business.outcomes.1.loss", "wrong_anser", "did you mean 'wrong_answer'?"),
        ("business.outcomes.2.otherwise", False, "needs either when: or otherwise: true"),
        ("business.loss", {}, "'wrong_answer', which has no entry under business.loss"),
        ("business.metrics.innovation", [], "name one for 'innovation'"),
        ("business.metrics.cost", ["net_value"], "no metric is called 'net_value'"),
        ("business.metrics.cost", ["within_sla"], "'within_sla' belongs to 'experience'"),
        ("business.gates.0.metric", "wrong_rat", "did you mean 'wrong_rate'?"),
        ("scorers.right", "exct", "no scorer is called 'exct'; did you mean 'exact'?"),
        ("scorers.right", {"exact": {"refrence": "x"}}, "unknown key; did you mean 'reference'?"),
        ("scorers.right", {"exact": {"field": "amount"}}, "field 'amount' is not in answer.fields"),
        ("drives", {"right": "wrong_rte"}, "did you mean 'wrong_rate'?"),
        ("baseline", "table_lookp", "no baseline method is called 'table_lookp'; did you mean 'table_lookup'?"),
        ("baseline", {"table_lookup": {"x": 1}}, "unknown key"),
        ("slices", {"chanel": {"title": {"zh": "渠道", "en": "channel"}}}, "slices.chanel: no item has this tag"),
        ("business.review.detects", 5, "review.detects: 5 is no share; write 0.05 for 5 %"),
        ("business.wage_per_hour", -30, "wage_per_hour: -30 is below zero"),
        ("items", "../items.jsonl", "lies outside the suite's folder"),
        ("items", "/etc/hosts", "lies outside the suite's folder"),
        ("items", "other.jsonl", "'other.jsonl' is not there"),
        ("prompt.user", "{{ nothing }}", "'nothing' is undefined"),
        ("prompt.user", "{{ question.__class__.__mro__ }}", "unsafe"),
        ("prompt.user", "{{ question", "the template's line 1"),
        ("prompt.user", "{% for a in range(10**9) %}x{% endfor %}", "'range' is undefined"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_where_and_what(tmp_path, path, value, what):
    suite = written(tmp_path, change=lambda told: set_at(told, path, value))
    with pytest.raises(SuiteError) as caught:
        load(str(suite))
    message = str(caught.value)
    assert what in message
    assert message.startswith(f"{tmp_path}/")
    assert "\n" not in message


def test_an_error_in_an_item_names_its_line(tmp_path):
    bad = item(3) | {"clutser": "x"}
    suite = written(tmp_path, [item(1), item(2), bad])
    with pytest.raises(
        SuiteError, match=r"items\.jsonl:3:1: 2\.clutser: unknown key; did you mean 'cluster'"
    ):
        load(str(suite))


def test_two_items_may_not_share_an_id(tmp_path):
    suite = written(tmp_path, [item(1), item(2), item(1)])
    with pytest.raises(SuiteError, match="the id 'i1' stands already in line 1"):
        load(str(suite))


def test_an_item_without_the_reference_a_scorer_needs_is_refused(tmp_path):
    suite = written(tmp_path, [item(1) | {"reference": {}}])
    with pytest.raises(SuiteError, match=r"item 'i1', right: reference\.answer is missing"):
        load(str(suite))


def test_an_example_that_is_scored_is_refused(tmp_path):
    example = '- {id: e, input: {question: "question 1?"}, answer: "42"}\n'
    suite = written(tmp_path, [item(1)])
    (tmp_path / "examples.yaml").write_text(example)
    with pytest.raises(SuiteError, match="an example may not be scored: it is item 'i1'"):
        load(str(suite))


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    suite = written(tmp_path / "suite")
    outside = tmp_path / "outside.jsonl"
    outside.write_text("{}\n")
    (tmp_path / "suite" / "items.jsonl").unlink()
    (tmp_path / "suite" / "items.jsonl").symlink_to(outside)
    with pytest.raises(SuiteError, match="lies outside"):
        load(str(suite))


def test_an_unknown_suite_gets_a_suggestion():
    with pytest.raises(SuiteError, match="did you mean 'finance_qa'"):
        load("finance_q")


def test_a_bare_number_is_a_placeholder(tmp_path):
    suite = load(str(written(tmp_path)))
    assert SUITE["business"]["wage_per_hour"] == 90
    assert suite.file.business.wage_per_hour.placeholder


def test_digests_tell_which_part_changed(tmp_path):
    before = load(str(written(tmp_path / "a"))).digests
    after = load(
        str(written(tmp_path / "b", change=lambda told: set_at(told, "prompt.system", "Other.")))
    ).digests
    assert {part for part in before if before[part] != after[part]} == {"prompt"}
