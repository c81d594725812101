"""The page recomputes what Python does: the same stored draws under the same assumptions give the same numbers."""

import json
import random

import pytest

from bench.reports.html import html
from bench.suites.assumptions_file import read_assumptions
from bench.value.what_if import WhatIf
from tests.judged_run import answers_of, candidate_names, judged, suites_of
from tests.what_if_reference import evaluated

SETS = 56
NEAR = 1e-6
ESTIMATES = {
    "perCase": lambda told: told.value_per_case,
    "net": lambda told: told.net_per_case,
    "perMonth": lambda told: told.value_per_month,
    "horizon": lambda told: told.horizon.value,
}
CHANCES = {
    "pPositive": lambda told: told.p_positive,
    "pHorizon": lambda told: told.horizon.p_positive,
    "pBest": lambda told: told.p_best,
    "placeholderShare": lambda told: told.placeholder_share,
}
ROW = {
    "assumption": "assumption", "of": "of", "low": "low", "base": "base", "high": "high", "valueLow": "value_low",
    "valueHigh": "value_high", "breakEven": "break_even", "placeholder": "placeholder",
}  # fmt: skip
EVALUATED = """
async (told) => {
  const { suites } = await Bench.unpack("what-if");
  const models = Object.fromEntries(suites.map((each) => [each.key, WhatIf.load(each.model)]));
  return told.map(([suite, changes]) => models[suite].evaluate(changes));
}
"""


def richer(told):
    """Another stage, and other parts of a business, for every suite of the run."""
    business = told["business"]
    business |= {
        "setup": {"cost": {"low": 1000, "base": 9000, "high": 40_000, "placeholder": True}, "months": 18},
        "effort": {"direct": {"low": 100, "base": 500, "high": 2000, "source": "invented"}},
        "horizon": {
            "discount_rate": {"low": 0.01, "base": 0.04, "high": 0.1, "source": "invented"},
            "ramp_up_months": {"low": 1, "base": 4, "high": 9, "placeholder": True},
        },
        "monthly_cost": {"low": 100, "base": 900, "high": 4000, "placeholder": True},
    }  # fmt: skip
    if told["suite"] == "finance_questions":
        told["stage"] = "maturity"
        business["attested"] = {"supplier": {"met": True, "source": "invented"}}
    if told["suite"] == "reader_summaries":  # unseen harm is of the class of middle loss
        business["done_today_by"] = {
            key: business["done_today_by"][key] for key in ("role", "minutes")
        }
        business["next_round_cost"] = {"low": 500, "base": 3000, "high": 9000, "source": "invented"}
    if told["suite"] == "triage_at_door":
        business["outcomes"] = [rule for rule in business["outcomes"] if rule["outcome"] != "harm"]
        business["loss"] = {}
        for key in ("error_rate", "error_class"):
            del business["done_today_by"][key]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A judged run of four suites at four stages, and the suites."""
    suites = suites_of(tmp_path_factory.mktemp("suites"), 4, 36, change=richer)
    names = candidate_names(3)
    return judged(suites, list(answers_of(suites, names, repeats=2)), names, repeats=2), suites


@pytest.fixture(scope="module")
def text(run):
    """The page of that run."""
    told, _ = run
    return html(told, "zh")


def other_assumptions(model, draw):
    """Every assumption moved alone, then several at a time; within their ranges, at the ends, and beyond."""
    alone = [{each.name: moved(each, draw)} for each in model.assumptions]
    together = [
        {each.name: moved(each, draw) for each in draw.sample(model.assumptions, draw.randint(2, 9))}
        for _ in range(SETS // 4)
    ]  # fmt: skip
    return [{}, *alone, *together]


def moved(assumption, draw):
    low, high = assumption.low, assumption.high
    number = draw.choice((draw.uniform(low, high), low, high, low * draw.random(), (high or 500) * draw.uniform(1, 4)))  # fmt: skip
    if assumption.is_share:
        return min(number, 1.0)
    return max(number, 1.0) if assumption.name == "cases_per_month" else number


def test_the_page_computes_the_numbers_of_python_at_any_assumptions(run, text, open_page):
    told, _ = run
    draw = random.Random(5)
    sets = [
        (suite, changes)
        for suite, model in told.what_if.items()
        for changes in other_assumptions(model, draw)
    ]
    assert len(sets) >= SETS
    page = open_page(text)
    results = page.evaluate(EVALUATED, sets)
    codes = set()
    for (suite, changes), result in zip(sets, results, strict=True):
        expected = evaluated(told.what_if[suite], changes)
        assert differences(expected, result) == [], (suite, changes)
        codes |= {each.code for one in expected.candidates.values() for each in one.verdict.reasons}
    assert len(codes) >= 8, "too few grounds of verdicts to compare"


def differences(expected, result):
    """Where the page says something else than Python."""
    found = [
        f"verdict {name}"
        for name, value in verdict_of(expected.verdict).items()
        if value != verdict_of(result["verdict"])[name]
    ]
    assert list(expected.candidates) == list(result["candidates"])
    for name, python in expected.candidates.items():
        page = result["candidates"][name]
        found += [f"{name} {each}" for each in unlike(python, page)]
    return found


def verdict_of(told):
    """A verdict of either side: decision, candidate, codes of grounds."""
    if isinstance(told, dict):
        return {
            "decision": told["decision"],
            "candidate": told["candidate"],
            "codes": [each["code"] for each in told["reasons"]],
        }
    codes = [each.code for each in told.reasons]
    return {"decision": told.decision, "candidate": told.candidate, "codes": codes}


def unlike(python, page):
    """What differs of one candidate."""
    for key, of in ESTIMATES.items():
        ends = of(python).model_dump(include={"value", "low", "high"})
        scale = max(abs(each or 0) for each in ends.values())
        yield from (key for side, each in ends.items() if not near(each, page[key][side], scale))
    yield from (key for key, of in CHANCES.items() if not near(of(python), page[key], 1))
    money = max((abs(each) for each in python.quantiles), default=0)
    pairs = zip(python.quantiles, page["quantiles"], strict=True)
    yield from ("quantiles" for a, b in pairs if not near(a, b, money))
    for loss, other in zip(python.losses, page["losses"], strict=True):
        same = near(loss.expected_loss, other["expected"]) and near(loss.expected_loss_upper, other["upper"])  # fmt: skip
        if not (same and loss.error_class == other["errorClass"]):
            yield f"loss {loss.error_class}"
    for row, other in zip(python.sensitivity, page["sensitivity"], strict=True):
        scale = max(abs(row.value_low), abs(row.value_high))
        for key, field in ROW.items():
            if not near(getattr(row, field), other[key], scale if "value" in key else 0):
                yield f"{row.assumption} {key}"
    codes = [each.code for each in python.verdict.reasons]
    if (python.verdict.decision, codes, python.verdict.slices) != (
        page["decision"], [each["code"] for each in page["reasons"]], page["slices"],
    ):  # fmt: skip
        yield "verdict"


def near(a, b, scale=0):
    if a is None or b is None or isinstance(a, str | bool):
        return a == b
    return abs(a - b) <= NEAR * max(abs(a), scale)


def test_a_number_that_python_would_not_give_is_told_apart(run, text, open_page):
    told, _ = run
    page = open_page(text)
    suite, model = next(iter(told.what_if.items()))
    (result,) = page.evaluate(EVALUATED, [[suite, {"wage_per_hour": 100.001}]])
    assert differences(evaluated(model, {"wage_per_hour": 100.0}), result)


def test_slots_hold_what_the_grounds_of_the_catalogue_ask_for(text, open_page):
    page = open_page(text)
    missing = page.evaluate(
        """async (sets) => {
          const { suites } = await Bench.unpack("what-if");
          const missing = [];
          for (const suite of suites) {
            const model = WhatIf.load(suite.model);
            for (const changes of sets) {
              const { candidates, verdict } = model.evaluate(changes);
              for (const { code, slots } of [verdict, ...Object.values(candidates)].flatMap((each) => each.reasons))
                try { Bench.say(`ground.${code}`, slots); } catch (error) { missing.push(String(error)); }
            }
          }
          return missing;
        }""",
        [{}, {"wage_per_hour": 20.0}, {"review.detects": 1.0}, {"setup.cost": 9e6}],
    )
    assert missing == []


def test_an_exported_file_is_an_assumptions_file_with_the_same_numbers(
    run, text, open_page, tmp_path
):
    told, suites = run
    changes = {"loss.wrong_answer": 1e-7, "cases_per_month": 3e21 / 1e12, "wage_per_hour": 80}
    stamp = 'what-if of "run" 甲 \u2028 😀 \x7f: #'
    page = open_page(text)
    files = page.evaluate(
        """async ([changes, stamp]) => {
          const { suites } = await Bench.unpack("what-if");
          const { key, model } = suites[0];
          return [WhatIf.exported(key, changes, stamp), WhatIf.exported(key, changes, stamp, WhatIf.load(model))];
        }""",
        [changes, stamp],
    )
    for at, each in enumerate(files):
        path = tmp_path / f"{at}.yaml"
        path.write_text(each, encoding="utf-8")
        own = read_assumptions(suites, path).values[suites[0].name]
        assert {name: number.base for name, number in own.items()} == changes
        assert {number.source for number in own.values()} == {stamp}
        flags = {name: number.placeholder for name, number in own.items()}
        kept = {each.name: each.placeholder for each in told.what_if[suites[0].name].assumptions}
        assert flags == (dict.fromkeys(changes, True) if at == 0 else {n: kept[n] for n in changes})


def test_the_models_of_a_page_are_the_stored_ones(run, text, open_page):
    told, _ = run
    page = open_page(text)
    data = page.evaluate("async () => (await Bench.unpack('what-if')).suites")
    for each in data:
        assert WhatIf.model_validate_json(json.dumps(each["model"])) == told.what_if[each["key"]]
