"""The catalogue as tables and texts of a terminal."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from bench.types import Language

if TYPE_CHECKING:
    from bench.endpoints.catalogue.load import Catalogue
    from bench.endpoints.catalogue.system import System

_COLUMNS = ("id", "names", "class", "reach", "adapter", "verified", "tested")
_NAMES_WIDTH, _ADAPTERS_WIDTH = 24, 20
"""How wide these columns may be; what is longer is continued on the next line."""
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Row:
    """One system of `bench models list`. `adapter`, `verified` and `tested` are those of its first api."""

    id: str
    names: dict[str, tuple[str, ...]]
    company: dict[str, str]
    kind: str
    reach: str
    adapters: tuple[str, ...]
    verified: str | None
    tested: str | None
    unverified: dict[str, dict[str, str]]
    """Api -> what could not be verified without a live account."""


def rows(catalogue: "Catalogue", kind: str | None, reach: str | None) -> list[Row]:
    """The systems of a class and a reach, all where none is named; in the order of reach and then of id."""
    from typing import get_args

    from bench.endpoints.catalogue.system import Reach

    order = list(get_args(Reach))
    found = [_row(name, catalogue.system(name)) for name in catalogue.ids()]
    chosen = [each for each in found if kind in (None, each.kind) and reach in (None, each.reach)]
    return sorted(chosen, key=lambda each: (order.index(each.reach), each.id))


def _row(name: str, system: "System") -> Row:
    apis = list(system.apis.values())
    return Row(
        id=name,
        names={"zh": system.names.zh, "en": system.names.en},
        company=system.company.model_dump(),
        kind=system.kind,
        reach=system.reach,
        adapters=tuple(dict.fromkeys(each.adapter for each in apis)) or ("none_public",),
        verified=apis[0].verified if apis else None,
        tested=apis[0].tested if apis else None,
        unverified={key: api.unverified.model_dump() for key, api in system.apis.items()},
    )


def as_json(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows for programs, under the words of the catalogue's files."""
    return [
        {("class" if key == "kind" else key): value for key, value in asdict(each).items()}
        for each in found
    ]


def table(found: list[Row], language: Language) -> str:
    """The rows, and below them what each was tried on and what is not verified."""
    from bench.wording.catalogue import say

    if not found:
        return say(language, "models.none_here") + "\n"
    told = [say(language, "models.systems"), *_grid(found, language), ""]
    told += _by_reach(found, language)
    unverified = _unverified(found, language)
    if unverified:
        told += ["", say(language, "models.unverified"), *unverified]
    told += ["", say(language, "models.import_how"), say(language, "models.pick")]
    return "\n".join(told) + "\n"


def _grid(found: list[Row], language: Language) -> list[str]:
    from bench.wording.catalogue import say
    from bench.wording.columns import row, width, wrapped

    head = [say(language, f"models.head.{name}") for name in _COLUMNS]
    cells = [_cells(each, language) for each in found]
    widths = [
        max(width(part) for line in [head, *cells] for part in line[at].split("\n"))
        for at in range(len(head))
    ]
    widths[1] = max(width(line) for each in cells for line in wrapped(each[1], _NAMES_WIDTH))
    rights = [False] * len(head)
    return [f"  {line}" for each in [head, *cells] for line in row(each, widths, rights)]


def _cells(row: Row, language: Language) -> list[str]:
    from bench.wording.catalogue import say

    first, second = ("zh", "en") if language == "zh" else ("en", "zh")
    names = list(dict.fromkeys(each for key in (first, second) for each in row.names[key][:1]))
    return [
        row.id,
        ", ".join(names),
        say(language, f"models.class.{row.kind}"),
        say(language, f"models.reach.{row.reach}"),
        "\n".join(wrap(", ".join(row.adapters), _ADAPTERS_WIDTH)),
        say(language, f"models.verified.{row.verified}") if row.verified else "",
        say(language, f"models.tested.{row.tested}") if row.tested else "",
    ]


def _by_reach(found: list[Row], language: Language) -> list[str]:
    """A sentence for each way of being reached, with the systems of which it holds."""
    from bench.wording.catalogue import say

    groups = {
        "simulated": [
            each for each in found if each.tested == "simulation" and each.reach != "import"
        ],
        "hosted": [each for each in found if each.tested == "server"],
        "imported": [each for each in found if each.reach == "import"],
        "absent": [each for each in found if each.reach == "none_public"],
        "outside": [each for each in found if each.reach == "out_of_scope"],
    }
    return [
        line
        for key, members in groups.items()
        if members
        for line in _paragraph(
            say(language, f"models.{key}", ids=", ".join(each.id for each in members)), ""
        )
    ]


def _unverified(found: list[Row], language: Language) -> list[str]:
    return [
        line
        for each in found
        for api, told in each.unverified.items()
        for line in _paragraph(f"{each.id} {api}: {told[language]}", "  ")
    ]


def _paragraph(text: str, indent: str) -> list[str]:
    from bench.wording.columns import wrapped

    first, *rest = wrapped(text, _WIDTH)
    return [indent + first, *(f"{indent}  {line}" for line in rest)]


def whole(name: str, system: "System", language: Language) -> dict[str, Any]:
    """Everything of a row, in one language."""
    told = system.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    read: dict[str, Any] = in_one_language({name: told}, language)
    return read


def in_one_language(value: Any, language: Language) -> Any:
    """A value whose statements in both languages are replaced by the one in `language`."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"} and all(isinstance(each, str) for each in value.values()):
            return value[language]
        return {key: in_one_language(inner, language) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_one_language(inner, language) for inner in value]
    return value


def paste(name: str, system: "System") -> dict[str, Any]:
    """An entry for an endpoint file that asks the row's first api and first model, where it is asked by a model."""
    from bench.registry import ADAPTERS

    entry: dict[str, Any] = {"from": name}
    for key, api in list(system.apis.items())[:1]:
        entry["api"] = key
        if api.base_url is None or "${" in api.base_url:
            entry["base_url"] = "https://address.example/v1"
        if api.models or "model" in ADAPTERS.load(api.adapter).model_fields:
            entry["model"] = api.models[0] if api.models else "name-of-the-model"
    return {"endpoints": {name: entry}}
