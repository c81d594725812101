"""The data card of a suite: what its items are, as far as its file says it."""

from bench.reports.parts import Cell, Head, Table
from bench.reports.phrases import Words
from bench.value.data_card import DataCard, TagCount, ValueCount
from bench.wording.plain import plain

_LEAST_ITEMS, _LEAST_SOURCES = 10, 30
"""Below these a slice is too thin to tell anything, and ranges over sources are rough."""
_NAMED = 6
"""So many thin slices are named."""
_DIGITS = 16


def about(words: Words) -> tuple[str, ...]:
    """What the work is, where it stands in the business, and which statements it grows from."""
    suite = words.suite
    told = [
        words.text(suite.about),
        words.say(
            "how.suite",
            version=suite.version,
            items=f"{suite.items:,}",
            clusters=f"{suite.clusters:,}",
            stage=words.named("stage", suite.stage),
            link=words.named("link", suite.chain_link),
            industry=words.named("industry", suite.industry),
        ),
    ]
    told += [
        words.say(
            "how.grows_from",
            text=words.text(origin.text).rstrip("。.;；"),
            documents=words.say("list.between").join(map(plain, origin.documents)),
        )
        for origin in suite.grows_from
    ]
    return tuple(told)


def card_tables(words: Words) -> tuple[Table, ...]:
    """The card, and how the items fall on their tags; nothing where the summary holds no card."""
    card = words.suite.card
    if card is None:
        return ()
    return (_facts(words, card), *((_tags(words, card),) if card.tags else ()))


def _facts(words: Words, card: DataCard) -> Table:
    suite = words.suite
    rows = [
        ("items", _items(words, card)),
        ("clusters", words.say("card.clusters_told", n=f"{suite.clusters:,}")),
        (
            "languages",
            words.say(
                "card.languages_told",
                chinese=f"{card.chinese:,}",
                other=f"{max(0, suite.items - card.chinese):,}",
            ),
        ),
        ("data_class", words.named("data_class", card.data_class)),
        ("unserved", f"{card.unserved:,}"),
        ("author", _author(words, card)),
        (
            "checked",
            words.say(
                "card.checked_told",
                references=f"{card.references:,}",
                rationales=f"{card.rationales:,}",
            ),
        ),
        ("selftest", _selftest(words, card)),
        ("examples", words.say("card.examples_told", n=f"{card.examples:,}")),
        ("version", _version(words, card)),
        ("gaps", _gaps(words, card)),
    ]
    heads = (Head(words.say("head.fact")), Head(words.say("head.what")))
    cells = tuple((Cell(words.say(f"card.{name}")), Cell(told)) for name, told in rows)
    return Table(words.say("card.caption"), heads, cells)


def _items(words: Words, card: DataCard) -> str:
    n = words.suite.items
    if n >= card.whole:
        return words.say("card.items_all", n=f"{n:,}")
    return words.say("card.items_drawn", n=f"{n:,}", whole=f"{card.whole:,}")


def _author(words: Words, card: DataCard) -> str:
    if card.adapted:
        return words.say("card.author_adapted")
    if card.readme is None:
        return words.say("card.author_none")
    return words.say("card.author_card", readme=plain(card.readme))


def _selftest(words: Words, card: DataCard) -> str:
    if not card.calibration and not card.planted:
        return words.say("card.selftest_none")
    return words.say(
        "card.selftest_told", calibration=f"{card.calibration:,}", planted=f"{card.planted:,}"
    )


def _version(words: Words, card: DataCard) -> str:
    digests = [
        words.say("card.digest", part=plain(part), digest=plain(digest)[:_DIGITS])
        for part, digest in card.digests.items()
        if part in ("items", "scorers", "business", "prompt")
    ]
    return words.say(
        "card.version_told",
        version=words.suite.version,
        digests=words.say("list.between").join(digests) or words.say("card.unstated"),
    )


def _gaps(words: Words, card: DataCard) -> str:
    """What counts alone show to be missing."""
    told = []
    if words.suite.items < card.whole:
        told.append(words.say("card.gap_drawn"))
    if words.suite.clusters < _LEAST_SOURCES:
        told.append(words.say("card.gap_few", least=_LEAST_SOURCES))
    thin = [
        f"{words.text(tag.title)}{words.say('card.colon')}{_value(words, each)}"
        for tag in card.tags
        for each in tag.values
        if each.items < _LEAST_ITEMS
    ]
    if thin:
        named = words.say("list.between").join(thin[:_NAMED])
        more = words.say("card.more", n=len(thin) - _NAMED) if len(thin) > _NAMED else ""
        told.append(words.say("card.gap_thin", least=_LEAST_ITEMS, names=named + more))
    told += [
        words.say("card.gap_untagged", title=words.text(tag.title), n=f"{tag.untagged:,}")
        for tag in card.tags
        if tag.untagged
    ]
    if not card.calibration and not card.planted:
        told.append(words.say("card.gap_selftest"))
    return words.say("list.clause").join(told) or words.say("card.no_gaps")


def _value(words: Words, each: ValueCount) -> str:
    return words.text(each.title) if each.title else plain(each.value)


def _tags(words: Words, card: DataCard) -> Table:
    rows = tuple((_tag(words, each), _counts(words, each)) for each in card.tags)
    heads = (Head(words.say("card.tag")), Head(words.say("card.counts")))
    return Table(words.say("card.tags_caption"), heads, rows)


def _tag(words: Words, tag: TagCount) -> Cell:
    return Cell(words.text(tag.title), words.say("card.known_before") if tag.known_before else "")


def _counts(words: Words, tag: TagCount) -> Cell:
    counts = [
        words.say("card.count", value=_value(words, each), n=f"{each.items:,}")
        for each in tag.values
    ]
    return Cell(words.say("list.between").join(counts) or words.say("card.unstated"))
