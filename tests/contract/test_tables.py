"""Every line of every table: it imports, it is a frozen value with its options as fields, and it says what it is."""

import json

import pytest
from pydantic import ValidationError

from bench.checking.mutations.mutation import Mutation
from bench.endpoints.baselines.method import BaselineMethod
from bench.endpoints.seam import Endpoint
from bench.registry import ADAPTERS, BASELINES, MUTATIONS, SCORERS, STRATEGIES
from bench.scoring.scorer import Scorer
from bench.strategies.strategy import Strategy

SEAMS = (
    (SCORERS, Scorer),
    (ADAPTERS, Endpoint),
    (BASELINES, BaselineMethod),
    (STRATEGIES, Strategy),
    (MUTATIONS, Mutation),
)
VERBS = {
    Scorer: "score",
    Endpoint: "connect",
    BaselineMethod: "answer",
    Strategy: "answer",
    Mutation: "mutated",
}
ENTRIES = [
    pytest.param(table.load(name), seam, id=f"{table.kind}-{name}")
    for table, seam in SEAMS
    for name in table.names()
]


@pytest.mark.parametrize(("component", "seam"), ENTRIES)
def test_a_component_is_a_frozen_value_of_its_seam(component, seam):
    assert issubclass(component, seam)
    assert component.model_config["frozen"]
    assert component.model_config["extra"] == "forbid"


@pytest.mark.parametrize(("component", "seam"), ENTRIES)
def test_a_component_refuses_options_that_it_does_not_know(component, seam):
    with pytest.raises(ValidationError, match="Extra inputs"):
        component.model_validate({"no such option": 1})


@pytest.mark.parametrize(("component", "seam"), ENTRIES)
def test_a_component_says_in_its_own_words_what_it_does(component, seam):
    assert component.__doc__
    assert component.__doc__ != seam.__doc__
    assert getattr(component, VERBS[seam]) is not getattr(seam, VERBS[seam])


@pytest.mark.parametrize(("component", "seam"), ENTRIES)
def test_a_component_has_a_json_schema_for_editors(component, seam):
    schema = component.model_json_schema()
    assert schema["type"] == "object"
    assert set(schema.get("properties", {})) == set(component.model_fields)
    json.dumps(schema)


@pytest.mark.parametrize("table", [table for table, _ in SEAMS], ids=lambda table: table.kind)
def test_no_two_names_are_one_component(table):
    components = [table.load(name) for name in table.names()]
    assert len(set(components)) == len(components)


@pytest.mark.parametrize("name", SCORERS.names())
def test_a_scorer_declares_what_it_may_say(name):
    scorer = SCORERS.load(name)
    assert len(set(scorer.labels)) == len(scorer.labels) > 0
    assert all(isinstance(label, str) and label for label in scorer.labels)
    if isinstance(scorer.metrics, tuple):  # else they follow from the options
        assert not {"value", "label"} & set(scorer.metrics)


@pytest.mark.parametrize("name", ADAPTERS.names())
def test_an_adapter_names_its_version_and_its_files(name):
    adapter = ADAPTERS.load(name)
    assert "version" in vars(adapter)
    assert set(adapter.paths) <= set(adapter.model_fields)
