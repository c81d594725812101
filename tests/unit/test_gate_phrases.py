"""What a gate says to people: the sentences, the terminal, and that no text of others commands a CI server."""

import doctest
import math
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.gate.record import Criterion, Status
from bench.gate.told import amounts as amounts_module
from bench.gate.told import ci_text, console, needed, voice
from bench.gate.told.amounts import amounts
from bench.gate.told.console import console as told_on_console
from bench.gate.told.findings import Standing
from bench.gate.told.needed import more_by_suite, more_in_all, more_items, rounded_up
from bench.gate.told.phrases import contrast_line, headline, reason
from bench.gate.told.voice import SuiteVoice
from bench.types import Text
from bench.wording.catalogue import has, messages
from tests.gate_parts import (
    contrast,
    finance_facts,
    growth,
    limit,
    rate,
    report,
    share,
    value,
)
from tests.gate_reports import EXAMPLES, inconclusive

LANGUAGES = ("zh", "en")
TOLD = Path(console.__file__).parent
PARTS = (
    "prompt", "answer", "baseline", "scorers", "business", "stage", "slices", "drives", "confidence", "items",
    "examples", "images",
)  # fmt: skip


def said(criterion, language="en", facts=None, **about):
    """The reason for a criterion of the made-up contrast."""
    return reason(
        criterion, contrast("pass", criterion, **about), facts or finance_facts(), language
    )


@pytest.mark.parametrize("module", [ci_text, needed, voice], ids=["ci_text", "needed", "voice"])
def test_the_examples_of_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0
    assert doctest.testmod(module).attempted > 0


def test_every_message_that_the_gate_names_exists_and_every_one_is_named():
    code = "\n".join(path.read_text(encoding="utf-8") for path in TOLD.glob("*.py"))
    whole = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)["']""", code))
    groups = set(re.findall(r"""named\("regression\.([a-z_]+)\"""", code)) | set(
        re.findall(r"""["'](?:regression\.)?([a-z_]+)\.[a-z_]*\{""", code)
    )
    for key in messages():
        if key.startswith("regression."):
            name = key.removeprefix("regression.")
            assert name in whole or name.split(".")[0] in groups, key
    dotted = {
        name for name in whole if f"regression.{name.split('.')[0]}" in _groups() and "." in name
    }
    assert {name for name in dotted if not has(f"regression.{name}") and not has(name)} == set()


def _groups():
    return {".".join(key.split(".")[:2]) for key in messages() if key.startswith("regression.")}


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("mark", get_args(Standing)),
        ("verdict", get_args(Status)),
        ("what", ("value", "harm", "coverage", "cost", "latency")),
        ("part", PARTS),
    ],
    ids=["mark", "verdict", "what", "part"],
)
def test_every_code_of_a_gate_has_a_word(group, names):
    assert all(has(f"regression.{group}.{name}") for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_headline_is_one_line_that_begins_with_the_verdict(name, language):
    told = EXAMPLES[name]()
    words = {"pass": "PASS 通过", "fail": "FAIL 不通过", "inconclusive": "INCONCLUSIVE 尚无定论"}
    assert "\n" not in headline(told, language)
    assert re.split("[:：,，]", headline(told, language))[0] in words[told.status].split()


def test_money_heads_what_failed_before_safety_and_safety_before_speed():
    slow = growth("latency", 2.1, 4.0, 0.1, enforced=True)
    broken, poorer = limit(0.22, 0.15, 0.31, 0.05), value(-20.9, -16.4, -11.9)
    for criteria, first in (
        ((slow, broken, poorer), "value per 100 questions fell by ¥1,640"),
        ((slow, broken), "scale or sign errors: 22%"),
        ((slow,), "response time per case: 4.0 s"),
    ):
        told = headline(report("fail", contrast("fail", *criteria)), "en")
        assert told.startswith(f"FAIL: Finance question answering, {first}")
        assert ("more failure" in told) == (len(criteria) > 1)


def test_an_open_gate_says_how_many_more_items_it_takes():
    assert headline(inconclusive(), "en") == (
        "INCONCLUSIVE, 214 more items needed: Finance question answering, value per 100 questions changed by −¥200 "
        "(90% sure: −¥1,400 to ¥1,000); at most ¥1,000 less is tolerable; and one more that cannot be told"
    )
    assert headline(inconclusive(), "zh") == (
        "尚无定论，还需 214 题：金融数据问答，每百个数据问题的价值变动 −200 元（90% 把握在 −1,400 至 1,000 元之间）；"
        "最多容许减少 1,000 元；另有 1 条未定"
    )


def test_what_the_policy_makes_of_an_open_gate_is_said():
    opened = inconclusive()
    assert headline(opened.model_copy(update={"then": "fail"}), "en").endswith(
        "(the policy counts that as a failure)"
    )
    assert headline(opened.model_copy(update={"then": "warn"}), "zh").endswith(
        "（按策略放行并提醒）"
    )
    assert headline(opened.model_copy(update={"then": "extend"}), "en") == headline(opened, "en")


def test_a_headline_does_not_show_a_good_change_as_open_without_saying_that_items_are_few():
    lucky = share(
        "harm", 0.02, 0.01, 0.04, status="inconclusive", low_power=True, power=0.34, needed=190
    )
    told = headline(report("inconclusive", contrast("inconclusive", lucky)), "en")
    assert told.startswith("INCONCLUSIVE, 40 more items needed: ")
    assert told.endswith("at most 5 points more is tolerable; too few items for that to count")


def test_numbers_of_a_run_that_is_not_complete_head_nothing():
    halted = inconclusive().model_copy(update={"complete": False})
    assert headline(halted, "en") == "INCONCLUSIVE: the run is not complete"


def test_a_gate_that_is_open_only_because_the_run_is_not_complete_says_so():
    stopped = EXAMPLES["passing"]().model_copy(update={"status": "inconclusive", "complete": False})
    assert headline(stopped, "en") == "INCONCLUSIVE: the run is not complete"
    last = told_on_console(stopped, "en").splitlines()[-1]
    assert (
        last == "What to do: complete it with bench run --resume --out results/new, then gate again"
    )


@pytest.mark.parametrize(
    ("criterion", "en", "zh"),
    [
        (
            value(-20.9, -16.4, -11.9),
            (
            "value per 100 questions fell by ¥1,640 (90% sure: ¥1,190 to ¥2,090); at most ¥1,000 less is tolerable: "
            "surely worse; 150 items from 60 sources"
            ),
            (
            "每百个数据问题的价值减少 1,640 元（90% 把握在 1,190 至 2,090 元之间），最多容许减少 1,000 元：确定超出；"
            "150 题，来自 60 组材料"
            ),
        ),
        (
            value(2.0, 4.0, 6.0),
            (
            "value per 100 questions rose by ¥400 (90% sure: ¥200 to ¥600); at most ¥1,000 less is tolerable: "
            "surely not worse than that; 150 items from 60 sources"
            ),
            (
            "每百个数据问题的价值增加 400 元（90% 把握在 200 至 600 元之间），最多容许减少 1,000 元：确定没有超出；"
            "150 题，来自 60 组材料"
            ),
        ),
        (
            value(-14.3, -2.4, 9.5, needed=364, smallest_margin=12.0),
            (
            "value per 100 questions changed by −¥200 (90% sure: −¥1,400 to ¥1,000); at most ¥1,000 less is tolerable: "
            "cannot be told yet; 214 more items needed (these 150 items can prove no margin below ¥1,200); "
            "150 items from 60 sources"
            ),
            (
            "每百个数据问题的价值变动 −200 元（90% 把握在 −1,400 至 1,000 元之间），最多容许减少 1,000 元：还不能断定，"
            "还需 214 题（现有 150 题最多只能证实差距在 1,200 元以内）；150 题，来自 60 组材料"
            ),
        ),
        (
            rate(3 / 72, 9 / 72, 0.02),
            (
            "missed emergencies: 12% instead of 4.2%, +8.3 points (90% sure: 6.3 to 10.3 points); at most 5 points more "
            "is tolerable: surely worse; 72 items"
            ),
            (
            "急症漏判 12%，原为 4.2%，变动 +8.3 个百分点（90% 把握在 6.3 至 10.3 个百分点之间），最多容许多 5 个百分点："
            "确定超出；72 题"
            ),
        ),
        (
            share("coverage", 1.0, 0.98, 0.015, better="higher"),
            (
            "answers that can be judged: 98% instead of 100%, −2.0 points (90% sure: −3.5 to −0.5 points); at most "
            "5 points less is tolerable: surely not worse than that; 150 items from 60 sources"
            ),
            (
            "可评的答复 98%，原为 100%，变动 −2.0 个百分点（90% 把握在 −3.5 至 −0.5 个百分点之间），最多容许少 "
            "5 个百分点：确定没有超出；150 题，来自 60 组材料"
            ),
        ),
        (
            growth("latency", 2.0, 2.62, 0.05, margin=0.2),
            (
            "response time per case: 2.6 s instead of 2.0 s, +31% (90% sure: 25% to 38%); at most +20% is tolerable: "
            "surely worse; 150 items from 60 sources"
            ),
            (
            "每件响应时间 2.6 秒，原为 2.0 秒，变动 +31%（90% 把握在 25% 至 38% 之间），最多容许 +20%：确定超出；"
            "150 题，来自 60 组材料"
            ),
        ),
        (
            limit(12 / 54, 0.15, 0.31, 0.05),
            "scale or sign errors: 22% (95% sure: at least 15%), surely breaks the hard limit of 5%; 12 of 54 items",
            "数量级或方向错误 22%（95% 把握至少 15%），确定突破 5% 的底线；54 题中 12 题",
        ),
        (
            limit(0.0, 0.0, 0.054, 0.05, status="inconclusive", needed=59, hard=False),
            (
            "scale or sign errors: 0% (95% sure: at least 0%, at most 5.4%), neither surely breaks the soft limit of 5% "
            "nor is proven to keep it (5 more without a fault would prove it); 0 of 54 items"
            ),
            (
            "数量级或方向错误 0%（95% 把握至少 0%、至多 5.4%），没有确定突破、也没有证实守住 5% 的参考线"
            "（再评 5 题且无一出错才可证实）；54 题中 0 题"
            ),
        ),
        (
            limit(0.5, 0.39, 0.61, 0.8, better="higher", status="fail"),
            "scale or sign errors: 50% (95% sure: at most 61%), surely breaks the hard limit of 80%; 27 of 54 items",
            "数量级或方向错误 50%（95% 把握至多 61%），确定突破 80% 的底线；54 题中 27 题",
        ),
    ],
    ids=["fell", "rose", "open", "rate", "coverage", "latency", "broken", "unproven", "short"],
)  # fmt: skip
def test_a_reason_says_how_much_how_sure_what_was_tolerable_and_by_how_many_items(
    criterion, en, zh
):
    assert said(criterion, "en") == en
    assert said(criterion, "zh") == zh


def test_no_share_is_said_to_change_by_more_than_a_share_can():
    few = share("harm", 0.25, 0.5, 1.5, n=4, clusters=4, needed=143, smallest_margin=1.5)
    assert said(few) == (
        "harmful answers: 50% instead of 25%, +25 points (90% sure: −100 to 100 points); at most 5 points more is "
        "tolerable: cannot be told yet; 139 more items needed (these 4 items can prove no margin at all); 4 items"
    )


def test_a_large_estimate_is_told_by_its_first_digits_and_never_by_fewer_items():
    assert [rounded_up(each) for each in (1, 999, 1000, 1001, 2206, 99_001)] == [
        "1", "999", "1,000", "1,100", "2,300", "100,000"
    ]  # fmt: skip


def test_what_cannot_be_told_says_why():
    leaning = value(-20.9, -16.4, -11.9, status="inconclusive", needed=170)
    assert (
        "looks worse, but is not sure enough beside the other comparisons; 20 more items needed"
        in said(leaning)
    )
    assert "the difference lies on the margin" in said(value(-21.0, -10.0, 1.0))
    lucky = share("harm", 0.02, 0.01, 0.058, status="inconclusive", low_power=True, power=0.34)
    assert (
        "which does not count, as even an unchanged candidate would pass only 34% of the time"
        in said(lucky)
    )
    unknown = Criterion(kind="harm", status="not_known", unit="share", better="lower")
    assert said(unknown) == "harmful answers: cannot be told, as no item has it on both sides"
    unpriced = Criterion(kind="cost", status="not_known", unit="ratio", better="lower")
    assert said(unpriced).endswith(": cannot be told, as no price is known on both sides")
    no_scale = value(-1, -1, -1, status="inconclusive", n=1, clusters=1)
    no_scale = no_scale.model_copy(update={"low": None, "high": None})
    assert "(no range can be given)" in said(no_scale)
    assert said(no_scale).endswith("cannot be told yet; 1 item")


def test_a_margin_that_the_items_can_prove_is_not_spoken_of():
    opened = value(-14.3, -2.4, 9.5, needed=364, smallest_margin=9.9)
    assert "can prove" not in said(opened)
    assert "can prove no margin below ¥1,010" in said(
        opened.model_copy(update={"smallest_margin": 10.1})
    )


def test_a_look_before_the_last_is_as_sure_as_its_level_says():
    early = value(-5.1, 3.2, 11.5, level_safe=0.008)
    assert "(98.4% sure: −¥500 to ¥1,200)" in said(early)
    assert "(99.9% sure:" in said(early.model_copy(update={"level_safe": 1e-9}))
    assert "(98% sure: at most 4.5%)" in said(limit(0.0185, 0.002, 0.045, 0.05, level_safe=0.02))


def test_answers_that_are_the_same_word_for_word_are_said_to_be():
    same = {"identical": True}
    assert said(value(0, 0, 0, **same)).startswith(
        "value per 100 questions: every answer is the same, word for word"
    )
    coverage = share("coverage", 1.0, 1.0, 0.0, better="higher", **same)
    assert said(coverage, "zh").startswith("可评的答复：两边都没有缺漏")
    assert "word for word" not in said(value(0, 0, 0))
    assert said(value(0, 0, 0)).startswith("value per 100 questions: still ¥4,820;")


def test_a_broken_limit_that_is_borne_says_why():
    borne = limit(0.22, 0.15, 0.31, 0.05, waived="the vendor mends it by May", enforced=False)
    assert said(borne).endswith("12 of 54 items; borne for now: the vendor mends it by May")


cents = st.integers(-90_000, 90_000)


@given(low=cents, high=cents, margin=st.integers(0, 90_000))
def test_no_bound_is_rounded_to_another_side_of_the_margin(low, high, margin):
    """A reader who compares the range with the margin comes to what the gate found. Amounts are whole, per 100 cases."""
    low, high = sorted((low, high))
    told = amounts(
        value(low / 100, (low + high) / 200, high / 100, margin=margin / 100),
        SuiteVoice("en", finance_facts()),
    )
    shown = [_read(each) for each in told.range.split(" to ")]
    for bound, exact in zip(shown, (low, high), strict=True):
        assert (bound > -margin, bound < -margin) == (exact > -margin, exact < -margin)


def _read(text):
    return float(text.replace("−", "-").replace("¥", "").replace(",", ""))


@given(growths=st.tuples(*[st.integers(-900, 9000)] * 2), margin=st.integers(1, 2000))
def test_no_growth_is_rounded_to_another_side_of_the_margin(growths, margin):
    """Growths in thousandths."""
    low, high = sorted(growths)
    made = growth("latency", 1.0, 1.0, 0.0, margin=margin / 1000)
    bounds = {"low": -math.log1p(high / 1000), "high": -math.log1p(low / 1000)}
    told = amounts(made.model_copy(update=bounds), SuiteVoice("en", finance_facts()))
    shown = [
        float(each.replace("−", "-").replace(",", "").rstrip("%"))
        for each in told.range.split(" to ")
    ]
    for bound, exact in zip(shown, (low, high), strict=True):
        assert (bound > margin / 10, bound < margin / 10) == (exact > margin, exact < margin)


def test_the_items_that_are_missing_are_those_of_the_neediest_and_unknown_where_one_is():
    opened = value(-14.3, -2.4, 9.5, needed=364)
    few = rate(0.04, 0.05, 0.06, n=20, needed=80)
    assert more_items(contrast("inconclusive", opened, few)) == 214
    assert more_items(contrast("inconclusive", few)) == 60
    assert (
        more_items(contrast("inconclusive", opened, few.model_copy(update={"needed": None})))
        is None
    )
    assert more_items(contrast("inconclusive")) is None
    warned = opened.model_copy(update={"enforced": False, "needed": None})
    assert more_items(contrast("pass", warned)) == 0
    both = report(
        "inconclusive", contrast("inconclusive", opened), contrast("inconclusive", few), contrast("inconclusive", few, suite="other")
    )  # fmt: skip
    assert more_by_suite(both) == {"finance_qa": 214, "other": 60}
    assert more_in_all(both) == 274
    assert more_in_all(report("pass", contrast("pass", value(-1, 0, 1)))) == 0
    assert needed.more_in_all(report("inconclusive", contrast("pass", value(-1, 0, 1)))) is None


def test_a_contrast_that_no_criterion_explains_says_why_it_ended_so():
    held = value(-4.1, 1.2, 6.6)
    nothing = contrast("fail", held, candidate="new/direct")
    assert contrast_line(nothing, finance_facts(), "en") == (
        "Finance question answering · new/direct against desk/few_shot: FAIL (150 items from 60 sources, 300 answers): "
        "not one answer can be judged"
    )
    thin = contrast("inconclusive", held)
    assert contrast_line(thin, finance_facts(), "zh").endswith("可评的答复太少，不足以下结论")
    assert headline(report("fail", nothing), "en").startswith(
        "FAIL: Finance question answering · new/direct"
    )


def test_an_outcome_that_nobody_foresaw_and_a_rate_without_a_title_are_told_by_their_names():
    bare = rate(0.04, 0.05, 0.01, title=None, metric="emergency_missed")
    assert said(bare).startswith("emergency_missed: 5.0%")
    odd = contrast("pass", value(-1, 0, 1), old_outcomes={"odd": 1.0}, new_outcomes={"odd": 1.0})
    assert "what became of answers: odd 100%\n" in told_on_console(report("pass", odd), "en")


def test_the_suites_own_nouns_are_used_in_either_language():
    facts = finance_facts(cases=Text(zh="件公文", en="documents"), currency="USD")
    told = value(-20.9, -16.4, -11.9)
    assert said(told, "zh", facts).startswith("每百件公文的价值减少 1,640 USD")
    assert said(told, "en", facts).startswith("value per 100 documents fell by USD 1,640")
    assert amounts_module.range_level(told) == "90%"
