"""`bench models`: who can be asked."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bench.cli.selection import Endpoints
from bench.errors import EndpointFileError

if TYPE_CHECKING:
    from bench.endpoints.file import EndpointFile
    from bench.types import Language

Lang = Annotated[Literal["zh", "en"], typer.Option(help="Language of names and remarks.")]
Class = Annotated[
    Literal["general", "industry", "open", "edge", "product", "context"] | None,
    typer.Option("--class", help="Only systems of this class."),
]
Reach = Annotated[
    Literal["openai_compatible", "native", "self_host", "import", "none_public", "out_of_scope"]
    | None,
    typer.Option(help="Only systems that are reached so."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the systems as JSON, nothing else.")]


def add_to(app: typer.Typer) -> None:
    """Register the verb and its own verbs."""
    models = typer.Typer(help="List, show or ping who can be asked.", no_args_is_help=True)
    models.command("list", help="The systems of the catalogue, adapters, endpoints.")(list_)
    models.command("show", help="Everything of a system, or an endpoint's options.")(show)
    models.command("ping", help="Ask one short question of an endpoint or a system.")(ping)
    app.add_typer(models, name="models")


def list_(
    endpoints: Endpoints = None,
    kind: Class = None,
    reach: Reach = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> int:
    """Print the catalogue, adapters, strategies and endpoints."""
    from bench.cli.catalogue_view import as_json as as_data
    from bench.cli.catalogue_view import rows, table
    from bench.endpoints.file import load_endpoints

    file = load_endpoints(endpoints)
    found = rows(file.catalogue(), kind, reach)
    if as_json:
        sys.stdout.write(json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n")
        return 0
    sys.stdout.write(table(found, lang))
    if kind is None and reach is None:
        sys.stdout.write("\n" + _components(file))
    return 0


def _components(file: "EndpointFile") -> str:
    """Adapters with what they are for, strategies, and the endpoints that can be named."""
    from bench.registry import ADAPTERS, STRATEGIES
    from bench.wording.columns import padded

    lines = ["adapters:"]
    for name in ADAPTERS.names():
        doc = (ADAPTERS.load(name).__doc__ or "").strip().splitlines()[0]
        lines.append(f"  {name:12} {doc}")
    lines += ["strategies:", f"  {', '.join(STRATEGIES.names())}", "endpoints:"]
    lines += [f"  {padded(name, 12)} {adapter}" for name, adapter in file.adapters.items()]
    return "\n".join(lines) + "\n"


def show(name: str, endpoints: Endpoints = None, lang: Lang = "en") -> int:
    """Print an endpoint of the file, or else a system of the catalogue, as YAML."""
    from bench.endpoints.file import load_endpoints

    file = load_endpoints(endpoints)
    if name in file.endpoints:
        adapter, endpoint = file.named(name)
        told = endpoint.model_dump(mode="json", by_alias=True)
        sys.stdout.write(_yaml({name: {"adapter": adapter, **told}}))
        return 0
    sys.stdout.write(_system(_id(name, file), file, lang))
    return 0


def _id(name: str, file: "EndpointFile") -> str:
    """The id of a system by its id or by one of its names. Raises EndpointFileError."""
    from bench.registry import ADAPTERS, did_you_mean

    catalogue = file.catalogue()
    if name in catalogue.ids():
        return name
    found = catalogue.spelled(name)
    if len(found) > 1:
        raise EndpointFileError(
            f"several systems are called '{name}': {', '.join(found)}; name one"
        )
    if not found and name in ADAPTERS.names():
        raise EndpointFileError(
            f"'{name}' is an adapter, neither an endpoint nor a system; its options stand in `bench schema endpoints`"
        )
    if not found:
        known = [*file.endpoints, *catalogue.ids()]
        raise EndpointFileError(
            f"no endpoint and no system is called '{name}'{did_you_mean(name, known)}"
        )
    return found[0]


def _system(name: str, file: "EndpointFile", lang: "Language") -> str:
    """Everything of a row, an entry to paste, and what that entry is filled in to today."""
    from bench.cli.catalogue_view import paste, whole
    from bench.wording.catalogue import say

    system = file.catalogue().system(name)
    told = _yaml(whole(name, system, lang))
    if system.apis:
        told += f"\n# {say(lang, 'models.paste')}\n" + _yaml(paste(name, system))
    told += f"\n# {say(lang, 'models.filled', day=file.today)}\n"
    adapter, endpoint = file.named(name)
    filled = endpoint.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return told + _yaml({name: {"adapter": adapter, **filled}})


def _yaml(value: object) -> str:
    import yaml

    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110))


def ping(name: str, endpoints: Endpoints = None) -> int:
    """Ask one question and print how long the answer took."""
    import asyncio

    from bench.endpoints.file import load_endpoints
    from bench.endpoints.seam import Case, Request
    from bench.endpoints.secrets import hidden
    from bench.errors import RequestFailure
    from bench.running.attempts import Attempted, Line, ask
    from bench.types import Message
    from bench.wording.plain import plain

    _, endpoint = load_endpoints(endpoints).named(name)
    endpoint.check()
    case = Case("ping", "ping", 0, {})
    request = Request(case, (Message(role="user", content="1 + 1 = ?"),), 16)

    async def go() -> str:
        async with endpoint.connect() as connection:
            reply, seconds = await ask(Line.open(connection, endpoint), request, Attempted())
            model = plain(reply.model or "not named")
            text = plain(hidden(reply.text, answer=True))
            said = f"'{text[:40]}'" if text else "nothing"
            return f"{name}: answered in {seconds:.2f} s: {said}; model {model}"

    try:
        sys.stdout.write(asyncio.run(go()) + "\n")
    except RequestFailure as failure:
        address = getattr(endpoint, "base_url", None)
        where = f"{name} ({address})" if address else name
        raise EndpointFileError(f"{where}: {failure.kind}: {hidden(failure.message)}") from None
    return 0
