"""What every suite that the package carries keeps to."""

import re
from collections import Counter

import orjson
import pytest
from pydantic import BaseModel

from bench.checking.check import checked
from bench.endpoints.baseline import baseline_method
from bench.files.yaml_source import read_yaml
from bench.strategies.direct import Direct
from bench.strategies.few_shot import FewShot
from bench.strategies.strategy import Question
from bench.suites.load import load
from bench.suites.locate import built_in, suite_names
from bench.suites.prompt import messages
from bench.suites.seeds import seed_entries, unknown_citations
from bench.types import Text

SUITES = {name: load(name) for name in suite_names()}
HAN = "\u3400-\u9fff"
ASCII_BESIDE_HAN = re.compile(rf"[{HAN}][,.;:!?()]|[,.;:!?()][{HAN}]")


def pytest_generate_tests(metafunc):
    if "suite" in metafunc.fixturenames:
        metafunc.parametrize("suite", SUITES.values(), ids=SUITES)


def texts(told):
    """Every statement in two languages anywhere in a suite's file."""
    if isinstance(told, Text):
        yield told
    elif isinstance(told, BaseModel):
        for name in type(told).model_fields:
            yield from texts(getattr(told, name))
    elif isinstance(told, dict):
        for each in told.values():
            yield from texts(each)
    elif isinstance(told, list | tuple):
        for each in told:
            yield from texts(each)


def test_there_are_suites():
    assert {"finance_qa", "gov_drafting", "medical_triage", "summarization"} <= set(SUITES)


def test_every_suite_can_be_trusted(suite):
    found = checked(suite)
    assert found.wrong == []
    assert found.known.outcomes.tested > 0
    assert found.caught
    assert len(found.games) >= 4


def test_every_outcome_and_every_class_of_loss_that_a_scorer_names_is_tried_on_a_known_answer(
    suite,
):
    assert {rule.outcome for rule in suite.file.business.outcomes} == {
        known.outcome for known in suite.calibration
    }


def test_there_are_items_and_clusters_enough(suite):
    assert len(suite.items) >= 24
    assert len({item.cluster for item in suite.items}) >= 10
    assert 5 <= sum(not item.served_today for item in suite.items) < len(suite.items)


def test_every_item_says_why_its_reference_is_right_and_carries_the_tags_of_every_slice(suite):
    for item in suite.items:
        assert item.rationale, item.id
        assert set(suite.file.slices) <= set(item.tags), item.id


def test_every_slice_value_has_a_name_unless_it_is_chinese_already(suite):
    for tag, each in suite.file.slices.items():
        values = {item.tags[tag] for item in suite.items}
        assert values <= set(each.names) or (
            not each.names and not any(value.isascii() for value in values)
        ), tag


def test_the_baseline_answers_every_item(suite):
    method = baseline_method(orjson.dumps(suite.file.baseline))
    for item in suite.items:
        answer = method.answer(item.input)
        assert answer.strip(), item.id
        assert answer == method.answer(item.input)


def test_every_prompt_renders_and_holds_no_reference(suite):
    for item in suite.items:
        system, user = messages(suite.file.prompt, item, suite.path.parent)
        assert user.content
        assert len(system.content) <= 250
        blind = item.model_copy(update={"reference": {}, "tags": {}, "rationale": ""})
        assert messages(suite.file.prompt, blind, suite.path.parent) == (system, user)


def test_examples_are_not_scored_and_fit_the_answer_form(suite):
    assert len(suite.examples) >= 3
    inputs = {orjson.dumps(item.input, option=orjson.OPT_SORT_KEYS) for item in suite.items}
    ids = {item.id for item in suite.items}
    for example in suite.examples:
        assert orjson.dumps(example.input, option=orjson.OPT_SORT_KEYS) not in inputs
        assert example.id not in ids
        if suite.file.answer.opening:
            assert example.answer.startswith(suite.file.answer.opening)


def test_few_shot_adds_examples_to_the_plain_prompt(suite):
    question = Question(suite, suite.items[0])
    (plain,), (shown,) = Direct().planned(question), FewShot().planned(question)
    assert len(shown.messages) == len(plain.messages) + 6


def test_no_known_answer_or_example_is_ended_by_a_stop(suite):
    for text in [known.answer for known in suite.calibration if known.outcome == "accept"] + [
        each.answer for each in suite.examples
    ]:
        assert not any(stop in text for stop in suite.file.answer.stop)


def test_every_assumption_has_a_range_or_a_source(suite):
    for name, each in suite.file.business.assumptions():
        assert each.lower < each.upper or each.source, name
        assert each.placeholder or each.source, name


def test_every_limit_names_its_source_and_every_rule_its_reason(suite):
    for gate in suite.file.business.gates:
        assert gate.source, gate.metric
    for rule in suite.file.business.outcomes:
        assert rule.because, rule.outcome


def test_every_limit_is_on_a_rate_whose_event_is_bad_when_it_has_an_upper_bound(suite):
    for gate in suite.file.business.gates:
        better = suite.file.business.rates[gate.metric].better
        assert (gate.upper_bound_95 is not None) == (better == "lower"), gate.metric


def test_everything_is_said_in_both_languages(suite):
    for text in texts(suite.file):
        assert text.zh.strip(), text
        assert text.en.strip(), text
        assert re.search(f"[{HAN}Ⅰ-Ⅻ]", text.zh), text
        assert not re.search(f"[{HAN}]", text.en), text


def test_chinese_is_punctuated_as_chinese(suite):
    wrong = [text.zh for text in texts(suite.file) if ASCII_BESIDE_HAN.search(text.zh)]
    assert wrong == []


def test_every_source_of_a_suite_is_a_seed(suite):
    assert suite.file.grows_from
    assert unknown_citations(suite) == []


def test_every_seed_has_an_id_of_its_own():
    ids = Counter(
        entry["id"]
        for path in built_in("seeds").glob("*.yaml")
        for entries in read_yaml(path).data.values()
        for entry in entries
    )
    assert [name for name, count in ids.items() if count > 1] == []
    assert set(ids) == set(seed_entries())


@pytest.mark.parametrize("pillar", ["cost", "innovation", "experience"])
def test_every_value_has_a_metric_or_a_reason_why_not(suite, pillar):
    business = suite.file.business
    assert business.metrics.get(pillar) or pillar in business.not_applicable
