import re
import string
from pathlib import Path
from typing import get_args

import pytest

from bench.errors import FailureKind
from bench.suites.model import Shape
from bench.types import Decision, OutcomeName, Pillar
from bench.value.across.records import Axis, Profile, StepVerdict
from bench.value.candidate_summary import Flow, HorizonValue, Information
from bench.value.summary import DriveTest
from bench.wording.catalogue import has, messages, say

HAN = "\u3400-\u9fff"
REPORTS = Path(__file__).parents[2] / "bench" / "reports"


def choices(record, field):
    """The codes that a field of a record may hold."""
    return get_args(record.model_fields[field].annotation)


def slots(pattern):
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


@pytest.mark.parametrize("key", messages())
def test_every_message_speaks_both_languages_with_the_same_slots(key):
    told = messages()[key]
    assert told["zh"].strip()
    assert told["en"].strip()
    assert slots(told["zh"]) == slots(told["en"])


@pytest.mark.parametrize("key", messages())
def test_chinese_has_full_width_punctuation_and_no_interval_jargon(key):
    zh = messages()[key]["zh"]
    assert not re.search(rf"[{HAN}][,:;()?]|[,:;()?][{HAN}]", zh)
    assert "置信区间" not in zh
    assert not re.search(rf"[{HAN}] +[{HAN}]", zh)


@pytest.mark.parametrize("key", messages())
def test_english_needs_no_apostrophe_and_no_jargon(key):
    en = messages()[key]["en"]
    assert "'" not in en
    assert "’" not in en
    assert not re.search("significan|confidence interval|±", en)


def test_an_unknown_message_and_a_missing_slot_are_bugs():
    with pytest.raises(KeyError):
        say("zh", "no.such.message")
    with pytest.raises(KeyError):
        say("zh", "range", low="1")


def test_every_message_that_the_code_names_exists():
    named = {
        key
        for path in REPORTS.glob("*.*")
        for key in re.findall(
            r"""say\(\s*(?:language,\s*)?["']([a-z_]+\.[a-z_.]+)["']""", path.read_text()
        )
    }
    assert named
    assert {key for key in named if not has(key) and not key.endswith(".")} == set()


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("label", get_args(Decision)),
        ("headline", get_args(Decision)),
        ("outcome", get_args(OutcomeName)),
        ("pillar", get_args(Pillar)),
        ("failure", get_args(FailureKind)),
        ("flow", choices(Flow, "code")),
        ("horizon", choices(HorizonValue, "name")),
        ("drive", choices(DriveTest, "finding")),
        ("advice", choices(Information, "spend_next")),
        ("information", choices(Information, "spend_next")),
        ("shape", get_args(Shape)),
        ("axis", get_args(Axis)),
        ("profile", get_args(Profile)),
        ("ladder", get_args(StepVerdict)),
    ],
)
def test_every_code_of_the_program_has_a_word(group, names):
    assert all(has(f"{group}.{name}") for name in names)


def test_the_source_documents_terms_are_kept():
    assert [say("zh", f"pillar.{each}") for each in get_args(Pillar)] == [
        "降本提效",
        "业务创新",
        "体验增强",
    ]
    assert [say("zh", f"label.{each}") for each in get_args(Decision)] == [
        "上线",
        "试点",
        "先改进",
        "不采用",
    ]


def test_latin_names_are_set_apart_from_chinese_and_chinese_names_are_not():
    told = say("zh", "pair.chance", better="model-a", chance="96%")
    assert told == "，model-a 更好的把握 96%。"
    assert say("zh", "pair.chance", better="甲", chance="96%") == "，甲更好的把握 96%。"


def test_one_is_singular_in_english():
    assert say("en", "basis.items", n="1") == "1 item"
    assert say("en", "basis.items", n="21") == "21 items"
