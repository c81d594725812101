"""The record of a run: its manifest, what answered at what price, and where the data went."""

import datetime as dt
from collections.abc import Sequence

from bench.reports.ages import OLD_DAYS, is_old
from bench.reports.parts import Cell, Head, Part, Table
from bench.reports.phrases import Words, listed
from bench.reports.prices import candidate_text, price_text
from bench.types import Language
from bench.value.prices import CandidateInfo, PriceInfo
from bench.value.summary import RunInfo
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.plain import plain

_GUARDED = ("internal", "confidential")
"""Classes of data that are not to leave without asking."""


def run_part(suites: Sequence[Words], run: RunInfo) -> Part:
    """The manifest, the candidates with their prices, and the place of each beside the class of the data."""
    language = suites[0].language
    return Part(
        say(language, "how.run"),
        (say(language, "how.again"), *_price_notes(language, run), *_place_notes(suites, run)),
        (_manifest(suites, run),),
        (_candidates(suites, run), _places(suites, run), *_refused(suites)),
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
        ("complete", _completeness(language, run)),
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
        ("policy", policy_text(language, run)),
    ]
    table_heads = (Head(say(language, "head.fact")), Head(say(language, "head.what")))
    cells = tuple((Cell(say(language, f"run.{name}")), Cell(value)) for name, value in rows)
    return Table(say(language, "how.run_caption"), table_heads, cells)


def _completeness(language: Language, run: RunInfo) -> str:
    early = run.stopped_early
    if not run.complete:
        return say(language, "run.is_partial")
    if early is None:
        return say(language, "run.is_complete")
    asked, planned = f"{early.items_asked:,}", f"{early.items_planned:,}"
    return say(
        language, f"run.is_{early.why}", asked=asked, planned=planned, baseline=plain(early.against)
    )


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


def policy_text(language: Language, run: RunInfo) -> str:
    """The data policy, its file and its digest."""
    policy = run.policy
    if policy is None:
        return say(language, "run.no_policy")
    file = plain(policy.file) if policy.file else say(language, "run.policy_default")
    name, digest = plain(policy.name), plain(policy.digest)
    return say(language, "run.policy_told", name=name, file=file, digest=digest)


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
                Cell(
                    candidate_text(words.language, info) if info else numbers.UNKNOWN,
                    _adjusted(words, info),
                ),
                _models(words, models, info),
                _price(words, run, run.prices.get(name)),
            )
        )
    columns = ("head.way", "head.adapter", "head.models", "head.price")
    heads = tuple(Head(words.say(each)) for each in columns)
    return Table(words.say("how.candidates"), heads, tuple(rows))


def _adjusted(words: Words, info: CandidateInfo | None) -> str:
    """What was not sent as it was asked, in the words of the adapter."""
    if info is None or not info.adjusted:
        return ""
    return words.say("how.adjusted", notes=plain("; ".join(info.adjusted)))


def _models(words: Words, models: str, info: CandidateInfo | None) -> Cell:
    """Which models answered; brown where one stood in for the model that was asked for."""
    if not models:
        return Cell(words.say("state.no_model"))
    if info is None or not info.rerouted or info.model is None:
        return Cell(models)
    return Cell(models, words.say("how.rerouted", model=plain(info.model)), tone="open")


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
    """What was refused, which candidates saw data that is not public in a place open to doubt, and the way there."""
    words = suites[0]
    doubtful: dict[str, None] = {}
    for each in suites:
        if each.suite.card is None or each.suite.card.data_class not in _GUARDED:
            continue
        for name in each.suite.candidates:
            info = run.candidates.get(name)
            if info is None or info.residency is None or info.deployment in (None, "public"):
                doubtful[plain(name)] = None
    told = [_checked(suites, run)]
    if doubtful:
        told.append(words.say("how.places_open", names=listed(words.language, list(doubtful))))
    return [*told, *_way_notes(suites, run)]


def _checked(suites: Sequence[Words], run: RunInfo) -> str:
    """Whether a data policy was held against the places, and how much it refused."""
    words, refused = suites[0], sum(len(each.suite.refused) for each in suites)
    if run.policy is None:
        return words.say("how.places_said")
    key = "how.places_refused" if refused else "how.places_held"
    return words.say(key, policy=plain(run.policy.name), n=refused)


def _way_notes(suites: Sequence[Words], run: RunInfo) -> list[str]:
    """Through which proxies requests went, and for whom personal data were replaced."""
    words, language = suites[0], suites[0].language
    asked = {name for each in suites for name in each.suite.candidates}
    if run.policy is None:  # runs before there were policies do not tell
        return []
    passed = [
        words.say("place.proxied", name=plain(name), proxy=plain(each.proxy))
        for name, each in run.candidates.items()
        if each.proxy is not None and name in asked
    ]
    redacted = [
        plain(name) for name, each in run.candidates.items() if each.redacted and name in asked
    ]
    told = [
        words.say("how.proxied", names=listed(language, passed))
        if passed
        else words.say("how.no_proxy")
    ]
    if redacted:
        told.append(words.say("how.redacted", names=listed(language, redacted)))
    return told


def _refused(suites: Sequence[Words]) -> tuple[Table, ...]:
    """Every candidate that a suite was kept from, with the rule."""
    words = suites[0]
    rows = tuple(
        (
            Cell(plain(one.candidate)),
            Cell(words.text(each.suite.title)),
            Cell(plain(one.rule)),
            Cell(words.text(one.text)),
            Cell(plain(one.source)),
        )
        for each in suites
        for one in each.suite.refused
    )
    columns = ("head.way", "place.suite", "place.rule", "place.wording", "head.source")
    heads = tuple(Head(words.say(each)) for each in columns)
    return (Table(words.say("how.refused"), heads, rows),) if rows else ()


def _places(suites: Sequence[Words], run: RunInfo) -> Table:
    words = suites[0]
    rows = []
    has_papers = any(each.licence or each.filed for each in run.candidates.values())
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
                *(_papers(words, info) if has_papers else ()),
                Cell(words.say("list.between").join(tasks) or numbers.UNKNOWN),
            )
        )
    papers = ("place.licence", "place.filed") if has_papers else ()
    columns = ("head.way", "place.residency", "place.deployment", *papers, "place.tasks")
    heads = tuple(Head(words.say(each)) for each in columns)
    return Table(words.say("how.places"), heads, tuple(rows))


def _papers(words: Words, info: CandidateInfo | None) -> tuple[Cell, Cell]:
    """Licence and filing as the endpoint file states them."""
    unstated = Cell(words.say("place.unstated"), tone="open")
    if info is None:
        return unstated, unstated
    licence = Cell(plain(info.licence)) if info.licence else unstated
    return licence, Cell(words.say(f"place.filed_{info.filed}")) if info.filed else unstated


def _stated(words: Words, group: str, told: str | None) -> Cell:
    if told is None:
        return Cell(words.say("place.unstated"), tone="open")
    return Cell(words.named(group, told))
