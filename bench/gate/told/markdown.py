"""What a gate found, as a comment of a pull request and the summary of a CI job."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.gate.record import Contrast, Criterion, GateReport
from bench.gate.told.amounts import amounts
from bench.gate.told.background import advice, facts, notes, rests_on
from bench.gate.told.ci_text import logged
from bench.gate.told.criteria_lines import lines, ordered
from bench.gate.told.findings import standing
from bench.gate.told.flip_words import flip_words, no_texts
from bench.gate.told.phrases import contrast_line, headline
from bench.gate.told.reasons import what
from bench.gate.told.voice import SuiteVoice, Voice, short
from bench.types import Language
from bench.wording import numbers
from bench.wording.inert import escaped

MARK = "<!-- bench-gate -->"
"""The first line: a bot finds its comment by it, and replaces that."""
_TEXT = 600
_FENCE = 10
_HEADS = ("suite", "candidate", "what", "was", "now", "change", "margin", "result")
_RULE = "|---|---|---|--:|--:|--:|--:|---|"


@dataclass(frozen=True, slots=True)
class _Kept:
    """How much is told: flips of each contrast, criteria that passed, and contrasts."""

    flips: int
    passes: bool
    contrasts: int


def markdown(report: GateReport, language: Language, *, room: int = 60_000) -> str:
    """Verdict, a table, the reasons, and folded the answers that came out otherwise.

    `room` is counted in characters; a comment of GitHub holds 65,536. Where all has no room, first flips are left
    out, then what passed, then contrasts from the last on, never the verdict.
    """
    told = ""
    for kept in _less_and_less(len(report.contrasts)):
        told = _page(report, language, kept)
        if len(told) <= room:
            break
    return told


def _less_and_less(contrasts: int) -> Iterator[_Kept]:
    yield from (_Kept(flips, passes=True, contrasts=contrasts) for flips in (20, 10, 5, 2, 0))
    while contrasts:
        yield _Kept(0, passes=False, contrasts=contrasts)
        contrasts //= 2
    yield _Kept(0, passes=False, contrasts=0)


def _page(report: GateReport, language: Language, kept: _Kept) -> str:
    voice = Voice(language)
    shown = report.contrasts[: kept.contrasts]
    told = [MARK, f"### {escaped(headline(report, language))}", ""]
    told += [f"- {escaped(each)}" for each in facts(report, language)]
    if shown:
        told += ["", *_table(report, shown, voice, kept), "", escaped(voice.say("table.reading"))]
    for contrast in shown:
        told += ["", *_contrast(report, contrast, language, kept)]
    told += [f"\n{escaped(each)}" for each in _left_out(report, shown, voice, kept)]
    return "\n".join([*told, "", escaped(advice(report, language)), ""])


def _left_out(
    report: GateReport, shown: tuple[Contrast, ...], voice: Voice, kept: _Kept
) -> Iterator[str]:
    """What had no room."""
    if kept.contrasts < len(report.contrasts):
        yield voice.say("table.left_out", n=len(report.contrasts) - kept.contrasts)
    passed = sum(standing(each) == "pass" for contrast in shown for each in contrast.criteria)
    if passed and not kept.passes:
        yield voice.say("table.passes_left_out", n=passed)
    if any(len(each.flips) > kept.flips for each in report.contrasts):
        yield voice.say("table.flips_left_out")


def _table(
    report: GateReport, shown: tuple[Contrast, ...], voice: Voice, kept: _Kept
) -> Iterator[str]:
    yield _row([voice.say(f"table.{head}") for head in _HEADS])
    yield _RULE
    for contrast in shown:
        about = SuiteVoice(voice.language, report.suites[contrast.suite])
        for each in ordered(contrast):
            if kept.passes or standing(each) != "pass":
                yield _row(
                    [about.title, short(contrast.candidate), *_cells(each, about)],
                    strong=standing(each) == "fail",
                )


def _row(cells: list[str], *, strong: bool = False) -> str:
    *first, last = (escaped(each) for each in cells)
    return f"| {' | '.join(first)} | {f'**{last}**' if strong else last} |"


def _cells(criterion: Criterion, voice: SuiteVoice) -> list[str]:
    """What, was, is, change, margin, result."""
    told = amounts(criterion, voice)
    change, margin = told.change, told.margin
    if criterion.kind == "limit" and criterion.margin is not None:
        limit = numbers.limit(criterion.margin)
        change, margin = "", voice.say(f"limit.cell_{criterion.better}", limit=limit)
    elif change and told.range and not criterion.identical:
        change = voice.say("table.range", change=change, range=told.range)
    cells = (told.was, told.now, change, margin)
    mark = voice.say(f"mark.{standing(criterion)}")
    noun = what(criterion, voice)
    if criterion.kind == "limit":
        noun = voice.say("limit.named", what=noun)
    return [noun, *(each or numbers.UNKNOWN for each in cells), mark]


def _contrast(
    report: GateReport, contrast: Contrast, language: Language, kept: _Kept
) -> Iterator[str]:
    """One contrast: why it ended as it did, what is to be known of it, and its flips."""
    voice = SuiteVoice(language, report.suites[contrast.suite])
    yield f"**{escaped(contrast_line(contrast, voice.facts, language))}**"
    yield ""
    for state, told in lines(contrast, voice):
        yield f"- **{voice.say(f'mark.{state}')}** {escaped(told)}"
    told_besides = [*notes(contrast, voice), rests_on(contrast, voice)]
    yield from (f"- {escaped(each)}" for each in told_besides if each)
    if contrast.flips and kept.flips:
        yield ""
        yield from _flips(contrast, voice, kept.flips)


def _flips(contrast: Contrast, voice: SuiteVoice, most: int) -> Iterator[str]:
    shown = contrast.flips[:most]
    counts = {"worse": f"{contrast.worse:,}", "better": f"{contrast.better:,}", "n": len(shown)}
    whole = len(shown) == contrast.worse + contrast.better
    key = "flips_summary_all" if whole else "flips_summary"
    yield f"<details><summary>{voice.say(key, **counts)}</summary>"
    yield ""
    for each in shown:
        told = flip_words(each, contrast, voice, _TEXT)
        yield f"- {escaped(told.head)}"
        for key, text in (("flip.was", told.was), ("flip.now", told.now)):
            if text is not None:
                yield f"  - {escaped(voice.say(key)).rstrip()} {_code(text)}"
    if no_texts(contrast.flips):
        yield f"\n{escaped(voice.say('no_texts'))}"
    yield ""
    yield "</details>"


def _code(text: str) -> str:
    """Plain text as code: nothing in it is markup, a link or a mention. Its fence is longer than any in the text.

    Longer ones are cut in the text, as readers of Markdown know fences up to some length only. Source: CommonMark
    0.31, section 6.1, code spans; `MAXBACKTICKS` in cmark's inlines.c, 80 once.
    """
    told = re.sub(f"`{{{_FENCE},}}", "`" * (_FENCE - 1) + "…", logged(text))
    longest = max((len(each) for each in re.findall("`+", told)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if told[:1] in "` " or told[-1:] in "` " else ""
    return f"{fence}{pad}{told}{pad}{fence}"
