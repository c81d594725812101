"""`bench init`: a small working suite and endpoint file of one's own."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UserError

TEMPLATE = Path(__file__).parent / "starter"


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("init", help="Put a small working suite and endpoint file into a folder.")(init)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or empty.")
    ],
) -> int:
    """Copy the starter files and the schemas that editors use."""
    from bench.cli.schema_verb import schema

    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder}: is not empty; name another folder")
    try:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}; name another folder") from None
    schema(None, folder / "schemas")
    sys.stdout.write(
        f"\nedit {folder}/my_suite/suite.yaml, then:\n"
        f"  bench check {folder}/my_suite\n"
        f"  bench run {folder}/my_suite --endpoints {folder}/endpoints.yaml\n"
    )
    return 0
