"""Long answers that make a careless pattern or loop slow, and a simple scorer of every built-in kind to read them."""

import random

from bench.registry import SCORERS
from bench.types import Item

_PARTS = {
    "one character": "增",
    "digits": "1234567890",
    "zeros": "0",
    "latin": "a",
    "spaces": " ",
    "newlines": "\n",
    "commas": "，",
    "dots": ".",
    "minus": "-",
    "equals": "=",
    "percent": "%",
    "bullets": "- ",
    "opening brackets": "（",
    "opening quotes": "“",
    "straight quotes": '"',
    "labels": "答案：",
    "labels in lines": "答案：\n级别：",
    "JSON brackets": "[",
    "JSON nested": '{"答案":',
    "JSON in a row": '{"答案": 1} ',
    "dangling": "《",
    "square": "【",
    "numbering": "（一）",
    "list numbers": "1. ",
    "amounts": "12.5亿元，",
    "thousands": "1,234,",
    "dates": "2026年5月1日",
    "days of one month": "3月5日至8日、",
    "times": "12:30",
    "times apart": "12:30，",
    "hours": "5时30分，",
    "fractions": "2/3，",
    "weeks": "2周，",
    "Chinese weeks": "两个星期，",
    "ordinals": "第4，",
    "numerals": "一二三四五六七八九十百千万亿",
    "ranges": "至到-—",
    "codes": "A-1",
    "codes apart": "HT-2026-018，",
    "bodies": "局",
    "body names": "市财政局，",
    "persons": "由王经理负责，",
    "titles": "《关于做好工作的通知》",
    "quotations": "“一网通办”",
    "levels": "Ⅱ或",
    "levels apart": "Ⅱ级，",
    "departments": "急诊科、",
    "promises": "保证收益 ",
    "promises denied": "不保证收益，",
    "advice cut off": "建议",
    "English promises": "guaranteed return ",
    "negations": "不",
    "unable": "无法",
    "confidence": "置信度：",
    "combining marks": "a\u0323\u0301",
    "marks in one heap": "\u0323\u0301",
    "width forms": "\ufdfa",
}

_MIXED = "增长12.5%亿元，。（）《》“”局委部的不保本建议买入Ⅱ级急诊 \n"
_RARE = [chr(0x4E00 + at) for at in range(4000)]


def hostile(size):
    """Answers of about `size` bytes: what each is made of -> the answer."""
    half = size // 2
    return {name: part * (size // len(part.encode())) for name, part in _PARTS.items()} | {
        "braces closed": "{" * half + "}" * half,
        "titles closed": "《" * (half // 3) + "》" * (half // 3),
        "JSON list closed": '{"答案": ' + "[" * 900 + "]" * 900 + "}",
        "marks in two heaps": "a" + "\u0301" * (half // 2) + "\u0323" * (half // 2),
        "a mixture": "".join(random.Random(1).choices(_MIXED, k=size // 3)),
        "rare characters": "".join(random.Random(2).choices(_RARE, k=size // 3)),
    }


SOURCE = (
    "2026年3月5日至8日，市发展和改革委员会会同市财政局调研，形成《关于加快社区养老服务的若干措施》。一季度营业收入12.04亿元，"
    "同比增长8.6%，净利润9,870万元，毛利率由21.5%升至24.0%。审批时限由12个工作日压缩至7个工作日，2周后复查，14:30开会。"
)
ITEM = Item(
    id="hostile",
    cluster="hostile",
    input={"document": SOURCE * 4, "vitals": {"hr": 150, "rr": 28, "spo2": 93}, "age": "58岁"},
    reference={
        "answer": "12.5亿元",
        "text": "净利润增长",
        "level": "Ⅱ",
        "door": "急诊科",
        "evidence": [["营业收入", "12.04"], ["2026"]],
        "facts": [
            {
                "id": "a",
                "text": "增长",
                "any": [{"all": ["增长", "亿元", "12"], "within": 40}, "a" * 60],
            }
        ],
        "traps": [
            {"id": "b", "text": "保本", "any": [{"all": ["保", "本"]}], "unless": ["不属实"]}
        ],
        "document": {
            "kind": "通知",
            "direction": "down",
            "issuer": ["某市人民政府"],
            "addressees": ["各县人民政府"],
        },
        "names": ["市教育局"],
    },
)
"""An item that every scorer of `simple_scorers` can judge."""

_OPTIONS = {
    "exact": {"reference": "text"},
    "label": {"reference": "door", "choices": {"急诊科": ["急诊"], "内科": []}, "several": True},
    "ordinal": {"reference": "level", "scale": "cn_2018", "also": ["mts", "esi_v5"]},
    "forbidden": {"phrases": {"promise": ["保证收益", "保本", "建议…买入", "guaranteed return"]}},
    "grounding": {"source": "document"},
    "json_fields": {"required": {"答案": "string"}},
    "rouge": {"reference": "text", "source": "document"},
    "length": {"max_chars": 200},
    "economy": {"source": "document"},
    "vital_signs": {"reference": "level"},
}


def simple_scorers():
    """Every built-in scorer by its name, with the options that it cannot do without; ROUGE by word as well."""
    built = {name: SCORERS.load(name)(**_OPTIONS.get(name, {})) for name in SCORERS.built_in}
    by_word = {**_OPTIONS["rouge"], "unit": "word"}
    return {**built, "rouge by word": SCORERS.load("rouge")(**by_word)}


def disguises(text, suite):
    """The text as an answer of a suite may carry it: bare, in every field, in the body of a document."""
    yield text
    fields = suite.file.answer.fields.values()
    if fields:
        yield "\n".join(f"{label}：{text[: len(text) // len(fields)]}" for label in fields)
    if any(type(scorer).__name__ == "OfficialDocument" for scorer in suite.scorers.values()):
        yield f"某市关于做好工作的通知\n\n各县：\n{text}\n\n某市\n2026年5月1日"
