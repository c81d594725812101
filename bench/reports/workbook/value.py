"""The value per case of one suite as formulas over the assumptions, beside the value that the report holds.

value = sum over features of (measured share x money per unit); net = value - fixed share of a case;
month = value x cases - fixed cost. The mean of a product of independent assumptions is the product of
their means, so that formulas over means give the mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.reports.assumptions import assumption_title, error_title
from bench.reports.phrases import CASES, Words
from bench.reports.workbook.amounts import Amount, cell, rounded, total
from bench.reports.workbook.contents import Contents
from bench.reports.workbook.formats import Formats
from bench.reports.workbook.typed import Column, Kind, Line, Typed, aside
from bench.reports.workbook.weights import by_hand, weights
from bench.reports.workbook.writing import Place, placed, printed
from bench.value.candidate_summary import CandidateSummary
from bench.value.what_if import CandidateDraws, WhatIf
from bench.value.worth import COST, EDIT, HARM, MEASURED_EDIT, feature_names
from bench.wording.numbers import known
from bench.wording.plain import plain

TOLERANCE = "1E-9"
"""Of the larger of the value and 1: how far a recomputed number may lie from the report's."""
_LABEL, _WEIGHT, _WHY, _FIRST = 0, 1, 2, 3
_RESULTS = ("value", "fixed", "net", "net_hundred", "month")
_CHECKED = ("value", "net", "month")
_BLOCKS = ("report", "difference", "check")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand on the sheet: rows counted from 0."""

    head: int
    features: Mapping[str, int]

    @property
    def hand(self) -> int:
        """A case done by hand, which the weights speak of."""
        return self.head + 1

    def result(self, name: str) -> int:
        """What the features add up to."""
        return self.hand + len(self.features) + 1 + _RESULTS.index(name)

    def checked(self, block: str, name: str) -> int:
        """The report's number, the difference from it, and whether there is none."""
        start = self.result("month") + 2 + (len(_CHECKED) + 1) * _BLOCKS.index(block)
        return start + _CHECKED.index(name)


@dataclass(frozen=True, slots=True)
class _Suite:
    """What one value sheet is written from."""

    words: Words
    stored: WhatIf
    inputs: Mapping[str, Amount]
    place: Place
    layout: _Layout

    @property
    def stored_names(self) -> Mapping[str, str]:
        """Feature -> what the stored means call it."""
        return dict(zip(self.layout.features, self.stored.features, strict=True))

    def amount(
        self, at: tuple[int, int], told: Amount, kind: Kind = "gain_fine", look: str = ""
    ) -> Amount:
        """Write money as a formula; the cell, for other formulas to speak of."""
        shape = self.place.formats.of(kind, look, plain(self.words.suite.currency))
        self.place.sheet.write_formula(*at, told.formula, shape, told.value)
        return cell(*at, told.value)


def value(
    book: Any, formats: Formats, told: Contents, at: tuple[Words, str], inputs: Sequence[Amount]
) -> None:
    """Write the value sheet of one suite; `at` is the suite and the name of its sheet.

    `inputs` are the cells of its assumptions, in their order.
    """
    words, name = at
    columns = _columns(told, words)
    place = placed(book, formats, name, columns)
    above = (
        Line(told.say("workbook.title.value", suite=words.text(words.suite.title)), "title"),
        Line(told.say("workbook.lead.value")),
        Line(told.say("workbook.lead.check"), "quiet_line"),
    )
    for row, line in enumerate(above):
        place.line(row, line, min(len(columns), _FIRST + 4))
    stored, head = told.judged.what_if[words.key], len(above) + 1
    features = feature_names(stored.business)
    rows = {each: head + 2 + at for at, each in enumerate(features)}
    paths = [each for each, _ in stored.business.assumptions()]
    named = dict(zip(paths, inputs, strict=True))
    suite = _Suite(words, stored, named, place, _Layout(head, rows))
    place.heads(head, [each.head for each in columns], {_WEIGHT, *range(_FIRST, len(columns))})
    priced = _weights(suite)
    _labels(suite)
    for position, candidate in enumerate(words.suite.candidates):
        _candidate(suite, candidate, _FIRST + 2 * position, priced)
    place.sheet.freeze_panes(head + 1, _WEIGHT + 1)
    printed(place, head, suite.layout.checked("check", _CHECKED[-1]), len(columns))


def _columns(told: Contents, words: Words) -> list[Column]:
    columns = [
        told.column("entry", 44),
        told.column("weight", 16),
        told.column("why", 54),
    ]
    for name in words.suite.candidates:
        columns += [
            told.column("share_of", 12, candidate=plain(name)),
            told.column("money_of_case", 19, candidate=plain(name)),
        ]
    return columns


def _weights(suite: _Suite) -> Mapping[str, Amount]:
    """Write what a unit of each feature is worth; the cells that hold it."""
    words, layout = suite.words, suite.layout
    hand = by_hand(suite.inputs, suite.stored.business)
    _label(suite, layout.hand, words.say("workbook.feature.hand"), _why(suite, "hand"), "today")
    found = suite.amount((layout.hand, _WEIGHT), hand, look="today").fixed()
    cells = {}
    for name, weight in weights(suite.inputs, suite.stored.business, found).items():
        row = layout.features[name]
        cells[name] = suite.amount((row, _WEIGHT), weight).fixed()
        _label(suite, row, _title(words, name), _why(suite, name.partition(":")[0]))
    return cells


def _why(suite: _Suite, name: str) -> str:
    """How a weight is made, in words; today's errors are told only where the suite knows them."""
    if name == "hand" and suite.stored.business.done_today_by.error_rate is None:
        name = "hand_alone"
    return suite.words.say(f"workbook.weight.{name}")


def _title(words: Words, feature: str) -> str:
    if feature.startswith(EDIT):
        minutes = assumption_title(words, feature.removeprefix(EDIT))
        return words.say("workbook.feature.edit", minutes=minutes)
    if feature.startswith(HARM):
        return words.say(
            "workbook.feature.harm", error=error_title(words, feature.removeprefix(HARM))
        )
    return words.say(f"workbook.feature.{feature}")


def _labels(suite: _Suite) -> None:
    """The names of what follows the features."""
    words, layout = suite.words, suite.layout
    for name in _RESULTS:
        label = words.say(f"workbook.result.{name}", cases=words.cases)
        _label(suite, layout.result(name), label, _why(suite, name), "sum")
    for block in _BLOCKS:
        for name in _CHECKED:
            what = words.say(f"workbook.result.{name}", cases=words.cases)
            _label(
                suite,
                layout.checked(block, name),
                words.say(f"workbook.block.{block}", what=what),
                "",
            )


def _label(suite: _Suite, row: int, label: str, why: str, look: str = "") -> None:
    """The words of a row; one that stands out does so over its whole width."""
    suite.place.high_enough(row, (label, "", why))
    for column in range(len(suite.place.widths)) if look else ():
        suite.place.text((row, column), "", look)
    suite.place.text((row, _LABEL), label, look)
    suite.place.cell((row, _WHY), aside(why), look)


def _candidate(suite: _Suite, name: str, column: int, priced: Mapping[str, Amount]) -> None:
    """Two columns: what was measured, and the money of it; below them the sums and the check."""
    stored = suite.stored.candidates[name]
    if not stored.means:
        at = (suite.layout.result("value"), column + 1)
        suite.place.cell(at, aside(suite.words.say("state.no_outcomes")))
        return
    money = [_feature(suite, stored, feature, column, weight) for feature, weight in priced.items()]
    results = _results(suite, column + 1, money)
    _check(suite, suite.words.suite.candidates[name], column + 1, results)


def _feature(
    suite: _Suite, stored: CandidateDraws, feature: str, column: int, weight: Amount
) -> Amount:
    """The measured share and its money; both stay empty where the price of calls is not known."""
    row, share = suite.layout.features[feature], stored.means[suite.stored_names[feature]]
    at = (row, column + 1)
    if feature == COST and not stored.cost_known:
        suite.place.cell((row, column), aside(suite.words.say("state.no_price")))
        shape = suite.place.formats.of("gain_fine", "", plain(suite.words.suite.currency))
        place = cell(row, column, 0.0).text
        told = f'=IF(ISNUMBER({place}),{place}*{weight.text},"")'
        suite.place.sheet.write_formula(*at, told, shape, "")
        return cell(*at, 0.0)
    suite.place.cell((row, column), _measured(suite, feature, share))
    return suite.amount(at, cell(row, column, share) * weight)


def _measured(suite: _Suite, feature: str, share: float) -> Typed:
    if feature == COST:
        return Typed(share, "money", plain(suite.words.suite.currency))
    return Typed(share, "minutes" if feature == MEASURED_EDIT else "rate")


def _results(suite: _Suite, column: int, money: Sequence[Amount]) -> Mapping[str, Amount]:
    """The sums of a candidate, each from the cells above it."""
    layout, inputs = suite.layout, suite.inputs
    cases, fixed = inputs["cases_per_month"], inputs["monthly_cost"]

    def write(name: str, told: Amount) -> Amount:
        return suite.amount((layout.result(name), column), told, _kind(name), "sum")

    value = write("value", total(money))
    borne = write("fixed", -fixed / cases)
    net = write("net", value + borne)
    write("net_hundred", net * CASES)
    return {"value": value, "net": net, "month": write("month", value * cases - fixed)}


def _kind(name: str) -> Kind:
    """How a sum is shown: money of a case finer than that of a month."""
    return "gain" if name == "month" else "gain_fine"


def _check(
    suite: _Suite, candidate: CandidateSummary, column: int, results: Mapping[str, Amount]
) -> None:
    """The report's numbers, how far the formulas lie from them, and whether that is nothing."""
    layout, place, words = suite.layout, suite.place, suite.words
    report = {
        "value": candidate.value_per_case.value,
        "net": candidate.net_per_case.value,
        "month": candidate.value_per_month.value,
    }
    for name, computed in results.items():
        printed_value = known(report[name])
        if printed_value is None:
            place.cell(
                (layout.checked("report", name), column), aside(words.say("state.not_computed"))
            )
            continue
        at = layout.checked("report", name)
        place.cell((at, column), Typed(printed_value, _kind(name), plain(words.suite.currency)))
        stated = cell(at, column, printed_value)
        off = computed - stated
        suite.amount((layout.checked("difference", name), column), rounded(off), "difference")
        test = f"ABS({off.text})<={TOLERANCE}*MAX(1,ABS({stated.text}))"
        told = f'=IF({test},"OK","{words.say("workbook.differs")}")'
        here = (layout.checked("check", name), column)
        place.sheet.write_formula(*here, told, place.formats.text("right"), "OK")
        doubt = place.formats.condition("doubt")
        rule = {"type": "cell", "criteria": "!=", "value": '"OK"', "format": doubt}
        place.sheet.conditional_format(*here, *here, rule)
