import re
import string
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

from bench.gate.told.junit import junit
from tests.gate_parts import contrast, report, share, value
from tests.gate_reports import (
    EXAMPLES,
    failing,
    hostile,
    inconclusive,
    passing,
    unfinished,
    unknowable,
    warning,
)

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "schemas" / "junit.xsd"))
LANGUAGES = ("zh", "en")
ANYBODY = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    ["a.b", "[[ATTACHMENT|/etc/passwd]]", "]]>", "<failure/>", "\x00", "\ud800", "desk/few_shot"]
)


def cases(told):
    """(classname, name) -> the test case."""
    root = ET.fromstring(told)
    return {(each.get("classname"), each.get("name")): each for each in root.iter("testcase")}


def endings(told):
    """name -> how the case ended."""
    return {name: ending(each) for (_, name), each in cases(told).items()}


def ending(case):
    return next(
        (kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed"
    )


@pytest.fixture(params=[*EXAMPLES, "hostile"])
def found(request):
    return hostile() if request.param == "hostile" else EXAMPLES[request.param]()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_report_is_valid_and_its_counts_are_those_of_its_cases(found, language):
    told = junit(found, language)
    SCHEMA.assertValid(etree.fromstring(told))
    read = JUnitXml.fromstring(told)
    every = [case for suite in read for case in suite]
    assert len(every) >= sum(len(each.criteria) for each in found.contrasts)
    for suite in read:
        results = [result for case in suite for result in case.result]
        counted = [
            sum(isinstance(each, kind) for each in results) for kind in (Failure, Error, Skipped)
        ]
        assert [suite.tests, suite.failures, suite.errors, suite.skipped] == [
            len(list(suite)),
            *counted,
        ]
    assert read.tests == len(every)


def test_the_schema_refuses_what_servers_would_misread():
    told = junit(failing(), "en").decode()
    for spoilt in (
        told.replace('name="coverage"', 'name="cost"'),
        told.replace('tests="', 'test="', 1),
        re.sub(r'timestamp="[^"]*"', 'timestamp="yesterday"', told),
        re.sub(r"(<failure [^>]*>)[^<]+", r"\1", told),
        told.replace("<testcase ", '<testcase file="x" ', 1),
    ):
        assert spoilt != told
        assert not SCHEMA.validate(etree.fromstring(spoilt.encode()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gate_that_ends_the_job_has_a_failed_test_and_one_that_passes_has_none(found, language):
    root = ET.fromstring(junit(found, language))
    failed = int(root.get("failures")) + int(root.get("errors"))
    assert (failed > 0) == (found.exit_code != 0)


def test_what_fails_is_a_failure_with_its_reason_as_attribute_and_as_text():
    case = cases(junit(failing(), "en"))["bench.finance_qa.desk/few_shot", "value"]
    failure = case.find("failure")
    assert failure.get("type") == "value"
    assert failure.text == failure.get("message")
    assert "1,640" in failure.text


@pytest.mark.parametrize(
    ("then", "shown"),
    [("stop", "error"), ("extend", "error"), ("fail", "failure"), ("warn", "skipped")],
)
def test_what_is_open_ends_as_the_policy_has_it(then, shown):
    told = junit(inconclusive().model_copy(update={"then": then}), "en")
    assert endings(told)["value"] == shown
    assert endings(told)["harm"] == shown
    assert endings(told)["limit:scale_sign_rate"] == "passed"


def test_a_pass_that_only_luck_could_bring_is_open():
    lucky = share("harm", 0.02, 0.02, 0.03, low_power=True)
    assert lucky.status == "pass"
    told = junit(report("inconclusive", contrast("inconclusive", lucky)), "en")
    assert endings(told) == {"harm": "error"}


def test_what_is_not_known_is_skipped_and_the_candidate_is_a_failure_of_its_own():
    told = junit(unknowable().model_copy(update={"contrasts": (_not_known_alone(),)}), "en")
    assert endings(told) == {"rate:emergency_missed": "skipped", "candidate": "failure"}


def _not_known_alone():
    one = unknowable().contrasts[0]
    return one.model_copy(update={"criteria": one.criteria[1:]})


def test_what_is_not_enforced_passes_and_says_why_it_warns():
    every = cases(junit(warning(), "en"))
    slow = every["bench.finance_qa.desk/few_shot", "latency"]
    assert ending(slow) == "passed"
    assert slow.findtext("system-out")


def test_a_limit_that_is_borne_passes_and_says_so():
    every = cases(junit(failing(), "en"))
    borne = every["bench.finance_qa.desk/few_shot", "limit:compliance_breach_rate"]
    assert ending(borne) == "passed"
    assert "the vendor mends it" in borne.findtext("system-out")


def test_a_run_that_is_not_complete_shows_although_every_criterion_passed():
    told = passing().model_copy(update={"status": "inconclusive", "complete": False})
    assert cases(junit(told, "en")).keys() > {("bench", "gate")}
    assert endings(junit(told, "en"))["gate"] == "error"
    assert ET.fromstring(junit(told, "en")).get("errors") == "1"


def test_a_candidate_without_any_answer_fails_although_no_criterion_does():
    told = report("fail", contrast("fail", value(-1.0, 0.0, 1.0)))
    assert endings(junit(told, "en")) == {"value": "passed", "candidate": "failure"}


def test_flips_stand_in_the_output_of_a_failed_case():
    case = cases(junit(failing(), "zh"))["bench.finance_qa.desk/few_shot", "value"]
    lines = case.findtext("system-out").splitlines()
    assert any("fq-017" in each for each in lines)
    assert any("归属于上市公司股东的净利润为 125 亿元" in each for each in lines)


def test_a_dot_in_a_name_makes_no_package_and_two_names_stay_two():
    both = [contrast("pass", value(-1.0, 0.0, 1.0), candidate=name) for name in ("a.b", "a_b")]
    told = junit(report("pass", *both), "en")
    SCHEMA.assertValid(etree.fromstring(told))
    assert {each for each, _ in cases(told)} == {"bench.finance_qa.a_b", "bench.finance_qa.a_b (2)"}


def test_two_limits_on_one_rate_are_two_tests():
    twice = [each for each in passing().contrasts[0].criteria if each.kind == "limit"] * 2
    assert set(endings(junit(report("pass", contrast("pass", *twice)), "en"))) == {
        "limit:scale_sign_rate",
        "limit:scale_sign_rate (2)",
    }


def test_properties_say_what_was_held_against_what():
    suite = ET.fromstring(junit(failing(), "en")).find("testsuite")
    told = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert told["run"] == "results/new"
    assert told["baseline"] == "baselines/main.json"
    assert told["policy.digest"] == "00112233aabbccdd"
    assert told["confidence"] == "0.95"
    assert suite.get("timestamp") == "2026-11-20T08:00:00"


def test_a_moment_that_nobody_can_read_is_left_out():
    told = failing()
    for started in ("", "soon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        side = told.run.model_copy(update={"started": started})
        root = etree.fromstring(junit(told.model_copy(update={"run": side}), "en"))
        SCHEMA.assertValid(root)
        assert root.find("testsuite").get("timestamp") is None


def read_by_gitlab(told):
    """(classname, name) -> (status, text, attachment), after GitLab's parsers/test/junit.rb; doubles are left out."""
    found = {}
    for key, case in cases(told).items():
        out = case.findtext("system-out") or ""
        kind = ending(case)
        shown = "" if kind == "passed" else case.findtext(kind)
        attached = re.search(r"\[\[ATTACHMENT\|[^\[\]|]+?\]\]", out)
        found.setdefault(key, (kind, shown, attached))
    return found


def read_by_jenkins(told):
    """[(package, class, test, message)], after CaseResult.java; suites without a test case are not seen."""
    return [
        (*case.get("classname").rpartition(".")[::2], case.get("name"), _message(case))
        for suite in ET.fromstring(told).iter("testsuite")
        for case in suite.iter("testcase")
    ]


def _message(case):
    element = case.find("error") if case.find("error") is not None else case.find("failure")
    return None if element is None else element.get("message")


def test_gitlab_and_jenkins_read_the_same_reasons():
    told = junit(failing(), "en")
    shown = {
        text for kind, text, _ in read_by_gitlab(told).values() if kind in ("failure", "error")
    }
    assert shown == {message for *_, message in read_by_jenkins(told) if message}
    assert {package for package, *_ in read_by_jenkins(told)} == {
        "bench.finance_qa",
        "bench.medical_triage",
    }


@pytest.mark.parametrize("turn", range(0, 16, 5))
def test_hostile_texts_add_no_element_attachment_control_or_command(turn):
    sound, spoilt = junit(failing(), "en"), junit(hostile(turn, 5000), "en")
    assert _outline(spoilt) == _outline(sound)
    assert not [each for *_, each in read_by_gitlab(spoilt).values() if each]
    text = spoilt.decode()
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text
    )
    lines = [
        line.strip() for each in ET.fromstring(spoilt).itertext() for line in each.splitlines()
    ]
    assert not [each for each in lines if each.startswith("::") or re.search(r"##\w*\[", each)]
    assert len(spoilt) < 500_000


def _outline(told):
    """Elements in order with the names of their attributes; the moment may be missing."""
    return [
        (each.tag, sorted({*each.attrib} - {"timestamp"})) for each in ET.fromstring(told).iter()
    ]


@settings(deadline=None)
@given(
    candidate=ANYBODY,
    metric=ANYBODY,
    run=ANYBODY,
    text=ANYBODY,
    language=st.sampled_from(LANGUAGES),
)
def test_whatever_names_and_answers_hold_the_file_is_valid(candidate, metric, run, text, language):
    told = failing()
    one = told.contrasts[0]
    flips = tuple(each.model_copy(update={"item": metric, "new_text": text}) for each in one.flips)
    criteria = tuple(each.model_copy(update={"metric": metric}) for each in one.criteria)
    one = one.model_copy(update={"candidate": candidate, "criteria": criteria, "flips": flips})
    side = told.run.model_copy(update={"name": run})
    spoilt = junit(told.model_copy(update={"run": side, "contrasts": (one,)}), language)
    SCHEMA.assertValid(etree.fromstring(spoilt))
    assert not set(spoilt.decode()) - set(string.printable) & set("\x0b\x0c\r")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["failing", "inconclusive"])
def test_the_file_is_the_golden_one(golden, name, language):
    golden(f"gate_ci/junit_{name}_{language}.xml", junit(EXAMPLES[name](), language).decode())


def test_an_unfinished_run_is_an_error_whatever_the_policy_says():
    told = unfinished()
    assert told.then == "warn"
    assert endings(junit(told, "zh"))["value"] == "error"
    every = passing().model_copy(update={"complete": False})
    assert endings(junit(every, "zh")) == dict.fromkeys(
        endings(junit(passing(), "zh")), "passed"
    ) | {"gate": "error"}
