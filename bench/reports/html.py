"""The report as one HTML file that needs nothing else: no script, no network, no font."""

import base64
import hashlib
from pathlib import Path

from bench.reports.charts import BAR, HEIGHT, WIDTH
from bench.reports.view import view
from bench.types import Language
from bench.value.summary import Summary
from bench.wording.catalogue import say

FOLDER = Path(__file__).parent


def html(summary: Summary, language: Language) -> str:
    """The page in one language. Everything that came from outside is escaped; scripts cannot run."""
    import jinja2  # 60 ms, and only for this format

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    def told(key: str, **slots: object) -> str:
        return say(language, key, **slots)

    return environment.get_template("page.html.j2").render(
        page=view(summary, language),
        say=told,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        dots_width=WIDTH,
        dots_height=HEIGHT,
        bar=BAR,
        lang="zh-CN" if language == "zh" else "en",
    )
