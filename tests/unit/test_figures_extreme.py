import re

import pytest

from bench.reports.html import html
from bench.reports.view import view
from bench.types import Estimate, Text
from bench.value.candidate_summary import Tail
from bench.value.judged import Judged
from tests.drawn import HUNDRED, check, every_candidate, figures, walk, with_cases

LANGUAGES = ("zh", "en")
UNKNOWN = Estimate(value=None, low=None, high=None, n=0, method="x")


@pytest.fixture(scope="module")
def summary(invented):
    """The invented run, with single cases of which one is very bad."""
    return with_cases(invented.summary())


def test_what_outsiders_wrote_is_data_and_never_an_expression(invented):
    evil = "'+alert(1)+\"</script>${x}"
    summary = invented.summary()
    suite = summary.suites["finance_qa"]
    renamed = dict(zip((evil, "b", "c"), suite.candidates.values(), strict=True))
    hostile = suite.model_copy(
        update={
            "candidates": renamed,
            "verdict": suite.verdict.model_copy(update={"candidate": evil}),
            "cases": Text(zh=evil, en=evil),
            "case": Text(zh=evil, en=evil),
            "title": Text(zh=evil, en=evil),
        }
    )
    told = with_cases(summary.model_copy(update={"suites": {"finance_qa": hostile}}))
    for language in LANGUAGES:
        found = figures(told, language)
        assert len(found) > 6
        for figure in found:
            for path, each in walk(figure.spec):
                if path and path[-1] in {"expr", "labelExpr", "signal", "test"}:
                    assert "alert" not in each
    assert 'alert(1)+"</script>' not in html(Judged(told), "zh")


def lone(summary):
    return summary.model_copy(
        update={
            "suites": {
                key: each.model_copy(
                    update={
                        "candidates": dict([*each.candidates.items()][:1]),
                        "pairs": [],
                        "cascades": [],
                    }
                )
                for key, each in summary.suites.items()
            }
        }
    )


def unknown(summary):
    def changed(candidate):
        return {
            "net_per_case": UNKNOWN, "value_per_case": UNKNOWN, "flows": [], "losses": [], "slices": [],
            "sensitivity": [], "selective": None, "tail": Tail(draws=None, cases=None),
            "metrics": {
                name: each.model_copy(update={"value": None, "low": None, "high": None, "today": None})
                for name, each in candidate.metrics.items()
            },
        }  # fmt: skip

    bare = every_candidate(summary, changed)
    suites = {
        key: each.model_copy(
            update={"information": None, "pairs": [], "drives": [], "cascades": []}
        )
        for key, each in bare.suites.items()
    }
    return bare.model_copy(update={"suites": suites})


def times(record, factor, *names):
    """The record with these numbers that many times as large."""
    told = {name: getattr(record, name) for name in names}
    return record.model_copy(
        update={name: None if each is None else each * factor for name, each in told.items()}
    )


def grown(summary, factor):
    """Money of any size, or none at all."""
    ends = ("value", "low", "high")

    def estimate(record, name):
        return record.model_copy(update={name: times(getattr(record, name), factor, *ends)})

    def changed(candidate):
        loss = ("expected_loss", "expected_loss_upper")
        return {
            "net_per_case": times(candidate.net_per_case, factor, *ends),
            "sensitivity": [
                times(e, factor, "value_low", "value_high") for e in candidate.sensitivity
            ],
            "flows": [times(each, factor, "per_case") for each in candidate.flows],
            "losses": [times(each, factor, *loss) for each in candidate.losses],
            "slices": [estimate(each, "value_per_case") for each in candidate.slices],
            "metrics": {name: times(e, factor, *ends) for name, e in candidate.metrics.items()},
        }

    told = every_candidate(with_cases(summary, [each * factor for each in HUNDRED]), changed)
    suites = {
        key: suite.model_copy(
            update={"pairs": [estimate(each, "difference") for each in suite.pairs]}
        )
        for key, suite in told.suites.items()
    }
    return told.model_copy(update={"suites": suites})


def crowd(summary):
    """Thirty candidates in the first suite, in all pairs with the leading one."""
    suite = summary.suites["finance_qa"]
    focus, best = suite.verdict.candidate, suite.candidates[suite.verdict.candidate]
    names = [f"candidate-with-a-long-name-{at}" for at in range(29)]
    pair = suite.pairs[0]
    pairs = [pair.model_copy(update={"a": focus, "b": each}) for each in names]
    corners = next(iter(summary.across.triangle.values())).candidates
    many = {focus: best} | dict.fromkeys(names, best)
    triangle = summary.across.triangle["finance_qa"].model_copy(
        update={"candidates": dict.fromkeys(many, next(iter(corners.values())))}
    )
    across = summary.across.model_copy(update={"triangle": {"finance_qa": triangle}})
    return summary.model_copy(
        update={
            "suites": {"finance_qa": suite.model_copy(update={"candidates": many, "pairs": pairs})},
            "across": across,
        }
    )


EXTREMES = {
    "one candidate": lone,
    "nothing known": unknown,
    "all equal": lambda summary: grown(summary, 0.0),
    "very much money": lambda summary: grown(summary, 1e9),
    "very little money": lambda summary: grown(summary, 1e-6),
    "losses only": lambda summary: grown(summary, -1.0),
    "thirty candidates": crowd,
}


@pytest.mark.parametrize("case", EXTREMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_extreme_data_give_an_honest_picture_or_none(case, language, summary):
    found = figures(EXTREMES[case](summary), language)
    for figure in found:
        check(figure)
        assert figure.spec["height"] < 2500
        assert not re.search(r"\b(nan|inf|None)\b", figure.alt)
    left = {each.spec["usermeta"]["title"] for each in found}
    assert left or case == "nothing known"


def test_nothing_known_draws_only_what_looks_across_the_tasks(summary):
    page = view(Judged(unknown(summary)), "zh")
    drawn = {each.key for each in page.sections if any(part.figures for part in each.parts)}
    assert drawn == {"triangle", "portfolio", "ladder"}
