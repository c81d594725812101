"""Summaries of invented runs of one suite, as an older program may have written them."""

import json

from bench.value.history.past import past_run


def estimate(value, half=0.0, n=300, **more):
    low, high = (None, None) if half is None else (value - half, value + half)
    return {"value": value, "low": low, "high": high, "level": 0.9, "n": n, "method": "m"} | more


def told(day, usable=0.5, value=1.0, harm=0.02, candidate="desk", **changes):
    """A summary as a mapping. `changes` are of the candidate, or of the run or suite as run_x, suite_x."""
    accept = round(usable * 0.75, 6)
    one = {
        "items": 300,
        "coverage": 1.0,
        "outcomes": {
            "accept": accept,
            "edit": round(usable - accept, 6),
            "redo": round(1 - usable - harm, 6),
            "harm": harm,
        },
        "value_per_case": estimate(value, 2.0),
        "p_positive": 0.9,
        "metrics": {
            "right_first_time": estimate(
                usable, 0.06, unit="share", better="higher", title={"zh": "一次可用率", "en": "Usable at first"}
            ),
            "latency_p95": estimate(4.0, 1.0, unit="seconds", better="lower"),
        },
        "technical": {"number.value": estimate(usable + 0.1, 0.03, drives="x")},
        "verdict": {"decision": "pilot", "reasons": []},
    }  # fmt: skip
    run = {"id": f"run-{day}", "started": f"{day}T09:00:00+08:00", "complete": True, "limit": None}
    suite = {
        "version": 1,
        "title": {"zh": "财报问答", "en": "Questions on filings"},
        "cases": {"zh": "题", "en": "questions"},
        "currency": "CNY",
        "coverage_floor": 0.9,
        "assumptions": [{"name": "wage_per_hour", "low": 80, "base": 90, "high": 100}],
    }
    for name, each in changes.items():
        part, _, field = name.partition("_")
        if part in ("run", "suite"):
            (run if part == "run" else suite)[field] = each
        else:
            one[name] = each
    return {"schema": 1, "run": run, "suites": {"s": suite | {"candidates": {candidate: one}}}}


def past(*arguments, **changes):
    """The same, read back."""
    return past_run(json.dumps(told(*arguments, **changes)), "s")
