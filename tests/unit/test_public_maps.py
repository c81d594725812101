"""The built-in maps on the whole files they are for; skipped where BENCH_PUBLIC_DATA names no folder."""

import os
from pathlib import Path

import pytest

from bench.scoring.reading import Reading
from bench.stats import cohen_kappa
from bench.suites.load import load
from tests.small_suite import written

FOLDER = Path(os.environ.get("BENCH_PUBLIC_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="BENCH_PUBLIC_DATA names no folder")

SUMMARY = {"right": {"rouge": {"reference": "summary", "source": "transcript"}}}
LEVELS = {str(level): [] for level in range(1, 6)}
ORDINAL = {"ordinal": {"reference": "level", "levels": LEVELS, "under_class": "wrong_answer"}}
FILES = {
    "tatqa": ("finance/tatqa_dev.jsonl", 1668, 278, {"right": "exact"}),
    "finqa": ("finance/finqa_dev_pixiu.jsonl", 883, 299, {"right": "exact"}),
    "convfinqa": ("finance/convfinqa_dev.jsonl", 421, 218, {"right": "exact"}),
    "ktas": ("medical/ktas_ed_triage_1267.jsonl", 1267, 1267, {"right": ORDINAL}),
    "vcsum": ("summarization/vcsum_short_test.jsonl", 136, 26, SUMMARY),
    "qmsum": ("summarization/qmsum_test.jsonl", 279, 35, SUMMARY),
}


def public(folder, name, scorers=None, **told):
    """A suite on the whole public file of a map."""
    file, _, _, usual = FILES[name]
    label = {"exact": "empty", "number": "unreadable", "ordinal": "unreadable", "rouge": "empty"}

    def change(suite):
        suite["scorers"] = scorers or usual
        (scorer,) = suite["scorers"].values()
        kind = scorer if isinstance(scorer, str) else next(iter(scorer))
        suite["items"] = {"data": "${BENCH_PUBLIC_DATA}/" + file, "map": name} | told
        suite["prompt"]["user"] = "-"
        suite["business"]["outcomes"] = [
            {"outcome": "redo", "when": {"right": label[kind]}},
            {"outcome": "accept", "otherwise": True},
        ]
        suite["business"]["rates"]["wrong_rate"]["when"] = {"right": label[kind]}

    return load(str(written(folder, change=change)))


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_public_file_becomes_an_item_that_a_scorer_accepts(tmp_path, name):
    suite = public(tmp_path, name)
    _, rows, clusters, _ = FILES[name]
    assert len(suite.items) == rows
    assert len({item.cluster for item in suite.items}) == clusters
    for item in suite.items:
        assert all(text for name, text in item.input.items() if name in ("question", "transcript"))


@pytest.mark.parametrize("name", ["tatqa", "finqa", "convfinqa"])
def test_the_reference_itself_is_the_right_answer(tmp_path, name):
    suite = public(tmp_path, name)
    scorer = suite.scorers["right"]
    for item in suite.items:
        assert scorer.score(item, Reading(item.reference["answer"])).label == "right"


def test_computed_amounts_are_read_with_their_scale_by_the_scorer_of_numbers(tmp_path):
    suite = public(
        tmp_path, "tatqa", {"right": "number"}, where={"meta.answer_type": ["arithmetic", "count"]}
    )
    scorer = suite.scorers["right"]
    labels = [scorer.score(item, Reading(item.reference["answer"])).label for item in suite.items]
    assert labels == ["right"] * 750


def test_the_nurses_of_a_public_study_are_as_good_as_it_says(tmp_path):
    """Moon et al. (2019): the nurse's level against the experts', 1267 arrivals."""
    suite = public(tmp_path, "ktas")
    scorer = suite.scorers["right"]
    experts = [item.reference["level"] for item in suite.items]
    nurses = [item.reference["nurse_level"] for item in suite.items]
    labels = [
        scorer.score(item, Reading(level)).label
        for item, level in zip(suite.items, nurses, strict=True)
    ]
    assert round(labels.count("right") / len(labels), 4) == 0.8532
    assert (labels.count("under"), labels.count("over")) == (131, 55)
    kappa = cohen_kappa([int(each) for each in experts], [int(each) for each in nurses], weights="quadratic")  # fmt: skip
    assert round(kappa, 4) == 0.8755
