"""A suite of short items, written into a folder of the test."""

import json

import yaml

SUITE = {
    "suite": "small",
    "version": 1,
    "title": {"zh": "小题", "en": "Small items"},
    "about": {"zh": "测试用", "en": "For tests"},
    "industry": "none",
    "chain_link": "service",
    "stage": "acceleration",
    "data_class": "public",
    "business": {
        "case": {"zh": "一题", "en": "one item"},
        "cases": {"zh": "题", "en": "items"},
        "done_today_by": {"role": {"zh": "人", "en": "a person"}, "minutes": 44},
        "wage_per_hour": 90,
        "cases_per_month": 1000,
        "review": {"minutes": 6, "detects": 0},
        "edit": {"minutes": 2},
        "loss": {"wrong_answer": {"base": 800, "placeholder": True, "title": {"zh": "答错", "en": "Wrong"}}},
        "setup": {"cost": 1000},
        "outcomes": [
            {"outcome": "redo", "when": {"right": "empty"}},
            {"outcome": "harm", "when": {"right": "wrong"}, "loss": "right.error_class"},
            {"outcome": "accept", "otherwise": True},
        ],
        "rates": {"wrong_rate": {"title": {"zh": "答错率", "en": "Share wrong"}, "when": {"right": "wrong"}}},
        "metrics": {"cost": ["net_value_per_case"], "innovation": ["supply_multiplier"], "experience": ["within_sla"]},
        "gates": [{"metric": "wrong_rate", "upper_bound_95": 0.5}],
        "sla_seconds": 5,
    },
    "items": "items.jsonl",
    "examples": "examples.yaml",
    "prompt": {"system": "Answer with a number.", "user": "{{ question }}"},
    "answer": {"format": "text", "max_tokens": 16},
    "scorers": {"right": "exact"},
}  # fmt: skip


def item(number, answer="42"):
    return {
        "id": f"i{number}",
        "cluster": f"c{number}",
        "input": {"question": f"question {number}?"},
        "reference": {"answer": answer},
    }


def written(folder, items=None, change=None, **parts):
    """Write the suite; `change` edits its mapping in place; `parts` are further files by stem."""
    told = json.loads(json.dumps(SUITE))
    if change is not None:
        change(told)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "suite.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
    lines = [json.dumps(each) for each in (items or [item(n) for n in range(12)])]
    (folder / "items.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    examples = [
        {"id": f"e{n}", "input": {"question": f"example {n}?"}, "answer": str(n)} for n in range(4)
    ]
    (folder / "examples.yaml").write_text(yaml.safe_dump(examples), encoding="utf-8")
    for name, content in parts.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return path


def endpoints(folder, url, **more):
    """An endpoint file with one `openai` endpoint called `stub`."""
    entry = {"adapter": "openai", "base_url": url, "model": "stub"} | more
    path = folder / "endpoints.yaml"
    path.write_text(yaml.safe_dump({"endpoints": {"stub": entry}}), encoding="utf-8")
    return path
