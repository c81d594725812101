"""A window for people: in both languages, in a terminal's width, and with no text of others alive in it."""

import re

import pytest
from markdown_it import MarkdownIt

from bench.gate.window.record import LeftOut
from bench.gate.window.told import MARKER, told, told_markdown
from bench.wording.columns import width
from tests.hostile_fields import ANYWHERE, STARTS
from tests.unit.test_gate_console import commands, controls
from tests.window_runs import SAME, candidate, others, run, series, suite, text, window_of

LANGUAGES = ("zh", "en")
SIXTY = SAME[:60]
MOVED = {"answers": others(SIXTY, 20), "harmful": range(6)}
ALIVE = {"link_open", "image", "html_inline", "html_block", "em_open", "s_open", "blockquote_open", "fence",
         "code_block", "hr", "ordered_list_open"}  # fmt: skip


def prompted(answers):
    """Three runs, the prompt, the rules and an item of the last another."""
    first, second, _ = series(SIXTY, SIXTY, SIXTY)
    asked = [("i0", "fedcba"), *((f"i{number}", "abcdef") for number in range(1, 60))]
    changed = {"desk": candidate(**answers)}
    last = suite(changed, digests={"prompt": "99", "answer": "99"}, judging="cd", items=asked)
    return window_of([first, second, run(15, last, version="2.0")])


WINDOWS = {
    "steady": lambda: window_of(series(SIXTY, others(SIXTY, 1), SIXTY)),
    "first step": lambda: window_of(series(SIXTY, others(SIXTY, 1))),
    "answers": lambda: window_of(series(SIXTY, others(SIXTY, 1), SIXTY, MOVED)),
    "answers at once": lambda: window_of(series(SIXTY, MOVED)),
    "model": lambda: window_of(series(SIXTY, others(SIXTY, 1), MOVED | {"model": "m-2"})),
    "model at once": lambda: window_of(series(SIXTY, MOVED | {"model": "m-2"})),
    "model and prompt": lambda: prompted(MOVED | {"model": "m-2"}),
    "prompt": lambda: prompted(MOVED),
    "settings": lambda: window_of(
        series(SIXTY, MOVED | {"settings": {f"options.{name}": "99" for name in "abcdefg"}})
    ),
    "cached": lambda: window_of(series(SIXTY, {"answers": SIXTY, "cached": range(60)})),
    "part cached": lambda: window_of(series(SIXTY, {"answers": SIXTY, "cached": range(6)})),
    "warm": lambda: window_of(series(SIXTY, others(SIXTY, 30), temperature=0.7)),
    "not asked": lambda: window_of(series(SIXTY, SIXTY, SIXTY, temperature=None)),
    "repeats": lambda: window_of(series([SIXTY, SIXTY], [SIXTY, others(SIXTY, 1)])),
    "few": lambda: window_of(series(SAME[:3], SAME[:3])),
    "one run": lambda: window_of(series(SIXTY)),
    "no name": lambda: window_of(series(SIXTY, SIXTY, model=None, asked=None)),
    "nothing common": lambda: window_of(
        [
            run(1 + at, suite({"desk": candidate(SIXTY)}, items=[(f"{at}{n}", "ab") for n in range(60)]))
            for at in (0, 1)
        ]
    ),
    "no candidate": lambda: window_of(series(SIXTY, SIXTY)).model_copy(
        update={"series": (), "status": "not_known"}
    ),
    "not complete": lambda: window_of(series(SIXTY, SIXTY)).model_copy(update={"complete": False}),
    "left out": lambda: window_of(series(SIXTY, SIXTY)).model_copy(
        update={
            "left_out": (
                LeftOut(path="runs/a", why="broken", detail="not JSON"),
                LeftOut(path="runs/b", why="unfinished"),
                LeftOut(path="runs/c", why="other_limit"),
            )
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WINDOWS)
def test_every_window_is_told_within_a_terminals_width(name, language):
    shown = told(WINDOWS[name](), language)
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")
    assert max(width(line) for line in shown.splitlines()) <= 100
    assert "{" not in shown
    assert "None" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["answers", "model", "prompt", "cached"])
def test_a_window_is_told_as_it_was_told(name, language, golden):
    golden(f"gate_window/{name}.{language}.txt", told(WINDOWS[name](), language))
    golden(f"gate_window/{name}.{language}.md", told_markdown(WINDOWS[name](), language))


def test_the_first_line_says_what_was_found_and_of_whom():
    both = suite({"desk": candidate(SIXTY), "hall": candidate(SIXTY)})
    after = suite({"desk": candidate(**MOVED), "hall": candidate(**MOVED | {"model": "m-2"})})
    report = window_of([run(1, both), run(8, after)])
    shown = " ".join(told(report, "en").split())
    assert shown.startswith("MODEL CHANGED: Claims · hall, the model behind “m” changed between")
    assert "m-1 before, m-2 now" in shown
    assert "as for 1 more" in shown
    assert "Claims · desk 33% of answers differ" in shown


def test_a_loss_is_told_in_money_with_its_range():
    shown = " ".join(told(WINDOWS["answers"](), "en").split())
    assert re.search(r"value per 100 claims fell by ¥[\d,]+ \(90% sure: ¥[\d,]+ to ¥[\d,]+\)", shown)  # fmt: skip
    assert "harmful (looks usable) 0% → 10%" in shown


def test_runs_of_one_day_are_told_by_their_times():
    first, second = series(SIXTY, SIXTY)
    later = second.model_copy(update={"started": "2026-11-01T17:30:00+02:00"})
    shown = told(window_of([first, later]), "en")
    assert "2026-11-01 08:00" in shown
    assert "2026-11-01 15:30" in shown


def spoilt(turn):
    """A window in which every text of others is hostile."""
    mark = f"{STARTS[turn % len(STARTS)]} {' '.join(ANYWHERE)}"
    runs = []
    for at, answers in enumerate([SIXTY, MOVED]):
        answered = answers if isinstance(answers, dict) else {"answers": answers}
        one = candidate(**answered, model=f"{mark} {at}", asked=mark)
        made = suite({mark: one}).model_copy(
            update={"title": text(mark), "cases": text(mark), "currency": mark}
        )
        runs.append(run(1 + at, {mark: made}))
    left = tuple(
        LeftOut(path=mark, why=why, detail=mark) for why in ("broken", "unfinished", "other_limit")
    )
    return window_of(runs).model_copy(update={"left_out": left})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", range(len(STARTS)))
def test_no_text_of_others_is_alive_in_a_log(turn, language):
    shown = told(spoilt(turn), language)
    assert commands(shown) == []
    assert controls(shown) == set()
    assert max(width(line) for line in shown.splitlines()) <= 110


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", range(len(STARTS)))
def test_no_text_of_others_is_alive_in_markdown(turn, language):
    shown = told_markdown(spoilt(turn), language)
    first, rest = shown.split("\n", 1)
    assert first == MARKER
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(rest)
    seen = [child for each in blocks for child in (each, *(each.children or ()))]
    assert {each.type for each in seen} & ALIVE == set()
    assert [each.type for each in seen].count("table_open") == 1
    assert [each.type for each in seen].count("tr_open") == 3
    assert not re.search(r"[@#](?=[A-Za-z0-9_])", re.sub(r"^#+ ", "", rest, flags=re.MULTILINE))
    assert commands(shown) == []
