"""How the numbers were made: the method, the run, the data cards, the standards."""

import doctest
import re

import pytest

from bench.registry import SCORERS
from bench.reports import ages, prices, scorer_names
from bench.reports.ages import is_old
from bench.reports.scorer_names import scorer_title
from bench.reports.standards_map import ISO, NIST, PAGE_ONE
from bench.reports.view import view
from bench.value.data_card import data_card
from bench.value.judged import Judged
from bench.value.summary import StoppedEarly
from bench.wording.catalogue import has, messages
from tests.small_run import suite_of

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


def how(summary, language="zh"):
    return view(Judged(summary), language).sections[-1]


def facts(table):
    return {row[0].text: row[1].text for row in table.rows}


def with_run(summary, **changes):
    return summary.model_copy(update={"run": summary.run.model_copy(update=changes)})


def with_cards(summary, **changes):
    suites = {
        key: suite.model_copy(update={"card": suite.card.model_copy(update=changes)})
        for key, suite in summary.suites.items()
    }
    return summary.model_copy(update={"suites": suites})


@pytest.mark.parametrize("module", [ages, prices, scorer_names])
def test_the_examples_of_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_method_is_ten_lines_without_a_statisticians_words(summary, language):
    method = how(summary, language).parts[0]
    assert len(method.sentences) == 10
    said = " ".join(method.sentences)
    assert not re.search(
        "自助|后验|分位|方差|置信|bootstrap|quantile|variance|posterior|Bonferroni", said
    )
    assert "90%" in said
    assert "95%" in said


def test_the_bars_and_draws_told_are_those_that_decide(summary):
    said = " ".join(how(summary).parts[0].sentences)
    assert "探索孵化阶段要求把握 80%，之后各阶段 90%" in said
    assert "反复 10,000 次" in said


def test_a_price_older_than_ninety_days_is_brown_and_named(summary):
    run = how(summary).parts[1]
    assert "industry-tuned+few_shot 的价格早于运行前 90 天，使用前请核对。" in run.sentences
    cells = {row[0].text: row[3] for row in run.folded[0].rows}
    assert cells["industry-tuned+few_shot"].tone == "open"
    assert "90 天" in cells["industry-tuned+few_shot"].note
    assert cells["flagship+direct"].tone == ""
    assert cells["small-270m+direct"].text == "价格未知"


def test_a_price_without_a_day_is_named_too(summary):
    undated = {
        name: each and each.model_copy(update={"as_of": None})
        for name, each in summary.run.prices.items()
    }
    told = how(with_run(summary, prices=undated)).parts[1].sentences
    assert "flagship+direct、industry-tuned+few_shot 的价格没有写明日期。" in told


@pytest.mark.parametrize(
    ("as_of", "old"),
    [
        ("2026-08-22", False),  # 90 days before
        ("2026-08-21", True),
        ("2026-08", False),  # a month counts from its last day
        ("2026-07", True),
        ("2026-02-31", False),
        ("2027-01-01", False),
        ("", False),
    ],
)
def test_ninety_days_before_the_run_are_not_yet_old(as_of, old):
    assert is_old(as_of, "2026-11-20T08:00:00+00:00") is old


def test_an_old_source_of_an_assumption_is_brown_and_counted(summary):
    part = how(summary).parts[2]
    source = {row[0].text: row[3] for row in part.folded[0].rows}["人工每小时成本"]
    assert source.tone == "open"
    assert source.note == "截至 2026 年 5 月 16 日；早于运行前 90 天，可能已变"
    assert "有 1 项假设的依据早于运行前 90 天，表中已标出。" in part.sentences


def test_the_class_of_the_data_stands_beside_the_place_and_nothing_is_said_to_be_refused(summary):
    run = how(summary).parts[1]
    rows = {row[0].text: row for row in run.folded[1].rows}
    assert [cell.text for cell in rows["flagship+direct"][1:3]] == ["中国", "公有云"]
    assert rows["industry-tuned+few_shot"][1].text == "未写明"
    assert rows["small-270m+direct"][1].text == "本机"
    assert "（内部）" in rows["flagship+direct"][3].text
    assert any("没有据此拦下任何调用" in each for each in run.sentences)
    doubtful = "（flagship+direct、industry-tuned+few_shot）"
    assert any(doubtful in each for each in run.sentences)


def test_public_data_raises_no_doubt_about_places(summary):
    told = how(with_cards(summary, data_class="public")).parts[1].sentences
    assert not any("请核对数据管理规定" in each for each in told)


def test_the_data_card_tells_what_the_suite_file_holds_and_no_result_of_a_self_test(summary):
    card = facts(how(summary).parts[2].folded[2])
    assert card["题数"] == "本次 60 题，共有 72 题"
    assert card["语言"] == "54 题含中文，6 题不含中文"
    assert card["谁写的"] == "见任务的数据卡 finance_qa/README.md；任务文件本身没有写"
    assert "20 个已知评分的答复" in card["自检"]
    assert "本报告没有运行它" in card["自检"]
    assert "items 5999465b945d2c85" in card["版本与指纹"]
    assert "题数不足 10 的分组：难度：难" in card["已知不足"]
    assert "难度：7 题没有标注" in card["已知不足"]


def test_a_suite_without_material_to_test_its_scoring_says_so(summary):
    card = facts(how(with_cards(summary, calibration=0, planted=0, readme=None)).parts[2].folded[2])
    assert "无从验证" in card["自检"]
    assert "评分规则没有自检材料" in card["已知不足"]
    assert card["谁写的"] == "没有写明"


def test_a_summary_of_an_older_program_has_no_card_and_still_a_report(summary):
    suites = {key: suite.model_copy(update={"card": None}) for key, suite in summary.suites.items()}
    section = how(summary.model_copy(update={"suites": suites}))
    assert len(section.parts[2].folded) == 2
    assert "（未写明）" in section.parts[1].folded[1].rows[0][3].text


def test_a_card_counts_the_items_of_the_run(tmp_path):
    suite = suite_of(tmp_path, items=12)
    card = data_card(suite, suite.items[:5])
    assert (card.whole, card.unserved, card.references) == (12, 2, 5)
    (tag,) = card.tags
    assert {each.value: each.items for each in tag.values} == {"even": 3, "odd": 2}
    assert tag.untagged == 0
    assert card.readme is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_of_the_standards_has_words_and_points_to_sections_of_the_report(
    summary, language
):
    for number, key, places in (*NIST, *ISO):
        assert all(
            has(f"{group}.{key}")
            for group in ("standard_title", "standard_holds", "standard_lacks")
        )
        assert all(each == PAGE_ONE or has(f"section.{each}.nav") for each in places), number
    page = view(Judged(summary), language)
    shown = {each.nav for each in page.sections}
    tables = page.sections[-1].parts[-1].folded
    assert [len(each.rows) for each in tables] == [len(NIST), len(ISO)]
    own = {"首页", "本节", "Page one", "this section"}
    between, lead = ("、", "见：") if language == "zh" else (", ", "see: ")
    for row in (row for table in tables for row in table.rows):
        pointed = row[1].note.removeprefix(lead).split(between) if row[1].note else []
        assert set(pointed) <= shown | own


def test_a_heading_without_a_section_in_this_report_is_not_claimed(summary):
    rows = {row[0].text: row for row in how(summary).parts[-1].folded[0].rows}
    assert rows["MANAGE 4.1 部署后的监测"][1].text == "本次没有"


def test_scores_have_names_and_unknown_ones_keep_their_code():
    assert scorer_title("zh", "number.scale_or_sign") == "数字：数量级或正负错误"
    assert scorer_title("zh", "evidence") == "出处"
    assert scorer_title("zh", "mine.value") == "mine.value"
    assert scorer_title("zh", "number.unheard_of") == "number.unheard_of"


def test_metrics_of_built_in_scorers_are_all_named():
    named = {
        key.removeprefix("scorer_metric.") for key in messages() if key.startswith("scorer_metric.")
    }
    for name in SCORERS.built_in:
        found = SCORERS.load(name).metrics
        metrics = (
            found
            if isinstance(found, tuple)
            else ("r1", "r2", "rl", "coverage", "density", "compression")
        )
        assert set(metrics) <= named, name
        assert has(f"scorer_title.{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_label_next_is_told_once_a_task(summary, language):
    page = view(Judged(summary), language)
    parts = next(each for each in page.sections if each.key == "next").parts
    word = "数据飞轮" if language == "zh" else "Data flywheel"
    told = [[each for each in part.sentences if each.startswith(word)] for part in parts]
    assert all(len(each) <= 1 for each in told)
    assert any(told)


def test_the_slice_to_collect_holds_enough_sources_and_has_the_lowest_mean(summary):
    page = view(Judged(summary), "zh")
    part = next(each for each in page.sections if each.key == "next").parts[0]
    assert "下一批先收集“难度：难”的题，现有 9 题" in part.sentences[-1]


STOPS = {
    "decided": ("was settled early: 64 of 1,600 items", "was settled after 64 of 1,600 items"),
    "budget": ("that the policy allows was spent: 64 of 1,600 items", "was spent after 64 of 1,600 items"),
}  # fmt: skip


@pytest.mark.parametrize(("why", "told"), STOPS.items(), ids=STOPS)
def test_a_run_that_stopped_early_says_why_and_how_much_it_asked(summary, why, told):
    early = StoppedEarly(against="main", why=why, items_asked=64, items_planned=1600)
    stopped = with_run(summary, stopped_early=early)
    warning, fact = told
    assert any(warning in each for each in view(Judged(stopped), "en").warnings)
    run = facts(how(stopped, "en").parts[1].tables[0])
    assert fact in run["Complete"]
    in_chinese = view(Judged(stopped), "zh")
    assert any("计划 1,600 题，只评了 64 题" in each for each in in_chinese.warnings)
