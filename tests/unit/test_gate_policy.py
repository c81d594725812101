"""The policy of a gate: what it says, what it leaves to the default, and every way of writing it wrongly."""

import datetime as dt
import itertools
import json
import time
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench.cli.file_schemas import file_schemas
from bench.errors import UserError
from bench.files.yaml_source import read_yaml
from bench.gate.gate import gate
from bench.gate.policy_check import check_policy, lapsed
from bench.gate.policy_file import (
    DEFAULT,
    MAX_BYTES,
    GatePolicy,
    Growth,
    Money,
    Points,
    SuitePolicy,
    Waiver,
    read_gate_policy,
)
from bench.suites.load import load
from bench.suites.locate import suite_names
from bench.suites.model import Gate
from bench.value.observed.file import written
from tests.observed_runs import of

EXAMPLE = DEFAULT.with_name("example_policy.yaml")
SCHEMA = jsonschema.Draft202012Validator(file_schemas()["gate"])
RUN = of([["accept"]], suite_changes={"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05)]})


def policy(folder, text):
    path = folder / "gate.yaml"
    path.write_text(text, encoding="utf-8")
    return read_gate_policy(path)


def test_the_built_in_policy_says_nothing_else_than_the_fields_do():
    """So that a policy which leaves a key out gets what the built-in one shows."""
    built_in = read_gate_policy(None)
    bare = GatePolicy(policy="built-in", default=built_in.default)
    assert built_in == bare


def test_a_policy_of_one_line_holds_what_the_built_in_one_holds(tmp_path):
    assert policy(tmp_path, "policy: mine").default == read_gate_policy(None).default


def test_what_a_suite_says_wins_over_default_and_default_over_the_built_in(tmp_path):
    told = policy(
        tmp_path,
        "policy: mine\n"
        "default: {harm: {may_worsen_by: 0.01}, latency: off}\n"
        "suites: {small: {harm: off, latency: {may_grow_by_share: 1}}}\n",
    )
    assert told.of("other").harm == Points(may_worsen_by=0.01)
    assert told.of("other").latency is None
    assert told.of("small").harm is None
    assert told.of("small").latency == Growth(may_grow_by_share=1)
    assert told.of("small").value == read_gate_policy(None).default.value


def maybe(kind):
    return st.none() | kind


MONEY = st.builds(Money, may_fall_by=st.floats(0, 9)) | st.builds(
    Money, may_fall_by_share=st.floats(0, 1), otherwise=st.just("warn")
)
POINTS = st.builds(Points, may_worsen_by=st.floats(0, 1))
GROWTH = st.builds(Growth, may_grow_by_share=st.floats(0, 9))
NAMES = st.sampled_from(["a", "b", "c"])
SAID = st.fixed_dictionaries(
    {},
    optional={
        "value": maybe(MONEY),
        "harm": maybe(POINTS),
        "gated_rates": maybe(POINTS),
        "coverage": maybe(POINTS),
        "cost": maybe(GROWTH),
        "latency": maybe(GROWTH),
        "rates": st.dictionaries(NAMES, maybe(POINTS)),
        "limits": st.sampled_from(["broken", "proven", "off"]),
        "waived": st.dictionaries(NAMES, st.builds(Waiver, because=st.just("known"))),
    },
)
POLICIES = st.builds(lambda said: SuitePolicy(**said), SAID)


@given(own=POLICIES, below=POLICIES)
def test_a_policys_own_words_win_and_the_one_below_fills_the_rest(own, below):
    told = own.over(below)
    for name in set(SuitePolicy.model_fields) - {"rates", "waived"}:
        source = own if name in own.model_fields_set else below
        assert getattr(told, name) == getattr(source, name)
    for name in ("rates", "waived"):
        assert getattr(told, name) == getattr(below, name) | getattr(own, name)
    assert told.model_fields_set >= own.model_fields_set | below.model_fields_set


@given(first=POLICIES, second=POLICIES, third=POLICIES)
def test_policies_may_be_laid_over_each_other_in_any_grouping(first, second, third):
    left, right = first.over(second).over(third), first.over(second.over(third))
    assert left == right
    assert left.model_fields_set == right.model_fields_set


@given(own=POLICIES)
def test_a_policy_over_nothing_is_itself(own):
    assert own.over(SuitePolicy()) == own == SuitePolicy().over(own)


@given(default=POLICIES, small=POLICIES)
def test_a_digest_survives_being_written_and_read(tmp_path_factory, default, small):
    """In another order of keys, with `off` for what is off."""
    told = GatePolicy(policy="mine", default=default, suites={"small": small})

    def off(value):
        return {key: "off" if each is None else each for key, each in value.items()}

    def plain(each):
        said = each.model_dump(include=each.model_fields_set, exclude_none=False)
        for name in ("value", "harm", "gated_rates", "coverage", "cost", "latency"):
            if said.get(name) is not None:
                said[name] = {key: one for key, one in said[name].items() if one is not None}
        for name, one in said.get("waived", {}).items():
            said["waived"][name] = {key: each for key, each in one.items() if each is not None}
        if "rates" in said:
            said["rates"] = off(said["rates"])
        return off(said)

    data = {"suites": {"small": plain(small)}, "default": plain(default), "policy": "mine"}
    path = tmp_path_factory.mktemp("policy") / "gate.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    SCHEMA.validate(data)
    read = read_gate_policy(path)
    built_in = read_gate_policy(None).default
    assert read.digest == told.model_copy(update={"default": default.over(built_in)}).digest


def test_a_digest_tells_policies_apart_that_hold_something_else():
    texts = [
        {},
        {"confidence": 0.9},
        {"default": {"harm": {"may_worsen_by": 0.05}}},
        {"default": {"harm": {"may_worsen_by": 0.05, "otherwise": "warn"}}},
        {"default": {"harm": {"may_worsen_by": 0.05}}, "suites": {"small": {"harm": "off"}}},
        {"default": {"harm": {"may_worsen_by": 0.05}}, "suites": {"small": {}}},
        {"default": {"gated_rates": "off"}},
        {"inconclusive": {"then": "warn"}},
        {"complete": False},
    ]
    digests = [GatePolicy.model_validate({"policy": "p", **each}).digest for each in texts]
    for one, other in itertools.combinations(range(len(texts)), 2):
        assert digests[one] != digests[other], (texts[one], texts[other])


def test_a_policy_of_many_candidates_is_read_at_once_and_one_that_stands_twice_is_seen(tmp_path):
    names = [f"c{n}" for n in range(10_000)]
    began = time.process_time()
    told = GatePolicy(policy="p", candidates=names)
    assert time.process_time() - began < 1
    assert told.candidates == names
    with pytest.raises(UserError, match="'c7' stands twice"):
        policy(tmp_path, f"policy: p\ncandidates: [{', '.join([*names[:9], 'c7'])}]")


def test_what_nobody_wrote_by_hand_is_no_policy(tmp_path):
    with pytest.raises(UserError, match="at most 1 MiB"):
        policy(tmp_path, "policy: p\n" + "#" * MAX_BYTES)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without an end")
def test_a_link_to_what_never_ends_is_no_policy(tmp_path):
    (tmp_path / "gate.yaml").symlink_to("/dev/zero")
    with pytest.raises(UserError, match=r"gate\.yaml: no policy"):
        read_gate_policy(tmp_path / "gate.yaml")


MISTAKES = {
    "a misspelt criterion": ("default:\n  valeu: off", "3:3: default.valeu: unknown key; did you mean 'value'?"),
    "a misspelt margin": (
        "default:\n  value: {may_fall_bi: 1}",
        "3:11: default.value.may_fall_bi: unknown key; did you mean 'may_fall_by'?",
    ),
    "a misspelt margin of a rate": (
        "suites:\n  small:\n    rates:\n      wrong_rate: {may_worsen: 1}",
        "5:20: suites.small.rates.wrong_rate.may_worsen: unknown key; did you mean 'may_worsen_by'? (and 1 more)",
    ),
    "a key of the policy": ("defaults: {}", "2:1: defaults: unknown key; did you mean 'default'?"),
    "a misspelt pair": (
        "candidates: [{candidate: a, againts: b}]",
        "2:29: candidates.0.againts: unknown key; did you mean 'against'? (and 1 more)",
    ),
    "a margin below nothing": (
        "default: {value: {may_fall_by: -1}}",
        "2:19: default.value.may_fall_by: input should be greater than or equal to 0, got -1",
    ),
    "a share of more than all": (
        "default: {harm: {may_worsen_by: 1.5}}",
        "2:18: default.harm.may_worsen_by: input should be less than or equal to 1, got 1.5",
    ),
    "a share of money in percent": (
        "default: {value: {may_fall_by_share: 10}}",
        "2:19: default.value.may_fall_by_share: input should be less than or equal to 1, got 10",
    ),
    "no number": (
        "default: {harm: {may_worsen_by: .nan}}",
        "2:18: default.harm.may_worsen_by: a number expected, got '.nan'",
    ),
    "an endless number": (
        "default: {cost: {may_grow_by_share: 1e999}}",
        "2:18: default.cost.may_grow_by_share: input should be a finite number, got inf",
    ),
    "two margins": (
        "default: {value: {may_fall_by: 1, may_fall_by_share: 0.1}}",
        "2:11: default.value: needs either may_fall_by or may_fall_by_share",
    ),
    "no margin": ("default: {value: {}}", "2:11: default.value: needs either may_fall_by or may_fall_by_share"),
    "a criterion left empty": (
        "default:\n  harm:",
        "3:3: default.harm: nothing stands here; write a value, or off for a criterion",
    ),
    "a bare number": ("default: {cost: 0.2}", "2:11: default.cost: a mapping or off expected, got 0.2"),
    "a misspelt off": ("default: {cost: of}", "2:11: default.cost: a mapping or off expected, got 'of'"),
    "a whole suite off": ("suites: {small: off}", "2:10: suites.small: a mapping expected, got 'off'"),
    "limits on": ("default: {limits: on}", "2:11: default.limits: input should be 'broken', 'proven' or 'off', got 'on'"),
    "a day that there is not": (
        "default: {waived: {wrong_rate: {because: known, until: 2026-02-30}}}",
        "2:20: default.waived.wrong_rate: until: '2026-02-30' is no date; write YYYY-MM-DD",
    ),
    "a waiver without a reason": (
        "default: {waived: {wrong_rate: {until: 2026-02-03}}}",
        "2:20: default.waived.wrong_rate: 'because' is missing",
    ),
    "confidence in percent": ("confidence: 95", "2:1: confidence: input should be less than 1, got 95"),
    "a candidate twice": ("candidates: [a, a]", "2:1: candidates: 'a' stands twice; hold a candidate once"),
    "a budget for nothing": (
        "inconclusive: {then: warn, budget: 3}",
        "2:1: inconclusive: up_to_items and budget are for then: extend; write that or leave them out",
    ),
    "a key twice": ("default: {}\ndefault: {}", "3:1: the key 'default' stands already in line 2"),
    "yes": ("complete: yes", "2:1: complete: true or false expected, got 'yes'"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_with_its_place_and_what_to_do(tmp_path, mistake):
    text, complaint = MISTAKES[mistake]
    with pytest.raises(UserError) as told:
        policy(tmp_path, f"policy: mine\n{text}\n")
    assert str(told.value) == f"{tmp_path / 'gate.yaml'}:{complaint}"


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "mine\n"], ids=range(4))
def test_an_empty_file_or_one_that_is_no_mapping_is_a_mistake(tmp_path, text):
    with pytest.raises(UserError, match=r":1:1: a mapping that begins with policy: NAME"):
        policy(tmp_path, text)


def test_a_policy_without_a_name_a_missing_file_a_folder_and_a_binary_are_mistakes(tmp_path):
    with pytest.raises(UserError, match=r":1:1: 'policy' is missing$"):
        policy(tmp_path, "confidence: 0.9")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, why in {"none": "no such file", ".": "directory", "binary": "not UTF-8"}.items():
        with pytest.raises(UserError, match=why):
            read_gate_policy(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("suites:\n  smal: {}", "3:3: suites.smal: the run has no such suite; did you mean 'small'?"),
        (
            "suites:\n  small:\n    rates: {wrong_rat: off}",
            "4:13: suites.small.rates.wrong_rat: no such rate; did you mean 'wrong_rate'?",
        ),
        ("default:\n  rates: {promise: off}", "3:11: default.rates.promise: no such rate; known: wrong_rate"),
        (
            "suites:\n  small:\n    waived: {wrong_rates: {because: known}}",
            "4:14: suites.small.waived.wrong_rates: no gate of the suite is about it; did you mean 'wrong_rate'?",
        ),
    ],
    ids=["suite", "rate", "default", "waiver"],
)  # fmt: skip
def test_a_name_that_the_run_does_not_know_is_found_with_its_place(tmp_path, text, complaint):
    told, path = policy(tmp_path, f"policy: mine\n{text}\n"), tmp_path / "gate.yaml"
    with pytest.raises(UserError) as error:
        check_policy(told, RUN, path)
    assert str(error.value) == f"{path}:{complaint}"
    with pytest.raises(UserError) as error:
        check_policy(told, RUN)
    assert str(error.value) == f"policy 'mine': {complaint.partition(': ')[2]}"


def test_names_that_the_run_knows_and_suites_of_other_runs_are_no_mistake(tmp_path):
    check_policy(read_gate_policy(None), RUN)
    check_policy(
        policy(
            tmp_path,
            "policy: mine\ncomplete: false\nsuites:\n  elsewhere: {rates: {any: off}}\n"
            "  small: {rates: {wrong_rate: off}, waived: {wrong_rate: {because: known}}}\n",
        ),
        RUN,
    )


def test_a_waiver_holds_through_its_last_day_and_is_told_of_afterwards(tmp_path):
    told = policy(
        tmp_path,
        "policy: mine\nsuites: {small: {waived: {wrong_rate: {because: known, until: 2026-06-30}}}}",
    )
    waiver = told.suites["small"].waived["wrong_rate"]
    assert waiver.holds(dt.date(2026, 6, 30))
    assert lapsed(told, dt.date(2026, 6, 30)) == []
    assert not waiver.holds(dt.date(2026, 7, 1))
    assert lapsed(told, dt.date(2026, 7, 1)) == [
        "policy 'mine': suites.small.waived.wrong_rate ran out on 2026-06-30: the limit counts again; remove it or set a later day"
    ]
    assert Waiver(because="known").holds(dt.date.max)


@pytest.mark.parametrize("path", [DEFAULT, EXAMPLE], ids=lambda path: path.stem)
def test_an_editor_finds_nothing_wrong_with_our_own_policies(path):
    SCHEMA.validate(read_yaml(path).data)
    read_gate_policy(path)


@pytest.mark.parametrize(
    "told",
    [
        {"default": {"valeu": "off"}},
        {"default": {"value": None}},
        {"default": {"value": {"may_fall_by": 1, "may_fall_by_share": 0.1}}},
        {"default": {"value": {}}},
        {"default": {"harm": {"may_worsen_by": 2}}},
        {"default": {"harm": {"may_worsen_by": -0.1}}},
        {"default": {"limits": "on"}},
        {"suites": {"small": "off"}},
        {"confidence": 95},
        {"default": {"rates": {"wrong_rate": 0.1}}},
    ],
    ids=range(10),
)
def test_an_editor_marks_what_the_program_refuses(told, tmp_path):
    data = {"policy": "mine", **told}
    assert not SCHEMA.is_valid(data)
    with pytest.raises(UserError):
        policy(tmp_path, yaml.safe_dump(data))


def test_an_editor_takes_off_wherever_a_criterion_stands():
    names = [name for name in SuitePolicy.model_fields if name not in ("rates", "waived")]
    off = dict.fromkeys(names, "off") | {"rates": {"wrong_rate": "off"}}
    data = {"policy": "mine", "default": off, "suites": {"small": off}}
    SCHEMA.validate(data)
    assert GatePolicy.model_validate(data).of("small").rates == {"wrong_rate": None}


def test_the_example_speaks_of_suites_and_rates_that_there_are():
    told = read_gate_policy(EXAMPLE)
    assert set(told.suites) <= set(suite_names())
    for name, held in told.suites.items():
        business = load(name).file.business
        assert set(held.rates) <= set(business.rates)
        assert set(held.waived) <= {gate.metric for gate in business.gates}


def test_the_example_has_a_word_on_nearly_every_line():
    lines = Path(EXAMPLE).read_text(encoding="utf-8").splitlines()
    assert sum("#" in line for line in lines) > len(lines) / 2


def test_outcomes_and_reports_have_schemas_that_real_ones_keep():
    schemas = file_schemas()
    outcomes = jsonschema.Draft202012Validator(schemas["outcomes"])
    outcomes.validate(json.loads(written(RUN)))
    assert not outcomes.is_valid(json.loads(written(RUN)) | {"texts": []})
    found = gate(RUN, RUN, read_gate_policy(None), run_name="new", baseline_name="main")
    report = jsonschema.Draft202012Validator(schemas["gate_report"])
    report.validate(json.loads(found.model_dump_json()))
    assert not report.is_valid({})
