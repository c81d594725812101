"""`bench models`: who can be asked."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.cli.selection import Endpoints
from bench.errors import EndpointFileError


def add_to(app: typer.Typer) -> None:
    """Register the verb and its own verbs."""
    models = typer.Typer(help="List, show or ping endpoints.", no_args_is_help=True)
    models.command("list", help="Adapters, and the endpoints that can be named.")(list_)
    models.command("show", help="An endpoint's options.")(show)
    models.command("ping", help="Ask one short question of an endpoint.")(ping)
    app.add_typer(models, name="models")


def list_(endpoints: Endpoints = None) -> int:
    """Print adapters and endpoints."""
    from bench.endpoints.file import load_endpoints
    from bench.registry import ADAPTERS, STRATEGIES

    file = load_endpoints(endpoints)
    sys.stdout.write("adapters:\n")
    for name in ADAPTERS.names():
        doc = (ADAPTERS.load(name).__doc__ or "").strip().splitlines()[0]
        sys.stdout.write(f"  {name:12} {doc}\n")
    sys.stdout.write(f"strategies:\n  {', '.join(STRATEGIES.names())}\nendpoints:\n")
    for name, adapter in file.adapters.items():
        sys.stdout.write(f"  {name:12} {adapter}\n")
    return 0


def show(name: str, endpoints: Endpoints = None) -> int:
    """Print one endpoint as YAML."""
    import yaml

    told = {
        "adapter": _file(endpoints).adapters.get(name),
        **_endpoint(name, endpoints).model_dump(mode="json"),
    }
    sys.stdout.write(yaml.safe_dump({name: told}, allow_unicode=True, sort_keys=False))
    return 0


def ping(name: str, endpoints: Endpoints = None) -> int:
    """Ask one question and print how long the answer took."""
    import asyncio

    from bench.endpoints.seam import Case, Request
    from bench.errors import RequestFailure
    from bench.running.attempts import Attempted, Line, ask
    from bench.types import Message

    endpoint = _endpoint(name, endpoints)
    endpoint.check()
    case = Case("ping", "ping", 0, {})
    request = Request(case, (Message(role="user", content="1 + 1 = ?"),), 16)

    async def go() -> str:
        async with endpoint.connect() as connection:
            reply, seconds = await ask(Line.open(connection, endpoint), request, Attempted())
            return f"{name}: answered in {seconds:.2f} s, model {reply.model or 'not named'}"

    try:
        sys.stdout.write(asyncio.run(go()) + "\n")
    except RequestFailure as failure:
        raise EndpointFileError(f"{name}: {failure.kind}: {failure.message}") from None
    return 0


def _file(path: Path | None) -> Any:
    from bench.endpoints.file import load_endpoints

    return load_endpoints(path)


def _endpoint(name: str, path: Annotated[Path | None, "endpoint file"]) -> Any:
    from bench.registry import did_you_mean

    known = _file(path).endpoints
    if name not in known:
        raise EndpointFileError(f"no endpoint is called '{name}'{did_you_mean(name, list(known))}")
    return known[name]
