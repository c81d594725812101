"""The record of a run: its manifest, what answered at what price, and where the data went."""

import datetime as dt
from collections.abc import Sequence

from bench.reports import numbers
from bench.reports.ages import OLD_DAYS, is_old
from bench.reports.parts import Cell, Head, Part, Table
from bench.reports.phrases import Words, listed
from bench.reports.plain import plain
from bench.reports.prices import candidate_text, price_text
from bench.types import Language
from bench.value.prices import PriceInfo
from bench.value.summary import RunInfo
from bench.wording.catalogue import say

_GUARDED = ("internal", "confidential")
"""Classes of data that are not to leave without asking."""


def run_part(suites: Sequence[Words], run: RunInfo) -> Part:
    """The manifest, the candidates with their prices, and the place of each beside the class of the data."""
    language = suites[0].language
    return Part(
        say(language, "how.run"),
        (say(language, "how.again"), *_price_notes(language, run), *_place_notes(suites, run)),
        (_manifest(suites, run),),
        (_candidates(suites, run), _places(suites, run)),
    )


def _manifest(suites: Sequence[Words], run: RunInfo) -> Table:
    language = suites[0].language
    seeds = {each.suite.card.vary for each in suites if each.suite.card} - {None}
    rows = [
        ("id", plain(run.id)),
        ("started", _moment(language, run.started)),
        (
            "finished",
            _moment(language, run.finished) if run.finished else say(language, "run.unfinished"),
        ),
        ("complete", say(language, "run.is_complete" if run.complete else "run.is_partial")),
        ("repeats", str(run.repeats)),
        ("limit", say(language, "run.no_limit") if run.limit is None else str(run.limit)),
        ("seed", str(run.seed)),
        (
            "vary",
            say(language, "run.with_vary", seed=listed(language, sorted(map(str, seeds))))
            if seeds
            else say(language, "run.no_vary"),
        ),
        ("version", plain(run.version)),
        ("commit", plain(run.commit) if run.commit else numbers.UNKNOWN),
        ("host", plain(run.host)),
        ("assumptions", _file(language, run)),
    ]
    table_heads = (Head(say(language, "head.fact")), Head(say(language, "head.what")))
    cells = tuple((Cell(say(language, f"run.{name}")), Cell(value)) for name, value in rows)
    return Table(say(language, "how.run_caption"), table_heads, cells)


def _moment(language: Language, told: str) -> str:
    """A day and a time of day with its zone; the text itself when it is no ISO time."""
    try:
        found = dt.datetime.fromisoformat(told)
    except ValueError:
        return plain(told)
    return say(
        language,
        "run.moment",
        day=numbers.day(language, found.date().isoformat()),
        time=found.strftime("%H:%M:%S"),
        zone=found.tzname() or "UTC",
    )


def _file(language: Language, run: RunInfo) -> str:
    own = run.assumptions_file
    return plain(own) if own else say(language, "run.own_assumptions")


def _names(suites: Sequence[Words], run: RunInfo) -> list[str]:
    """Every candidate that the run or a suite of it knows, once."""
    return list(
        dict.fromkeys(
            [*run.candidates, *(name for each in suites for name in each.suite.candidates)]
        )
    )


def _candidates(suites: Sequence[Words], run: RunInfo) -> Table:
    words = suites[0]
    rows = []
    for name in _names(suites, run):
        models = words.say("list.between").join(map(plain, run.models_that_answered.get(name, [])))
        info = run.candidates.get(name)
        rows.append(
            (
                Cell(plain(name)),
                Cell(candidate_text(words.language, info) if info else numbers.UNKNOWN),
                Cell(models or words.say("state.no_model")),
                _price(words, run, run.prices.get(name)),
            )
        )
    columns = ("head.way", "head.adapter", "head.models", "head.price")
    heads = tuple(Head(words.say(each)) for each in columns)
    return Table(words.say("how.candidates"), heads, tuple(rows))


def _price(words: Words, run: RunInfo, price: PriceInfo | None) -> Cell:
    if price is None:
        return Cell(words.say("state.no_price"), tone="quiet")
    told = price_text(words.language, price)
    if is_old(price.as_of, run.started):
        return Cell(told, words.say("how.old", days=OLD_DAYS), tone="open")
    return Cell(told, tone="" if price.as_of else "open")


def _price_notes(language: Language, run: RunInfo) -> list[str]:
    """Whose price is old, and whose has no day."""
    priced = {name: each for name, each in run.prices.items() if each is not None}
    old = [plain(name) for name, each in priced.items() if is_old(each.as_of, run.started)]
    undated = [plain(name) for name, each in priced.items() if not each.as_of]
    told = []
    if old:
        told.append(say(language, "how.old_prices", names=listed(language, old), days=OLD_DAYS))
    if undated:
        told.append(say(language, "how.undated_prices", names=listed(language, undated)))
    return told


def _class(words: Words) -> str:
    card = words.suite.card
    return words.named("data_class", card.data_class if card else "unstated")


def _place_notes(suites: Sequence[Words], run: RunInfo) -> list[str]:
    """That nothing was refused, and which candidates saw data that is not public in a place open to doubt."""
    words = suites[0]
    doubtful: dict[str, None] = {}
    for each in suites:
        if each.suite.card is None or each.suite.card.data_class not in _GUARDED:
            continue
        for name in each.suite.candidates:
            info = run.candidates.get(name)
            if info is None or info.residency is None or info.deployment in (None, "public"):
                doubtful[plain(name)] = None
    told = [words.say("how.places_said")]
    if doubtful:
        told.append(words.say("how.places_open", names=listed(words.language, list(doubtful))))
    return told


def _places(suites: Sequence[Words], run: RunInfo) -> Table:
    words = suites[0]
    rows = []
    for name in _names(suites, run):
        info = run.candidates.get(name)
        tasks = [
            words.say("place.task", task=each.text(each.suite.title), level=_class(each))
            for each in suites
            if name in each.suite.candidates
        ]
        rows.append(
            (
                Cell(plain(name)),
                _stated(words, "residency", info.residency if info else None),
                _stated(words, "profile", info.deployment if info else None),
                Cell(words.say("list.between").join(tasks) or numbers.UNKNOWN),
            )
        )
    columns = ("head.way", "place.residency", "place.deployment", "place.tasks")
    heads = tuple(Head(words.say(each)) for each in columns)
    return Table(words.say("how.places"), heads, tuple(rows))


def _stated(words: Words, group: str, told: str | None) -> Cell:
    if told is None:
        return Cell(words.say("place.unstated"), tone="open")
    return Cell(words.named(group, told))
