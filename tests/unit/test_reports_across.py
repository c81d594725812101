import pytest

from bench.reports.html import html
from bench.reports.markdown import markdown
from bench.reports.view import view
from bench.types import Estimate
from bench.value.judged import Judged

UNKNOWN = Estimate(value=None, low=None, high=None, n=0, method="no outcome")


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


def section(summary, key, language="zh"):
    return next(each for each in view(Judged(summary), language).sections if each.key == key)


def texts(table):
    return [tuple(cell.text for cell in row) for row in table.rows]


def across(summary, **changes):
    return summary.model_copy(update={"across": summary.across.model_copy(update=changes)})


def ladder_of(summary, **changes):
    """The run with its one ladder changed."""
    told = summary.across.ladders["finance_qa"][0].model_copy(update=changes)
    return across(summary, ladders=summary.across.ladders | {"finance_qa": [told]})


def whole(summary, **changes):
    """The run with its one currency changed."""
    portfolio = summary.across.portfolio
    money = portfolio.currencies[0].model_copy(update=changes)
    return across(summary, portfolio=portfolio.model_copy(update={"currencies": [money]}))


def test_a_candidate_stands_at_the_front_or_the_page_says_why_not(summary):
    (part,) = section(summary, "triangle").parts
    (table,) = part.tables
    assert texts(table) == [
        ("flagship+direct", "91%", "74%", "5.2 倍", "样样不优于 industry-tuned+few_shot"),
        ("industry-tuned+few_shot", "93%", "81%", "7.4 倍", "在前沿"),
        ("small-270m+direct", "83%", "—", "9.1 倍", "无法比较"),
    ]
    assert [row[-1].note for row in table.rows] == [
        "重抽样中 12% 在前沿",
        "重抽样中 88% 在前沿",
        "缺通用性",
    ]


def test_what_is_lost_on_unfamiliar_cases_and_by_narrowing_is_told(summary):
    (part,) = section(summary, "triangle").parts
    shift, narrowing = part.sentences
    assert shift == (
        "industry-tuned+few_shot 遇到省份为 Hainan、Gansu 的情形：可用率 83%，其余 95%，"
        "低 12 个百分点（90% 把握在 1 至 29 之间）。"
    )
    assert narrowing == (
        "industry-tuned+few_shot 比 flagship+direct 更专也更窄：本任务可用率高 2 个百分点，别处低 7 个百分点。"
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (-0.05, -0.11, 0.02, "高 5 个百分点（90% 把握在 −2 至 11 之间）"),
        (None, None, None, "其余 95%。"),
    ],
)
def test_unfamiliar_cases_may_go_better_or_be_too_few(value, low, high, told, summary, invented):
    triangle = invented.triangle()
    name = invented.CANDIDATES[1]
    corner = triangle.candidates[name]
    gap = invented.money(value, low, high)
    shift = corner.shifts[0].model_copy(update={"gap": gap})
    corners = triangle.candidates | {name: corner.model_copy(update={"shifts": [shift]})}
    changed = triangle.model_copy(update={"candidates": corners})
    (part,) = section(across(summary, triangle={"finance_qa": changed}), "triangle").parts
    assert told in part.sentences[0]


def test_a_task_with_one_candidate_has_no_triangle(summary):
    assert len(section(summary, "triangle").parts) == 1
    assert section(summary, "triangle").parts[0].title == "财务问答"


def test_a_lone_leader_counts_only_where_all_can_be_compared(summary, invented):
    assert "1 项任务里没有一个候选样样领先" in section(summary, "triangle").heading
    triangle = invented.triangle()
    two = dict(list(triangle.candidates.items())[:2])
    changed = across(
        summary, triangle={"finance_qa": triangle.model_copy(update={"candidates": two})}
    )
    assert "全部 1 项任务都有一个候选样样领先" in section(changed, "triangle").heading


def test_a_step_of_the_ladder_shows_what_it_brings_costs_and_whether_it_pays(summary):
    told = section(summary, "ladder")
    assert "2 级台阶中，1 级值得上，0 级不值得，1 级未定" in told.heading
    (part,) = told.parts
    assert part.sentences == (
        "flagship：逐级往上走到 industry-tuned+few_shot 为止；整个周期收益最高的是 flagship+direct。",
    )
    first, second = part.tables[0].rows
    assert [cell.text for cell in first[1:]] == [
        "+390", "+2.0", "+0.8 秒", "3,000", "+9", "96%", "值得上",
    ]  # fmt: skip
    assert [cell.text for cell in second[4:]] == ["—", "—", "—", "未定"]
    assert second[-1].note == "准备投入没有写明"


def test_a_ladder_agrees_with_the_best_or_has_nothing_to_say(summary, invented):
    same = ladder_of(summary, best=invented.CANDIDATES[1])
    assert section(same, "ladder").parts[0].sentences == (
        "flagship：走到 industry-tuned+few_shot 为止，整个周期的收益也以它最高。",
    )
    none = ladder_of(summary, top=None, best=None, steps=[])
    assert section(none, "ladder").parts[0].sentences == ("flagship：各种用法都没有可评的答复。",)


def test_the_portfolio_takes_the_best_for_each_task_and_adds_up_one_currency(summary):
    told = section(summary, "portfolio")
    assert "3 项任务中，换用候选更划算的有 2 项" in told.heading
    assert "只有这里把同一币种的任务相加" in told.lead[0]
    (part,) = told.parts
    total, allowed, single = part.sentences
    assert allowed == "其中结论允许上线或试点的有 2 项，其余只是“若采用会怎样”。"
    assert (
        total
        == "3 项任务各取最划算的做法，合计比现状每月 +13 万元（90% 把握在 6 至 18 万元之间）。"
    )
    assert single == (
        "只用 industry-tuned+few_shot 包办，每月比逐项择优少 0.7 万元（90% 把握在 0.1 至 1.6 万元之间）；"
        "达到逐项择优九成的把握 71%。"
    )
    suites, singles = part.tables
    assert [row[2:] for row in texts(suites)] == [
        ("industry-tuned+few_shot", "上线", "+9"),
        ("flagship+direct", "试点", "+4.2"),
        ("维持现状", "—", "0"),
    ]
    assert suites.rows[1][2].note == "调用价格未知，没有扣除"
    assert [row[2] for row in texts(singles)] == ["无", "门诊分诊"]


def test_every_link_of_the_chain_is_listed_with_or_without_a_task(summary):
    links, stages = section(summary, "portfolio").parts[0].folded
    assert [row[0] for row in texts(links)] == [
        "研发设计",
        "生产制造",
        "市场营销",
        "客户服务",
        "经营管理",
    ]
    assert texts(links)[0][1:] == ("没有任务", "—", "—")
    assert texts(links)[3][1:] == ("财务问答、公文起草、门诊分诊", "2/3", "+13")
    assert texts(stages)[0][0] == "试验加速"


def test_no_candidate_may_do_everything_where_each_breaks_a_limit(summary):
    choice = summary.across.portfolio.currencies[0].one_for_all
    barred = choice.model_copy(update={"single": None, "difference": UNKNOWN, "p_near": None})
    told = section(whole(summary, one_for_all=barred), "portfolio").parts[0]
    assert told.sentences[2] == "没有一个候选在所有任务上都测过且不突破底线，不能一个包办。"


def test_a_portfolio_that_nobody_measured_says_so(summary):
    told = section(whole(summary, total=UNKNOWN, one_for_all=None), "portfolio").parts[0]
    assert told.sentences == ("没有一项任务测出了价值。",)
    point = Estimate(value=5_000.0, low=None, high=None, n=1, method="x")
    bare = section(whole(summary, total=point, one_for_all=None), "portfolio").parts[0]
    assert bare.sentences[0] == "3 项任务各取最划算的做法，合计比现状每月 +0.5 万元。"


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        ((13.8, 5.5, 21.0), "为数据不出门付出的代价：端侧部署的 small-270m+direct 比公有云的"),
        ((-13.8, -21.0, -5.5), "数据不出门并不吃亏"),
        ((1.0, -5.5, 7.0), "分不出高下（每百题的差额 90% 把握在 −600 至 700 元之间）"),
        ((None, None, None), "每百题的差额算不出把握"),
    ],
)
def test_what_keeping_the_data_closer_costs_is_told(difference, told, summary, invented):
    found = invented.profiles()
    cost = found.privacy[0].model_copy(update={"difference": invented.money(*difference)})
    changed = {"finance_qa": found.model_copy(update={"privacy": [cost]})}
    (part,) = section(across(summary, profiles=changed), "profiles").parts
    assert told in part.sentences[0]


def test_deployments_stand_side_by_side(summary):
    table = section(summary, "profiles").parts[0].tables[0]
    assert texts(table) == [
        (
            "公有云",
            "industry-tuned+few_shot",
            "+1,600",
            "98%",
            "1.24 秒",
            "4.2 秒",
            "0.52",
            "2/0/0",
        ),
        ("端侧部署", "small-270m+direct", "+200", "66%", "3.1 秒", "9.4 秒", "—", "0/2/0"),
        ("私有部署", "没有可评的答复", "—", "—", "—", "—", "—", "—"),
    ]
    assert table.rows[1][6].note == "价格未知"


def test_a_machine_of_ones_own_is_set_beside_an_api(summary):
    table = section(summary, "profiles").parts[0].tables[1]
    assert table.caption == "自备机器与按量付费：每月 5,600 题（元）"
    assert texts(table) == [
        ("small-270m+direct 对 flagship+direct", "1", "2.4%", "360", "29", "41", "70,000"),
        ("small-270m+direct 对 industry-tuned+few_shot", "1", "2.4%", "360", "2.4", "41", "—"),
    ]
    assert table.rows[1][-1].note == "一台机器满负荷也不会更省"


def test_own_machines_are_told_of_where_there_is_one_kind_of_deployment(summary, invented):
    found = invented.profiles()
    single = found.model_copy(update={"rows": found.rows[:1], "privacy": []})
    told = section(across(summary, profiles={"finance_qa": single}), "profiles")
    assert told.heading == "部署形态只有一种；1 项任务可以比较自备机器与按量付费"
    assert len(told.parts[0].tables) == 2


def test_views_across_stand_only_where_there_is_something_to_compare(summary, invented):
    empty = across(
        summary,
        triangle={},
        ladders={},
        profiles={},
        hosting={},
        portfolio=summary.across.portfolio.model_copy(update={"suites": [], "currencies": []}),
    )
    keys = {each.key for each in view(Judged(empty), "zh").sections}
    assert not keys & {"triangle", "ladder", "portfolio", "profiles"}
    for render in (markdown, html):
        assert render(Judged(empty), "en")
