"""An answer that came out otherwise: what became of it then and now, in money, and both texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.gate.record import Contrast, Flip
from bench.gate.told.background import outcome
from bench.gate.told.voice import SuiteVoice, short
from bench.types import Text


@dataclass(frozen=True, slots=True)
class FlipWords:
    """One line each; a text that is None is not worth a line: nobody kept it, nor any other of its side."""

    head: str
    was: str | None
    now: str | None


def flip_words(flip: Flip, contrast: Contrast, voice: SuiteVoice, most: int) -> FlipWords:
    """A flip of a contrast, its texts cut to so many columns."""
    repeats = contrast.common.trials > contrast.common.items
    kept = flip.old_text is not None or flip.new_text is not None
    has_old = kept and not no_texts(contrast.flips)
    head = voice.say(
        "flip.repeat" if repeats else "flip.item",
        item=short(flip.item),
        repeat=flip.repeat + 1,
        old=_outcome(flip.old, flip.old_because, voice),
        new=_outcome(flip.new, flip.new_because, voice),
        money=_money(flip.money, voice),
    )
    return FlipWords(
        head,
        _text(flip.old_text, voice, most) if has_old else None,
        _text(flip.new_text, voice, most) if kept and flip.new is not None else None,
    )


def no_texts(flips: Sequence[Flip]) -> bool:
    """Whether there are flips of which nobody kept what was answered before."""
    return bool(flips) and all(each.old_text is None for each in flips)


def _outcome(name: str | None, because: Text | None, voice: SuiteVoice) -> str:
    told = outcome(name, voice)
    why = "" if because is None else voice.text(because)
    return voice.say("flip.because", name=told, why=why) if why else told


def _money(amount: float, voice: SuiteVoice) -> str:
    return voice.money([amount]).text(amount, 1.0 if abs(amount) >= 10 else 0.1, sign=True)


def _text(text: str | None, voice: SuiteVoice, most: int) -> str:
    if text is None:
        return voice.say("flip.not_kept")
    return short(text, most) or voice.say("flip.empty")
