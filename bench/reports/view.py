"""The view that every format prints, so that no number is computed and no sentence is phrased twice."""

from collections.abc import Sequence

from bench.reports.assumptions import assumption_title, assumption_value
from bench.reports.comparison import suite_view
from bench.reports.parts import Note, Page, SuiteView
from bench.reports.phrases import CASES, Words, bounds, listed, sure
from bench.reports.sections import sections
from bench.reports.sensitivity import of_case
from bench.reports.verdicts import ORDER, best
from bench.types import Language
from bench.value.across.records import Advised
from bench.value.candidate_summary import Sensitivity
from bench.value.judged import Judged
from bench.value.summary import Summary
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LARGE_MONTH = 10_000
_NAMED = 2
"""More suites than these, all with one verdict, are counted in the headline instead of named."""


def view(judged: Judged, language: Language) -> Page:
    """A report in one language. Suites stand by verdict, then by money."""
    summary = judged.summary
    keys = sorted(summary.suites, key=lambda key: _rank(summary, key))
    words = [Words(language, summary.suites[key], key) for key in keys]
    counted = {each.suite: each for one in summary.across.advised for each in one.suites}
    suites = tuple(
        suite_view(each, counted.get(key), has_evidence=key in judged.evidence)
        for each, key in zip(words, keys, strict=True)
    )
    shakiest = _shakiest(words)
    return Page(
        language=language,
        title=say(language, "report.title"),
        facts=_facts(summary, language),
        warnings=_warnings(summary, language),
        headline=_headline(suites, language),
        lede=_lede(summary, language, shakiest),
        suites=suites,
        notes=_notes(language, words, suites, shakiest) if words else (),
        sections=sections(judged, words),
    )


def _rank(summary: Summary, key: str) -> tuple[int, float]:
    suite = summary.suites[key]
    focus = best(suite)
    money = known(suite.candidates[focus].value_per_month.value) if focus else None
    return ORDER.index(suite.verdict.decision), -money if money is not None else 0.0


def _facts(summary: Summary, language: Language) -> tuple[str, ...]:
    run = summary.run
    candidates = {name for suite in summary.suites.values() for name in suite.candidates}
    items = sum(suite.items for suite in summary.suites.values())
    counts = say(
        language,
        "report.counts",
        candidates=len(candidates),
        suites=len(summary.suites),
        items=f"{items:,}",
    )
    return (
        say(language, "report.run", id=plain(run.id)),
        numbers.day(language, plain(run.finished or run.started)),
        counts,
    )


def _warnings(summary: Summary, language: Language) -> tuple[str, ...]:
    told = []
    if not summary.run.complete:
        told.append(say(language, "warning.incomplete"))
    early = summary.run.stopped_early
    if early is not None:
        asked, planned = f"{early.items_asked:,}", f"{early.items_planned:,}"
        told.append(say(language, f"warning.{early.why}", asked=asked, planned=planned))
    if summary.run.limit is not None:
        told.append(say(language, "warning.limit", n=summary.run.limit))
    if summary.run.assumptions_file:
        told.append(say(language, "warning.assumptions", file=plain(summary.run.assumptions_file)))
    return tuple(told)


def _headline(suites: Sequence[SuiteView], language: Language) -> tuple[str, ...]:
    if not suites:
        return (say(language, "headline.nothing"),)
    clauses = []
    for decision in ORDER:
        titles = [each.title for each in suites if each.decision == decision]
        if len(titles) == len(suites) > _NAMED:
            clauses.append(say(language, f"headline.all_{decision}", n=len(titles)))
        elif titles:
            clauses.append(say(language, f"headline.{decision}", suites=listed(language, titles)))
    comma = say(language, "headline.comma")
    first = clauses[0][0].upper() + clauses[0][1:]
    whole = [first, *clauses[1:]]
    return (*(each + comma for each in whole[:-1]), whole[-1])


def _shakiest(suites: Sequence[Words]) -> tuple[Words, Sensitivity] | None:
    """The placeholder that moves most money a month, of what page one recommends or else of all."""
    found: list[tuple[bool, float, Words, Sensitivity]] = []
    for words in suites:
        focus = best(words.suite)
        counted = words.suite.verdict.decision in ("deploy", "pilot")
        for each in of_case(words.suite.candidates[focus]) if focus else ():
            if each.placeholder:
                swing = abs(each.value_high - each.value_low) * words.suite.cases_per_month
                found.append((counted, swing, words, each))
    if not found:
        return None
    top = max(found, key=lambda each: each[:2])
    return top[2], top[3]


def _lede(summary: Summary, language: Language, shakiest: tuple[Words, Sensitivity] | None) -> str:
    told = "".join(_advised(summary, language, each) for each in summary.across.advised)
    if not told:
        told = say(language, "lede.nothing" if summary.suites else "lede.difference")
    if shakiest is None:
        return told
    words, entry = shakiest
    return told + say(
        language,
        "lede.risk",
        assumption=assumption_title(words, entry.assumption),
        suite=words.text(words.suite.title),
    )


def _advised(summary: Summary, language: Language, found: Advised) -> str:
    """What following the verdicts is worth a month: the sum of joint draws, never of bounds."""
    value, ends = known(found.value.value), bounds(found.value)
    if value is None:
        return ""
    money = Money.scaled(language, plain(found.currency), [value, *(ends or ())], _LARGE_MONTH)
    step = numbers.step_beside(value, *(ends or (None, None)))
    titles = [plain(summary.suites[each.suite].title.in_(language)) for each in found.suites]
    slots = {
        "n": len(titles),
        "suites": listed(language, titles),
        "money": money.text(abs(value), step),
    }
    kind = "gain" if value >= 0 else "loss"
    if ends is None:
        return say(language, f"lede.{kind}_bare", **slots)
    told = say(
        language,
        f"lede.{kind}",
        sure=sure(found.value),
        range=money.range(*ends, step),
        **slots,
    )
    if any(each.share < 1 for each in found.suites):
        told += say(language, "lede.share")
    return told


def _notes(
    language: Language,
    words: Sequence[Words],
    suites: Sequence[SuiteView],
    shakiest: tuple[Words, Sensitivity] | None,
) -> tuple[Note, ...]:
    return (
        Note(say(language, "note.shakiest"), (_shaky_line(language, words, shakiest),)),
        Note(say(language, "note.unanswered"), tuple(_unanswered(language, words))),
        Note(say(language, "note.next"), tuple(_next(language, words, suites))),
    )


def _shaky_line(
    language: Language, suites: Sequence[Words], shakiest: tuple[Words, Sensitivity] | None
) -> str:
    if shakiest is None:
        unsourced = any(entry.placeholder for each in suites for entry in each.suite.assumptions)
        return say(language, "note.no_value" if unsourced else "note.no_placeholder")
    words, entry = shakiest
    swing = abs(entry.value_high - entry.value_low) * CASES
    step = numbers.rounding_step(None, None, swing)
    told = words.say(
        "note.shaky",
        assumption=assumption_title(words, entry.assumption),
        base=assumption_value(words, entry.assumption, entry.base),
        range=numbers.span(
            language,
            assumption_value(words, entry.assumption, entry.low),
            assumption_value(words, entry.assumption, entry.high),
        ),
        suite=words.text(words.suite.title),
        cases=words.cases,
        money=words.money([swing]).text(swing, step),
    )
    return told[0].upper() + told[1:]


def _unanswered(language: Language, words: Sequence[Words]) -> list[str]:
    missing: dict[str, None] = {}
    thin, unpriced = 0, set()
    for each in words:
        for name, candidate in each.suite.candidates.items():
            thin += candidate.coverage < each.suite.coverage_floor
            if known(candidate.usage.cost) is None and candidate.items:
                unpriced.add(plain(name))
            for metric in candidate.metrics.values():
                if known(metric.value) is None:
                    missing[each.text(metric.title)] = None
    told = []
    if missing:
        told.append(
            say(
                language,
                "note.unmeasured",
                metrics=listed(language, [*missing][:3]),
                n=len(missing),
            )
        )
    if unpriced:
        told.append(say(language, "note.unpriced", candidates=listed(language, sorted(unpriced))))
    barred = {plain(one.candidate): None for each in words for one in each.suite.refused}
    if barred:
        names, pairs = listed(language, [*barred]), sum(len(each.suite.refused) for each in words)
        told.append(say(language, "note.refused", candidates=names, n=pairs))
    if thin:
        told.append(say(language, "note.thin", n=thin))
    told.append(say(language, "note.offline"))
    return told


def _next(language: Language, words: Sequence[Words], suites: Sequence[SuiteView]) -> list[str]:
    told = []
    for each, shown in zip(words, suites, strict=True):
        focus = each.suite.verdict.candidate
        slots = {"suite": shown.title, "candidate": plain(focus or "")}
        if shown.decision in ("deploy", "pilot") and focus:
            told.append(say(language, f"next.{shown.decision}", **slots))
        elif shown.changes:
            told.append(say(language, "next.change", change=shown.changes[0], **slots))
        else:
            told.append(say(language, f"next.{shown.decision}", **slots))
    return told
