"""Where the money comes from and goes, over which time, and what could turn it around."""

from bench.reports.assumptions import assumption_title, error_title
from bench.reports.phrases import CASES, Words, listed
from bench.reports.workbook.contents import Contents, named
from bench.reports.workbook.typed import (
    Cells,
    Kind,
    Row,
    Sheet,
    aside,
    number,
    spread,
    text,
    yes_or_no,
)
from bench.reports.workbook.units import assumed
from bench.suites.model import SHARES
from bench.value.candidate_summary import (
    CandidateSummary,
    Flow,
    HorizonValue,
    Information,
    Sensitivity,
)
from bench.wording.numbers import CENT, known

_CASE: Kind = "gain"
_PERIOD: Kind = "gain_whole"


def entries(told: Contents, name: str) -> Sheet:
    """The parts of the value; their sum is the value less the share of the fixed cost."""
    columns = (
        *told.first_columns(),
        told.column("entry", 40),
        told.column("per_hundred_entry", 14, unit=told.unit()),
        told.column("rests_on", 40),
        told.column("placeholders", 40),
    )
    rows = (
        Row((*named(words, each), *_entry(told, words, flow)))
        for words, each, candidate in told.candidates()
        for flow in candidate.flows
    )
    return told.table(name, "entries", columns, rows)


def _entry(told: Contents, words: Words, flow: Flow) -> Cells:
    slots = {}
    if flow.error_class is not None:
        slots["error"] = error_title(words, flow.error_class)

    def titles(names: list[str]) -> str:
        return listed(words.language, [assumption_title(words, each) for each in names])

    return (
        text(words.say(f"flow.{flow.code}", **slots)),
        number(flow.per_case * CASES, "gain", told.in_cells(words)),
        aside(titles(flow.rests_on) or words.say("flow.measured")),
        aside(titles(flow.placeholders)),
    )


def periods(told: Contents, name: str) -> Sheet:
    """Money from the start to the end of the pilot, of the first year and of the whole period."""
    columns = (
        *told.first_columns(),
        told.column("period", 24),
        told.column("months", 8),
        *told.spread_columns("period_money", 14),
        told.column("chance", 9),
    )
    rows = (
        Row((*named(words, each), *_period(told, words, period)))
        for words, each, candidate in told.candidates()
        for period in candidate.horizons
    )
    return told.table(name, "periods", columns, rows)


def _period(told: Contents, words: Words, period: HorizonValue) -> Cells:
    return (
        text(words.say(f"horizon.{period.name}", months=period.months)),
        number(period.months, "count"),
        *spread(period.value, "gain_whole", told.in_cells(words)),
        number(period.value.level, "share"),
        number(period.p_positive, "chance"),
    )


def sensitivity(told: Contents, name: str) -> Sheet:
    """What every assumption does to the money, and where it turns it around."""
    columns = (
        *told.first_columns(),
        told.column("assumption", 34),
        told.column("placeholder", 12),
        told.column("low_end", 12),
        told.column("base", 12),
        told.column("high_end", 12),
        told.column("money_of", 16),
        told.column("at_low", 14, unit=told.unit()),
        told.column("at_high", 14, unit=told.unit()),
        told.column("break_even", 18),
        told.column("note", 24),
    )
    rows = (
        Row((*named(words, each), *_sensitivity(told, words, candidate, one)))
        for words, each, candidate in told.candidates()
        for one in candidate.sensitivity
    )
    return told.table(name, "sensitivity", columns, rows)


def _sensitivity(
    told: Contents, words: Words, candidate: CandidateSummary, one: Sensitivity
) -> Cells:
    of_case = one.of == "case"
    factor, kind = (CASES, _CASE) if of_case else (1, _PERIOD)
    months = next((each.months for each in candidate.horizons if each.name == "horizon"), 0)
    what = words.say(
        "workbook.of_case" if of_case else "workbook.of_period", cases=words.cases, months=months
    )
    turning = _possible(one)
    note = words.say("break_even.never") if turning is None else ""
    ends = (one.value_low * factor, one.value_high * factor)
    return (
        text(assumption_title(words, one.assumption)),
        yes_or_no(words.language, holds=one.placeholder),
        *(assumed(words, one.assumption, each) for each in (one.low, one.base, one.high)),
        text(what),
        *(number(each, kind, told.in_cells(words)) for each in ends),
        assumed(words, one.assumption, turning),
        aside(note),
    )


def _possible(one: Sensitivity) -> float | None:
    """Where the money turns around; None where it never does, or only at what cannot be."""
    found = known(one.break_even)
    if found is None or found < 0 or (one.assumption in SHARES and found > 1):
        return None
    return found


def information(told: Contents, name: str) -> Sheet:
    """What more items, better assumptions and everything are worth, beside the price of the next round."""
    columns = (
        told.task_column(),
        told.column("choice", 30),
        told.column("knowing", 40),
        told.column("worth", 16, unit=told.unit()),
        told.column("cases", 14),
        told.column("next_round", 16, unit=told.unit()),
        told.column("advice", 20),
    )
    rows = []
    for words, _ in told.suites:
        found = {words.say("workbook.choice.all"): words.suite.information}
        for each, candidate in words.suite.candidates.items():
            label = words.say("workbook.choice.one", candidate=named(words, each)[1].value)
            found[label] = candidate.information
        for label, one in found.items():
            rows += _information(told, words, label, one) if one else []
    return told.table(name, "information", columns, rows)


def _information(told: Contents, words: Words, choice: str, one: Information) -> list[Row]:
    currency = told.in_cells(words)
    worth = [(words.say("information.more", n=f"{e.items:,}"), e.worth) for e in one.more_items]
    worth += [
        (words.say("information.all_items"), one.perfect_items),
        (words.say("information.all_assumptions"), one.perfect_assumptions),
        (words.say("information.everything"), one.perfect),
        *(
            (assumption_title(words, each.assumption), each.worth)
            for each in one.by_assumption
            if each.worth >= CENT
        ),
    ]
    return [
        Row(
            (
                text(words.text(words.suite.title)),
                text(choice),
                text(what),
                number(money, "money_whole", currency),
                number(one.cases, "count"),
                number(one.next_round_cost, "money_whole", currency),
                text(words.say(f"advice.{one.spend_next}")),
            )
        )
        for what, money in worth
    ]
