"""What a gate found, for a terminal and the log of a CI server: at most 100 columns, and nothing that either obeys."""

from collections.abc import Iterator

from bench.gate.record import Contrast, GateReport
from bench.gate.told.background import advice, facts, notes, rests_on
from bench.gate.told.ci_text import logged
from bench.gate.told.criteria_lines import lines, passed_line
from bench.gate.told.findings import Standing
from bench.gate.told.flip_words import flip_words, no_texts
from bench.gate.told.phrases import contrast_line, headline
from bench.gate.told.voice import SuiteVoice, Voice
from bench.types import Language
from bench.wording.columns import padded, width, wrapped

_WIDTH = 99
"""A blank more may have to stand in a line for a CI server's sake."""
_TEXT = 84


def console(report: GateReport, language: Language, *, flips: int = 5) -> str:
    """The verdict, each contrast with its reasons and at most so many flips, and at last what to do."""
    told = [headline(report, language), *(f"  {each}" for each in facts(report, language))]
    suite = None
    for contrast in report.contrasts:
        voice = SuiteVoice(language, report.suites[contrast.suite])
        told += ["", contrast_line(contrast, voice.facts, language)]
        told += [f"  {each}" for each in _contrast(contrast, voice, flips)]
        if contrast.suite != suite and (ground := rests_on(contrast, voice)):
            told.append(f"  {ground}")
        suite = contrast.suite
    told += ["", advice(report, language)]
    return "".join(f"{each}\n" for line in told for each in _wrapped(logged(line)))


def _contrast(contrast: Contrast, voice: SuiteVoice, flips: int) -> Iterator[str]:
    yield from _reasons(contrast, voice)
    yield from notes(contrast, voice)
    yield from _flips(contrast, voice, flips)


def _reasons(contrast: Contrast, voice: SuiteVoice) -> Iterator[str]:
    """A line for each criterion that did not pass, the gravest first, and one for all that did."""
    for state, told in lines(contrast, voice):
        yield f"{_mark(state, voice)} {told}"
    if passed := passed_line(contrast, voice):
        yield f"{_mark('pass', voice)} {passed}"


def _mark(state: Standing, voice: Voice) -> str:
    """The word for a standing, as wide as the widest of those that are common."""
    return padded(voice.say(f"mark.{state}"), 7 if voice.language == "en" else 6)


def _flips(contrast: Contrast, voice: SuiteVoice, most: int) -> Iterator[str]:
    if not contrast.flips or most < 1:
        return
    worse, better = f"{contrast.worse:,}", f"{contrast.better:,}"
    shown = contrast.flips[:most]
    key = "flips_all" if len(shown) == contrast.worse + contrast.better else "flips"
    yield voice.say(key, worse=worse, better=better, n=len(shown))
    for each in shown:
        told = flip_words(each, contrast, voice, _TEXT)
        yield f"  {told.head}"
        for key, text in (("flip.was", told.was), ("flip.now", told.now)):
            if text is not None:
                yield f"    {voice.say(key)}{text}"
    if no_texts(contrast.flips):
        yield f"  {voice.say('no_texts')}"


def _wrapped(line: str) -> Iterator[str]:
    """The line in as many as it needs, the further ones set in; each once more safe, as another now begins it."""
    indent = len(line) - len(line.lstrip(" "))
    if width(line) <= _WIDTH:
        yield logged(line)
        return
    first, *rest = wrapped(line.strip(), _WIDTH - indent - 2)
    yield logged(" " * indent + first)
    yield from (logged(" " * (indent + 2) + each) for each in rest)
