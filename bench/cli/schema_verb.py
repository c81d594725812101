"""`bench schema`: JSON Schemas, for editors and for programs that read a run."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UserError


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "schema",
        help="JSON Schemas of the files of suites and endpoints, of policies, assumptions, summaries and checks.",
    )(schema)


def schema(
    name: Annotated[str | None, typer.Argument(help="One schema; all, if none is named.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write NAME.schema.json files into this folder.")
    ] = None,
) -> int:
    """Print the schemas, or write them."""
    import orjson

    from bench.cli.file_schemas import file_schemas
    from bench.registry import did_you_mean

    found = file_schemas()
    if name is not None and name not in found:
        raise UserError(f"no schema is called '{name}'{did_you_mean(name, list(found))}")
    wanted = found if name is None else {name: found[name]}
    if out is None:
        told = wanted if name is None else wanted[name]
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
        return 0
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each, content in wanted.items():
            path = out / f"{each}.schema.json"
            path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")
            sys.stdout.write(f"{path}\n")
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; choose another --out") from None
    return 0
