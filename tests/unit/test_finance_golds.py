"""The references of finance_qa are recomputed from the formulas that its items carry."""

import importlib.util
from pathlib import Path

import pytest

from bench.suites.load import load

SCRIPT = Path(__file__).resolve().parents[2] / "tasks" / "finance_qa" / "golds.py"
spec = importlib.util.spec_from_file_location("finance_golds", SCRIPT)
golds = importlib.util.module_from_spec(spec)
spec.loader.exec_module(golds)

ANSWERED = [item for item in load("finance_qa").items if item.reference["answer"] is not None]


def test_every_reference_follows_from_its_formula(capsys):
    assert golds.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(ANSWERED)


@pytest.mark.parametrize("item", ANSWERED, ids=lambda item: item.id)
def test_every_operand_stands_in_the_source_or_is_a_conversion(item):
    assert golds.strangers(item) == []


@pytest.mark.parametrize("item", ANSWERED, ids=lambda item: item.id)
def test_something_to_be_cited_stands_in_the_source_or_the_question_for_every_operand(item):
    plain = golds.bare(f"{item.input['source']}\n{item.input['question']}")
    for group in item.reference["evidence"]:
        keys = [group] if isinstance(group, str) else group
        assert any(golds.bare(key) in plain for key in keys), keys


@pytest.mark.parametrize("item", ANSWERED, ids=lambda item: item.id)
def test_every_number_of_another_period_or_body_differs_from_the_answer(item):
    for group in ("other_periods", "other_entities"):
        for name, told in item.reference.get(group, {}).items():
            assert told != item.reference["answer"], name
