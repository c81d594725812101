import json
import re
from pathlib import PurePosixPath

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.gate.told.gitlab import code_quality
from tests.gate_parts import contrast, report, value
from tests.gate_reports import (
    EXAMPLES,
    failing,
    hostile,
    identical,
    inconclusive,
    passing,
    sequential,
    warning,
)
from tests.hostile_fields import ANYWHERE, STARTS

LANGUAGES = ("zh", "en")
TEXT = {"type": "string", "minLength": 1}
FORMAT = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""The fields that docs.gitlab.com/ci/testing/code_quality lists, and nothing else."""


def read(found, language="en", **more):
    told = code_quality(found, language, **more)
    assert told[:1] == b"["
    findings = json.loads(told)
    jsonschema.validate(findings, FORMAT)
    assert len({each["fingerprint"] for each in findings}) == len(findings)
    for each in findings:
        assert ".." not in PurePosixPath(each["location"]["path"]).parts
    return findings


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["failing", "inconclusive"])
def test_the_file_is_the_golden_one(golden, name, language):
    golden(
        f"gate_ci/gitlab_{name}_{language}.json", code_quality(EXAMPLES[name](), language).decode()
    )


@pytest.mark.parametrize("make", [passing, identical, sequential])
def test_a_gate_at_which_nothing_is_to_be_seen_is_an_empty_list(make):
    assert read(make()) == []


def test_what_fails_comes_first_and_harm_blocks():
    found = read(failing())
    told = [(each["check_name"], each["severity"]) for each in found]
    assert told[:4] == [
        ("bench:value", "critical"),
        ("bench:rate:emergency_missed", "critical"),
        ("bench:limit:scale_sign_rate", "blocker"),
        ("bench:value", "major"),
    ]
    assert found[0]["location"] == {"path": "tasks/finance_qa/suite.yaml", "lines": {"begin": 1}}


@pytest.mark.parametrize(
    ("then", "severity"), [("stop", "major"), ("fail", "major"), ("warn", "minor")]
)
def test_what_is_open_weighs_as_the_policy_has_it(then, severity):
    found = read(inconclusive().model_copy(update={"then": then}))
    assert {each["severity"] for each in found} == {severity}


def test_what_only_warns_is_minor():
    assert [(each["check_name"], each["severity"]) for each in read(warning())] == [
        ("bench:latency", "minor")
    ]


def test_a_finding_keeps_its_fingerprint_whatever_the_numbers_the_language_and_the_run():
    def one(*numbers, **more):
        told = value(*numbers)
        (found,) = read(report(told.status, contrast(told.status, told, **more)))
        return found["fingerprint"]

    assert one(-30.0, -25.0, -20.0) == one(-33.0, -27.0, -21.0)
    assert one(-30.0, -25.0, -20.0) == one(-12.0, -2.0, 8.0)
    assert one(-30.0, -25.0, -20.0) != one(-30.0, -25.0, -20.0, candidate="desk/direct")
    zh, en = (read(failing(), language) for language in LANGUAGES)
    assert [each["fingerprint"] for each in zh] == [each["fingerprint"] for each in en]
    assert [each["description"] for each in zh] != [each["description"] for each in en]


@pytest.mark.parametrize("path", [None, "/etc/passwd", "../outside.yaml"])
def test_a_suite_that_is_not_in_the_repository_is_told_at_the_file_that_asked_for_the_gate(
    tmp_path, path
):
    told = failing()
    facts = {name: each.model_copy(update={"path": path}) for name, each in told.suites.items()}
    found = read(told.model_copy(update={"suites": facts}), root=tmp_path)
    assert {each["location"]["path"] for each in found} == {".gitlab-ci.yml"}


def test_hostile_texts_change_neither_how_many_findings_there_are_nor_where_they_stand():
    sound = read(failing())
    for turn in range(0, len(STARTS), 4):
        found = read(hostile(turn, 5000))
        assert [each["severity"] for each in found] == [each["severity"] for each in sound]
        assert {each["location"]["path"] for each in found} == {".gitlab-ci.yml"}
        text = json.dumps(found, ensure_ascii=False)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


ANYBODY = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [*STARTS, *ANYWHERE]
)


@settings(deadline=None)
@given(candidate=ANYBODY, metric=ANYBODY, path=ANYBODY)
def test_whatever_names_hold_the_file_is_of_the_format(candidate, metric, path):
    told = failing()
    one = told.contrasts[0]
    criteria = tuple(each.model_copy(update={"metric": metric}) for each in one.criteria)
    one = one.model_copy(update={"candidate": candidate, "criteria": criteria})
    facts = told.suites[one.suite].model_copy(update={"path": path})
    read(told.model_copy(update={"contrasts": (one,), "suites": {one.suite: facts}}))
