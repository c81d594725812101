"""The classical method of finance questions."""

from bench.endpoints.baselines.finance import TableLookup
from bench.endpoints.baselines.finance_facts import facts

TABLE = """星樾股份年报（单位：万元）
| 项目 | 2025年 | 2024年 |
|---|---|---|
| 营业收入 | 81,250 | 76,400 |
| 营业成本 | 60,000 | 58,000 |
| 净利润 | (1,200) | 3,600 |
| 合计收入 | 90,000 | 88,000 |
"""


def answer(question, source=TABLE):
    return TableLookup().answer({"source": source, "question": question})


def first(question, source=TABLE):
    return answer(question, source).split("\n")[0]


def test_a_cell_is_found_by_its_row_and_period():
    assert (
        answer("2024年营业收入是多少万元？") == "答案：76,400万元\n依据：“营业收入”行，“2024年”列"
    )


def test_the_unit_that_is_asked_for_is_given():
    assert first("2025年营业收入是多少亿元？保留两位小数。") == "答案：8.13亿元"


def test_a_bracketed_cell_is_negative():
    assert first("2025年净利润是多少万元？") == "答案：-1,200万元"


def test_a_change_over_a_year_is_relative():
    assert first("2025年营业收入同比增长百分之几？保留一位小数。") == "答案：6.3%"


def test_a_ratio_that_accounting_defines_is_computed_and_compared_in_points():
    assert first("2025年毛利率是多少？保留两位小数。") == "答案：26.15%"
    assert first("2025年毛利率比2024年变动多少个百分点？保留两位小数。") == "答案：2.07个百分点"


def test_sentences_are_read_with_their_periods():
    source = "截至2025年6月末，贷款总额200亿元，不良贷款余额3亿元。2024年末，不良贷款率为1.60%。"
    question = "2025年6月末不良贷款率比2024年末变动多少个百分点？保留两位小数。"
    assert first(question, source) == "答案：-0.10个百分点"


def test_an_average_is_taken_over_rows():
    source = "| 公司 | 营业收入（亿元） |\n|---|---|\n| 甲水务 | 1.00 |\n| 乙环境 | 2.00 |"
    assert (
        first("甲水务、乙环境营业收入的平均数是多少亿元？保留两位小数。", source)
        == "答案：1.50亿元"
    )


def test_what_the_source_lacks_is_declined():
    assert first("2023年营业收入是多少万元？").startswith("答案：无法回答")
    assert first("2025年研发投入是多少万元？").startswith("答案：无法回答")


def test_a_request_for_a_promise_or_advice_is_refused():
    assert "风险" in first("客户问：买了一定能赚多少？")
    assert "风险" in first("客户问：这只股票能涨多少，该不该买？")


def test_nothing_to_read_is_declined_and_not_a_crash():
    assert TableLookup().answer({}).startswith("答案：无法回答")
    assert facts("") == []
