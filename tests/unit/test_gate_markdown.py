"""The comment of a pull request: what it shows, that it fits, and that no text of others comes alive in it."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bench.gate.record import Flip
from bench.gate.told.markdown import MARK, markdown
from bench.gate.told.phrases import headline
from tests.gate_parts import contrast, report, value
from tests.gate_reports import EXAMPLES, failing, hostile
from tests.unit.test_gate_console import commands, controls

LANGUAGES = ("zh", "en")
OUR_HTML = re.compile(r"<!-- bench-gate -->|<details><summary>[^<>&\\]*</summary>|</details>")
ALIVE = {"link_open", "image", "html_inline", "em_open", "s_open", "blockquote_open", "fence", "code_block", "hr",
         "ordered_list_open"}  # fmt: skip


def read(told):
    """The blocks of a comment, and all that stands within them."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(told)
    return [child for each in blocks for child in (each, *(each.children or ()))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["passing", "failing", "inconclusive"])
def test_the_comment_shows_what_it_showed(name, language, golden):
    golden(f"gate/{name}.{language}.md", markdown(EXAMPLES[name](), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*EXAMPLES, "hostile"])
def test_a_bot_finds_its_comment_by_the_first_line_and_a_reader_the_verdict_in_the_next(
    name, language
):
    made = EXAMPLES[name]() if name in EXAMPLES else hostile()
    first, second, *_ = markdown(made, language).splitlines()
    assert first == MARK == "<!-- bench-gate -->"
    words = ("PASS", "FAIL", "INCONCLUSIVE", "通过", "不通过", "尚无定论")
    assert second.startswith(tuple(f"### {each}" for each in words))


def test_the_table_has_a_row_for_each_criterion_the_gravest_first():
    made = failing()
    rows = [each for each in markdown(made, "en").splitlines() if each.startswith("| ")]
    results = [re.split(r" \| ", each)[-1].strip(" |*") for each in rows[1:]]
    assert len(results) == sum(len(each.criteria) for each in made.contrasts)
    assert results == ["FAIL", "FAIL", "OPEN", "WARNING", "WARNING", "pass", "pass", "FAIL", "OPEN"]
    assert (
        "| Finance question answering | desk/few\\_shot | value per 100 questions | ¥4,820 | ¥3,180 "
        "| −¥1,640 (−¥2,090 to −¥1,190) | ¥1,000 | **FAIL** |"
    ) in rows
    assert (
        "| Finance question answering | desk/few\\_shot | scale or sign errors (limit) | — | 22% | — | ≤ 5% | **FAIL** |"
        in rows
    )


def texts_of(told):
    return [each.content for each in read(told) if each.type == "text"]


def test_both_answers_are_folded_away_as_code():
    tokens = read(markdown(failing(), "en"))
    code = [each.content for each in tokens if each.type == "code_inline"]
    assert "The operating margin was 14.2% (page 12)." in code
    assert "I cannot answer this from the excerpt." in code
    html = [each.content.strip() for each in tokens if each.type == "html_block"]
    assert html == [
        MARK,
        "<details><summary>Answers that came out otherwise: 47 worse, 11 better; 7 of them, worst first</summary>",
        "</details>",
    ]


@pytest.mark.parametrize("turn", range(0, 16, 3))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_others_comes_alive(turn, language):
    told = markdown(hostile(turn), language)
    tokens = read(told)
    assert not {each.type for each in tokens} & ALIVE
    html = [each.content for each in tokens if each.type == "html_block"]
    assert not [each for each in html if OUR_HTML.sub("", each).strip()]
    prose = "\n".join(each.content for each in tokens if each.type == "text")
    assert not re.search(r"https?://|\bwww\.|@\w|(?<!\w)#\w|\bGH-\d", prose)
    assert not [each for each in told.splitlines() if re.match(r"\s*(?:/|::|~~~|```)", each)]
    assert not commands(told)
    assert not controls(told.replace("\u200b", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_comment_has_the_shape_of_a_harmless_one(language):
    def shape(told):
        return [each.type for each in read(told) if each.block]

    def columns(told):
        return {
            len(re.findall(r"(?<!\\)(?:\\\\)*\|", each))
            for each in told.splitlines()
            if each[:1] == "|"
        }

    wanted = markdown(hostile(), language)
    for turn in (1, 6, 11):
        assert shape(markdown(hostile(turn), language)) == shape(wanted)
    assert columns(wanted) == {9}


def test_no_answer_makes_a_fence_that_readers_do_not_know():
    flip = Flip(
        item="fq-1",
        repeat=0,
        old="accept",
        new="redo",
        money=-3.0,
        old_text="`" * 500 + "a",
        new_text="b",
    )
    told = markdown(report("pass", contrast("pass", value(-1, 0, 1), flips=(flip,))), "en")
    assert max(map(len, re.findall("`+", told))) <= 10
    assert [each.content for each in read(told) if each.type == "code_inline"] == [
        "`" * 9 + "…a",
        "b",
    ]


@given(text=st.text(st.sampled_from("`~<>[]!@#&*_\\| \n\tab中:/"), max_size=30))
@example(text="``` a ``")
@example(text="`")
@example(text=" ` ")
def test_an_answer_is_shown_as_it_is_whatever_marks_it_holds(text):
    flip = Flip(
        item="fq-1", repeat=0, old="accept", new="redo", money=-3.0, old_text="x", new_text=text
    )
    told = markdown(report("pass", contrast("pass", value(-1, 0, 1), flips=(flip,))), "en")
    code = [each.content for each in read(told) if each.type == "code_inline"]
    assert len(code) == 2
    shown = re.sub(r"\s+", " ", text).strip()
    assert code[1].replace(" ", "") in (shown.replace(" ", ""), "(empty)")


@settings(deadline=None, max_examples=30)  # each page is made anew until one fits
@given(room=st.integers(2_500, 40_000))
def test_a_comment_fits_its_room_and_loses_flips_first_then_passes(room):
    many = tuple(
        each.model_copy(update={"candidate": f"desk/{at}"}) for at in range(6) for each in failing().contrasts
    )  # fmt: skip
    made = failing().model_copy(update={"contrasts": many})
    told = markdown(made, "en", room=room)
    assert len(told) <= room
    assert told.count("<details>") == told.count("</details>")
    assert headline(made, "en") in "".join(texts_of(told))
    assert told.rstrip().endswith("bench baseline set results/new accepts them")
    all_rows = len(re.findall(r"\| pass \|$", told, re.MULTILINE)) == 12
    if "<details>" in told:
        assert all_rows
    if not all_rows:
        assert re.search("left out|no room", told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_long_texts_are_the_comment_keeps_its_verdict_and_its_room(language):
    huge = hostile(size=100_000)
    for room in (60_000, 8_000):
        told = markdown(huge, language, room=room)
        assert len(told) <= room
        html = "".join(each.content for each in read(told) if each.type == "html_block")
        assert html.count("<details>") == html.count("</details>")


def test_what_has_no_room_is_said_to_be_left_out():
    whole = markdown(failing(), "en")
    assert "no room" not in whole
    fewer = markdown(failing(), "en", room=len(whole) - 1)
    assert "Answers that came out otherwise have no room here, or not all of them." in fewer
    assert fewer.count("attempt") < whole.count("attempt")
    assert "left out" in markdown(failing(), "en", room=2_600)
    assert "2 more comparisons have no room here" in markdown(failing(), "en", room=0)
