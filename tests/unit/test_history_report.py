import doctest
import json
import unicodedata
from typing import get_args

import pytest

from bench.reports import history_words
from bench.reports.history import FORMATS, markdown, text
from bench.value.formulas.learning import Why
from bench.value.history.build import history
from bench.value.history.record import Adoption, AdoptionChange, AdoptionRow, History, Mark
from bench.wording.catalogue import has
from bench.wording.columns import width
from tests.past_runs import past

DAYS = ("2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05", "2026-05-05")
SHARES = (0.41, 0.5, 0.56, 0.6, 0.63)


def runs(count=5, **changes):
    return [past(day, share, 10 * share - 4.5, **changes) for day, share in zip(DAYS[:count], SHARES, strict=False)]  # fmt: skip


def of(*told, adoption=None):
    return history("s", told, adoption)


def use():
    rows = [
        AdoptionRow(date="2026-01-01", figures={"users": 12, "satisfaction": 4.1}, others={"team": "甲"}),
        AdoptionRow(date="2026-04-01", figures={"users": 1200, "satisfaction": None}, others={"team": "乙"}),
    ]  # fmt: skip
    change = AdoptionChange(name="users", first_date="2026-01-01", first=12, last_date="2026-04-01", last=1200, relative=99.0)  # fmt: skip
    return Adoption(file="use.csv", rows=rows, changes=[change])


def flat(told):
    """A report without spaces and line ends, so that where lines break does not matter."""
    return "".join(told.split())


def words(told):
    return " ".join(told.split())


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(history_words).failed == 0


def test_the_change_since_the_first_run_stands_on_top_in_plain_words():
    told = flat(text(of(*runs()), "zh"))
    assert flat("财报问答：历次运行2026 年 1 月 5 日至 2026 年 5 月 5 日，共 5 次运行") in told
    assert flat("与首次（2026 年 1 月 5 日）相比，可用率从 41% 升到 63%（相对 +54%，超出抽样波动）；每百题多赚 220 元（由亏转盈，90% 把握在 −60 至 500 元之间）；有害率仍为 2.0%。") in told  # fmt: skip
    assert flat("与上次（2026 年 4 月 5 日）相比，可用率从 60% 升到 63%（相对 +5.0%，可能只是抽样波动）") in told  # fmt: skip
    told = words(text(of(*runs()), "en"))
    assert "Since the first run (5 January 2026) the usable share rose from 41% to 63% (relative +54%, beyond chance); 100 questions bring ¥220 more (a loss became a gain, 90% sure: −¥60 to ¥500); the harmful share stayed at 2.0%." in told  # fmt: skip


def test_too_short_a_history_says_so_instead_of_a_curve():
    assert "可比的历史只有 3 次，不足 4 次，不拟合学习曲线。" in text(of(*runs(3)), "zh")
    told = words(text(of(*runs(3)), "en"))
    assert "A learning curve needs 4 comparable runs and there are 3: none is fitted." in told


def test_a_curve_is_told_with_its_range_and_the_step_ahead():
    told = of(*runs())
    curve = told.candidates["desk"].curve
    shown = flat(text(told, "zh"))
    assert flat("按 5 次运行拟合的学习曲线，可用率") in shown
    assert f"首次运行后{curve.ahead.x:.1f}个月时预计{100 * curve.ahead.usable.value:.0f}%（90%" in shown  # fmt: skip
    assert "学习曲线a(m)=" in shown


def test_a_ceiling_that_may_be_everything_is_not_named():
    four = of(*runs(4))
    assert four.candidates["desk"].curve.ceiling.high == 1
    assert "可用率最终能到多少还看不出来" in flat(text(four, "zh"))
    assert "where the usable share will end cannot be told yet" in words(text(four, "en"))


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ([past(DAYS[0])], "只有一次可比的运行，还谈不上变化。"),
        ([past(DAYS[0], run_complete=False)], "没有可比的运行：各次都未完成，或覆盖不足。"),
        (
            [past(DAYS[0]), past(DAYS[1], suite_version=2)],
            "任务已改为第 2 版，新版只有一次可比的运行；不与旧版比较。",
        ),
        (
            [past(DAYS[0]), past(DAYS[1], run_complete=False)],
            "最近一次（2026 年 2 月 5 日）不参与比较：运行未完成，不参与比较。",
        ),
        (
            [*runs(2), past(DAYS[2], 0.5, suite_version=2), past(DAYS[3], 0.6, suite_version=2)],
            "与第 2 版的首次（2026 年 3 月 5 日）相比，可用率从 50% 升到 60%",
        ),
        ([*runs(2), past(DAYS[2], suite_version=2)], "与第 1 版的首次（2026 年 1 月 5 日）相比"),
        ([past(DAYS[0], 0.6), past(DAYS[1], 0.5)], "可用率从 60% 降到 50%（相对 −17%"),
    ],
)
def test_every_kind_of_history_has_its_sentence(told, zh):
    assert flat(zh) in flat(text(of(*told), "zh"))


def test_every_mark_and_every_reason_for_no_curve_has_words():
    assert all(has(f"history.mark.{each}") for each in get_args(Mark))
    assert all(has(f"history.curve.{each}") for each in get_args(Why))


def test_marks_stand_beneath_their_run():
    own = past(DAYS[1], run_assumptions_file="own.yaml", run_limit=20, coverage=0.5, suite_version=2)  # fmt: skip
    told = text(of(past(DAYS[0]), own), "zh")
    for mark in ("覆盖不足（50%），不参与比较", "只抽评部分题", "用了改动过的假设（own.yaml）", "任务改为第 2 版，不与此前各次比较"):  # fmt: skip
        assert f"    {mark}\n" in told
    assert "┃" in told


def test_a_lower_metric_that_fell_is_a_gain():
    later = past(DAYS[1], metrics={"latency_p95": {"value": 3.0, "low": 2, "high": 4, "level": 0.9, "n": 9, "better": "lower", "unit": "seconds"}})  # fmt: skip
    (line,) = [each for each in text(of(past(DAYS[0]), later), "zh").splitlines() if "latency" in each]  # fmt: skip
    assert line.split() == ["latency_p95（越低越好）", "4", "秒", "→", "3", "秒", "+25%", "+25%"]


def test_use_stands_beside_the_runs_and_as_it_changed():
    told = text(of(*runs(), adoption=use()), "zh")
    assert "使用情况（use.csv）" in told
    assert "用户数：2026 年 1 月 1 日为 12，2026 年 4 月 1 日为 1,200，+9,900%" in told
    rows = [each.split() for each in told.splitlines() if each.startswith("2026-0") and "第" not in each]  # fmt: skip
    assert rows[0] == ["2026-01-05", "2026-01-01", "12", "4.1", "甲"]
    assert rows[-1] == ["2026-05-05", "2026-04-01", "1,200", "—", "乙"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_a_terminal(language):
    hostile = past(DAYS[0], candidate="a-very-long-name/" + "x" * 80, run_id="r" * 60)
    told = text(of(hostile, *runs(), adoption=use()), language)
    assert max(width(line) for line in told.splitlines()) <= 100


@pytest.mark.parametrize("kind", ["text", "md"])
def test_text_from_files_controls_nothing(kind):
    evil = "\x1b[31m\u202e<b>|x"
    told = past(
        DAYS[0],
        run_id=evil,
        run_assumptions_file=evil,
        suite_title={"zh": evil, "en": evil},
        candidate=evil,
        verdict={"decision": evil},
        technical={evil: {"value": 1}},
    )
    rows = [AdoptionRow(date="2026-01-01", figures={}, others={evil: evil})]
    shown = FORMATS[kind](of(told, adoption=Adoption(file=evil, rows=rows, changes=[])), "zh")
    assert all(each == "\n" or unicodedata.category(each)[0] != "C" or each == "\u200b" for each in shown)  # fmt: skip
    if kind == "md":
        assert "<b>" not in shown
        assert "|x" not in shown.replace("\\|x", "")


def test_markdown_has_a_table_row_for_every_run_with_its_notes():
    told = markdown(of(*runs(2)), "en")
    (line,) = [each for each in told.splitlines() if each.startswith(f"| {DAYS[1]}")]
    assert line.endswith("| Against the first run: usable share +22%, value: a loss became a gain, harmful share 0% |")  # fmt: skip
    tables = [each for each in told.split("\n\n") if each.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1


def test_json_is_the_whole_history_read_back():
    told = of(*runs(), adoption=use())
    shown = FORMATS["json"](told, "zh")
    assert History.model_validate_json(shown) == told
    assert json.loads(shown)["candidates"]["desk"]["curve"]["axis"] == "months"
