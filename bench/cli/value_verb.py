"""`bench value`: what counts that somebody else published are worth."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bench.cli.say import tell
from bench.cli.selection import Lang


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("value", help="Value published counts under your assumptions; asks nobody.")(value)


def value(
    file: Annotated[Path, typer.Argument(help="Counts file; its schema: `bench schema counts`.")],
    systems: Annotated[
        list[str] | None, typer.Argument(metavar="[SYSTEM]...", help="All of the file, if none.")
    ] = None,
    lang: Lang = "zh",
    form: Annotated[
        Literal["text", "json", "md"], typer.Option("--format", help="Form of the report.")
    ] = "text",
) -> int:
    """Print what each system is worth against today's way."""
    from bench.reports.published import FORMATS
    from bench.value.published import published_value
    from bench.value.published_file import load_counts

    told = published_value(load_counts(file).only(systems or []))
    tell(FORMATS[form](told, lang))
    return 0
