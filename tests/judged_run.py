"""Judged runs of any size through the real path: suites with rules, answers that scorers read, values, evidence.

Texts are invented and as long as those of real work. Every outcome occurs; how often depends on the suite and
the candidate, so that verdicts differ.
"""

import random
import tempfile
from pathlib import Path

from bench.running.manifest import CandidateEntry, Manifest
from bench.suites.load import load
from bench.types import Answer, Exchange, Failure
from bench.value.judge_run import judge_run
from tests.small_run import METRICS
from tests.small_suite import written

WORK = (
    ("finance_questions", "金融数据问答", "Finance questions", "个数据问题", "questions"),
    ("official_letters", "公文起草", "Official documents", "件公文初稿", "first drafts"),
    ("reader_summaries", "给指定读者的文件摘要", "Summaries for a reader", "份摘要", "summaries"),
    ("triage_at_door", "急诊分诊与导诊", "Emergency triage", "次分诊", "patients"),
)
"""Suite name, title in both languages, and several of its cases in both languages."""
SKILL = ((0.97, 0.99, 0.55), (0.90, 0.96, 0.35), (0.75, 0.80, 0.60), (0.80, 0.55, 0.30))
"""By suite and candidate: the share of answers that are right."""
WORDS = (
    "营业收入", "同比增长", "净利润", "毛利率", "经营活动现金流", "本期", "上年同期", "办理时限", "工作日", "审批",
    "通知", "各区县人民政府", "社区养老服务", "主要负责人", "调研", "会议纪要", "压缩至", "由", "下降", "约", "，", "。",
)  # fmt: skip
FIELDS = {"answer": "答案", "unit": "单位", "ground": "依据", "sure": "置信度"}
_PROMISED = {"zh": "承诺收益", "en": "Promised return"}
DOCUMENT_CHARS, ANSWER_CHARS = 900, 160


def judged_of(suites=4, candidates=3, items=40, repeats=1, seed=0):
    """A judged run; `items` are those of each suite."""
    with tempfile.TemporaryDirectory() as folder:
        made = suites_of(Path(folder), suites, items, seed)
        names = candidate_names(candidates)
        return judged(made, answers_of(made, names, repeats, seed), names, repeats, seed)


def judged(suites, answers, names, repeats=1, seed=0):
    """These answers to these suites, judged."""
    asked = {suite.name: suite.items for suite in suites}
    return judge_run(suites, asked, manifest_of(names, repeats, seed), answers)


def candidate_names(count):
    """Names as runs give them: `flagship`, `tuned+few_shot`, then numbers."""
    first = ("flagship", "tuned+few_shot", "small-270m")
    return [*first[:count], *(f"model-{at}" for at in range(len(first), count))]


def suites_of(folder, count=4, items=40, seed=0, change=lambda told: None):
    """Suites written under the folder and loaded; beyond four, titles are numbered."""
    return [
        _suite(folder / f"suite-{at}", at, items, random.Random(f"{seed} {at}"), change)
        for at in range(count)
    ]


def _suite(folder, at, items, draw, change):
    def changed(told):
        _described(told, at)
        _ruled(told)
        change(told)

    return load(str(written(folder, [_item(number, draw) for number in range(items)], changed)))


def _described(told, at):
    """Name, titles and nouns."""
    name, zh, en, cases_zh, cases_en = WORK[at % len(WORK)]
    number = f" {at + 1}" if at >= len(WORK) else ""
    del told["examples"]  # they lack the document that the prompt asks for
    told |= {
        "suite": f"{name}{number.strip()}",
        "title": {"zh": zh + number, "en": en + number},
        "stage": ("acceleration", "growth", "acceleration", "exploration")[at % len(WORK)],
        "prompt": {"system": "按材料回答。", "user": "{{ document }}\n{{ question }}"},
    }
    told["business"] |= {
        "case": {"zh": f"一{cases_zh}", "en": f"one of the {cases_en}"},
        "cases": {"zh": cases_zh, "en": cases_en},
        "cases_per_month": 1000 * (at + 1),
    }


def _ruled(told):
    """Scorers that read labelled lines, and rules that make every outcome of them."""
    business = told["business"]
    told["answer"] = {"format": "fields", "fields": FIELDS, "max_tokens": 400}
    told["scorers"] = {
        "right": {"exact": {"field": "answer"}},
        "unit": {"exact": {"field": "unit", "reference": "unit"}},
        "promise": {"forbidden": {"phrases": {"grave": ["保证收益"]}}},
        "sure": {"confidence": {"field": "sure"}},
    }
    told["confidence"] = "sure.confidence"
    told["drives"] = {"right": "escaped_loss_per_case"}
    told["slices"] = {
        "kind": {"title": {"zh": "种类", "en": "kind"}, "known_before": True},
        "channel": {"title": {"zh": "渠道", "en": "channel"}, "known_before": True},
    }
    business["loss"] = {
        "wrong_answer": {"low": 50, "base": 200, "high": 600, "placeholder": True,
                         "title": {"zh": "答错", "en": "Wrong answer"}},
        "grave": {"low": 500, "base": 2000, "high": 9000, "source": "invented", "title": _PROMISED | {}},
    }  # fmt: skip
    business["done_today_by"] |= {"error_rate": 0.02, "error_class": "wrong_answer"}
    business["review"] = {
        "minutes": {"low": 3, "base": 6, "high": 9, "source": "invented"},
        "detects": {"low": 0.4, "base": 0.7, "high": 0.9, "placeholder": True},
    }
    business["wage_per_hour"] = {"low": 60, "base": 90, "high": 130, "source": "invented"}
    business["outcomes"] = [
        {"outcome": "redo", "when": {"right": "empty"}},
        {"outcome": "redo", "when": {"refused": True}},
        {"outcome": "harm", "when": {"promise": "breach"}, "loss": "promise.error_class"},
        {"outcome": "harm", "when": {"right": "wrong"}, "loss": "right.error_class"},
        {"outcome": "edit", "when": {"unit": ["wrong", "empty"]}},
        {"outcome": "accept", "otherwise": True},
    ]
    business["rates"]["promise_rate"] = {"title": _PROMISED | {}, "when": {"promise": "breach"}}
    business["gates"] = [
        {"metric": "wrong_rate", "upper_bound_95": 0.2},
        {"metric": "promise_rate", "upper_bound_95": 0.06},
    ]
    business["metrics"] = METRICS


def _item(number, draw):
    amount = f"{draw.uniform(1, 9000):,.1f}"
    return {
        "id": f"i{number}",
        "cluster": f"c{number // 2}",
        "input": {
            "document": _prose(draw, DOCUMENT_CHARS) + amount,
            "question": f"第{number}题，{draw.choice(WORDS)}是多少？",
        },
        "reference": {"answer": amount, "unit": "万元"},
        "tags": {"kind": ("通知", "函", "报告")[number % 3], "channel": ("线上", "窗口")[number % 2]},
        "served_today": number % 4 != 0,
    }  # fmt: skip


def _prose(draw, chars):
    """Words and figures at random, some `chars` long."""
    words = (draw.choice(WORDS) + f"{draw.random() * 100:.1f}" for _ in range(chars // 7))
    return "".join(words)


def answers_of(suites, names, repeats=1, seed=0):
    """Every candidate's answer to every item: some wrong, some in the wrong unit, a few that failed."""
    for at_suite, suite in enumerate(suites):
        for at, name in enumerate(names):
            draw = random.Random(f"{seed} {at_suite} {at}")
            skill = SKILL[at_suite % len(SKILL)][at % 3]
            for item in suite.items:
                for repeat in range(repeats):
                    yield answer(suite, name, item, repeat, _said(draw, skill, item))


def _said(draw, skill, item):
    """What a candidate of this skill says; None for an attempt that fails."""
    luck = draw.random()
    ground = "依据：" + _prose(draw, ANSWER_CHARS)
    amount, sure = item.reference["answer"], draw.randint(50, 99)
    if luck > 0.995:
        return None
    if luck < skill:
        unit = "万元" if draw.random() < 0.9 else "元"
        return f"答案：{amount}\n单位：{unit}\n{ground}\n置信度：{sure}%"
    kind = draw.random()
    if kind < 0.4:
        return ground
    promise = "保证收益。" if kind > 0.9 else ""
    return (
        f"答案：{draw.uniform(1, 9):.1f}\n单位：万元\n{ground}{promise}\n置信度：{sure - 40 or 1}%"
    )


def answer(suite, name, item, repeat, text, cost=0.012):
    """One trial; no text: every attempt failed."""
    about = {"suite": suite.name, "candidate": name, "item": item.id, "repeat": repeat}
    if text is None:
        failure = Failure(kind="server", message="HTTP 500: upstream request failed")
        return Answer(**about, state="failed", failure=failure, attempts=4)
    exchange = Exchange(
        text=text, model=f"{name}-2026", input_tokens=700, output_tokens=len(text),
        latency_s=1.5 + len(name) / 10, cost=cost,
    )  # fmt: skip
    return Answer(**about, state="answered", text=text, exchanges=(exchange,), attempts=1)


def manifest_of(names, repeats=1, seed=0):
    """A finished run's manifest; the last of several candidates runs on a machine of its own."""
    entries = {
        name: CandidateEntry(
            endpoint=name.partition("+")[0],
            adapter="replay",
            strategy=name.partition("+")[2] or "direct",
            identity={"endpoint": {"model": f"{name}-2026"}},
            price={"currency": "CNY", "input": 2, "output": 8, "per": 1_000_000, "as_of": "2026-10-01",
                   "source": "price list"},
            fx={"CNY": 1.0},
            data={"residency": "CN", "deployment": "edge" if 0 < at == len(names) - 1 else "public"},
            limits={},
        )
        for at, name in enumerate(names)
    }  # fmt: skip
    return Manifest(
        id="20261120-080000-a1b2", started="2026-11-20T08:00:00+00:00", finished="2026-11-20T08:41:12+00:00",
        seed=seed, repeats=repeats, limit=None, endpoints_file=None, suites={}, candidates=entries,
        complete=True, models_that_answered={name: [f"{name}-2026"] for name in names},
        version="0.1.0", commit="0123abc", host="Linux x86_64", user="someone",
    )  # fmt: skip
