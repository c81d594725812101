"""The report as one HTML file in both languages that needs nothing else: no network, no font, no server.

What a reader must see stands in the page as it is written; the script adds the language switch, pictures,
what-if and the answers themselves. Text from outside is escaped, data for the script is packed, and the
policy of the page lets nothing run or style it but what its hashes name.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from bench.reports.charts import BAR, HEIGHT, WIDTH
from bench.reports.evidence import evidence_data
from bench.reports.packing import packed
from bench.reports.parts import Figure, Page
from bench.reports.view import view
from bench.reports.what_if import what_if_data
from bench.types import Language
from bench.value.judged import Judged
from bench.wording.catalogue import messages, say

FOLDER = Path(__file__).parent / "page"
STYLES = ("page.css", "figures.css", "what_if.css", "evidence.css")
SCRIPTS = (
    "shell.js", "numbers.js", "figures.js",
    "what_if_value.js", "what_if.js", "what_if_state.js", "what_if_words.js", "what_if_dots.js", "what_if_tables.js", "what_if_controls.js", "what_if_panel.js",
    "evidence_filters.js", "evidence_item.js", "evidence.js",
)  # fmt: skip
LIBRARIES = ("vendor/vega.min.js", "vendor/vega-interpreter.js", "vendor/vega-lite.min.js")
"""What draws pictures; packed, and only unpacked when a picture comes into sight."""
WORDS = (
    "evidence.", "figure.", "ground.", "label.", "list.", "money.", "outcome.", "phrase.", "range",
    "state.", "unit.", "verdict.", "what_if.",
)  # fmt: skip
"""Beginnings of the keys of the catalogue that the script speaks with."""
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def html(judged: Judged, language: Language) -> str:
    """The page, opened in one language and holding the other."""
    import jinja2  # 60 ms, and only for this format
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    other: Language = "en" if language == "zh" else "zh"
    pages = {each: view(judged, each) for each in (language, other)}
    titles = {each: f"{page.title} · {page.facts[0]}" for each, page in pages.items()}
    data = {"words": packed(_words()), **what_if_data(judged), **evidence_data(judged)}
    bodies = {}
    for each, page in pages.items():
        figures = {id(figure): figure for figure in _figures(page)}
        names = {key: str(at) for at, key in enumerate(figures)}
        bodies[each] = environment.get_template("body.html.j2").render(
            page=page,
            say=lambda key, _language=each, **slots: say(_language, key, **slots),
            lang=TAGS[each],
            title=titles[each],
            name_of=lambda figure, _names=names: _names[id(figure)],
            dots_width=WIDTH,
            dots_height=HEIGHT,
            bar=BAR,
        )
        data[f"figures-{each}"] = packed([dict(each.spec) for each in figures.values()])
    data[f"body-{other}"] = packed(bodies[other])
    style, script, library = _joined(STYLES), _joined(SCRIPTS), _joined(LIBRARIES)
    if any(_figures(page) for page in pages.values()):
        data["library"] = packed(library)
    return environment.get_template("page.html.j2").render(
        language=language,
        tags=TAGS,
        title=titles[language],
        body=Markup(bodies[language]),  # noqa: S704  # escaped when it was rendered
        data=data,
        style=style,
        script=script,
        policy=policy(style, script, library),
    )


def policy(style: str, *scripts: str) -> str:
    """The content security policy of a page with these, and no others."""
    allowed = " ".join(_hash(each) for each in scripts)
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _words() -> JsonValue:
    return {
        key: {"zh": told["zh"], "en": told["en"]}
        for key, told in messages().items()
        if key.startswith(WORDS)
    }


def _figures(page: Page) -> list[Figure]:
    return [each for section in page.sections for part in section.parts for each in part.figures]


@cache
def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
