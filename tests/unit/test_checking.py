"""Known answers, planted defects and gaming answers, on suites of short items."""

import json
from dataclasses import replace
from typing import ClassVar

import pytest
import yaml

from bench.checking.check import checked
from bench.checking.gaming import games
from bench.checking.judged import Judged
from bench.checking.known import Agreement, known_answers
from bench.checking.planted import catches
from bench.scoring.score import ScorerError
from bench.scoring.scorer import Scorer
from bench.suites.load import load
from bench.suites.model import AnswerForm
from bench.types import Score
from tests.small_suite import item, written


def numbered(count=12, **more):
    """Items of which every one has another answer."""
    return [item(number, f"number {number}") | more for number in range(count)]


def good(number, **more):
    return {"item": f"i{number}", "answer": f"number {number}", "outcome": "accept", **more}


def defect(name, swaps, **more):
    title = {"zh": "缺陷", "en": "defect"}
    return {"defect": name, "title": title, "mutation": {"replace": {"swaps": swaps}}, **more}


def made(folder, items=None, change=None, **parts):
    """A suite with calibration and planted files."""

    def named(told):
        told.update({name: f"{name}.yaml" for name in parts})
        if change is not None:
            change(told)

    texts = {name: yaml.safe_dump(json.loads(json.dumps(each))) for name, each in parts.items()}
    return load(str(written(folder, items or numbered(), named, **texts)))


class Raises(Scorer):
    """Raises on some answers."""

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "empty")
    word: str = ""

    def score(self, item, reading):
        del item
        if self.word in reading.text:
            raise ZeroDivisionError("by nobody")
        return Score(label="right")


def failing(suite, word=""):
    return replace(suite, scorers={"right": Raises(word=word)})


# Judged


def test_only_the_scorers_that_are_asked_for_are_run(tmp_path):
    suite = made(tmp_path)
    suite = replace(suite, scorers=suite.scorers | {"idle": Raises()})
    judged = Judged(suite, suite.items[0], "number 0")
    assert judged.outcome().name == "accept"
    assert list(judged) == ["right", "idle"]
    assert len(judged) == 2
    with pytest.raises(ScorerError, match=r"^idle: ZeroDivisionError: by nobody$"):
        judged.labels()


# Known answers


def test_known_answers_are_counted_by_outcome_and_by_label(tmp_path):
    suite = made(
        tmp_path,
        calibration=[
            good(0, labels={"right": "right"}),
            good(1, labels={"right": "wrong"}),
            good(2, answer="number 3"),
            good(3, answer="no", outcome="harm", labels={"right": "wrong"}),
            good(4, answer="", outcome="redo"),
        ],
    )
    found = known_answers(suite)
    assert found.outcomes == Agreement(5, 4)
    assert found.labels == {"right": Agreement(3, 2)}
    assert (found.good_wanted, found.false_alarms) == (3, 1)
    assert [each.item for each in found.good] == ["i0", "i1"]
    assert found.seen == {"accept": 2, "harm": 2, "redo": 1}
    assert found.wrong == [
        "calibration of i1 ('number 1'...): right says 'right', should be 'wrong' ()",
        "calibration of i2 ('number 3'...): 'harm', should be 'accept' (right=wrong)",
    ]


def test_a_scorer_that_raises_on_a_known_answer_is_told(tmp_path):
    found = known_answers(failing(made(tmp_path, calibration=[good(0)])))
    assert found.wrong == [
        "calibration of i0 ('number 0'...): a scorer failed: right: ZeroDivisionError: by nobody"
    ]
    assert (found.outcomes, found.false_alarms) == (Agreement(1, 0), 1)


# Planted defects


def caught(folder, planted, items=None, **options):
    suite = made(folder, items, planted=[planted], calibration=[good(n) for n in range(4)], **options)  # fmt: skip
    (found,) = catches(suite, known_answers(suite).good)
    return found


def test_a_defect_that_is_always_caught_is_no_fault(tmp_path):
    found = caught(tmp_path, defect("d", {"number": "nmber"}))
    assert (found.planted, found.caught, found.missed, found.wrong) == (4, 4, [], None)


def test_a_defect_that_fits_no_good_answer_proves_nothing(tmp_path):
    found = caught(tmp_path, defect("d", {"zzz": "y"}))
    assert found.wrong == "planted 'd': it fits no good answer"


def test_defects_that_pass_are_told_with_what_was_changed(tmp_path):
    found = caught(tmp_path, defect("d", {"number": "NUMBER"}))  # the scorer is blind to case
    assert (found.planted, found.caught) == (4, 0)
    assert found.missed == [f"i{n}: right=right: 'NUMBER {n}'" for n in range(3)]
    assert found.wrong == (
        "planted 'd': 0 of 4 caught, 100% wanted; e.g. " + "; ".join(found.missed)
    )


@pytest.mark.parametrize(("at_least", "is_enough"), [(0.75, True), (0.76, False)])
def test_a_defect_that_is_not_always_caught_has_a_bar_of_its_own(tmp_path, at_least, is_enough):
    because = {"zh": "大小写", "en": "case"}
    told = defect("d", {"number 0": "NUMBER 0", "r": "rr"}, at_least=at_least, because=because)
    found = caught(tmp_path, told)
    assert (found.planted, found.caught) == (4, 3)
    assert (found.wrong is None) is is_enough


@pytest.mark.parametrize(
    ("among", "planted"), [({}, 4), ({"kind": "a"}, 2), ({"kind": ["a", "b"]}, 3)]
)
def test_a_defect_is_planted_among_the_items_with_its_tags(tmp_path, among, planted):
    items = numbered()
    for each, kind in zip(items, ["a", "a", "b"], strict=False):
        each["tags"] = {"kind": kind}
    assert caught(tmp_path, defect("d", {"number": "x"}, among=among), items).planted == planted


@pytest.mark.parametrize(
    ("options", "is_caught"),
    [
        ({"caught": {"right": "wrong"}}, True),
        ({"caught": {"right": "empty"}}, False),
        ({"caught": {"right": ["empty", "wrong"]}}, True),
        ({"caught": {"right": "right"}}, False),
        ({"outcomes": ["harm"]}, True),
        ({"outcomes": ["redo", "edit"]}, False),
    ],
)
def test_a_defect_is_caught_by_scores_or_by_outcomes(tmp_path, options, is_caught):
    assert (caught(tmp_path, defect("d", {"number": "x"}, **options)).caught == 4) is is_caught


def test_a_scorer_that_raises_on_a_spoilt_answer_has_caught_nothing(tmp_path):
    suite = made(tmp_path, planted=[defect("d", {"number": "x"})], calibration=[good(0), good(1)])
    (found,) = catches(failing(suite, "x"), known_answers(suite).good)
    assert (found.planted, found.caught) == (2, 0)
    assert found.missed[0] == "i0: a scorer failed: right: ZeroDivisionError: by nobody: 'x 0'"


def test_a_mutation_that_changes_nothing_plants_nothing(tmp_path):
    suite = made(tmp_path, planted=[defect("d", {"number": "number"})], calibration=[good(0)])
    assert catches(suite, known_answers(suite).good)[0].planted == 0


# Gaming answers


def played(suite):
    return {game.name: game for game in games(suite)}


def test_where_every_item_has_its_own_answer_nothing_is_gained(tmp_path):
    found = played(made(tmp_path, calibration=[good(0), good(1)]))
    assert list(found) == ["constant", "echo", "copy_source", "keywords"]
    assert [game.wrong for game in found.values()] == [None] * 4
    assert found["constant"].outcomes == {"harm": 11}  # all but the item whose answer it is
    # a case by hand costs 66; review 9 and an error 800 are lost on every answer
    assert found["constant"].value == pytest.approx(66 - 9 - 800)


def test_an_answer_that_is_right_everywhere_pays(tmp_path):
    items = [item(number) for number in range(12)]
    found = played(made(tmp_path, items, calibration=[{"item": "i0", "answer": "42", "outcome": "accept"}]))  # fmt: skip
    assert found["constant"].wrong == "gaming 'constant' pays: {'accept': 11}, +57.00 a case"
    assert found["echo"].wrong is None


def test_a_label_that_is_right_now_and_then_is_advice_as_long_as_it_does_not_pay(tmp_path):
    items = [item(number, "abc"[number % 3]) for number in range(30)]
    known = [{"item": f"i{n}", "answer": "abc"[n], "outcome": "accept"} for n in range(3)]
    constant = played(made(tmp_path, items, calibration=known))["constant"]
    assert (constant.outcomes, constant.wrong) == ({"accept": 9, "harm": 20}, None)
    assert constant.note == "'constant' is accepted for 9 of 29"


@pytest.mark.parametrize(("right", "what"), [(3, None), (5, "passes for work"), (58, "pays")])
def test_a_question_asked_again_may_be_accepted_hardly_ever(tmp_path, right, what):
    items = [
        item(number, f"question {number}?" if number < right else "no") for number in range(60)
    ]
    told = played(made(tmp_path, items))["echo"].wrong
    assert (told is None) is (what is None)
    assert what is None or what in told


def test_constants_are_texts_of_different_kinds_of_items(tmp_path):
    items = numbered(40)
    for number, each in enumerate(items):
        each["tags"] = {"kind": str(number % 2)}
    items[5]["reference"] = items[1]["reference"]  # the constant that is right once
    known = [good(n) for n in range(40) if n != 5]
    found = played(made(tmp_path, items, calibration=known))["constant"]
    assert found.outcomes == {"harm": 38, "accept": 1}


def test_of_a_large_suite_some_are_tried(tmp_path):
    found = played(made(tmp_path, numbered(1100)))
    assert sum(found["echo"].outcomes.values()) == 367  # every third


def test_a_scorer_that_raises_on_gaming_answers_is_told(tmp_path):
    found = played(failing(made(tmp_path), "question"))
    assert found["echo"].wrong == (
        "gaming 'echo': a scorer failed: i11: right: ZeroDivisionError: by nobody"
    )
    assert (found["echo"].outcomes, found["echo"].value) == ({}, 0.0)


class Hears(Scorer):
    """Keeps every text that it is given, and finds it wrong."""

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "empty")
    error_classes: ClassVar[tuple[str, ...]] = ("wrong_answer",)
    heard: ClassVar[list[tuple[str, str]]] = []

    def score(self, item, reading):
        self.heard.append((item.id, reading.text))
        return Score(label="wrong", error_class="wrong_answer")


def test_the_ways_of_gaming_in_their_words(tmp_path):
    items = numbered(5)
    items[0]["input"] |= {"source": "a long source that names 3.5% and 12万元"}
    items[0]["reference"] |= {
        "facts": [
            {"id": "one", "text": "it opens on Friday", "any": ["Friday", "the fifth"]},
            {"id": "two", "text": "x" * 41, "any": [{"all": ["Wang", "leads"]}]},
        ]
    }
    for each in items[1:]:
        each["reference"]["facts"] = [{"id": "one", "text": "nothing"}]
    suite = made(
        tmp_path,
        items,
        change=lambda told: told["scorers"].update(points="facts"),
    )
    form = AnswerForm(format="fields", max_tokens=9, fields={"a": "答案", "b": "依据"})
    suite = replace(
        suite,
        scorers=suite.scorers | {"right": Hears()},
        file=suite.file.model_copy(update={"answer": form}),
    )
    Hears.heard.clear()
    assert list(played(suite)) == ["echo", "copy_source", "keywords", "telegram"]
    echo, copy, keywords, telegram = [text for name, text in Hears.heard if name == "i0"]
    assert echo == "question 0?"
    assert copy == "答案：{0}\n依据：{0}".format(items[0]["input"]["source"])
    words = "number 0 one it opens on Friday Friday the fifth two Wang leads must"
    assert telegram == "答案：{0}\n依据：{0}".format("Friday，Wangleads。")
    borrowed = "number 1 nothing number 2 number 3"
    stuffed = f"{words} {borrowed} 0 3.5% 12万".replace(" must", "")
    assert keywords == f"答案：{stuffed}元\n依据：{stuffed}元"


# All together


def test_a_check_tells_what_is_wrong_and_what_is_advice(tmp_path):
    suite = made(
        tmp_path,
        numbered(3),
        change=lambda told: told.update(grows_from=["nowhere"]),
        calibration=[good(0), good(1, answer="x")],
        planted=[defect("d", {"zzz": "y"})],
    )
    found = checked(suite)
    assert found.wrong[:2] == [
        "calibration of i1 ('x'...): 'harm', should be 'accept' (right=wrong)",
        "planted 'd': it fits no good answer",
    ]
    assert "no seed entry 'nowhere'" in found.wrong[2]
    assert found.notes == [
        "cluster sizes: only 3 clusters: intervals will be wide; 30 or more serve",
        "known answers: none that is: redo",
        "known answers: no accepted answer for 2 items: i1, i2",
        "assumptions: 8 are placeholders",
    ]


def test_a_suite_without_known_answers_is_advised_of_what_is_not_tested(tmp_path):
    suite = made(tmp_path, change=lambda told: told["business"].pop("gates"))
    found = checked(suite)
    assert (found.games, found.caught) == ([], [])
    assert "known answers: none: the scorers are not tested" in found.notes
    assert "gates: none: nothing is held to be unacceptable" in found.notes
    with_them = made(tmp_path, calibration=[good(0)])
    assert "planted defects: none: what the scorers miss is not known" in checked(with_them).notes
