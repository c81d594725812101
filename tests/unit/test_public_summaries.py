"""Our measures beside what people said of machine summaries; skipped where BENCH_PUBLIC_DATA names no folder."""

import json
import os
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pytest

from bench.scoring.grounding import Grounding
from bench.scoring.overlap import Rouge
from bench.scoring.reading import Reading
from bench.stats import spearman_within
from bench.types import Item

FOLDER = Path(os.environ.get("BENCH_PUBLIC_DATA", "/nonexistent")) / "human_labels"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="BENCH_PUBLIC_DATA names no folder")


def rows(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def summary_level(scorer):
    """Spearman over the systems of one document, mean over the documents where it is defined."""
    items = {
        row["id"]: Item(id="d", cluster="d", input={}, reference={"summaries": row["reference"]})
        for row in rows("bartscore_summeval_docs.jsonl")
    }
    judged = defaultdict(list)
    for row in rows("bartscore_summeval_outputs_human.jsonl"):
        score = scorer.score(items[row["id"]], Reading(row["output"]))
        judged[row["id"]].append((score.metrics["r1"], row["human"]))
    found = {}
    for quality in ("coherence", "consistency", "fluency", "relevance"):
        of_documents = [
            spearman_within(
                [ours for ours, _ in told], [theirs[quality] for _, theirs in told], [0] * len(told)
            )
            for told in judged.values()
        ]
        found[quality] = fmean(each for each in of_documents if each is not None)
    return found


def test_rouge_1_agrees_with_people_on_summeval_as_published():
    """Fabbri et al. (2021), 16 systems x 100 documents x 11 references, summary level, as BARTScore reports it.

    The published cut is that of ROUGE-1.5.5, and its number the mean over the references; over the best
    reference the relevance is .273.
    """
    found = summary_level(Rouge(reference="summaries", unit="latin_word", over="mean"))
    published = {"coherence": 0.167, "consistency": 0.154, "fluency": 0.115, "relevance": 0.309}
    assert found == pytest.approx(published, abs=0.001)


def test_the_best_reference_tells_less_of_relevance_than_their_mean():
    best = summary_level(Rouge(reference="summaries", unit="latin_word"))
    assert best["relevance"] == pytest.approx(0.273, abs=0.001)


class Sentence:
    """A summary's sentence, what the experts said of it, and what grounding says."""

    def __init__(self, row, source):
        item = Item(id="s", cluster="s", input={"source": source}, reference={})
        score = Grounding(source="source").score(item, Reading(row["output"]))
        self.is_factual = row["human_label"] == "yes"
        self.is_flagged = score.label == "unsupported"
        self.is_checked = score.metrics["checked"] > 0


def rates(sentences):
    """Sensitivity, specificity and balanced accuracy of flagging what is not factual."""
    caught = fmean(each.is_flagged for each in sentences if not each.is_factual)
    passed = fmean(not each.is_flagged for each in sentences if each.is_factual)
    return caught, passed, (caught + passed) / 2


@pytest.fixture(scope="module")
def sentences():
    """Every sentence beside what the other systems truly said of its document."""
    told = rows("tofueval_llm_sentence_factuality.jsonl")
    of_document = defaultdict(list)
    for row in told:
        of_document[row["id"].split("|")[0]].append(row)
    return [
        Sentence(
            row,
            "\n".join(
                other["output"]
                for other in of_document[row["id"].split("|")[0]]
                if other["system"] != row["system"] and other["human_label"] == "yes"
            ),
        )
        for row in told
    ]


def test_grounding_sees_the_fifth_of_unfactual_english_sentences_that_hold_a_number(sentences):
    """ToFuEval (Tang et al. 2024): 4,500 sentences of six models, 884 of them not factual to an expert.

    Grounding looks at numbers, codes, titles, quotations and Chinese names. What holds none of them it
    cannot see: wrong subjects, wrong reasons, shifts of meaning, opinions told as facts, invented
    claims without a number, English names. So whatever the source, it can catch no more than the share of
    unfactual sentences that it checks, and flags none of the others.
    """
    unfactual = [each for each in sentences if not each.is_factual]
    checked = fmean(each.is_checked for each in unfactual)
    assert (len(sentences), len(unfactual)) == (4500, 884)
    assert checked == pytest.approx(0.234, abs=0.02)
    assert not any(each.is_flagged for each in sentences if not each.is_checked)


def test_grounding_flags_unfactual_sentences_far_more_often_than_factual_ones(sentences):
    """The transcripts are not in the data: what other systems truly said of a document stands in for it.

    That is less than the transcript holds, so some true numbers are flagged too: specificity is a lower
    bound and sensitivity an upper one. Of what grounding cannot see it says nothing: a coin's toss.
    """
    checked = [each for each in sentences if each.is_checked]
    unchecked = [each for each in sentences if not each.is_checked]
    assert rates(unchecked) == (0.0, 1.0, 0.5)
    assert rates(sentences) == pytest.approx((0.113, 0.969, 0.541), abs=0.02)
    assert rates(checked) == pytest.approx((0.483, 0.864, 0.673), abs=0.05)
