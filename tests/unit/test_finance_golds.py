"""The references of finance_qa against the arithmetic that they come from."""

import importlib.util
from pathlib import Path

import pytest

from bench.scoring.quantities import quantities
from bench.suites.load import load

FOLDER = Path(__file__).parents[2] / "tasks" / "finance_qa"


def _script():
    spec = importlib.util.spec_from_file_location("finance_golds", FOLDER / "golds.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SUITE = load(str(FOLDER / "suite.yaml"))
SCRIPT = _script()
GOLDS = SCRIPT.golds()
ANSWERED = {item.id: item for item in SUITE.items if item.reference["answer"] is not None}


def test_every_item_with_an_answer_has_its_arithmetic():
    assert set(GOLDS) == set(ANSWERED)


@pytest.mark.parametrize("name", sorted(GOLDS))
def test_a_reference_is_what_its_operands_give(name):
    assert ANSWERED[name].reference["answer"] == GOLDS[name].answer


@pytest.mark.parametrize("name", sorted(GOLDS))
def test_the_operands_stand_in_the_source(name):
    source = ANSWERED[name].input["source"]
    assert [each for each in GOLDS[name].operands if each not in source] == []


@pytest.mark.parametrize("name", sorted(ANSWERED))
def test_no_trap_has_the_value_of_the_right_answer(name):
    reference = ANSWERED[name].reference
    right = quantities(reference["answer"])[0]
    for group in ("other_periods", "other_entities"):
        for told in reference.get(group, {}).values():
            other = quantities(told)[0]
            assert other.unit == right.unit
            assert abs(other.value - right.value) > other.half_step + right.half_step


@pytest.mark.parametrize("item", SUITE.items, ids=lambda item: item.id)
def test_a_citation_key_stands_in_the_source_or_the_question(item):
    told = "".join(str(part) for part in item.input.values())
    for group in item.reference.get("evidence") or []:
        assert any(key in told for key in group), group


def test_a_result_on_a_rounding_border_is_refused():
    assert SCRIPT.share("1", "16", 2).answer == "6.25%"
    with pytest.raises(ValueError, match="rounding border"):
        SCRIPT.share("1", "16", 1)
