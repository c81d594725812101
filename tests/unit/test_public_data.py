"""Our readers on text that nobody here wrote; skipped where BENCH_PUBLIC_DATA names no folder."""

import json
import os
import re
from pathlib import Path

import pytest

from bench.scoring.document_parts import parsed
from bench.scoring.quantities import quantities

FOLDER = Path(os.environ.get("BENCH_PUBLIC_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="BENCH_PUBLIC_DATA names no folder")

KINDS = "决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"


def rows(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_real_titles_of_official_documents_are_read_as_titles_of_their_kind():
    titles = [row["input"] for row in rows("government/policy_titles_real.jsonl")]
    ending = [title for title in titles if re.search(rf"关于.+的(?:{KINDS})$", title)]
    missed = []
    for title in ending:
        found = parsed(f"{title}\n各有关单位：\n现将有关事项通知如下。").title
        if found is None or not title.endswith(found.kind.removesuffix("（令）")):
            missed.append(title)
    assert len(ending) > 3000
    assert len(missed) <= 0.01 * len(ending), missed[:5]


def test_quantities_of_real_announcements_stand_where_they_say():
    texts = [row["input"] for row in rows("finance/fineval_rigor_numeric.jsonl") if row["input"]]
    found = 0
    for text in texts:
        end = 0
        for quantity in quantities(text):
            assert text[quantity.start : quantity.end] == quantity.text
            assert quantity.start >= end
            end = quantity.end
            found += 1
    assert found > 10 * len(texts)
