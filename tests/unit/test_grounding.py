import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.scoring.grounding import Grounding, flattened
from bench.scoring.names import is_named_in, names, plain
from bench.scoring.reading import Reading
from bench.types import Item

SOURCE = (
    "2026年3月5日至8日，市发展和改革委员会会同市财政局、市体育局在滨江区调研，形成《关于加快社区养老服务的若干措施》。"
    "一季度营业收入12.04亿元，同比增长8.6%，净利润9,870万元，下降3.2%，毛利率由21.5%升至24.0%。"
    "审批时限由12个工作日压缩至7个工作日。惠及1,186户。下午三点在3楼会议室开会，14:30结束预备会。"
    "产品部刘晓峰经理负责，9月30日前完成“一网通办”。血压150/95mmHg，体温38.5℃，阿司匹林100mg每日1次，2周后复查。"
    "合同编号HT-2026-018。试用期为半年，违约金按日0.5‰。会议由副总经理周敏主持。"
)


def judged(text, source=SOURCE, reference=None, **options):
    item = Item(id="a", cluster="a", input={"document": source}, reference=reference or {})
    return Grounding(source="document", **options).score(item, Reading(text))


@pytest.mark.parametrize(
    "text",
    [
        "营收12.04亿元，净利润0.987亿元",
        "营收约12亿元，净利润0.99亿元",
        "营收12.04亿",
        "惠及近1200户，逾1100户，1100余户",
        "净利润下降3.2%，毛利率24%",
        "毛利率提高2.5个百分点",
        "审批时限缩短5个工作日",
        "净利润占营收的8.2%",
        "3月8日结束，调研到8日，9月30日前完成",
        "15:00开会，即下午3点；下午2:30结束",
        "试用期6个月，违约金日万分之五",
        "合同HT-2026-018",
        "血压150/95 mmHg，体温38.5度，两周后、14天后复查",
        "共明确三项任务：1. 调研；2、开会；（3）整改。第一，抓紧",
        "市发改委、财政局形成《关于加快社区养老服务的若干措施》，刘经理负责“一网通办”",
        "全部门店内部整改，该公司格局良好，委托部分科室办理，立即去医院，到附近银行",
    ],
)
def test_what_can_be_derived_from_the_source_is_grounded(text):
    assert judged(text).label == "grounded", judged(text).reason


PARTS = "库容9.6万吨，其中冷冻库6.4万吨、冷藏库3.2万吨。市财政出1800万元，分两批给，头一批1000万元。1个月后复诊。"


@pytest.mark.parametrize(
    ("reply", "lacking"),
    [
        ("9.6万吨（冷冻6.4、冷藏3.2）", None),
        ("9.6万吨（冷冻6.4、冷藏2.3）", "2.3"),
        ("库容9.6万吨。温度3.2", "3.2"),
        ("共6.4、3.2", "6.4、3.2"),
        ("9.6万吨（冷冻6.4吨）", "6.4吨"),
        ("第一批1000万元，其余800万元列入第二批", None),
        ("首批1000万元，剩余700万元", "700万元"),
        ("拨付800万元", "800万元"),
        ("第三批", "第三"),
        ("第一次", "第一"),
        ("1月复诊，1月内复查", None),
        ("2月复诊", "2月"),
        ("1月到期", "1月"),
    ],
)
def test_what_a_writer_leaves_out_is_filled_in_only_from_the_source(reply, lacking):
    score = judged(reply, PARTS)
    assert score.extracted == lacking, score.reason


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("营收12.4亿元", "金额“12.4亿元”"),
        ("营收12.04万元", "金额“12.04万元”"),
        ("净利润增长3.2%", "百分比“3.2%”"),
        ("下降3.2个百分点", "百分点“3.2个百分点”"),
        ("惠及1300户", "数字“1300户”"),
        ("9月3日前完成", "日期“9月3日”"),
        ("2025年3月5日", "日期“2025年3月5日”"),
        ("16:00开会", "时间“16:00”"),
        ("15个工作日", "数字“15个工作日”"),
        ("审批时限8天", "数字“8天”"),
        ("试用期3个月", "数字“3个月”"),
        ("阿司匹林200mg", "数字“200”"),
        ("3周后复查", "数字“3周”"),
        ("合同HT-2026-081", "编号“HT-2026-081”"),
        ("依据《社区养老条例》", "文件名“社区养老条例”"),
        ("推进“一网统管”", "引文“一网统管”"),
        ("市教育局牵头", "机构“市教育局”"),
        ("华信银行参与", "机构“华信银行”"),
        ("由王经理负责", "人名“王”"),
    ],
)
def test_what_the_source_does_not_hold_is_named_in_the_reason(text, kind):
    score = judged(text)
    assert score.label == "unsupported"
    assert kind in score.reason


def test_tomorrow_is_the_day_after_a_date_of_the_source():
    source = "2026年2月28日就诊，结果明日上午出。"
    assert judged("结果3月1日出", source=source).label == "grounded"
    assert judged("结果3月2日出", source=source).label == "unsupported"


def test_five_thousand_is_no_ten_thousand_however_coarsely_rounded():
    assert judged("约1万元", source="补贴5000元。").label == "unsupported"


def test_the_value_is_the_share_of_claims_with_support():
    score = judged("营收12.04亿元，净利润8000万元")
    assert score.value == pytest.approx(1 / 2)
    assert score.metrics["checked"] == 2
    assert score.metrics["unsupported_numbers"] == 1


def test_a_reply_without_numbers_and_names_has_nothing_to_check():
    score = judged("调研顺利完成。")
    assert (score.label, score.value) == ("grounded", None)


def test_an_empty_reply_is_empty():
    score = judged(" \n")
    assert (score.label, score.value, set(score.metrics)) == ("empty", None, set(Grounding.metrics))


def test_sums_and_differences_count_only_where_they_are_wanted():
    assert judged("缩短5个工作日", derived=False).label == "unsupported"
    assert judged("两项合计3800元", source="补贴800元，奖励3000元。").label == "grounded"
    assert judged("补贴3800元", source="补贴800元，奖励3000元。").label == "unsupported"


def test_numbers_far_apart_are_not_compared():
    source = f"去年订单200件。{'其他情况与上年相同。' * 8}今年订单350件。"
    assert judged("增加150件", source=source).label == "unsupported"


def test_numbers_come_before_names_in_the_error_class():
    options = {"number_class": "wrong_number", "name_class": "wrong_name"}
    assert judged("市教育局出资5万元", **options).error_class == "wrong_number"
    assert judged("市教育局牵头", **options).error_class == "wrong_name"
    assert Grounding(source="document", **options).error_classes == ("wrong_number", "wrong_name")


def test_allowed_patterns_need_no_support():
    assert judged("文号〔2027〕5号", allow=[r"〔\d{4}〕\d+号"]).label == "grounded"
    with pytest.raises(ValidationError, match="no regular expression"):
        Grounding(source="document", allow=["("])


def test_names_of_other_documents_are_looked_for_by_list():
    reference = {"names": ["张晓梅", "刘晓峰"]}
    assert judged("张晓梅负责", reference=reference).reason == "原文中找不到依据：名称“张晓梅”"
    assert judged("刘晓峰负责", reference=reference).label == "grounded"


def test_nested_sources_are_searched_with_their_keys():
    table = {"项目": {"营业收入": ["12.04亿元", 3]}, "备注": None}
    assert flattened(table) == "项目：营业收入：12.04亿元\n3\n备注："
    item = Item(id="a", cluster="a", input={"table": table, "note": "共5家"})
    scorer = Grounding(source=["table", "note"])
    assert scorer.score(item, Reading("5家，12.04亿元")).label == "grounded"


def test_an_item_without_its_source_is_refused():
    scorer = Grounding(source="document")
    assert "missing" in str(scorer.problem(Item(id="a", cluster="a", input={})))
    assert "empty" in str(scorer.problem(Item(id="a", cluster="a", input={"document": " "})))


@given(st.lists(st.sampled_from(SOURCE.split("。")), min_size=1, max_size=5))
def test_copied_sentences_are_always_grounded(sentences):
    assert judged("。".join(sentences)).label in ("grounded", "empty")


@given(st.integers(min_value=2, max_value=9), st.sampled_from(["万元", "亿元", "%", "个月"]))
def test_a_number_ten_times_too_large_is_never_grounded(digit, unit):
    source = f"上年为3.7{digit}{unit}。"
    assert judged(f"上年为37.{digit}{unit}", source=source).label == "unsupported"


@given(st.text(max_size=60))
def test_no_text_breaks_the_scorer(text):
    assert judged(text).label in Grounding.labels


@pytest.mark.parametrize(
    ("name", "source", "is_there"),
    [
        ("市发改委", "市发展和改革委员会", True),
        ("市发展和改革委员会", "市发改委", True),
        ("市住建局", "市住房和城乡建设局", True),
        ("业委会", "小区业主委员会", True),
        ("恒远物业公司", "恒远物业", True),
        ("市监局", "市教育局、监察室", False),
        ("华信银行", "华兴银行", False),
    ],
)
def test_bodies_are_known_by_their_abbreviations(name, source, is_there):
    found = [each for each in names(f"经过与{name}") if each.kind == "body"]
    assert all(is_named_in(each, plain(source)) for each in found) is is_there
