"""Baselines in words: what one holds, a folder of them, and what differs between two runs.

Whatever names hold, no terminal and no CI server obeys it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.gate.baseline_diff import CandidateDiff, Diff, SuiteDiff
from bench.gate.baseline_file import Listed
from bench.gate.shown import Shown, shown
from bench.gate.told.ci_text import logged
from bench.types import Language, Text
from bench.value.observed.digest import digest
from bench.value.observed.record import Observed, ObservedCandidate, ObservedSuite
from bench.wording import numbers
from bench.wording.catalogue import has, say
from bench.wording.columns import row, width, wrapped
from bench.wording.numbers import Money
from bench.wording.plain import plain

_CASES = 100
_BY_WIDTH, _HOLDS_WIDTH = 24, 60
_WIDTH = 99
"""A blank more may have to stand in a line for a CI server's sake."""


@dataclass(frozen=True, slots=True)
class _Words:
    language: Language

    def say(self, key: str, **slots: Any) -> str:
        """A sentence of the catalogue; whatever fills it is made plain."""
        return say(
            self.language,
            f"baseline.{key}",
            **{name: plain(str(each)) for name, each in slots.items()},
        )

    def clauses(self, parts: Iterable[str]) -> str:
        return self.say("clause").join(each for each in parts if each)

    def names(self, told: Iterable[str]) -> str:
        return plain(say(self.language, "baseline.comma").join(told) or numbers.UNKNOWN)

    def day(self, moment: str) -> str:
        return numbers.day(self.language, moment)

    def money(self, amount: float, currency: str) -> str:
        money = Money.scaled(self.language, plain(currency), [amount])
        return money.text(amount, numbers.rounding_step(None, None, amount), sign=True)

    def named(self, group: str, name: str, otherwise: str | None = None) -> str:
        """The gate's word for a part of a suite or of a candidate; its key where there is none."""
        key = f"regression.{group}.{name}"
        return say(self.language, key) if has(key) else plain(otherwise or name)

    def text(self, told: Text) -> str:
        return told.in_(self.language)

    def outcome(self, name: str | None) -> str:
        if name is None:
            return self.say("diff.none")
        return say(self.language, f"outcome.{name}")


def show(observed: Observed, name: str, language: Language) -> str:
    """Everything of a baseline that a person may want to know before trusting it, as lines of text."""
    words = _Words(language)
    lines = [_run_line(words, observed, name), *_origin(words, observed)]
    for suite_name, suite in observed.suites.items():
        lines += ["", *_suite_lines(words, suite_name, suite)]
    return _page(lines)


def _page(lines: Iterable[str]) -> str:
    """Lines of a terminal: at most 100 columns, what is wrapped set in by two more."""
    return "".join(f"{logged(part)}\n" for line in lines for part in _wrapped(logged(line)))


def _wrapped(line: str) -> Iterator[str]:
    indent = len(line) - len(line.lstrip(" "))
    if width(line) <= _WIDTH:
        yield line
        return
    first, *rest = wrapped(line.strip(), _WIDTH - indent - 2)
    yield " " * indent + first
    yield from (" " * (indent + 2) + each for each in rest)


def _run_line(words: _Words, observed: Observed, name: str) -> str:
    slots = {"run": observed.id, "day": words.day(observed.started), "version": observed.version}
    told = words.say("run", name=name, **slots)
    return told + (words.say("commit", commit=observed.commit) if observed.commit else "")


def _origin(words: _Words, observed: Observed) -> list[str]:
    """Who took it and why, and what of the run a reader should know."""
    blessing, lines = observed.blessed, []
    if blessing is None:
        lines.append(words.say("not_blessed"))
    else:
        lines.append(words.say("blessed", by=blessing.by, day=words.day(blessing.at)))
        if blessing.because:
            lines.append(words.say("because", because=blessing.because))
        if blessing.replaces:
            lines.append(words.say("replaces", digest=blessing.replaces))
    if not observed.complete:
        lines.append(words.say("not_complete"))
    if observed.limit is not None:
        lines.append(words.say("limit", limit=observed.limit, seed=observed.seed))
    return [f"  {line}" for line in lines]


def _suite_lines(words: _Words, name: str, suite: ObservedSuite) -> list[str]:
    lines = [
        words.say(
            "suite",
            title=words.text(suite.title),
            name=name,
            version=suite.version,
            items=numbers.number(len(suite.items)),
            clusters=numbers.number(len({item.cluster for item in suite.items})),
            repeats=suite.repeats,
        )
    ]
    for each, candidate in suite.candidates.items():
        told = shown(suite, each)
        lines += [f"  {plain(each)}", f"    {_asked(words, candidate, told)}"]
        lines += [f"    {line}" for line in _results(words, suite, told)]
    return lines if suite.candidates else [*lines, f"  {words.say('no_candidate')}"]


def _asked(words: _Words, candidate: ObservedCandidate, told: Shown) -> str:
    """How a candidate was asked, and who answered."""
    model, warmth = candidate.asked_model, candidate.temperature
    return words.clauses(
        [
            plain(f"{candidate.adapter}, {candidate.strategy}"),
            words.say("asks", model=model) if model else "",
            words.say("temperature", temperature=f"{warmth:g}") if warmth is not None else "",
            words.say("answered_by", models=words.names(told.models)) if told.models else "",
            words.say("settings", digest=digest(candidate.settings)),
        ]
    )


def _results(words: _Words, suite: ObservedSuite, told: Shown) -> list[str]:
    planned = numbers.number(len(suite.items) * suite.repeats)
    coverage = words.say("coverage", trials=planned, share=numbers.share(told.coverage))
    if told.value_per_case is None:
        return [words.clauses([words.say("no_outcome"), coverage])]
    money = words.money(_CASES * told.value_per_case, suite.currency)
    key = "value" if told.priced else "value_unpriced"
    shares = [
        words.say("share", outcome=words.outcome(name), share=numbers.share(share))
        for name, share in told.outcomes.items()
    ]
    value = words.say(key, cases=words.text(suite.cases), money=money)
    lines = [value, words.clauses([words.names(shares), coverage])]
    if told.broken:
        titles = words.names(map(words.text, told.broken))
        lines.append(words.say("broken", names=titles))
    return lines


def table(found: Sequence[Listed], language: Language) -> str:
    """A line for each baseline that can be read."""
    words = _Words(language)
    head = [words.say(f"head.{name}") for name in ("name", "day", "by", "run", "holds")]
    cells = [_cells(words, each.name, each.observed) for each in found if each.observed is not None]
    if not cells:
        return ""
    widths = [max(width(line[at]) for line in [head, *cells]) for at in range(len(head))]
    widths[2], widths[4] = min(widths[2], _BY_WIDTH), min(widths[4], _HOLDS_WIDTH)
    rights = [False] * len(head)
    lines = [line for each in [head, *cells] for line in row(each, widths, rights)]
    return logged("\n".join(lines)) + "\n"


def _cells(words: _Words, name: str, observed: Observed) -> list[str]:
    blessing = observed.blessed
    holds = [f"{suite} ({', '.join(each.candidates)})" for suite, each in observed.suites.items()]
    return [
        plain(name),
        plain((blessing.at if blessing else observed.started)[:10]),
        plain(blessing.by) if blessing else numbers.UNKNOWN,
        plain(observed.id),
        words.names(holds),
    ]


def diff_page(told: Diff, names: tuple[str, str], language: Language) -> str:
    """What differs between two runs, suite by suite, as lines of text."""
    words = _Words(language)
    lines = [words.say("diff.title", old=names[0], new=names[1])]
    lines += [f"  {line}" for line in _suites_line(words, told)]
    for each in told.suites:
        lines += ["", words.say("diff.suite", title=words.text(each.title), name=each.name)]
        lines += [f"  {line}" for line in _of_suite(words, each) or [words.say("diff.nothing")]]
    return _page([*lines, "", words.say("diff.no_test")])


def diff_line(told: Diff) -> str:
    """The same as one line, in English."""
    words = _Words("en")
    parts = _suites_line(words, told)
    for each in told.suites:
        lines = [line.strip() for line in _of_suite(words, each)]
        if lines:
            parts.append(f"{plain(each.name)}: {words.clauses(lines)}")
    return logged(words.clauses(parts) or words.say("diff.nothing"))


def _suites_line(words: _Words, told: Diff) -> list[str]:
    return _named(words, {"new_suites": told.new_suites, "gone_suites": told.gone_suites})


def _named(words: _Words, found: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        words.say(f"diff.{key}", names=words.names(names)) for key, names in found.items() if names
    ]


def _of_suite(words: _Words, told: SuiteDiff) -> list[str]:
    """What differs in a suite, a line each; empty where nothing does."""
    if told.is_same:
        return []
    lines = []
    if told.old_version != told.new_version:
        lines.append(words.say("diff.version", old=told.old_version, new=told.new_version))
    lines += _named(words, {"parts": [words.named("part", each) for each in told.parts]})
    if told.judging:
        lines.append(words.say("diff.judging"))
    if told.changed or told.added or told.removed:
        counts = {name: getattr(told, name) for name in ("same", "changed", "added", "removed")}
        lines.append(words.say("diff.items", **counts))
    lines += _named(
        words,
        {"new_candidates": told.new_candidates, "gone_candidates": told.gone_candidates},
    )
    for each in told.candidates:
        lines += _of_candidate(words, told, each)
    return lines


def _of_candidate(words: _Words, suite: SuiteDiff, told: CandidateDiff) -> list[str]:
    settings = [words.named("setting", each.replace(".", "_"), each) for each in told.settings]
    parts = _named(words, {"candidate_settings": settings})
    if told.old_models != told.new_models:
        old, new = words.names(told.old_models), words.names(told.new_models)
        parts.append(words.say("diff.models", old=old, new=new))
    if told.turned or told.other_texts:
        counts = {"trials": told.trials, "texts": told.other_texts, "turned": told.turned_trials}
        parts.append(words.say("diff.trials", **counts))
    if not parts:
        return []
    if told.turned and told.money_per_case is not None:
        money = words.money(_CASES * told.money_per_case, suite.currency)
        parts[-1:] = [
            words.clauses(
                [parts[-1], words.say("diff.money", cases=words.text(suite.cases), money=money)]
            )
        ]
    lines = [words.say("diff.candidate", name=told.name, told=parts[0])]
    lines += [f"  {each}" for each in parts[1:]]
    for each in told.turned:
        slots = {
            "old": words.outcome(each.old),
            "new": words.outcome(each.new),
            "trials": each.trials,
        }
        if each.money is None:
            lines.append("  " + words.say("diff.turned", **slots))
        else:
            money = words.money(each.money, suite.currency)
            lines.append("  " + words.say("diff.turned_money", money=money, **slots))
    return lines
