"""The answers in a real browser: filters that count, two candidates side by side, marks, addresses, hostile text."""

import dataclasses
import re

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from bench.reports.html import html
from tests.browser.conftest import READY, switch
from tests.judged_run import answer, judged, suites_of

HOSTILE = (
    "😀</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 2'>"
    "<svg onload=window.harmed=3>\u2028\x1b[31m\u202e<style>body{display:none}</style>&lt;"
)
LONG = "甲" * 25_000
UNBROKEN = "x" * 3000
ALPHA, BETA = "alpha", "<b>beta</b>"
ITEMS = 30
FAILED_ITEM, HOSTILE_ITEM, LONG_ITEM, HARMFUL = 3, 1, 2, (1, 4, 7)


def said(item, number, name):
    """Beta is right but for one failure; alpha makes a promise in one item and is wrong in two others."""
    right = (
        f"答案：{item.reference['answer']}\n单位：万元\n依据：{UNBROKEN if number == 5 else '表中'}"
    )
    if name == BETA:
        return None if number == FAILED_ITEM else right
    if number == HOSTILE_ITEM:
        return f"答案：{item.reference['answer']}\n单位：万元\n依据：{HOSTILE}保证收益。"
    if number == LONG_ITEM:
        return right + LONG
    return "答案：0.1\n单位：万元" if number in HARMFUL else right


def telling(suite):
    """The suite, each document ending with its figure as a figure of its own."""
    items = tuple(
        item.model_copy(
            update={"input": {**item.input, "document": f"合计：{item.reference['answer']}万元。"}}
        )
        for item in suite.items
    )
    return dataclasses.replace(suite, items=items)


@pytest.fixture(scope="module")
def page_of_answers(tmp_path_factory):
    """A page with two suites; the first one's answers are known one by one."""
    suites = [telling(each) for each in suites_of(tmp_path_factory.mktemp("suites"), 2, ITEMS)]
    answers = [
        answer(suite, name, item, repeat, said(item, number, name))
        for suite in suites
        for name in (ALPHA, BETA)
        for number, item in enumerate(suite.items)
        for repeat in range(2)
    ]
    made = dataclasses.replace(judged(suites, answers, [ALPHA, BETA], repeats=2), what_if={})
    return made, html(made, "zh")


@pytest.fixture
def opened(open_page, page_of_answers):
    def opening(address="suite=finance_questions", **options):
        page = open_page(page_of_answers[1], fragment=f"#evidence:{address}", **options)
        panel(page).locator(".evidence-list button:visible, .evidence-column").first.wait_for()
        return page

    return opening


def panel(page):
    return page.locator(".language:not([hidden]) [data-component=evidence]")


def rows(page):
    return [each.get_attribute("data-item") for each in panel(page).locator("[data-item]").all()]


def column(page, which):
    return panel(page).locator(".evidence-column").nth(which)


def choose(page, facet, value):
    panel(page).locator(f"select[data-facet={facet}]").select_option(value)


def counted(page, facet, value):
    option = panel(page).locator(f"select[data-facet={facet}] option[value='{value}']")
    return int(re.search(r"(\d+)\D*$", option.text_content())[1])


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        ("outcome", "harm"),
        ("outcome", "none"),
        ("error", "grave"),
        ("error", "wrong_answer"),
        ("slice", "kind=函"),
        ("state", "failed"),
    ],
)
def test_choosing_a_filter_lists_as_many_items_as_its_option_promised(opened, facet, value):
    page = opened()
    promised = counted(page, facet, value)
    choose(page, facet, value)
    assert promised == len(rows(page)) > 0


def test_filters_list_the_items_whose_answers_meet_them(opened, page_of_answers):
    page = opened()
    choose(page, "outcome", "harm")
    harmful = [f"i{number}" for number in HARMFUL]
    assert sorted(rows(page)) == harmful
    assert rows(page)[0] == f"i{HOSTILE_ITEM}"  # a promise is the dearest error
    assert "3 题，其中 6 份" in panel(page).locator("[role=status]").first.text_content()
    assert counted(page, "candidate", ALPHA) == 3
    choose(page, "candidate", BETA)
    assert rows(page) == []
    assert "没有符合条件" in panel(page).locator("[role=status]").first.text_content()
    panel(page).get_by_text("清除筛选").click()
    assert len(rows(page)) == 25


def test_presets_narrow_the_list_and_it_turns_pages(opened):
    page = opened()
    panel(page).locator("[data-preset=differ]").click()
    assert rows(page) == [f"i{number}" for number in HARMFUL]
    panel(page).locator("[data-preset=failed]").click()
    assert rows(page) == [f"i{FAILED_ITEM}"]
    panel(page).locator("[data-preset=all]").click()
    assert rows(page) == [f"i{number}" for number in range(25)]
    panel(page).get_by_text("后 25 题").click()
    assert rows(page) == [f"i{number}" for number in range(25, ITEMS)]


def test_text_is_searched_in_questions_and_answers(opened):
    page = opened()
    panel(page).locator("input[type=search]").fill("保证收益")
    assert rows(page) == [f"i{HOSTILE_ITEM}"]
    panel(page).locator("input[type=search]").fill("HTTP 500")
    assert rows(page) == [f"i{FAILED_ITEM}"]


def test_an_item_stands_side_by_side_for_two_candidates(opened):
    page = opened()
    panel(page).locator("[data-item=i4]").click()
    assert panel(page).locator("h3").text_content() == "i4"
    selects = [column(page, at).locator("select").input_value() for at in range(2)]
    assert selects == ["0", "1"]
    assert "答案：0.1" in column(page, 0).text_content()
    assert "答案：0.1" not in column(page, 1).text_content()
    assert "有害" in column(page, 0).locator(".evidence-ending").text_content()
    assert "答错" in column(page, 0).locator(".evidence-error").first.text_content()
    assert "直接采用" in column(page, 1).locator(".evidence-ending").text_content()
    assert "−" in column(page, 0).locator(".evidence-money").text_content()
    column(page, 1).locator("select").select_option("0")
    assert "答案：0.1" in column(page, 1).text_content()


def test_what_was_expected_stands_beside_what_was_read(opened, page_of_answers):
    page = opened("suite=finance_questions&item=i4")
    item = page_of_answers[0].evidence["finance_questions"]
    expected = next(each for each in item.items if each.id == "i4").expected["right"]
    score = column(page, 0).locator(".evidence-scores li").first
    assert score.locator("dd").all_text_contents()[:1] == [expected]
    assert "错误" in score.text_content()


def test_repeats_are_reachable_and_the_focus_stays(opened):
    page = opened("suite=finance_questions&item=i4")
    second = column(page, 0).locator("[data-repeat='1']")
    assert second.get_attribute("aria-pressed") == "false"
    second.click()
    assert second.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.dataset.repeat") == "1"


def test_keys_and_buttons_go_from_item_to_item_and_back_to_the_list(opened):
    page = opened("suite=finance_questions&preset=all")
    panel(page).locator("[data-item=i4]").click()
    page.keyboard.press("ArrowRight")
    assert panel(page).locator("h3").text_content() == "i5"
    page.keyboard.press("ArrowLeft")
    panel(page).get_by_text("上一题", exact=True).click()
    assert panel(page).locator("h3").text_content() == "i3"
    panel(page).get_by_text("返回列表").click()
    assert page.evaluate("document.activeElement.dataset.item") == "i3"


def test_spans_are_marked_at_their_characters(opened):
    page = opened(f"suite=finance_questions&item=i{HOSTILE_ITEM}")
    (against,) = column(page, 0).locator("mark.against").all_text_contents()
    assert against == "保证收益"


def test_the_source_is_marked_where_it_bears_the_answer_out(opened, page_of_answers):
    page = opened("suite=finance_questions&item=i6")
    evidence = page_of_answers[0].evidence["finance_questions"]
    answer_of_item = next(each for each in evidence.items if each.id == "i6").expected["right"]
    marks = panel(page).locator(".evidence-source mark.holds").all_text_contents()
    assert set(marks) == {answer_of_item}
    page = opened("suite=finance_questions&item=i4")
    both = panel(page).locator(".evidence-source mark").first
    assert both.get_attribute("class") == "against holds"


def test_hostile_text_is_shown_and_nothing_of_it_runs(opened):
    page = opened(f"suite=finance_questions&item=i{HOSTILE_ITEM}")
    told = column(page, 0).locator(".evidence-answer").text_content()
    assert "😀</script><script>window.harmed = 1</script><img src=x" in told
    assert "⟨U+2028⟩␛[31m⟨U+202E⟩<style>" in told
    assert page.evaluate("window.harmed") is None
    assert panel(page).locator("img, style, script, .evidence-answer svg").count() == 0
    assert BETA in column(page, 1).text_content()


def test_an_address_opens_the_filtered_list_and_the_section(opened):
    page = opened("suite=finance_questions&candidate=alpha&outcome=harm&error=wrong_answer")
    assert sorted(rows(page)) == ["i4", "i7"]
    assert panel(page).locator("select[data-facet=error]").input_value() == "wrong_answer"
    expect(panel(page)).to_be_in_viewport()


def test_another_part_of_the_page_can_link_to_a_list(opened):
    page = opened()
    address = page.evaluate(
        "Evidence.link('official_letters', {outcome: 'harm', slice: 'kind=函'})"
    )
    page.evaluate("(address) => { location.hash = address }", address)
    pressed = panel(page).locator("[data-suite=official_letters][aria-pressed=true]")
    pressed.wait_for()
    expect(panel(page).locator("select[data-facet=slice]")).to_have_value("kind=函")
    assert rows(page) == ["i1", "i4", "i7"]


def test_an_address_of_an_item_that_is_not_there_says_so_and_a_wrong_filter_is_ignored(opened):
    page = opened("suite=finance_questions&item=i999&outcome=nonsense")
    assert "i999" in panel(page).locator("[role=status]").first.text_content()
    assert len(rows(page)) == 25


def test_the_link_of_an_item_leads_back_to_it(opened):
    page = opened(f"suite=finance_questions&item=i{HOSTILE_ITEM}")
    address = panel(page).locator(".evidence-bar a").get_attribute("href")
    again = opened(address.removeprefix("#evidence:"))
    assert panel(again).locator("h3").text_content() == f"i{HOSTILE_ITEM}"


def test_failures_and_cut_answers_are_told_in_words(opened):
    page = opened(f"suite=finance_questions&item=i{FAILED_ITEM}")
    failures = panel(page).locator(".evidence-failure")
    assert "调用失败：服务端错误" in failures.first.text_content()
    assert "HTTP 500: upstream request failed" in failures.first.text_content()
    page = opened(f"suite=finance_questions&item=i{LONG_ITEM}")
    assert re.search(r"以下 5,\d{3} 字未收入报告", panel(page).text_content())


def test_long_texts_fold_and_unfold(opened):
    page = opened(f"suite=finance_questions&item=i{LONG_ITEM}")
    toggle = column(page, 0).locator(".evidence-unfold")
    toggle.wait_for()
    folded = column(page, 0).locator(".evidence-folded").evaluate("each => each.clientHeight")
    assert toggle.get_attribute("aria-expanded") == "false"
    toggle.click()
    assert toggle.get_attribute("aria-expanded") == "true"
    whole = column(page, 0).locator(".evidence-folded").evaluate("each => each.clientHeight")
    assert folded <= 12 * 1.7 * 15 + 1 < whole


def test_the_other_language_looks_at_the_same_place(opened):
    page = opened("suite=finance_questions&item=i4")
    switch(page, "en")
    panel(page).locator(".evidence-column").first.wait_for()
    assert panel(page).locator("h3").text_content() == "i4"
    assert "harmful" in column(page, 0).text_content()
    assert "Back to the list" in panel(page).text_content()
    panel(page).get_by_text("Back to the list").click()
    assert len(rows(page)) == 25


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(opened, language):
    page = opened("suite=finance_questions&preset=all", width=390, height=844, language=language)
    panel(page).locator("[data-item=i5]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    panel(page).locator("[data-item=i5]").click()
    panel(page).locator(".evidence-column").first.wait_for()
    assert UNBROKEN in panel(page).text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tops = [column(page, at).bounding_box()["x"] for at in range(2)]
    assert tops[0] == tops[1]
    low = (
        panel(page)
        .locator("button:visible, select:visible")
        .evaluate_all(
            "all => all.filter((each) => each.getBoundingClientRect().height < 44).length"
        )
    )
    assert low == 0


def test_answers_are_not_printed_but_counted(opened):
    page = opened()
    page.emulate_media(media="print")
    assert not panel(page).is_visible()
    section = page.locator(".language:not([hidden]) section.evidence")
    assert "全部 240 条答复" in section.locator("p.reading").first.text_content()


def test_answers_are_unpacked_only_when_they_come_into_sight(open_page, page_of_answers):
    page = open_page(page_of_answers[1])
    assert panel(page).locator("button").count() == 0
    panel(page).scroll_into_view_if_needed()
    panel(page).locator("[data-item]").first.wait_for()
    assert page.locator(READY).count() == 1
