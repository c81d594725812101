"""The template that a language model must beat: right in form, from the brief alone."""

import pytest

from bench.endpoints.baselines.documents import DocumentTemplate
from bench.scoring.documents import OfficialDocument
from bench.scoring.reading import Reading
from bench.types import Item

INPUT = {
    "kind": "通知",
    "issuer": "清澜市档案局",
    "addressee": "各县（区）档案局",
    "relation": "主送机关是对口的下级部门",
    "matter": "开展档案库房安全检查",
    "date": "2026-03-05",
    "basis": ["《清澜市档案管理办法》（清档发〔2025〕3号）"],
    "notes": ["3月10日至3月31日自查", "4月5日前报送检查表"],
    "caution": "",
}


def answer(**changes):
    return DocumentTemplate().answer({**INPUT, **changes})


def test_a_notice_is_filled_into_the_form_of_its_kind():
    assert answer() == (
        "清澜市档案局关于开展档案库房安全检查的通知\n"
        "\n"
        "各县（区）档案局：\n"
        "根据《清澜市档案管理办法》（清档发〔2025〕3号），现将有关事项通知如下：\n"
        "一、3月10日至3月31日自查。\n"
        "二、4月5日前报送检查表。\n"
        "请认真贯彻执行。\n"
        "\n"
        "清澜市档案局\n"
        "2026年3月5日"
    )


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"relation": "双方互不隶属"}, "函"),
        ({"relation": "双方互不隶属，对方此前来函"}, "复函"),
        ({"relation": "主送机关是上级", "matter": "申请修缮库房"}, "请示"),
        ({"relation": "主送机关是上级", "matter": "库房检查情况"}, "报告"),
        ({"relation": "面向社会公布", "addressee": ""}, "公告"),
        ({}, "通知"),
    ],
)
def test_without_a_kind_the_relation_decides(changes, kind):
    title = answer(kind="", **changes).splitlines()[0]
    assert title.endswith(f"的{kind}")


def test_nothing_is_invented_for_what_the_brief_lacks():
    told = answer(date="", basis=[], notes=["报名截止还没定"])
    assert told.splitlines()[-1].split() == ["年", "月", "日"]
    assert "根据" not in told
    assert "【待补】" in told


def test_asides_between_colleagues_are_left_out():
    told = answer(notes=["检查30个库房", "经办人想顺便要2辆车"])
    assert "辆车" not in told


def test_a_title_is_not_doubled():
    told = answer(matter="转发省档案局关于库房检查的通知")
    assert told.splitlines()[0] == "清澜市档案局转发省档案局关于库房检查的通知"
    assert answer(kind="纪要", matter="库房专题会议").splitlines()[0] == "库房专题会议纪要"


@pytest.mark.parametrize(
    "kind", ["请示", "报告", "函", "批复", "通知", "通报", "通告", "公告", "意见", "决定", "议案"]
)
def test_every_kind_comes_out_in_form(kind):
    direction = {"请示": "up", "报告": "up", "函": "level", "议案": "level"}.get(kind, "down")
    brief = {
        "kind": kind,
        "direction": direction,
        "issuer": [INPUT["issuer"]],
        "addressees": [INPUT["addressee"]],
        "date": "2026年3月5日",
    }
    item = Item(id="a", cluster="a", input={**INPUT, "kind": kind}, reference={"document": brief})
    score = OfficialDocument().score(item, Reading(answer(kind=kind)))
    assert score.label == "clean", score.reason


def test_a_brief_of_odd_shape_does_not_break_it():
    assert DocumentTemplate().answer({"kind": None, "notes": "一行", "date": None})
