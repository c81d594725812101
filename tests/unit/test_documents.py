"""Official documents: what returns a draft, what is mended, and what is no defect at all.

条例: 《党政机关公文处理工作条例》 (2012); 格式: GB/T 9704—2012.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scoring.document_parts import base_kind, parsed
from bench.scoring.document_rules import RETURNING, RULES
from bench.scoring.documents import OfficialDocument
from bench.scoring.reading import Reading
from bench.types import Item

REQUEST = """清澜市水务局关于拨付防汛抢险资金的请示

清澜市人民政府：
根据《清澜市防汛应急预案》（清政办发〔2024〕31号），我局拟购置泵车3台，共需资金195万元。
恳请市人民政府拨付上述资金。
妥否，请批示。

清澜市水务局
2026年5月18日"""

BRIEF = {
    "kind": "请示",
    "direction": "up",
    "issuer": ["清澜市水务局", "市水务局"],
    "addressees": [["清澜市人民政府", "市政府"]],
    "authorities": [{"title": "清澜市防汛应急预案", "number": "清政办发〔2024〕31号"}],
    "date": "2026年5月18日",
}


def item(told="", **changes):
    brief = {**BRIEF, **changes}
    return Item(id="a", cluster="a", input={"notes": [told or "无"]}, reference={"document": brief})


def judged(text, told="", rules=None, **changes):
    return OfficialDocument(rules=rules or {}).score(item(told, **changes), Reading(text))


def edited(*pairs, text=REQUEST):
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def report(ending, text=REQUEST):
    return edited(
        ("资金的请示", "资金的报告"),
        ("恳请市人民政府拨付上述资金。\n妥否，请批示。", ending),
        text=text,
    )


def test_a_right_draft_is_clean():
    score = judged(REQUEST)
    assert (score.label, score.value, score.reason) == ("clean", 1.0, "")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("复函", "函"),
        ("指导意见", "意见"),
        ("实施意见", "意见"),
        ("紧急通知", "通知"),
        ("情况通报", "通报"),
        ("会议纪要", "纪要"),
        ("令", "命令（令）"),
        ("命令", "命令（令）"),
        ("议案", "议案"),
    ],
)
def test_a_compound_form_is_its_base_kind(told, kind):
    assert base_kind(told) == kind


@pytest.mark.parametrize(
    "title",
    [
        "国务院办公厅关于进一步做好促进就业工作若干意见的通知",
        "国务院办公厅转发发展改革委、财政部关于“十四五”规划实施意见的通知",
        "国务院关于印发新时期规划的通知（摘要）",
        "国务院批转教育部《行动计划》的通知",
        "国务院对确需保留的行政审批项目设定行政许可的决定",
    ],
)
def test_titles_as_they_are_really_written_are_read(title):
    found = parsed(f"{title}\n各部门：\n{'正文。' * 20}").title
    assert found is not None
    assert found.is_formed
    assert found.kind in {"通知", "决定"}


def test_a_title_may_run_over_lines():
    found = parsed(edited(("关于拨付", "关于\n拨付"))).title
    assert found is not None
    assert found.kind == "请示"


@pytest.mark.parametrize(
    ("text", "changes", "error_class"),
    [
        (edited(("资金的请示", "资金的报告")), {}, "wrong_kind"),
        (edited(("资金的请示", "资金的申请")), {}, "wrong_kind"),
        (edited(("资金的请示", "资金的请示报告")), {"kind": "报告"}, "wrong_kind"),
        (edited(("清澜市人民政府：", "清澜市财政局：")), {}, "wrong_direction"),
        (edited(("清澜市水务局\n2026", "清澜市人民政府\n2026")), {}, "wrong_direction"),
        (edited(("清澜市人民政府：", "王市长：")), {}, "addressed_to_person"),
        (
            edited(("清澜市水务局\n2026", "清澜市水务局办公室\n2026")),
            {"inner_units": ["水务局办公室"]},
            "inner_unit_issues",
        ),
        (edited(("31号", "13号")), {}, "fabricated_basis"),
        (
            edited(
                ("根据《清澜市防汛应急预案》（清政办发〔2024〕31号）", "按照《清澜市防汛条例》")
            ),
            {},
            "fabricated_basis",
        ),
        (edited(("我局拟", "按清水发〔2025〕7号精神，我局拟")), {}, "fabricated_basis"),
        ("机密★10年\n" + REQUEST, {}, "uninvited_secrecy_mark"),
        ("清水〔2026〕12号\n" + REQUEST, {}, "invented_number"),
        (
            REQUEST,
            {"forbidden": [{"id": "x", "text": "泵车", "any": ["泵车3台"]}]},
            "forbidden_statement",
        ),
    ],
)
def test_each_grave_breach_returns_the_draft(text, changes, error_class):
    score = judged(text, **changes)
    assert (score.label, score.error_class, score.value) == ("returned", error_class, 0.0)
    assert score.metrics[error_class] >= 1


@pytest.mark.parametrize(
    ("sentence", "is_promise"),
    [
        ("不安排市级补助资金。", False),
        ("市级补助资金另行安排。", True),
        ("不安排其他资金。市级补助资金另行安排。", True),
    ],
)
def test_a_forbidden_statement_may_be_denied_in_its_own_sentence(sentence, is_promise):
    text = edited(("妥否，请批示。", f"{sentence}\n妥否，请批示。"))
    told = {"id": "promise", "text": "承诺补助", "any": ["市级补助"], "unless": ["不安排"]}
    score = judged(text, forbidden=[told])
    assert bool(score.metrics["forbidden_statement"]) is is_promise, score.reason


@pytest.mark.parametrize(
    ("ending", "is_request"),
    [
        ("恳请市政府增配泵车2辆。\n特此报告。", True),
        ("请给予资金支持。\n特此报告。", True),
        ("上述资金，妥否，请批示。", True),
        ("以上报告，请审阅。", False),
        ("该方案已报请市政府批准。\n特此报告。", False),
        ("已印发《关于请予批准资金的通知》。\n特此报告。", False),
        ("请予审议。", False),
        ("以上报告，不妥之处恳请批评指正。", False),
    ],
)
def test_a_report_makes_no_request_of_its_own(ending, is_request):
    """条例 art. 15(4): past approvals, quotations and 请审阅 are no requests."""
    score = judged(report(ending), kind="报告")
    assert (score.error_class == "request_in_report") is is_request, score.reason


def test_a_request_in_the_middle_of_a_long_report_is_left_to_the_reader():
    long = "恳请市政府支持。\n" + "上半年完成投资，工程进展顺利。\n" * 1
    text = report(long + "\n".join(f"第{n}项工作已按计划完成，进展总体顺利。" for n in range(12)))
    assert judged(text, kind="报告").metrics["request_in_report"] == 0


def test_law_and_a_short_form_of_a_listed_document_are_no_invention():
    text = edited(("根据《清澜市防汛应急预案》", "根据市政府《防汛应急预案》"))
    assert judged(text).metrics["fabricated_basis"] == 0
    text = edited(("根据《清澜", "根据《中华人民共和国防洪法》和《清澜"))
    score = judged(text)
    assert (score.label, score.metrics["s2"]) == ("rework", 1.0)
    assert "防洪法" in score.reason


def test_what_the_brief_names_may_be_cited():
    text = edited(("我局拟", "按照《泵站技术要求》（清水发〔2023〕2号），我局拟"))
    assert judged(text, told="见《泵站技术要求》（清水发〔2023〕2号）").label == "clean"


@pytest.mark.parametrize(
    "head",
    ["清水〔2026〕  号", "清水〔2026〕××号", "签发人：", "特急", "清澜市水务局文件"],
)
def test_open_process_fields_are_no_defect(head):
    """Numbers are given at registration (条例 art. 25), so blanks are right in a draft."""
    assert judged(f"{head}\n{REQUEST}").label == "clean"


@pytest.mark.parametrize(
    "date", ["    年  月  日", "2026年×月×日", "【日期待定】", "（成文日期）", "【待补】"]
)
def test_an_open_date_is_right_where_the_brief_has_none(date):
    assert judged(edited(("2026年5月18日", date)), date=None).label == "clean"


@pytest.mark.parametrize(
    ("pairs", "changes", "rule"),
    [
        ([("2026年5月18日", "2026年05月18日")], {}, "格式7.3.5.4"),
        ([("2026年5月18日", "二〇二六年五月十八日")], {}, "格式7.3.5.4"),
        ([("2026年5月18日", "2026.5.18")], {}, "格式7.3.5.4"),
        ([("清澜市人民政府：", "清澜市人民政府:")], {}, "格式7.3.2"),
        ([("清澜市人民政府：", "清澜市人民政府")], {}, "格式7.3.2"),
        ([("请批示。", "请批示。\n附件：购置清单。")], {}, "格式7.3.4"),
        ([("5月18日", "5月18日\n抄送：市财政局")], {}, "格式7.4.2"),
        ([("恳请市", "一、恳请市"), ("妥否", "三、以上。\n妥否")], {}, "格式7.3.3"),
        ([("恳请市", "一）恳请市")], {}, "格式7.3.3"),
        ([("我局拟", "咱们拟")], {}, "口语"),
        ([("清澜市水务局关于", "## 清澜市水务局关于")], {}, "Markdown"),
        ([("清澜市水务局关于", "标题：清澜市水务局关于")], {}, "栏目名"),
        ([("5月18日", "5月18日\n如需调整，请告诉我。")], {}, "对话语"),
        ([("清澜市水务局关于", "关于")], {}, "缺少发文机关"),
    ],
)
def test_editorial_slips_are_minor(pairs, changes, rule):
    score = judged(edited(*pairs), **changes)
    assert (score.label, score.metrics["s3"]) == ("minor", 1.0), score.reason
    assert rule in score.reason
    assert score.metrics["minutes"] == 1.0


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (edited(("清澜市人民政府：", "清澜市人民政府、清澜市财政局：")), {}),
        (edited(("5月18日", "5月18日\n抄送：各县水务局。")), {"subordinates": ["各县水务局"]}),
        (edited(("妥否，请批示。", "请认真贯彻执行。")), {}),
        (edited(("泵车3台", "泵车××台")), {}),
        (edited(("恳请市人民政府拨付上述资金。\n妥否，请批示。", "特此说明。")), {}),
        (edited(("5月18日", "5月19日")), {}),
        (REQUEST, {"date": None}),
        (edited(("我局拟", "咱们想搞泵车，我局拟")), {}),
        (REQUEST, {"asks": [{"text": "联系人", "near": ["联系人"]}]}),
    ],
)
def test_one_substantive_defect_means_rework(text, changes):
    score = judged(text, **changes)
    assert (score.label, score.metrics["s2"], score.error_class) == ("rework", 1.0, None), (
        score.reason
    )
    assert score.metrics["minutes"] >= 10


@pytest.mark.parametrize("gap", ["【待补】", "×××", "待定", "（请补充）", "____"])
def test_a_marked_gap_answers_a_missing_fact(gap):
    asks = [{"text": "联系人", "near": ["联系人"]}]
    assert judged(edited(("5月18日", f"5月18日\n（联系人：{gap}）")), asks=asks).label == "clean"


def test_repetition_is_rework():
    line = "我局将进一步加强防汛值守工作，确保安全度汛。\n"
    assert judged(edited(("恳请市", line * 3 + "恳请市"))).label == "rework"


def test_a_set_phrase_said_often_is_no_repetition_but_going_in_circles_is():
    """Reports of provincial governments say some phrase of 12 characters up to nine times."""
    phrase = "习近平新时代中国特色社会主义思想"
    others = "".join(map(chr, range(0x5000, 0x5000 + 1000)))  # no two stretches alike
    said = "".join(f"坚持以{phrase}为指导，{others[at : at + 250]}。" for at in range(0, 1000, 250))
    assert "内容重复" not in judged(edited(("恳请市", f"{said}\n恳请市"))).reason
    circles = "我局将进一步加强防汛值守，" * 5
    assert "内容重复" in judged(edited(("恳请市", f"{circles}确保度汛。\n恳请市"))).reason


@pytest.mark.parametrize(
    "sentence",
    [
        "中老铁路等重点项目按期开工。",
        "始终把纪律规矩挺在前面，挺膺担当。",
        "建成机动车加油港和国家超级智算中心。",
        "坚持学懂弄通做实，建设高标准数字园区。",
        "让各族群众感受祖国大家庭的温暖。",
        "会议审议通过了。",
    ],
)
def test_official_phrases_that_hold_a_spoken_word_are_official(sentence):
    assert judged(edited(("恳请市", f"{sentence}\n恳请市"))).label == "clean"


def test_a_speech_may_say_we_and_exclaim_but_a_request_may_not():
    said = "我们要马上行动！"
    assert "语体" in judged(edited(("恳请市", f"{said}\n恳请市"))).reason
    assert "语体" not in judged(edited(("恳请市", f"各位代表，{said}\n恳请市"))).reason


def test_a_paragraph_in_brackets_is_body_and_a_note_under_the_date_is_not():
    told = parsed(
        edited(("恳请市", "（市财政局负责）\n恳请市"), ("5月18日", "5月18日\n（此件公开发布）"))
    )
    assert "（市财政局负责）" in told.body
    assert told.tail == ("（此件公开发布）",)
    undated = parsed(edited(("恳请市", "（市财政局负责）\n恳请市"), ("2026年5月18日", "")))
    assert (undated.signature, undated.body[-1]) == ("清澜市水务局", "妥否，请批示。")


@pytest.mark.parametrize(
    "body",
    [
        "一、情况\n（一）雨情。\n（二）水情。\n二、请求\n（一）资金。\n1.泵车。\n2．冲锋舟。\n（1）型号。",
        "一、情况\n1.雨情。\n2.水情。\n二、请求",
    ],
)
def test_numbering_counts_on_under_its_parent_and_may_skip_a_level(body):
    """格式 7.3.3 says 可以: of 33 genuine papers with 一、 six skip a level."""
    assert judged(edited(("恳请市", f"{body}\n恳请市"))).label == "clean"


def test_rules_can_be_softened_or_left_out():
    text = edited(("31号", "13号"))
    assert judged(text, rules={"fabricated_basis": "W"}).label == "minor"
    assert judged(text, rules={"fabricated_basis": "off"}).label == "clean"
    assert "fabricated_basis" not in OfficialDocument(rules={"fabricated_basis": "W"}).error_classes


def test_limits_are_options():
    text = edited(("2026年5月18日", "2026年05月18日"))
    assert OfficialDocument(s3_allowed=0).score(item(), Reading(text)).label == "rework"
    assert "超过" in OfficialDocument(max_characters=50).score(item(), Reading(REQUEST)).reason


@pytest.mark.parametrize(
    "text", ["", "好的。", "请问需要什么材料？", "文种：请示\n成文日期：2026-05-18"]
)
def test_what_is_no_document_is_empty(text):
    score = judged(text)
    assert score.label == "empty"
    assert set(score.metrics) == set(OfficialDocument.metrics)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"kind": "方案"}, "none of the fifteen kinds"),
        ({"direction": "sideways"}, "reference.document.direction"),
        ({"issuer": []}, "reference.document.issuer"),
        ({"colour": "red"}, "reference.document.colour"),
    ],
)
def test_a_malformed_brief_is_a_problem_of_the_item(changes, part):
    told = OfficialDocument().problem(item(**changes))
    assert told is not None
    assert part in told


def test_an_unknown_rule_is_a_problem():
    told = OfficialDocument(rules={"wrong_knd": "W"}).problem(item())
    assert told is not None
    assert "wrong_knd" in told


def test_what_returns_a_draft_is_a_metric_and_a_class():
    assert OfficialDocument().error_classes == RETURNING
    assert set(RETURNING) <= set(OfficialDocument.metrics)
    assert all(rule.source for rule in RULES.values())


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="清澜市水务局关于的请示报告：。一、（）《》〔〕2026年5月日号附件抄送\n *#×",
        max_size=400,
    )
)
def test_any_text_is_judged_without_failing(text):
    score = judged(text)
    assert score.label in OfficialDocument.labels
    assert set(score.metrics) == set(OfficialDocument.metrics)
    assert score.value is None or 0 <= score.value <= 1


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["绝密", "机密", "秘密", "机密★1年", "秘密★长期"]),
    st.integers(0, len(REQUEST.splitlines())),
)
def test_a_secrecy_mark_on_any_line_returns_the_draft(mark, at):
    lines = REQUEST.splitlines()
    text = "\n".join([*lines[:at], mark, *lines[at:]])
    assert judged(text).metrics["uninvited_secrecy_mark"] == 1
