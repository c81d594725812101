import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reports.figures.frontier import Point, efficient
from bench.reports.figures.lettering import SIZE, lines, width_px
from bench.reports.figures.palette import CANDIDATES, SHAPES, between, readable_on
from bench.reports.html import FOLDER, LIBRARIES
from bench.reports.packing import packed
from bench.reports.view import view
from bench.types import Estimate
from bench.value.candidate_summary import Tail
from bench.value.judged import Judged
from bench.wording.catalogue import say
from tests.drawn import (
    HUNDRED,
    check,
    column,
    every_candidate,
    figures,
    number,
    rows_of,
    walk,
    with_cases,
)
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
UNKNOWN = Estimate(value=None, low=None, high=None, n=0, method="x")


@pytest.fixture(scope="module")
def summary(invented):
    """The invented run, with single cases of which one is very bad."""
    return with_cases(invented.summary())


@cache
def judged_run():
    return judged_of(items=30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_numbers_has_its_pictures(language, summary):
    page = view(Judged(summary), language)
    counts = {each.key: sum(len(part.figures) for part in each.parts) for each in page.sections}
    pictured = {
        "values", "money", "risk", "sensitivity", "confidence", "pairs", "slices", "selective",
        "triangle", "portfolio", "ladder", "frontier", "why",
    }  # fmt: skip
    assert {key for key, count in counts.items() if count} == pictured


@pytest.mark.parametrize("source", ["invented", "judged"])
def test_both_languages_hold_the_same_pictures_with_words_and_a_table(source, summary):
    told = summary if source == "invented" else judged_run()
    zh, en = (figures(told, language) for language in LANGUAGES)
    assert len(zh) == len(en) > 20
    for one, other in zip(zh, en, strict=True):
        assert len(one.alt) > 20
        assert len(other.alt) > 20
        assert one.alt != other.alt
        assert one.table.rows
        assert len(one.table.rows) == len(other.table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_specification_loads_nothing_and_holds_finite_numbers_only(language, summary):
    for figure in [*figures(summary, language), *figures(judged_run(), language)]:
        check(figure)


def test_a_tornado_draws_the_ends_that_its_table_tells(summary):
    (figure, *_) = figures(summary, key="sensitivity")
    low, high = (list(map(number, column(figure.table, at))) for at in (3, 4))
    bars = rows_of(figure.spec, "from", "to", "colour")
    for row, ends in enumerate(zip(low, high, strict=True)):
        own = [each for each in bars if each["row"] == row]
        drawn = (min(each["from"] for each in own), max(each["to"] for each in own))
        assert drawn == pytest.approx(sorted(ends), abs=51)


def test_only_the_part_of_a_tornado_below_zero_is_orange(summary):
    for figure in figures(summary, key="sensitivity"):
        for each in rows_of(figure.spec, "from", "to", "colour"):
            assert (each["colour"] == "#c44a00") == (each["to"] <= 0)


def test_an_assumption_that_turns_the_sign_is_marked_where_it_does(summary):
    (figure, *_) = figures(summary, key="sensitivity")
    ticks = [each for each in rows_of(figure.spec, "row", "x") if set(each) == {"row", "x"}]
    assert ticks == [{"row": 0, "x": 0.0}]
    labels = rows_of(figure.spec, "long", "short")
    assert "（到 64% 变号）" in "".join(labels[0]["short"])
    assert "变号" not in "".join(labels[1]["short"])


def test_the_worst_five_of_a_hundred_cases_are_orange(summary):
    figure = figures(summary, key="risk")[0]
    dots = rows_of(figure.spec, "level", "value")
    assert len(dots) == 100
    assert sorted(each["value"] for each in dots if each["colour"] == "#c44a00") == HUNDRED[:5]
    assert all((each["x"] < 0) == (each["value"] < 0) for each in dots)
    assert len({(each["x"], each["level"]) for each in dots}) == 100
    assert "最差的 5% 平均一件 −590 元" in figure.alt
    assert sum(int(each) for each in column(figure.table, 0)) == 100


def test_single_cases_in_hundredths_agree_with_the_worst_five_percent():
    candidates = [
        each for suite in judged_run().summary.suites.values() for each in suite.candidates.values()
    ]
    assert candidates
    for each in candidates:
        told = each.tail.hundredths
        assert told == sorted(told)
        assert len(told) == 100
        assert sum(told[:5]) / 5 == pytest.approx(each.tail.cases)
        assert sum(told) / 100 == pytest.approx(sum(flow.per_case for flow in each.flows))


def test_a_summary_from_before_the_hundredths_still_loads():
    assert Tail.model_validate({"share": 0.05, "draws": 1.0, "cases": 2.0}).hundredths == []


def test_an_error_class_reaches_from_its_expected_loss_to_the_bound(summary):
    figure = figures(summary, key="risk")[1]
    suite = summary.suites["finance_qa"]
    losses = {each.error_class: each for each in suite.candidates[suite.verdict.candidate].losses}
    fades = sorted(
        (each["from"], each["to"])
        for each in rows_of(figure.spec, "from", "to")
        if "colour" not in each
    )
    wanted = sorted(
        (100 * each.expected_loss, 100 * each.expected_loss_upper) for each in losses.values()
    )
    assert fades == [pytest.approx(each) for each in wanted]


def test_more_knowledge_stands_against_its_price(summary):
    figure = figures(summary, key="confidence")[0]
    found = summary.suites["finance_qa"].information
    bars = [each["to"] for each in rows_of(figure.spec, "from", "to", "colour")]
    assert bars == [found.more_items[0].worth, found.perfect_assumptions]
    prices = [each["x"] for each in rows_of(figure.spec, "x", "text") if each["text"]]
    assert found.next_round_cost in prices
    assert column(figure.table, 0)[-1] == "下一轮的花费"


def test_a_pair_names_the_better_one_first(summary):
    for figure in figures(summary, key="pairs"):
        assert all(number(each) >= 0 for each in column(figure.table, 1))
        assert all(each["x"] >= 0 for each in rows_of(figure.spec, "shape"))


def test_a_pair_that_cannot_be_told_apart_is_grey(summary):
    pairs = {key: each.pairs for key, each in summary.suites.items()}
    (figure, *_) = figures(summary, key="pairs")
    apart = sum(
        not each.difference.low <= 0 <= each.difference.high for each in pairs["finance_qa"]
    )
    dots = rows_of(figure.spec, "shape")
    assert sum(each["colour"] == "#0b5f92" for each in dots) == apart
    assert sum(each["colour"] == "#8d949c" for each in dots) == len(dots) - apart


def test_the_cells_of_slices_say_what_their_table_says(summary):
    for figure in figures(summary, key="slices"):
        boxes, cells = (
            figure.spec["layer"][0]["data"]["values"],
            figure.spec["layer"][1]["data"]["values"],
        )
        assert boxes == cells
        told = [cell.text for row in figure.table.rows for cell in row[1:]]
        assert [each["text"] for each in cells] == told
        assert {each["fill"] for each in cells if each.get("value", 0.0) < 0} <= {
            each["fill"] for each in cells if each["text"].startswith("−")
        }


def test_the_parts_of_a_value_add_up_to_their_sum(summary):
    for figure in figures(summary, key="money"):
        bars = rows_of(figure.spec, "from", "to", "colour")
        steps = {each["row"]: each for each in bars}
        last = steps.pop(max(steps))
        signed = sum(
            (e["to"] - e["from"]) * (1 if e["colour"] == "#0b5f92" else -1) for e in steps.values()
        )
        total = last["to"] if last["from"] == 0 else last["from"]
        assert signed == pytest.approx(total, abs=0.05)


def test_metrics_lie_to_the_right_where_they_are_better(summary):
    (cost, *_) = figures(summary, key="values")
    rows = {"".join(each["title"]): each for each in rows_of(cost.spec, "title", "mean")}
    assert rows["错误外流率"]["mean"] > rows["错误外流率"]["today"]
    assert rows["错误外流率"]["colour"] == "#0b5f92"
    bare = [
        each
        for each in rows_of(cost.spec, "title")
        if each["today_text"] == say("zh", "plot.pillar.no_today")
    ]
    assert all("mean" not in each for each in bare)


@given(
    st.lists(
        st.builds(Point, st.uuids().map(str), st.floats(0, 1e9), st.floats(-1e9, 1e9)), max_size=30
    )
)
def test_the_frontier_holds_what_nothing_cheaper_beats(points):
    front = efficient(points)
    assert [each.cost for each in front] == sorted(each.cost for each in front)
    for each in points:
        beaten = each.value <= 0 or any(
            other is not each
            and other.cost <= each.cost
            and (other.value >= each.value)
            and (other.cost, -other.value) != (each.cost, -each.value)
            for other in points
        )
        twin = any(other.cost == each.cost and other.value == each.value for other in front)
        assert twin or beaten


def test_candidates_without_a_price_are_named_and_not_drawn_at_nothing(summary):
    (part, *_) = next(s for s in view(Judged(summary), "zh").sections if s.key == "frontier").parts
    unpriced = [
        n for n, c in summary.suites["finance_qa"].candidates.items() if c.usage.cost is None
    ]
    assert unpriced
    assert part.sentences[-1].startswith("没有价格或没有价值，因而没有画出：")
    drawn = {each["name"] for each in rows_of(part.figures[0].spec, "name")}
    assert drawn.isdisjoint(unpriced)
    assert "现状" in drawn


def test_costs_far_apart_stand_on_a_logarithmic_axis(summary):
    def changed(candidate):
        scale = 1000.0 if candidate.usage.output_tokens > 9000 else 1.0
        flows = [
            each.model_copy(update={"per_case": each.per_case * scale})
            if each.code == "calls"
            else each
            for each in candidate.flows
        ]
        return {"flows": flows, "usage": candidate.usage.model_copy(update={"cost": scale})}

    suites = summary.suites["finance_qa"]
    names = list(suites.candidates)
    one = suites.candidates[names[0]]
    cheap = one.model_copy(update={"usage": one.usage.model_copy(update={"output_tokens": 1})})
    both = {names[0]: one, names[1]: cheap}
    run = summary.model_copy(
        update={"suites": {"finance_qa": suites.model_copy(update={"candidates": both})}}
    )
    (figure,) = figures(every_candidate(run, changed), key="frontier")
    assert "log" in [each for path, each in walk(figure.spec) if path[-1:] == ("type",)]
    starts = [each["x"] for each in rows_of(figure.spec, "name") if each["name"] == "现状"]
    assert min(starts) > 0


@given(st.text(max_size=60), st.integers(SIZE, 400), st.integers(1, 4))
def test_lines_fit_their_room_and_keep_their_text(text, room, most):
    told = lines(text, room, most)
    assert 1 <= len(told) <= most
    assert all(width_px(each) <= room or len(each) <= 2 for each in told) or _unbreakable(text)
    if len(lines(text, room, 10_000)) <= most:
        assert "".join("".join(told).split()) == "".join(text.split())


def _unbreakable(text):
    """Marks that may not begin or end a line stay with their neighbour, whatever the room."""
    return bool(re.search(r"[，。、：；！？）”’》%,.:;!?)（“‘《(]", text))


@given(st.floats(-2, 2))
def test_the_number_in_a_cell_can_be_read_on_its_colour(share):
    fill = between(share)
    light, dark = sorted((luminance(fill), luminance(readable_on(fill))), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_lines_differ_by_shape_as_well_as_by_at_most_five_hues():
    assert len(CANDIDATES) == len(SHAPES) == len(set(SHAPES)) == 5


def test_the_packed_library_stays_small_and_names_no_map():
    texts = [(FOLDER / each).read_text(encoding="utf-8") for each in LIBRARIES]
    assert len(packed("\n".join(texts))) < 450_000
    assert not any("sourceMappingURL" in each for each in texts)
