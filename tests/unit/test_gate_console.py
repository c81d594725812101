"""What a gate says on a terminal and in a CI server's log: no text of others controls the one or commands the other."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.gate.record import Flip
from bench.gate.told.ci_text import logged
from bench.gate.told.console import console as told_on_console
from bench.gate.told.phrases import contrast_line, headline, reason
from bench.types import Text
from bench.wording.columns import width
from tests.gate_parts import common, contrast, limit, report, value
from tests.gate_reports import EXAMPLES, failing, hostile

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["passing", "failing", "inconclusive", "sequential"])
def test_the_terminal_shows_what_it_showed(name, language, golden):
    golden(f"gate/{name}.{language}.txt", told_on_console(EXAMPLES[name](), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*EXAMPLES, "hostile"])
def test_no_line_is_wider_than_a_terminal(name, language):
    told = told_on_console(EXAMPLES[name]() if name in EXAMPLES else hostile(size=500), language)
    assert max(map(width, told.splitlines())) <= 100


def test_each_answer_has_a_line_of_its_own_behind_a_word():
    lines = told_on_console(failing(), "en", flips=2).splitlines()
    at = lines.index("      was: The operating margin was 14.2% (page 12).")
    assert lines[at + 1] == "      now: I cannot answer this from the excerpt."
    assert (
        "fq-102 attempt 2: accepted: figure and source are right → redone: declined to answer"
        in lines[at - 1]
    )
    assert sum("attempt" in each for each in lines) == 2
    assert "attempt" not in told_on_console(failing(), "en", flips=0)


def test_texts_that_nobody_kept_are_said_to_be_missing():
    flip = Flip(item="fq-1", repeat=0, old="accept", new="redo", money=-3.0, new_text="no")
    told = told_on_console(report("pass", contrast("pass", value(-1, 0, 1), flips=(flip,))), "en")
    assert "was:" not in told
    assert "now: no" in told
    other = flip.model_copy(update={"item": "fq-2", "old_text": "14.2%"})
    mixed = contrast("pass", value(-1, 0, 1), flips=(flip, other))
    assert "was: (not kept)" in told_on_console(report("pass", mixed), "en")
    assert "name the folder of the blessed run" in told
    silent = told_on_console(
        report(
            "pass",
            contrast("pass", value(-1, 0, 1), flips=(flip.model_copy(update={"new_text": None}),)),
        ),
        "en",
    )
    assert "was:" not in silent


def test_the_last_line_says_what_to_do():
    def last(told, language="en"):
        return told_on_console(told, language).splitlines()[-1]

    spaced = EXAMPLES["passing"]()
    spaced = spaced.model_copy(
        update={"run": spaced.run.model_copy(update={"name": "results/my run"})}
    )
    assert last(spaced).endswith("bench baseline set 'results/my run'")
    assert last(failing(), "zh").startswith("下一步：bench report results/new")
    halted = failing().model_copy(update={"saved": EXAMPLES["sequential"]().saved})
    assert "run once more without --against" in " ".join(told_on_console(halted, "en").split())
    assert "bench baseline set results/new" in last(failing(), "zh")
    assert (
        "widen the margin in the policy"
        in told_on_console(EXAMPLES["unknowable"](), "en").splitlines()[-2]
    )
    spare = contrast(
        "inconclusive", value(-14.3, -2.4, 9.5, needed=364), common=common(only_old=300)
    )
    told = " ".join(told_on_console(report("inconclusive", spare), "en").split())
    assert (
        "ask at least 364 items of finance_qa (the baseline has 300 that this run did not ask)"
        in told
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_is_told_what_changed_what_was_left_out_and_what_money_rests_on(language):
    told = " ".join(told_on_console(failing(), language).split())
    wanted = {
        "en": (
            "task version 3 → 4", "changed in the task: examples, prompt",
            "changed in the candidate: temperature, options.examples",
            "the model that answered was qwen3-8b and is now qwen3-8b-2026-11",
            "items left out: 4 changed, 6 only in this run, 2 only in the baseline",
            "the money rests on 12 assumptions, 9 of them placeholders that nobody vouches for",
            "3 items had an answer to judge and no longer do: fq-003, fq-077, fq-140",
            "baseline blessed by li.wei on 1 November 2026: first run in production",
        ),
        "zh": ("任务由第 3 版改为第 4 版", "示例、提示词", "4 道改动过", "其中 9 项是无人证实的占位"),
    }  # fmt: skip
    for each in wanted[language]:
        assert each in told


@pytest.mark.parametrize("turn", range(0, 16, 3))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_others_controls_the_terminal_or_commands_a_server(turn, language):
    made = hostile(turn)
    told = told_on_console(made, language, flips=20)
    told += "\n" + headline(made, language)
    for each in made.contrasts:
        facts = made.suites[each.suite]
        told += "\n" + contrast_line(each, facts, language)
        lines = [reason(one, each, facts, language) for one in each.criteria]
        assert all(len(line.splitlines()) == 1 for line in lines)
    assert not controls(told)
    assert not commands(told_on_console(made, language, flips=20))
    assert not commands(logged(told))


def controls(text):
    """Characters that no terminal may get."""
    return {each for each in text if each != "\n" and unicodedata.category(each)[0] == "C"}


def commands(text):
    """What a CI server would obey."""
    return [
        each
        for each in text.splitlines()
        if each.strip().startswith("::")
        or re.search(r"##[a-z]*\[|(?:section|travis)_[a-z]+:", each, re.IGNORECASE)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_long_texts_are_the_report_stays_short(language):
    huge = hostile(size=100_000)
    assert len(told_on_console(huge, language, flips=20)) < 60_000
    for each in huge.contrasts:
        for one in each.criteria:
            assert len(reason(one, each, huge.suites[each.suite], language)) < 1_500


FRAGMENTS = st.sampled_from(
    ["::", ":", "#", "##", "[", "vso", "VSO[", "##vso[", "##[", "teamcity[", "section_", "start:", "travis_", "fold:",
     "\n", "\r", "\x1b[0K", "\u200b", "\u202e", "\u2028", "\xa0", "\u3000", " ", "\t", "\x00", "a", "中"]
)  # fmt: skip


@given(parts=st.lists(FRAGMENTS, max_size=12), indent=st.sampled_from(["", "  ", "    was: "]))
def test_whatever_a_text_is_made_of_its_log_holds_no_command_and_stays_as_it_is_when_logged_again(
    parts, indent
):
    told = logged(indent + "".join(parts))
    assert not commands(told)
    assert not controls(told)
    assert logged(told) == told


def test_a_harmless_text_is_logged_as_it_is():
    text = "  fq-017: 12.5 亿元（见第 37 页）  ## heading, a::b, section 3\n\nnext"
    assert logged(text) == text


def test_limits_that_nothing_is_proven_of_share_a_line():
    opened = [
        limit(
            0.0,
            0.0,
            0.054,
            0.05,
            status="inconclusive",
            enforced=False,
            title=Text(zh=name, en=name),
        )
        for name in ("first", "second")
    ]
    told = told_on_console(report("pass", contrast("pass", value(-1, 0, 1), *opened)), "en")
    assert (
        "NOTE limits neither surely broken nor proven to hold: first 0% (0 of 54, limit 5%); second 0% (0 of 54, limit 5%) "
        "pass"
    ) in " ".join(told.split())


def test_a_run_that_answers_as_the_baseline_did_is_told_in_few_words():
    lines = told_on_console(EXAMPLES["identical"](), "en").splitlines()
    assert (
        "  pass    every answer is the same, word for word; response time per case unchanged"
        in lines
    )
    assert (
        "  what became of answers: accepted 72%, edited 16%, redone 10%, harmful (looks usable) 2.0%"
        in lines
    )


def test_what_the_money_of_a_suite_rests_on_is_told_once():
    twice = report(
        "pass", *[contrast("pass", value(-1, 0, 1), candidate=name) for name in ("a", "b")]
    )
    assert told_on_console(twice, "en").count("the money rests on") == 1
