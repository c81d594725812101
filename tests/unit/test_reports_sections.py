import re

import pytest

from bench.reports.html import html
from bench.reports.markdown import markdown
from bench.reports.terminal import terminal
from bench.reports.view import view
from bench.types import Estimate, Text
from bench.value.candidate_summary import Information, NextStage, Reason, Tail
from bench.value.judged import Judged

LANGUAGES = ("zh", "en")
UNKNOWN = Estimate(value=None, low=None, high=None, n=0, method="no outcome")


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


def section(summary, key, language="zh"):
    return next(each for each in view(Judged(summary), language).sections if each.key == key)


def part(summary, key, at=0, language="zh"):
    return section(summary, key, language).parts[at]


def texts(table):
    """The texts of a table's rows, without the small print."""
    return [tuple(cell.text for cell in row) for row in table.rows]


def notes(table):
    return [tuple(cell.note for cell in row) for row in table.rows]


def only(summary, changes, key="finance_qa", **candidate):
    """The run with one suite changed, and its leading candidate too."""
    suite = summary.suites[key]
    name = suite.verdict.candidate or next(iter(suite.candidates))
    leading = suite.candidates[name].model_copy(update=candidate)
    candidates = suite.candidates | {name: leading}
    changed = suite.model_copy(update={"candidates": candidates} | changes)
    return summary.model_copy(update={"suites": {key: changed}})


def test_the_parts_of_the_money_add_up_to_the_net_gain(summary):
    told = part(summary, "money")
    amounts = {row[0]: row[1] for row in texts(told.tables[0])}
    assert amounts["省下的现行人工"] == "+2,880"
    assert amounts["模型调用"] == "−1.2"
    assert amounts["合计：比现状净多赚"] == "+1,500"
    numbers = [float(each.replace("−", "-").replace(",", "")) for each in amounts.values()]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=15)
    assert told.sentences == (
        "以 industry-tuned+few_shot 为例，每百题省下 4,880 元，付出 3,380 元，净多赚 1,500 元。",
    )


def test_a_part_of_the_money_says_how_many_of_its_factors_nobody_vouches_for(summary):
    rows = {row[0].text: row[2] for row in part(summary, "money").tables[0].rows}
    assert rows["复核"].chip == ""
    assert rows["避免的现行差错损失"].chip == "2 项中 1 项占位"
    assert rows["外流错误的损失：错数外流"].chip == "均为占位"
    assert rows["避免的现行差错损失"].note.startswith("现行做法的错误率（有出处）、")


def test_a_loss_is_told_as_a_loss(summary):
    assert "净少赚 3,620 元" in part(summary, "money", 3).sentences[0]


def test_money_over_time_stands_beside_every_candidate(summary):
    table = part(summary, "money").tables[1]
    assert [row[0] for row in texts(table)] == [
        "试点期（3 个月）",
        "第一年（12 个月）",
        "整个周期（36 个月）",
        "回本时间",
    ]
    assert texts(table)[1][1:] == ("+60", "+84", "+10")
    assert notes(table)[1][2] == "24 至 124 · 60 题"
    assert "万元" in table.caption


def test_a_task_is_surely_ahead_only_where_its_whole_range_is(summary, invented):
    assert "4 项任务中，2 项到第一年末确有盈余" in section(summary, "money").heading
    wide = [each for each in invented.horizons((16.02, 0.5, 23.2)) if each.name == "year"]
    assert "1 项任务中，0 项" in section(only(summary, {}, horizons=wide), "money").heading


def test_what_may_never_pay_back_says_so(summary, invented):
    open_ended = Estimate(value=2.13, low=0.08, high=None, n=60, method="x")
    table = part(only(summary, {}, payback_months=open_ended), "money").tables[1]
    assert (texts(table)[-1][2], notes(table)[-1][2]) == (
        "2.1 个月",
        "最快 0.1 个月，也可能回不了本",
    )
    never = part(only(summary, {}, payback_months=UNKNOWN), "money").tables[1]
    assert notes(never)[-1][2] == "未计算，或不会回本"


def test_the_bad_end_is_told_per_hundred_and_per_case(summary):
    table = part(summary, "money").folded[0]
    assert texts(table)[0] == ("收益估计最差的 5%", "−260", "210", "−1,700")
    assert texts(table)[1][1:] == ("−410", "−410", "−410")
    assert (notes(table)[0][0], notes(table)[1][0]) == ("每百题", "一题")


def test_speed_and_cost_count_review_and_doing_again(summary):
    table = part(summary, "money").folded[1]
    assert [each.text for each in table.heads[2:]] == [
        "试一次，不行转人工",
        "最多试 3 次，不行转人工",
        "反复试到可用",
    ]
    assert texts(table)[2] == ("industry-tuned+few_shot", "93%", "5.4 倍", "5.3 倍", "6.9 倍")
    assert notes(table)[2][1:3] == ("高于 12% 才更快", "3.4 分钟")
    assert notes(table)[3][0] == "成本"


def test_errors_that_no_item_showed_are_told_with_what_they_may_cost(summary):
    told = part(summary, "risk")
    (sentence,) = told.sentences
    assert sentence == (
        "industry-tuned+few_shot：“泄露客户资料”一次也没有出现，收益里没有计入，但至多可能占 12%；"
        "果真如此，每百题要损失 4,700 元。"
    )
    losses = told.tables[1]
    assert texts(losses)[-1] == ("泄露客户资料", "0", "0", "0")
    assert notes(losses)[-1][1] == "出现率 0%，至多 12%；至多损失 4,700 元"


def test_the_source_of_a_limit_is_told_once(summary):
    gates = part(summary, "risk").tables[0]
    sources = [row[-1].note for row in gates.rows]
    assert sources == ["依据：proposed", "依据：proposed", "", "", "", ""]
    assert gates.rows[0][1].note == "底线，24 组材料"


def test_the_tornado_holds_only_what_moves_the_value_of_a_case(summary):
    told = part(summary, "sensitivity")
    tornado, horizon = told.tables
    assert [row[0] for row in texts(tornado)] == [
        "复核发现错误的比例",
        "一次错误外流的损失（错数外流）",
        "人工每小时成本",
        "现行做法每件用时",
    ]
    assert [row[0] for row in texts(horizon)] == ["业务量爬坡到全量的时间", "年折现率"]
    assert texts(horizon)[0][1:4] == ("1 至 6 个月", "+304", "+256")
    assert horizon.caption.startswith("industry-tuned+few_shot：只影响整个周期的假设，对 36 个月")
    assert "另有 1 项假设动不了" in told.sentences[1]


def test_the_shakiest_assumption_is_one_that_moves_the_value_of_a_case(summary):
    assert "复核发现错误的比例" in view(Judged(summary), "zh").notes[0].lines[0]


def test_money_that_rests_on_placeholders_is_told_once(summary):
    first, second, third, _ = view(Judged(summary), "zh").suites
    resting = [each for each in first.reasons if "占位" in each]
    assert resting == [
        "38% 的金额以占位假设为依据：共 3 项，无人证实，其中 1 项单独变动就可能让收益变号"
    ]
    assert second.reasons[-1] == "全部金额都以占位假设为依据：共 3 项，无人证实"
    assert third.reasons[-1] == "依赖 3 项占位假设，待确认"


def test_a_headline_of_the_suites_own_stands_under_the_verdict(summary):
    page = view(Judged(summary), "zh")
    told = "主指标“每件节省人工分钟”：industry-tuned+few_shot 为 11.4 分钟（90% 把握在 8.2 至 13.9 分钟之间），现状为 0 分钟"
    assert [each.headline for each in page.suites] == [told, "", "", ""]
    assert told.replace("_", "\\_") in markdown(Judged(summary), "zh")
    assert told in html(Judged(summary), "zh")
    assert "主指标“每件节省人工分钟”" in terminal(Judged(summary), "zh")
    unmeasured = only(summary, {"headline": "right_first_time"})
    assert (
        view(Judged(unmeasured), "zh").suites[0].headline
        == "主指标“一次可用率（直接用或小改）”未测量"
    )


def test_ranks_are_told_as_what_may_be_held_and_best_of_no_other(summary):
    ranks = [row[3].text for row in part(summary, "confidence").tables[0].rows]
    assert ranks == ["第 1 至 3", "第 1（最好）", "第 1 至 3"]
    second = part(only(summary, {}, rank=(2, 2)), "confidence").tables[0].rows[1][3]
    assert second.text == "第 2"


def test_a_lone_candidate_has_no_rank(summary):
    suite = summary.suites["finance_qa"]
    name = suite.verdict.candidate
    alone = only(
        summary, {"candidates": {name: suite.candidates[name]}, "pairs": [], "cascades": []}
    )
    assert part(alone, "confidence").tables[0].rows[0][3].note == "只有一个候选"


@pytest.mark.parametrize(
    ("told", "first"),
    [
        (("items", 18_300.0, 2_100.0, 15_000.0),
         "按 67,000 题计，下一笔钱应先补题：再评 60 题值 18,000 元，全部假设测准值 2,100 元。下一轮的花费为 15,000 元。"),
        (("assumptions", 6_200.0, 21_400.0, None),
         "按 67,000 题计，下一笔钱应先测假设：全部测准值 21,000 元，再评 60 题值 6,200 元。下一轮的花费没有写明。"),
        (("nothing", 6_200.0, 2_100.0, 15_000.0),
         "按 67,000 题计，单为收益不必再花钱求证：再评 60 题值 6,200 元，全部假设测准值 2,100 元。下一轮的花费为 15,000 元。"),
        (("nothing", 0.0, 0.0, 15_000.0),
         "按 67,000 题计，再知道什么都不会改变选择，单为收益不必再花钱求证。下一轮的花费为 15,000 元。"),
    ],
)  # fmt: skip
def test_the_next_money_goes_where_knowing_more_is_worth_most(told, first, summary, invented):
    changed = only(summary, {"information": invented.information(*told)})
    assert part(changed, "confidence").sentences[0] == first


def test_the_assumptions_most_worth_measuring_are_named(summary):
    assert part(summary, "confidence").sentences[1] == (
        "最值得测准的假设：复核发现错误的比例（值 15,000 元）、一次错误外流的损失（错数外流）（值 4,300 元）。"
    )


def test_money_alone_does_not_settle_a_gate(summary):
    told = part(summary, "confidence", 2)
    assert told.sentences == ("没有一个候选算得出价值，无从估计多知道一些值多少。",)
    suite = summary.suites["summaries"]
    settled = summary.suites["triage"].information
    changed = suite.model_copy(update={"information": settled})
    told = part(summary.model_copy(update={"suites": {"summaries": changed}}), "confidence")
    assert told.sentences[-1] == "以上只论收益；flagship+direct 的安全门尚未证实，补题仍有必要。"


def test_choosing_by_stated_confidence_is_valued_honestly(summary):
    told = part(summary, "selective")
    gain, calibration = told.sentences
    assert gain == (
        "industry-tuned+few_shot：择答（门槛由其余题目选定）每百题为 +1,700 元，"
        "比“答了就用”多 160 元（90% 把握在 40 至 310 元之间）。"
    )
    assert calibration == (
        "industry-tuned+few_shot 自报的把握与实际可用率平均相差 12 个百分点（54 个答复）。"
    )
    (table,) = told.tables
    assert texts(table)[2] == ("把握不低于 70%", "68%", "1.1%", "+1,800")
    assert notes(table)[2][0] == "事后看最好，偏乐观"
    assert notes(table)[0][2] == "没有采用"
    assert "判为重做的答复一律按弃答计" in section(summary, "selective").lead[0]


@pytest.mark.parametrize(
    ("gain", "told"),
    [
        ((-1.6, -3.1, -0.4), "比“答了就用”少 160 元（90% 把握在 40 至 310 元之间）"),
        ((0.3, -1.2, 1.9), "分不出高下（差额 90% 把握在 −120 至 190 元之间）"),
        ((0.0, 0.0, 0.0), "择答与“答了就用”没有差别"),
        ((None, None, None), "材料组数太少"),
    ],
)
def test_what_choosing_gains_may_be_open_or_a_loss(gain, told, summary, invented):
    changed = only(summary, {}, selective=invented.selective(16.0, gain))
    assert told in part(changed, "selective").sentences[0]


def test_the_best_threshold_is_always_among_those_shown(summary, invented):
    found = invented.selective(16.0, (1.6, 0.4, 3.1))
    points = [found.points[1].model_copy(update={"threshold": 0.95 - n / 50}) for n in range(20)]
    many = found.model_copy(update={"points": (found.points[0], *points), "best_threshold": 0.89})
    table = part(only(summary, {}, selective=many), "selective").tables[0]
    assert 6 <= len(table.rows) <= 7
    assert "把握不低于 89%" in [row[0] for row in texts(table)]


def test_without_stated_confidence_there_is_nothing_to_choose(summary, invented):
    found = invented.selective(16.0, (1.6, 0.4, 3.1)).model_copy(update={"calibration": None})
    keys = [each.key for each in view(Judged(only(summary, {}, selective=found)), "zh").sections]
    assert "selective" not in keys


def test_a_cheap_candidate_before_the_best_is_told_with_what_it_saves(summary):
    told = part(summary, "pairs").sentences[-2:]
    assert told[0].endswith("（每百题的差额 90% 把握在 −210 至 120 元之间，60 题），调用费省 57%。")
    assert told[1].endswith("每百题比只用 industry-tuned+few_shot 多 190 元（90% 把握在 60 至 330 元之间，60 题），调用费多花 8.0%。")  # fmt: skip


def test_the_next_stage_names_what_is_lacking(summary):
    told = [each.sentences[0] for each in section(summary, "next").parts]
    assert told[0] == (
        "industry-tuned+few_shot 进入“采纳成长”阶段，还欠缺：最优的把握不到 80%；时限内答复不到 90%。"
    )
    assert told[1] == "flagship+direct 已满足“采纳成长”阶段的要求。"
    assert "4 项任务中，3 项已具备进入下一采纳阶段的条件" in section(summary, "next").heading


def test_the_last_stage_has_none_after_it(summary):
    last = only(summary, {"stage": "maturity"}, next_stage=None)
    assert part(last, "next").sentences[0] == "已处在最后的“落地成熟”阶段。"
    early = only(summary, {}, next_stage=None)
    assert part(early, "next").sentences[0] == "没有可评的答复，谈不上下一阶段。"


def test_scores_that_move_nothing_are_named(summary):
    told = part(summary, "why")
    assert told.sentences == (
        "与参考文本的重合与业务结果无关，别拿来做决定。",
        "篇幅的数值越高，业务反而越差：本来就是越低越好的，这是正常的；否则不能拿它当进步。",
    )
    (table,) = told.tables
    assert texts(table)[0] == ("figure", "错误外流率", "+0.71", "+0.64", "+1.00", "确有关联")
    assert notes(table)[0][2] == "0.55 至 0.83 · 60 个答复"
    assert [row[-1] for row in texts(table)][1:] == [
        "与业务无关",
        "确有关联：数值越高，业务越差",
        "还看不出",
        "没有起伏，无从检验",
    ]
    assert "声称的 6 项影响中，数据支持 3 项，1 项与业务无关" in section(summary, "why").heading


def test_an_assumption_is_listed_with_its_shape(summary):
    tables = section(summary, "how").parts[2].folded
    assert tables[0].rows[0][2].note == "PERT 分布"
    suite = summary.suites["finance_qa"]
    skewed = suite.assumptions[0].model_copy(update={"shape": "lognormal"})
    fixed = suite.assumptions[1].model_copy(update={"low": 96.0, "high": 96.0})
    changed = only(summary, {"assumptions": [skewed, fixed]})
    rows = section(changed, "how").parts[2].folded[0].rows
    assert rows[0][2].note == "对数正态分布：中位数与 5%、95% 分位"
    assert rows[1][2].note == ""


def shares_of(told):
    """Percentages, which a reader of either language must find alike; money has a unit of its own."""
    return sorted(re.findall(r"[<>]?[\d,.]+%", told))


def words_of(each):
    cells = [cell for table in (*each.tables, *each.folded) for row in table.rows for cell in row]
    return " ".join((*each.sentences, *(f"{cell.text} {cell.note}" for cell in cells)))


def test_both_languages_tell_the_same_numbers_in_tables_of_the_same_shape(summary):
    pages = [view(Judged(summary), language) for language in LANGUAGES]
    assert [each.key for each in pages[0].sections] == [each.key for each in pages[1].sections]
    for zh, en in zip(pages[0].sections, pages[1].sections, strict=True):
        for one, other in zip(zh.parts, en.parts, strict=True):
            shapes = [
                [(len(table.heads), len(table.rows)) for table in (*each.tables, *each.folded)]
                for each in (one, other)
            ]
            assert shapes[0] == shapes[1], zh.key
            assert len(one.sentences) == len(other.sentences), zh.key
            if zh.key != "how":  # sources and texts of authors hold numbers of their own
                assert shares_of(words_of(one)) == shares_of(words_of(other)), zh.key


def nothing_known(summary):
    """The run as if nothing of what is new had been found."""
    suites = {}
    for key, suite in summary.suites.items():
        bare = {
            "rank": None, "p_best": None, "net_per_case": UNKNOWN, "flows": [], "placeholder_share": None,
            "tail": Tail(draws=None, cases=None), "review": None, "information": None, "selective": None,
            "next_stage": None, "sensitivity": [], "losses": [], "payback_months": UNKNOWN,
        }  # fmt: skip
        candidates = {
            name: each.model_copy(
                update=bare
                | {"horizons": [one.model_copy(update={"value": UNKNOWN}) for one in each.horizons]}
            )
            for name, each in suite.candidates.items()
        }
        drives = [
            each.model_copy(update={"association": UNKNOWN, "with_value": UNKNOWN, "rank_agreement": None})
            for each in suite.drives
        ]  # fmt: skip
        cascades = [each.model_copy(update={"gain_over_big": UNKNOWN}) for each in suite.cascades]
        suites[key] = suite.model_copy(
            update={
                "candidates": candidates, "drives": drives, "information": None, "headline": "unheard_of",
                "cascades": cascades,
            }
        )  # fmt: skip
    return summary.model_copy(update={"suites": suites})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("render", [terminal, markdown, html])
def test_what_was_not_found_is_told_in_words_and_breaks_nothing(render, language, summary):
    told = render(Judged(nothing_known(summary)), language)
    body = (told.partition("</style>")[2] or told).partition("<script")[0]
    assert not re.search(r"\b(nan|inf|None|undefined)\b", re.sub(r"<[^>]*>", " ", body))
    assert "{" not in body


def test_the_worth_of_knowing_more_may_be_of_a_single_kind(summary):
    found = Information(
        cases=1_200.0, perfect=900.0, perfect_items=0.0, perfect_assumptions=900.0,
        more_items=summary.suites["finance_qa"].information.more_items[:1], by_assumption=[],
        next_round_cost=None, spend_next="assumptions",
    )  # fmt: skip
    told = part(only(summary, {"information": found}), "confidence")
    assert told.sentences[1] == "没有哪项假设单独测准后会改变选择。"
    assert texts(told.folded[0])[-1] == ("一切都知道", "900")


def test_unmet_conditions_speak_the_readers_names_of_assumptions(summary):
    unmet = Reason(code="x", text=Text(zh="缺 review.detects。", en="lacks review.detects."))
    told = only(summary, {}, next_stage=NextStage(stage="growth", unmet=[unmet]))
    assert part(told, "next", language="en").sentences[0] == (
        "To enter growth, industry-tuned+few_shot still lacks: lacks share of errors that reviewers catch."
    )
