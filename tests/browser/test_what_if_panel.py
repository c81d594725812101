"""The what-if as a reader uses it: by keyboard, by link, in both languages, and back to the command line."""

import base64
import json
import zlib
from dataclasses import replace

import pytest

from bench.reports.assumptions import spoken
from bench.reports.html import html
from bench.reports.phrases import Words
from bench.reports.verdicts import best, verdict_sentence
from bench.reports.view import view
from bench.reports.what_if import what_if_data
from bench.suites.assumptions_file import read_assumptions
from bench.value.judge_run import judge_run
from bench.value.judged import Judged
from bench.wording.catalogue import say
from tests.judged_run import answers_of, candidate_names, judged, manifest_of, suites_of
from tests.what_if_reference import evaluated

NAMES = candidate_names(3)
TRIAGE = "triage_at_door"
SHOWN = ".language:not([hidden]) "
PANEL = SHOWN + "[data-component=what-if] "
SENTENCE, STATUS = PANEL + ".now .sentence", PANEL + "> [aria-live=polite]"
SAID = "([selector, text]) => document.querySelector(selector).textContent === text"
NETS = """() => Object.fromEntries(Object.entries(WhatIfState.current().outcome.candidates)
  .map(([name, each]) => [name, [each.net.value, each.perMonth.value, each.losses.map((loss) => loss.expected)]]))"""
SENTENCES = """([suite, outcomes, language]) =>
  outcomes.map((outcome) => new WhatIfWords.Speech(suite, language).sentence(outcome))"""
GROUNDS = """([suite, changes, language]) => {
  const speech = new WhatIfWords.Speech(suite, language);
  const { verdict, candidates } = WhatIf.load(suite.model).evaluate(changes);
  return [verdict, ...Object.values(candidates)].map((each) => each.reasons.map((one) => speech.spoken(one)));
}"""


@pytest.fixture(scope="module")
def suites(tmp_path_factory):
    return suites_of(tmp_path_factory.mktemp("suites"))


@pytest.fixture(scope="module")
def run(suites):
    return judged(suites, answers_of(suites, NAMES), NAMES)


@pytest.fixture(scope="module")
def text(run):
    return html(run, "zh")


@pytest.fixture
def opened(open_page, text):
    """A page with the suite of triage chosen; options are those of `open_page`."""

    def opening(suite=TRIAGE, **options):
        page = open_page(text, **options)
        if suite is not None:
            at = page.evaluate("(key) => WhatIfState.state.scenarios.findIndex((each) => each.key === key)", suite)  # fmt: skip
            page.locator(PANEL + "[role=tab]").nth(at).click()
        return page

    return opening


def control(page, name, kind="range"):
    """The slider, or with kind="number" the field, of an assumption; unfolded where it is folded."""
    found = page.locator(f'{PANEL}[data-assumption="{name}"] input[type={kind}]')
    if not found.is_visible():
        page.locator(PANEL + ".more").click()
    return found


def choose(page, name, value):
    """Type a value into the field of an assumption."""
    field = control(page, name, "number")
    field.fill(value)
    field.press("Enter")
    painted(page)


def painted(page):
    """Wait until what was chosen is drawn."""
    page.evaluate(
        "() => new Promise((done) => {"
        " requestAnimationFrame(() => requestAnimationFrame(done)); setTimeout(done, 1000); })"
    )


def packed(judged_run):
    """What the page gets, by suite."""
    data = json.loads(zlib.decompress(base64.b64decode(what_if_data(judged_run)["what-if"])))
    return {each["key"]: each for each in data["suites"]}


def verdicts(page):
    """The verdict of the suite and of every candidate, in words."""
    return page.locator(f"{PANEL}.now .label, {PANEL}.candidates .label").all_text_contents()


def texts(page):
    return page.locator(PANEL + ".outcome").inner_text()


def test_unchanged_it_says_what_the_report_says(opened, run):
    """Verdict, money a hundred cases and chances are those of page one, for every suite, in both languages."""
    for language in ("zh", "en"):
        page = opened(suite=None, language=language)
        told = {each.key: each for each in view(run, language).suites}
        for tab in page.locator(PANEL + "[role=tab]").all():
            tab.click()
            key = page.evaluate("WhatIfState.current().key")
            suite = told[key]
            assert page.locator(SENTENCE).inner_text() == suite.sentence
            assert verdicts(page) == [suite.verdict, *(row.verdict for row in suite.rows)]
            shown = page.locator(PANEL + ".candidates tbody tr").all()
            cells = [row.locator("td").all_text_contents() for row in shown]
            assert [each[0] for each in cells] == [row.mean + row.range for row in suite.rows]
            assert [each[2] for each in cells] == [row.chance for row in suite.rows]


def test_the_keyboard_moves_an_assumption_until_the_verdict_changes(opened, run, suites):
    """At a wage of nothing no work is saved: judged anew under that wage, the pilot is off."""
    page = opened()
    assert verdicts(page)[0] == say("zh", "label.pilot")
    slider = control(page, "wage_per_hour")
    slider.focus()
    slider.press("Home")
    painted(page)
    wage = float(control(page, "wage_per_hour", "number").input_value())
    wanted = evaluated(run.what_if[TRIAGE], {"wage_per_hour": wage})
    decisions = [wanted.verdict.decision, *(each.verdict.decision for each in wanted.candidates.values())]  # fmt: skip
    assert wanted.verdict.decision != "pilot"
    assert verdicts(page) == [say("zh", f"label.{each}") for each in decisions]
    flipped = say("zh", "what_if.flipped", label=say("zh", "label.pilot"))
    assert page.locator(PANEL + ".now .chip").inner_text() == flipped


def test_arrow_keys_step_through_values_a_person_would_choose(opened):
    page = opened()
    slider, field = control(page, "review.detects"), control(page, "review.detects", "number")
    slider.focus()
    seen = []
    for _ in range(3):
        slider.press("ArrowRight")
        painted(page)
        seen.append(field.input_value())
    assert seen == ["71", "72", "73"]
    assert slider.get_attribute("aria-valuetext") == "73%，报告取值 70%"


def test_resetting_brings_back_every_word_of_the_report(opened):
    page = opened()
    before = texts(page)
    for how in ("one", "suite", "all"):
        choose(page, "review.detects", "35")
        choose(page, "wage_per_hour", "20")
        assert texts(page) != before
        if how == "one":
            for name in ("review.detects", "wage_per_hour"):
                page.locator(f'{PANEL}[data-assumption="{name}"] .reset').click()
        else:
            page.locator(PANEL + ".acts button").nth(0 if how == "suite" else 1).click()
        painted(page)
        assert texts(page) == before
        assert page.locator(PANEL + ".control.changed").count() == 0


def test_a_value_that_none_can_have_is_refused_and_changes_nothing(opened):
    page = opened()
    before, field = texts(page), control(page, "review.detects", "number")
    for wrong in ("180", "-3", ""):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        field.blur()
        painted(page)
        assert (field.input_value(), texts(page)) == ("70", before)


def test_a_link_carries_the_changes_and_the_page_says_so_first(opened, open_page, text):
    page = opened()
    choose(page, "review.detects", "35")
    choose(page, "loss.grave", "900.5")
    page.wait_for_function("() => location.hash.includes('loss.grave')")
    fragment = page.evaluate("location.hash")
    assert fragment == f"#what-if:{TRIAGE}.review.detects=0.35&{TRIAGE}.loss.grave=900.5"
    shared = open_page(text, fragment=fragment)
    assert shared.locator(SENTENCE).inner_text() == page.locator(SENTENCE).inner_text()
    first = shared.locator(SHOWN + "main > *").first
    assert say("zh", "what_if.banner", n=2) in first.inner_text()
    assert not page.locator(SHOWN + ".what-if-banner").is_visible()
    first.get_by_role("button", name=say("zh", "what_if.banner_back")).click()
    assert not first.is_visible()
    assert shared.evaluate("location.hash") == ""


def test_a_link_with_nonsense_is_read_as_far_as_it_makes_sense(open_page, text):
    parts = ["nothing.wage_per_hour=3", f"{TRIAGE}.review.detects=7", f"{TRIAGE}.wage_per_hour=1e", "%zz=1",
             f"{TRIAGE}.constructor=1", f"{TRIAGE}.cases_per_month=0", f"{TRIAGE}.loss.grave=20"]  # fmt: skip
    page = open_page(text, fragment="#what-if:" + "&".join(parts))
    assert page.evaluate("WhatIfState.current().changes") == {"loss.grave": 20}


def test_what_is_exported_is_judged_to_the_values_that_the_page_shows(
    opened, run, suites, tmp_path
):
    page = opened()
    choose(page, "review.detects", "35")
    choose(page, "loss.grave", "1234.5")
    with page.expect_download() as download:
        page.get_by_role("button", name=say("zh", "what_if.export")).click()
    assert download.value.suggested_filename == "assumptions.yaml"
    path = tmp_path / "assumptions.yaml"
    download.value.save_as(path)
    own = read_assumptions(suites, path)
    manifest = manifest_of(NAMES).model_copy(update={"assumptions": own})
    asked = {suite.name: suite.items for suite in suites}
    again = judge_run(suites, asked, manifest, answers_of(suites, NAMES)).summary.suites[TRIAGE]
    shown = page.evaluate(NETS)
    for name, each in again.candidates.items():
        assert shown[name][:2] == pytest.approx(
            [each.net_per_case.value, each.value_per_month.value]
        )
        assert shown[name][2] == pytest.approx([loss.expected_loss for loss in each.losses])


def test_changes_stay_when_the_language_is_switched(opened):
    page = opened()
    choose(page, "wage_per_hour", "20")
    painted(page)
    page.locator(SHOWN + "[data-switch=en]").click()
    page.wait_for_selector(".language[data-language=en]:not([hidden]) .control.changed")
    assert control(page, "wage_per_hour", "number").input_value() == "20"
    assert say("en", "what_if.tab_changed", n=1) in page.locator(PANEL + "[aria-selected=true]").inner_text()  # fmt: skip
    page.locator(PANEL + ".acts button").nth(0).click()
    painted(page)
    page.locator(SHOWN + "[data-switch=zh]").click()
    page.wait_for_selector(".language[data-language=zh]:not([hidden])")
    assert page.locator(PANEL + ".control.changed").count() == 0


def test_the_verdict_alone_is_announced_once_the_hand_rests(opened):
    page = opened()
    control(page, "wage_per_hour").evaluate(
        "(slider) => { slider.value = 0; slider.dispatchEvent(new Event('input')); }"
    )
    painted(page)
    page.wait_for_function(SAID, arg=[STATUS, page.locator(SENTENCE).inner_text()])
    assert page.locator(PANEL + "[aria-live]").count() == 1


def test_tasks_are_chosen_with_arrow_keys(opened):
    page = opened(suite=None)
    tabs = page.locator(PANEL + "[role=tab]")
    tabs.first.focus()
    page.keyboard.press("ArrowLeft")
    assert tabs.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowRight")
    assert tabs.first.get_attribute("aria-selected") == "true"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"


def test_every_assumption_is_there_the_first_eight_open(opened, run):
    page = opened()
    suite = run.summary.suites[TRIAGE]
    named = page.locator(PANEL + ".control").evaluate_all("(all) => all.map((each) => each.dataset.assumption)")  # fmt: skip
    assert sorted(named) == sorted(each.name for each in suite.assumptions)
    assert page.locator(PANEL + ".control:visible").count() == 8
    page.locator(PANEL + ".more").click()
    assert page.locator(PANEL + ".control:visible").count() == len(named)


def test_a_phone_shows_it_without_scrolling_sideways(opened):
    for language in ("zh", "en"):
        page = opened(width=390, height=844, language=language)
        choose(page, "wage_per_hour", "20")
        page.locator(PANEL + ".more").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_on_paper_sentences_stand_in_its_place(opened, run):
    page = opened()
    page.emulate_media(media="print")
    assert not page.locator(SHOWN + "[data-component=what-if]").is_visible()
    (section,) = (each for each in view(run, "zh").sections if each.key == "what_if")
    for line in section.lead:
        assert page.get_by_text(line).is_visible()


def test_both_tell_a_verdict_in_the_same_sentence(open_page, run, text, invented):
    """For every decision of the invented suites, and with every other candidate or none to be told of."""
    page, summary = open_page(text), invented.summary()
    model = next(iter(run.what_if.values()))
    data = packed(Judged(summary, what_if=dict.fromkeys(summary.suites, model)))
    for key, suite in summary.suites.items():
        variants = [
            suite.verdict.model_copy(update={"decision": decision, "candidate": candidate})
            for decision in ("deploy", "pilot", "iterate", "stop")
            for candidate in (*suite.candidates, None)
        ]
        for language in ("zh", "en"):
            told = [Words(language, suite.model_copy(update={"verdict": each}), key) for each in variants]  # fmt: skip
            wanted = [verdict_sentence(each, best(each.suite)) for each in told]
            report = data[key]["report"]
            outcomes = [
                {**report, "verdict": report["verdict"] | each.model_dump(include={"decision", "candidate"})}
                for each in variants
            ]  # fmt: skip
            assert page.evaluate(SENTENCES, [data[key], outcomes, language]) == wanted


def test_both_give_the_same_grounds_for_a_recomputed_verdict(open_page, run, text):
    page, data = open_page(text), packed(run)
    changes = (
        {},
        {"wage_per_hour": 20.0},
        {"loss.grave": 1e6},
        {"review.detects": 1.0, "setup.cost": 1e6},
    )
    for key, suite in run.summary.suites.items():
        for change in changes:
            found = evaluated(run.what_if[key], change)
            grounds = [found.verdict.reasons, *(each.verdict.reasons for each in found.candidates.values())]  # fmt: skip
            for language in ("zh", "en"):
                words = Words(language, suite, key)
                wanted = [[spoken(words, one.text) for one in each] for each in grounds]
                assert page.evaluate(GROUNDS, [data[key], change, language]) == wanted


def test_a_run_without_stored_draws_has_no_such_section(open_page, run):
    page = open_page(html(replace(run, what_if={}), "zh"))
    assert page.locator("[data-component=what-if]").count() == 0
