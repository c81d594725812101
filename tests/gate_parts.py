"""Parts of what a gate may find, made up: criteria that are decided by their numbers, contrasts, reports."""

import math

from bench.gate.record import Common, Contrast, Criterion, GateReport, Side, SuiteFacts
from bench.types import Text
from bench.value.observed.record import Blessing

FINANCE = "finance_qa"
TRIAGE = "medical_triage"
LEVEL = 0.05


def value(low, difference, high, margin=10.0, **more):
    """Value in money per case: 10 may be lost of it."""
    told = {
        "kind": "value",
        "unit": "money",
        "old": 48.2,
        "new": 48.2 + difference,
        "n": 150,
        "clusters": 60,
    }
    told |= {"difference": difference, "low": low, "high": high, "margin": margin}
    return Criterion(**(told | _decided(low, high, margin) | more))


def share(kind, old, new, half, margin=0.05, better="lower", **more):
    """A share on both sides, its difference known to `half` either way."""
    difference = new - old if better == "higher" else old - new
    low, high = difference - half, difference + half
    told = {
        "kind": kind,
        "unit": "share",
        "better": better,
        "old": old,
        "new": new,
        "n": 150,
        "clusters": 60,
    }
    told |= {"difference": difference, "low": low, "high": high, "margin": margin}
    return Criterion(**(told | _decided(low, high, margin) | more))


def rate(old, new, half, **more):
    """Missed emergencies, a rate that a hard limit is about."""
    named = {
        "metric": "emergency_missed",
        "title": Text(zh="急症漏判", en="missed emergencies"),
        "hard": True,
    }
    return share("rate", old, new, half, **(named | {"n": 72, "clusters": 72} | more))


def limit(new, low, high, margin, **more):
    """A limit of the suite on scale and sign errors, on all items of the new run."""
    told = {
        "kind": "limit",
        "unit": "share",
        "better": "lower",
        "new": new,
        "low": low,
        "high": high,
    }
    told |= {
        "metric": "scale_sign_rate",
        "title": Text(zh="数量级或方向错误", en="scale or sign errors"),
        "hard": True,
    }
    told |= {
        "margin": margin,
        "n": 54,
        "clusters": 30,
        "status": "fail" if low > margin else "pass",
    }
    told |= {
        "p_worse": 0.001 if low > margin else 0.9,
        "p_safe": 0.9,
        "level_worse": LEVEL,
        "level_safe": LEVEL,
    }
    return Criterion(**(told | more))


def growth(kind, old, new, half, margin=0.5, **more):
    """Cost or time of a case, its growth known to `half` either way, as logarithms; it warns only."""
    difference = math.log(old / new)
    low, high, most = difference - half, difference + half, math.log1p(margin)
    told = {
        "kind": kind,
        "unit": "ratio",
        "better": "lower",
        "old": old,
        "new": new,
        "n": 150,
        "clusters": 60,
    }
    told |= {"difference": difference, "low": low, "high": high, "margin": most, "enforced": False}
    return Criterion(**(told | _decided(low, high, most) | more))


def _decided(low, high, margin):
    if high < -margin:
        told = {"status": "fail", "p_worse": 0.0004, "p_safe": 0.9996}
    elif low > -margin:
        told = {"status": "pass", "p_worse": 0.998, "p_safe": 0.002}
    else:
        told = {"status": "inconclusive", "p_worse": 0.3, "p_safe": 0.7}
    return told | {"level_worse": LEVEL, "level_safe": LEVEL, "power": 0.8}


def finance_facts(**more):
    """What readers call the finance suite."""
    told = {"title": Text(zh="金融数据问答", en="Finance question answering"), "currency": "CNY"}
    told |= {"cases": Text(zh="个数据问题", en="questions"), "path": "tasks/finance_qa/suite.yaml"}
    told |= {"placeholders": 9, "assumptions": 12, "old_version": 3, "new_version": 3}
    return SuiteFacts(**(told | more))


def triage_facts(**more):
    """What readers call the triage suite."""
    told = {
        "title": Text(zh="急诊分诊与导诊", en="Emergency triage and guidance"),
        "currency": "CNY",
    }
    told |= {"cases": Text(zh="次分诊", en="triages"), "path": "tasks/medical_triage/suite.yaml"}
    told |= {"placeholders": 14, "assumptions": 14, "old_version": 2, "new_version": 3}
    return SuiteFacts(**(told | more))


def common(**more):
    """150 items that nothing happened to, asked twice."""
    told = {
        "items": 150,
        "clusters": 60,
        "trials": 300,
        "old_models": ("qwen3-8b",),
        "new_models": ("qwen3-8b",),
    }
    return Common(**(told | more))


def contrast(status, *criteria, **more):
    """The finance suite's one candidate against its former self."""
    told = {
        "suite": FINANCE,
        "candidate": "desk/few_shot",
        "against": "desk/few_shot",
        "common": common(),
    }
    told |= {"old_outcomes": {"accept": 0.72, "edit": 0.16, "redo": 0.1, "harm": 0.02}}
    told |= {
        "new_outcomes": {"accept": 0.73, "edit": 0.15, "redo": 0.1, "harm": 0.02},
        "worse": 9,
        "better": 12,
    }
    return Contrast(**(told | {"status": status, "criteria": criteria} | more))


def report(status, *contrasts, **more):
    """A gate of the built-in policy over these contrasts."""
    blessed = Blessing(
        by="li.wei", at="2026-11-01T09:00:00+00:00", because="first run in production"
    )
    old = {
        "name": "baselines/main.json",
        "run": "20261101-080000-a1b2",
        "started": "2026-11-01T08:00:00+00:00",
    }
    new = {
        "name": "results/new",
        "run": "20261120-080000-c3d4",
        "started": "2026-11-20T08:00:00+00:00",
    }
    told = {
        "status": status,
        "run": Side(**new, commit="4d7ac0ffee12", version="0.1.0"),
        "baseline": Side(**old, commit="1b2c3d4e5f60", version="0.1.0", blessed=blessed),
        "policy": "built-in",
        "policy_digest": "00112233aabbccdd",
        "confidence": 0.95,
        "contrasts_planned": sum(len(each.criteria) for each in contrasts),
        "complete": True,
        "suites": {FINANCE: finance_facts()},
        "contrasts": contrasts,
    }
    return GateReport(**(told | more))
