"""TAT-QA's own metric and our span scorer on 8,335 recorded answers: 1,667 questions, five settings of GPT-3 and Codex.

The answers were recorded by Chen et al., "Program of Thoughts Prompting", arXiv 2211.12588
(github.com/wenhuchen/Program-of-Thoughts at 850399c), who print their exact match with the official metric. They
come from BENCH_PUBLIC_DATA; without it only the metric itself is tried.
"""

import json
import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bench.scoring.reading import Reading
from bench.scoring.spans import Spans
from bench.types import Item
from tests.official_tatqa import exact_match, is_number

FILE = Path(os.environ.get("BENCH_PUBLIC_DATA", "/nonexistent"))
FILE /= "human_labels/tatqa_dev_recorded_gpt3_codex.jsonl"
needs_answers = pytest.mark.skipif(not FILE.is_file(), reason="BENCH_PUBLIC_DATA lacks the answers")

PUBLISHED = {
    "pot_codex": 69.0,
    "cot_codex": 61.4,
    "direct_codex": 55.0,
    "cot_gpt3": 42.5,
    "direct_gpt3": 37.9,
}
OURS_STRICT = {
    "pot_codex": 69.4,
    "cot_codex": 61.4,
    "direct_codex": 55.1,
    "cot_gpt3": 42.5,
    "direct_gpt3": 38.0,
}
OURS_BY_MEANING = {
    "pot_codex": 70.4,
    "cot_codex": 62.4,
    "direct_codex": 56.4,
    "cot_gpt3": 43.6,
    "direct_gpt3": 39.1,
}
SCALES = {"thousand": " thousand", "million": " million", "billion": " billion", "percent": "%"}
NOTATION = r"US\$|S\$|RMB|INR|USD|−|£\d+(\.\d+)?m|`|euros"
STRICT = {
    "the reference says its scale in the span and beside it": (5, 0),
    "a zero was predicted": (5, 0),
    "a sign beside a currency or brackets": (3, 0),
    "spans in another order, or as one text": (2, 2),
    "a notation that the metric cannot read": (0, 3),
    "a unit, a noun or “about”": (1, 1),
    "another scale, the same to two decimals": (0, 1),
}
"""Disagreements in strict notation: those that we call right, and those that the metric calls right.

A predicted zero is no answer to the metric's code; a scale told twice counts twice; spans are sorted by their first
characters, capitals first. It reads the "percent" of "percentage points", and any word behind a scale.
"""
BY_MEANING = {
    "a unit, a noun or “about”": (40, 1),
    "a notation that the metric cannot read": (19, 0),
    "another scale, the same to two decimals": (17, 0),
    "brackets around a thousands separator": (10, 9),
    "a ratio as a percentage": (6, 0),
    "typographic quotation marks": (6, 0),
    "the reference says its scale in the span and beside it": (5, 0),
    "a zero was predicted": (5, 0),
    "a sign beside a currency or brackets": (3, 0),
    "spans in another order, or as one text": (2, 2),
}
"""The same, spans being read by meaning, which is what the scorer does unless told otherwise."""


def listed(told):
    return [str(each) for each in (told if isinstance(told, list) else [told])]


def reply(answer, scale):
    """What a model would have written: a span a line, with its scale; other words behind a number are no scale."""

    def line(span):
        if scale == "percent" and "%" in span:
            return span
        if scale in SCALES or not scale:
            return span + SCALES.get(scale, "")
        return span if is_number(span) else f"{span} {scale}"

    return "\n".join(line(span) for span in listed(answer))


def why(row, answer, text):
    """The class of a disagreement, the first that fits."""
    spans = listed(row["reference"])
    all_told = " ".join([*spans, text])
    bare = re.sub("|".join(SCALES), "", all_told)
    first = {
        "a zero was predicted": answer == 0,
        "the reference says its scale in the span and beside it": row["scale"]
        and row["scale"] in " ".join(spans),
        "a sign beside a currency or brackets": re.search(r"\$\(|-\$114", text),
        "brackets around a thousands separator": re.search(r"\(\d+,", all_told),
        "typographic quotation marks": re.search("[“”’]", " ".join(spans)),
        "spans in another order, or as one text": len(spans) > 1 and "years" not in text,
        "a notation that the metric cannot read": re.search(NOTATION, all_told),
        "a unit, a noun or “about”": re.search(r"[A-Za-z]{2}", bare),
        "a ratio as a percentage": "%" in text,
        "another scale, the same to two decimals": True,
    }
    return next(name for name, fits in first.items() if fits)


@cache
def compared(*, strict):
    """Exact match by the metric, right by us, and the disagreements as class -> (ours, theirs) right."""
    scorer = Spans(strict=strict)
    official, ours, differ = Counter(), Counter(), Counter()
    for line in FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reference = {"answer": row["reference"], "scale": row["scale"]}
        item = Item(id=row["id"], cluster=row["id"], input={}, reference=reference)
        assert scorer.problem(item) is None
        for setting, output in row["outputs"].items():
            answer, scale = output["pred_answer"], output["pred_scale"]
            told = (row["reference"], row["answer_type"], row["scale"])
            is_match = exact_match(*told, answer, scale)
            text = reply(answer, scale)
            is_right = scorer.score(item, Reading(text)).label == "right"
            official[setting] += is_match
            ours[setting] += is_right
            if is_match != is_right:
                differ[why(row, answer, text), is_right] += 1
    classes = {name: (differ[name, True], differ[name, False]) for name, _ in differ}
    return official, ours, classes


def accuracies(counts):
    return {name: round(counts[name] / 16.67, 1) for name in PUBLISHED}


@needs_answers
def test_the_restated_metric_gives_the_published_accuracies():
    official, _, _ = compared(strict=True)
    assert accuracies(official) == PUBLISHED


@needs_answers
def test_in_strict_notation_we_agree_with_the_metric_and_give_the_published_accuracies():
    _, ours, classes = compared(strict=True)
    assert accuracies(ours) == pytest.approx(PUBLISHED, abs=0.5)
    assert sum(map(sum, classes.values())) <= 0.003 * 8335
    assert (accuracies(ours), classes) == (OURS_STRICT, STRICT)


@needs_answers
def test_by_meaning_we_agree_with_the_metric_but_for_its_notation():
    _, ours, classes = compared(strict=False)
    assert sum(map(sum, classes.values())) <= 0.02 * 8335
    assert (accuracies(ours), classes) == (OURS_BY_MEANING, BY_MEANING)


@pytest.mark.parametrize(
    ("reference", "answer_type", "scale", "answer", "answer_scale", "is_match"),
    [
        (["$1,496.5"], "span", "million", ["$1,496.5 million"], "", True),
        (["$1,496.5"], "span", "million", "1496.5", "million", True),
        (["4,206"], "span", "thousand", ["$4,206"], "", False),
        (23.42, "arithmetic", "percent", [0.23424], "", True),
        (23.42, "arithmetic", "percent", 23.42, "", False),
        (5579.33, "arithmetic", "million", 5579.333333, "million", True),
        (["(19)", "(41)"], "multi-span", "thousand", ["-41", "-19"], "thousand", True),
        (["(9,982)"], "span", "million", 9982, "million", True),
        (["87,128"], "span", "", ["87,128 tonnes"], "", False),
        ("3", "count", "", 3, "", True),
        (0, "arithmetic", "percent", 0.0, "percent", False),
        (["Products", "services"], "multi-span", "", ["services", "the products."], "", False),
        (["Products", "Services"], "multi-span", "", ["Services", "Products."], "", True),
    ],
)
def test_the_restated_metric_follows_its_rules(
    reference, answer_type, scale, answer, answer_scale, is_match
):
    assert exact_match(reference, answer_type, scale, answer, answer_scale) is is_match
