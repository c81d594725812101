"""Official sentences, titles and reports that officials wrote: what the checks say of them, and how often.

From BENCH_PUBLIC_DATA: 500 sentences of official documents without their spelling errors and 5,608 titles (ECSpell,
github.com/Aopolin-Lv/ECSpell), 31 reports of provincial governments to their congresses (2026).
"""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from bench.scoring.document_parts import parsed
from bench.scoring.document_routing import Draft
from bench.scoring.document_rules import RULES, Brief
from bench.scoring.documents import CHECKS
from bench.scoring.facts import normalised

FOLDER = Path(os.environ.get("BENCH_PUBLIC_DATA", "/nonexistent")) / "government"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="BENCH_PUBLIC_DATA names no folder")

ISSUER, DATE = "清澜市人民政府办公室", "2026年5月18日"
SUPERIOR, BELOW = "清澜市人民政府", "各县（市、区）人民政府"
DIRECTIONS = {
    "请示": ("up", SUPERIOR, "妥否，请批示。"),
    "报告": ("up", SUPERIOR, "特此报告。"),
    "议案": ("up", SUPERIOR, "请予审议。"),
    "函": ("level", "清澜市财政局", "专此函达。"),
    "公告": ("public", "", "特此公告。"),
    "公报": ("public", "", "现予公布。"),
    "通告": ("public", "", "特此通告。"),
    "决议": ("public", "", "现予公布。"),
    "命令（令）": ("public", "", "现予公布。"),
}
DOWN = ("down", BELOW, "请认真贯彻执行。")
KINDS = "决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要"
ALONE = {
    "fabricated_basis": "it cites a law or plan that this brief does not list",
    "unlisted_basis": "it cites a law of the People's Republic that this brief does not list",
    "numbering": "it is the 九、 of a list whose other points are elsewhere",
    "numbering_skip": "it is the （三） of a point that stands elsewhere",
}
"""Rules that a right sentence breaks only by standing alone, and why."""
OF_OTHER_DIRECTION = {
    "wrong_tone": "请认真组织实施 is told to those below",
    "request_in_report": "an applicant (申请人) is taken for one who asks",
}
"""And what a sentence meets that was written for a paper of another direction."""


def rows(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [json.loads(line)["input" if "odw" not in name else "reference"] for line in file]


def defects(kind, body, title=None):
    """What every check says of a right document of `kind` with this body."""
    direction, to, ending = DIRECTIONS.get(kind, DOWN)
    brief = {
        "kind": kind,
        "direction": direction,
        "issuer": [ISSUER],
        "addressees": [to] if to else [],
        "date": DATE,
    }
    head = [
        title or f"{ISSUER}关于有关工作的{kind.removesuffix('（令）')}",
        f"{to}：" if to else "",
    ]
    text = "\n".join([*head, "现将有关事项说明如下。", *body, ending, ISSUER, DATE])
    draft = Draft(parsed(text), Brief.model_validate(brief), normalised(text))
    return [defect for check in CHECKS for defect in check(draft)]


def severe(found):
    return [defect for defect in found if RULES[defect.rule].severity != "S3"]


@pytest.mark.parametrize("kind", ["通知", "意见", "决定", "批复", "函", "报告", "请示", "公告"])
def test_a_right_document_is_silent(kind):
    assert defects(kind, ["请做好有关工作。"]) == []


def test_sentences_of_official_documents_are_silent():
    """499 of 500 (99.8 %); the other is a policeman's own words (我们). None is severe."""
    sentences = rows("ecspell_odw_test.jsonl")
    told = {
        each: [d for d in defects("通知", [each.strip()]) if d.rule not in ALONE]
        for each in sentences
    }
    spoken = [each for each, found in told.items() if found]
    assert len(sentences) == 500
    assert len(spoken) <= 0.01 * len(sentences), spoken
    assert not any(severe(found) for found in told.values())


@pytest.mark.parametrize("kind", ["报告", "请示", "函", "公告"])
def test_sentences_of_official_documents_are_hardly_ever_severe_in_any_kind_of_paper(kind):
    sentences = rows("ecspell_odw_test.jsonl")
    found = Counter(d.rule for each in sentences for d in severe(defects(kind, [each.strip()])))
    assert sum(n for rule, n in found.items() if rule not in ALONE) <= 0.01 * len(sentences), found
    assert set(found) <= {*ALONE, *OF_OTHER_DIRECTION}


def test_titles_that_end_in_a_statutory_kind_are_never_severe():
    """5,285 of 5,292 (99.9 %): seven of the 1970s and 1980s end in 请示报告, which 条例 art. 15(4) ended."""
    ending = [each.strip() for each in rows("policy_titles_real.jsonl")]
    ending = [each for each in ending if re.search(f"(?:{KINDS})$", each)]
    wrong = []
    for title in ending:
        word = re.search(f"(?:{KINDS})$", title)[0]
        kind = "命令（令）" if word in ("命令", "令") else word
        if severe(defects(kind, ["请做好有关工作。"], title)):
            wrong.append(title)
    assert len(ending) > 5000
    assert len(wrong) <= 0.01 * len(ending), wrong[:5]
    assert all(title.endswith("请示报告") for title in wrong)


def test_reports_to_a_congress_are_official_in_wording_and_go_in_no_circles():
    """In 477 passages of 1,500 characters: one is "repeated", by a heading that a web page shows twice."""
    passages = [
        [paragraph.strip() for paragraph in passage.split("\n") if len(paragraph.strip()) > 20]
        for report in rows("provincial_gov_work_reports_2026.jsonl")
        for passage in re.findall(r"(?s).{1,1500}(?:\n|$)", report)
    ]
    wrong = Counter(
        defect.rule
        for each in passages
        for defect in severe(defects("报告", ["各位代表：", *each]))
    )
    assert len(passages) > 300
    for rule in ("repeated", "register", "placeholder_left", "invented_date"):
        assert wrong[rule] <= 0.01 * len(passages), (rule, wrong[rule])
