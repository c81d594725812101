"""What a gate may find, made up: one report for each way it can end, and one whose texts are hostile."""

from bench.gate.record import Criterion, Flip, Saved, Side
from bench.types import Text
from bench.value.observed.record import Blessing
from tests.gate_parts import (
    FINANCE,
    TRIAGE,
    common,
    contrast,
    finance_facts,
    growth,
    limit,
    rate,
    report,
    share,
    triage_facts,
    value,
)
from tests.hostile_fields import ANYWHERE, STARTS


def _held():
    return (
        value(-4.1, 1.2, 6.6),
        share("harm", 0.02, 0.02, 0.031),
        limit(0.0185, 0.002, 0.045, 0.05, p_safe=0.03),
        share("coverage", 0.993, 1.0, 0.012, better="higher"),
        growth("cost", 0.012, 0.0121, 0.05, margin=0.25),
        growth("latency", 2.1, 2.0, 0.1),
    )


def passing():
    """Everything held."""
    return report("pass", contrast("pass", *_held()))


def failing():
    """Value fell, more emergencies are missed, one limit is broken and another is waived; items flipped, some have no answer any more."""
    finance = contrast(
        "fail",
        value(-20.9, -16.4, -11.9),
        share("harm", 0.02, 0.06, 0.037, status="inconclusive", needed=364, smallest_margin=0.041),
        limit(12 / 54, 0.15, 0.31, 0.05),
        limit(
            3 / 54, 0.021, 0.13, 0.02,
            metric="compliance_breach_rate",
            title=Text(zh="合规违规", en="compliance breaches"),
            waived="known since the tender; the vendor mends it by 2027",
            enforced=False,
        ),
        share("coverage", 1.0, 0.98, 0.015, better="higher"),
        growth("cost", 0.012, 0.0121, 0.05, margin=0.25),
        growth("latency", 2.1, 4.0, 0.1),
        common=common(
            changed=4, only_new=6, only_old=2,
            parts_changed=("examples", "prompt"),
            settings_changed=("endpoint.params.temperature", "options.examples"),
            new_models=("qwen3-8b-2026-11",),
        ),
        new_outcomes={"accept": 0.58, "edit": 0.16, "redo": 0.18, "harm": 0.06, "none": 0.02},
        worse=47, better=11, needed=364,
        new_failures=("fq-003", "fq-077", "fq-140"),
        flips=_flips(),
    )  # fmt: skip
    triage = contrast(
        "fail",
        value(-3.2, -0.4, 2.4, margin=2.0, n=168, clusters=168, status="inconclusive", needed=310, smallest_margin=2.8),
        rate(3 / 72, 9 / 72, 0.02),
        suite=TRIAGE,
        candidate="desk/direct",
        against="desk/direct",
        common=common(items=168, clusters=168, trials=168),
        needed=310, worse=12, better=3,
        old_outcomes={"accept": 0.9, "harm": 0.1},
        new_outcomes={"accept": 0.85, "harm": 0.15},
    )  # fmt: skip
    facts = {FINANCE: finance_facts(new_version=4), TRIAGE: triage_facts()}
    left_out = ("finance_qa/desk/direct", "summarization/desk/few_shot")
    return report("fail", finance, triage, suites=facts, not_compared=left_out)


def _flips():
    scale = Text(zh="数量级错误", en="wrong order of magnitude")
    return (
        Flip(
            item="fq-017", repeat=0, old="accept", new="harm", new_because=scale, money=-8021.5,
            old_text="归属于上市公司股东的净利润为 12.5 亿元（见年报第 37 页）。",
            new_text="归属于上市公司股东的净利润为 125 亿元。\n出处：年报第 37 页，合并利润表；另见管理层讨论与分析一节，同比增长 8.3%，"
            "主要由于利息净收入和手续费及佣金净收入均有增长，资产质量保持稳定，不良贷款率较上年末下降 0.05 个百分点。",
        ),
        Flip(
            item="fq-102", repeat=1, old="accept", new="redo", money=-31.2,
            old_because=Text(zh="数字与出处都对", en="figure and source are right"),
            new_because=Text(zh="没有作答", en="declined to answer"),
            old_text="The operating margin was 14.2% (page 12).",
            new_text="I cannot answer this from the excerpt.",
        ),
        Flip(item="fq-003", repeat=0, old="edit", new=None, money=-20.0, old_text="约 3.1%", new_text=None),
        Flip(item="fq-077", repeat=1, old="accept", new=None, money=-20.0),
        Flip(item="fq-140", repeat=0, old="accept", new=None, money=-20.0, old_text="8,412 万元", new_text=""),
        Flip(item="fq-090", repeat=0, old="accept", new="edit", money=-3.7, old_text="9.1%", new_text="9.1"),
        Flip(item="fq-055", repeat=0, old="redo", new="accept", money=31.2, old_text="不知道", new_text="4.2 亿元"),
    )  # fmt: skip


def inconclusive():
    """Value cannot be told yet; harmful answers pass by their numbers, with power that makes it luck."""
    open_value = value(-14.3, -2.4, 9.5, needed=364, smallest_margin=12.0, power=0.31)
    lucky = share(
        "harm", 0.02, 0.01, 0.058, status="inconclusive", low_power=True, power=0.34, needed=190
    )
    return report(
        "inconclusive", contrast("inconclusive", open_value, lucky, *_held()[2:], needed=364)
    )


def unknowable():
    """A difference that lies on the margin, which no number of items would tell; and one of which nothing is known."""
    on_margin = value(-21.0, -10.0, 1.0, smallest_margin=11.0)
    nothing = Criterion(
        kind="rate", metric="emergency_missed", title=Text(zh="急症漏判", en="missed emergencies"),
        status="not_known", unit="share", better="lower", margin=0.05,
    )  # fmt: skip
    return report("inconclusive", contrast("inconclusive", on_margin, nothing), then="fail")


def warning():
    """Everything held but the time of a case, which warns only; of its cost nobody can tell."""
    slow = growth("latency", 2.1, 4.0, 0.1)
    dear = growth("cost", 0.012, 0.014, 0.3, margin=0.25, needed=900)
    return report("pass", contrast("pass", *_held()[:4], dear, slow))


def identical():
    """Every answer was the same, word for word."""
    same = {"identical": True}
    told = (
        value(0.0, 0.0, 0.0, **same),
        share("harm", 0.02, 0.02, 0.0, **same),
        share("coverage", 1.0, 1.0, 0.0, better="higher", **same),
        growth("latency", 2.1, 2.1, 0.0),
    )
    one = contrast("pass", *told, worse=0, better=0)
    return report("pass", one.model_copy(update={"new_outcomes": one.old_outcomes}))


def sequential():
    """A run that stopped at its third look."""
    saved = Saved(
        look=3, looks=10, items_asked=48, items_planned=160, requests_not_sent=224, requests_from_cache=37
    )  # fmt: skip
    at_look = {"n": 48, "clusters": 20, "level_safe": 0.008, "level_worse": 0.008}
    sure = (value(-5.1, 3.2, 11.5, **at_look), share("harm", 0.02, 0.0, 0.045, **at_look))
    asked = common(items=48, clusters=20, trials=96, only_old=112)
    return report("pass", contrast("pass", *sure, common=asked), saved=saved)


def unfinished():
    """A run that is not complete and stands under a policy that warns when nothing can be told."""
    return inconclusive().model_copy(update={"complete": False, "then": "warn"})


_TAIL = " ".join((
    *ANYWHERE,
    "\n##[group]x\n##teamcity[buildStop]",
    "section_start:1560896352:x\r\x1b[0K section_end:1560896352:x",
    "@everyone @team/lead #12 !7 &3 %4 ~bug ![x](https://evil.example/x.png)",
    "\n`````\nx\n~~~~\n</details></details><details open>\n",
))  # fmt: skip


def hostile(turn=0, size=0):
    """The failing gate with every text and name hostile, and `size` letters without a break behind each."""
    told = failing()
    spoilt = _Spoilt(turn, size)
    update = {
        "run": _side(told.run, spoilt),
        "baseline": _side(told.baseline, spoilt),
        "policy": spoilt.text(),
        "suites": {name: _facts(each, spoilt) for name, each in told.suites.items()},
        "contrasts": tuple(_contrast(each, spoilt) for each in told.contrasts),
        "not_compared": tuple(spoilt.text() for _ in told.not_compared),
    }
    return told.model_copy(update=update)


class _Spoilt:
    """Hostile texts, each beginning with another sign."""

    def __init__(self, turn, size):
        self.at, self.size = turn, size

    def text(self):
        self.at += 1
        return f"{STARTS[self.at % len(STARTS)]} {self.at} {_TAIL} {'x' * self.size}"

    def both(self):
        return Text(zh=self.text(), en=self.text())

    def texts(self, count):
        return tuple(self.text() for _ in range(count))


def _side(side, spoilt):
    blessed = side.blessed and Blessing(by=spoilt.text(), at=spoilt.text(), because=spoilt.text())
    told = {name: spoilt.text() for name in ("name", "run", "started", "commit", "version")}
    return Side(**told, blessed=blessed)


def _facts(facts, spoilt):
    told = {
        "title": spoilt.both(),
        "cases": spoilt.both(),
        "currency": spoilt.text(),
        "path": spoilt.text(),
    }
    return facts.model_copy(update=told)


def _contrast(told, spoilt):
    update = {
        "candidate": spoilt.text(),
        "against": spoilt.text(),
        "common": told.common.model_copy(update=_common(spoilt)),
        "criteria": tuple(_criterion(each, spoilt) for each in told.criteria),
        "new_failures": spoilt.texts(len(told.new_failures)),
        "flips": tuple(_flip(each, spoilt) for each in told.flips),
    }
    return told.model_copy(update=update)


def _common(spoilt):
    names = ("parts_changed", "settings_changed", "old_models", "new_models")
    return {name: spoilt.texts(2) for name in names}


def _criterion(told, spoilt):
    update = {"metric": told.metric and spoilt.text(), "title": told.title and spoilt.both()}
    return told.model_copy(update=update | {"waived": told.waived and spoilt.text()})


def _flip(told, spoilt):
    update = {"item": spoilt.text(), "old_because": spoilt.both(), "new_because": spoilt.both()}
    return told.model_copy(update=update | {"old_text": spoilt.text(), "new_text": spoilt.text()})


EXAMPLES = {
    "passing": passing,
    "failing": failing,
    "inconclusive": inconclusive,
    "unknowable": unknowable,
    "warning": warning,
    "identical": identical,
    "sequential": sequential,
    "unfinished": unfinished,
}
"""Name -> a function that makes the report, in a fixed order."""
