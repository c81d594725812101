"""What the items of a suite are, as its file says it: counts, parts, class of data, fingerprints."""

from collections import Counter
from collections.abc import Sequence

from bench.suites.data_model import DataItems
from bench.suites.load import Suite
from bench.suites.texts import texts
from bench.suites.variation import SUFFIX
from bench.types import Item, Record, Text

README = "README.md"


class ValueCount(Record):
    """Items of this run with one value of a tag."""

    value: str
    title: Text | None
    items: int


class TagCount(Record):
    """A tag by which the report is broken down, and how the items of this run fall on its values.

    `known_before`: the tag is known before a case is answered. `untagged` items do not carry it.
    """

    tag: str
    title: Text
    known_before: bool
    values: list[ValueCount]
    untagged: int


class DataCard(Record):
    """A suite's data as far as its file tells it; who wrote and checked it stands in its `readme`, if anywhere.

    `whole` are the items that the suite holds, of which this run may have drawn some; `twins` among those drawn
    are perturbed. `chinese` items have Chinese in what is asked. `examples`, `calibration` and `planted` count
    worked examples, answers with known scores and defects put into good answers for the self-test.
    """

    data_class: str
    whole: int
    twins: int
    chinese: int
    unserved: int
    references: int
    rationales: int
    """Items whose author says why their reference holds."""
    tags: list[TagCount]
    examples: int
    calibration: int
    planted: int
    adapted: bool
    """Whether the items come from data that existed before, by a mapping of its fields."""
    readme: str | None
    digests: dict[str, str]
    vary: int | None


def data_card(suite: Suite, items: Sequence[Item]) -> DataCard:
    """The card of a suite; `items` are those of the run."""
    folder = suite.path.parent
    return DataCard(
        data_class=suite.file.data_class,
        whole=len(suite.items),
        twins=sum(each.id.endswith(SUFFIX) for each in items),
        chinese=sum(_is_chinese(each) for each in items),
        unserved=sum(not each.served_today for each in items),
        references=sum(bool(each.reference) for each in items),
        rationales=sum(bool(each.rationale) for each in items),
        tags=_tags(suite, items),
        examples=len(suite.examples),
        calibration=len(suite.calibration),
        planted=len(suite.planted),
        adapted=isinstance(suite.file.items, DataItems),
        readme=f"{folder.name}/{README}" if (folder / README).is_file() else None,
        digests=dict(suite.digests),
        vary=suite.vary,
    )


def _is_chinese(item: Item) -> bool:
    """Whether what is asked holds Chinese characters, outside names of fields."""
    return any("\u3400" <= char <= "\u9fff" for told in texts(item.input) for char in told)


def _tags(suite: Suite, items: Sequence[Item]) -> list[TagCount]:
    found = []
    for tag, about in suite.file.slices.items():
        counts = Counter(str(item.tags[tag]) for item in items if tag in item.tags)
        ordered = sorted(counts, key=lambda value: (_place(list(about.names), value), value))
        found.append(
            TagCount(
                tag=tag,
                title=about.title,
                known_before=about.known_before,
                values=[
                    ValueCount(value=each, title=about.names.get(each), items=counts[each])
                    for each in ordered
                ],
                untagged=len(items) - counts.total(),
            )
        )
    return found


def _place(names: Sequence[str], value: str) -> int:
    return names.index(value) if value in names else len(names)
