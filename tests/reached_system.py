"""A system of the catalogue whose vendor is a simulation, and what asks it."""

import asyncio
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bench.endpoints.catalogue.load import Catalogue, built_in_ids
from bench.endpoints.file import load_endpoints
from bench.endpoints.seam import Case, Request
from bench.registry import ADAPTERS
from bench.running.attempts import Attempted, Line, ask
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Stop, execute
from bench.running.journal import Journal
from bench.running.plan import plan
from bench.strategies.candidate import candidates
from bench.types import Message
from tests.chat_documents import ADDRESSES, ALSO_SERVED
from tests.strict_chat import JWT, StrictChat
from tests.strict_others import SIMULATIONS
from tests.wires.test_contract import WIRES

CATALOGUE = Catalogue()
APIS = [(name, api) for name in built_in_ids() for api in CATALOGUE.system(name).apis]
KEY = "key-0123456789abcdef"
SIGNING_KEY = "an-identity-0123456789.secret-0123456789abcdef"
DEPLOYED = {"PANGU_PROJECT_ID": "project-1", "PANGU_DEPLOYMENT_ID": "deployment-1", "PANGU_MODEL": "pangu-deployed"}  # fmt: skip
"""What a customer's console tells, as the simulations know it."""
FX = {"USD": {"CNY": {"rate": 7.1, "as_of": "2026-11-22", "source": "a test"}}}
TOLD = "你是分诊护士。"


def turns(*roles, last="几级？"):
    """Instructions, and a conversation whose last turn asks."""
    spoken = [Message(role=role, content="胸痛") for role in roles]
    instructions = Message(role="system", content=TOLD)
    return (instructions, *spoken, Message(role="user", content=last))


def request(messages=None, max_tokens=64, stop=()):
    return Request(Case("s", "i", 0, {}), messages or turns(), max_tokens, stop)


@dataclass
class Reached:
    """An api of a row, its simulation, and how an entry of an endpoint file names it."""

    name: str
    api: str
    vendor: object
    folder: Path
    models: tuple
    placed: dict = field(default_factory=dict)

    @property
    def row(self):
        return CATALOGUE.system(self.name).apis[self.api]

    @property
    def streams(self):
        address = ADDRESSES.get((self.name, self.api))
        return address is None or address.streams

    def entry(self, model, **more):
        named = {} if model is None else {"model": model}
        return {"from": self.name, "api": self.api} | self.placed | named | more

    def file(self, entries):
        """The entries, read as a user's file."""
        path = self.folder / "endpoints.yaml"
        path.write_text(yaml.safe_dump({"endpoints": entries, "fx": FX}), encoding="utf-8")
        return load_endpoints(path)

    def endpoint(self, model, **more):
        return self.file({"it": self.entry(model, **more)}).endpoints["it"]

    def reply(self, model, asked=None, **more):
        return one_reply(self.endpoint(model, limits={"max_attempts": 1}, **more), asked)


def one_reply(endpoint, asked=None):
    """The reply of one attempt through the runner's only place that asks."""

    async def go():
        async with endpoint.connect() as connection:
            line = Line.open(connection, endpoint)
            return (await ask(line, asked or request(), Attempted()))[0]

    return asyncio.run(go())


def ran(file, suite, folder):
    """The answers of every endpoint of a file, by name, planned and asked as `bench run` does."""
    made = plan([suite], candidates((), file), fx=file.fx)
    money = Budget(None, made, {name: {"CNY": 1.0, "USD": 7.1} for name in file.candidates})
    found = {}

    def take(answer):
        found.setdefault(answer.candidate, []).append(answer)

    async def go():
        return await execute(made.trials(), journal, cache, money, take, Stop())

    with Journal(folder) as journal, Cache(None) as cache:
        asyncio.run(go())
    return found


@contextmanager
def reached(name, api, folder, monkeypatch):
    """The system, its vendor running and every variable set that its row names."""
    row = CATALOGUE.system(name).apis[api]
    for variable, value in DEPLOYED.items():
        monkeypatch.setenv(variable, value)
    vendor, keys = simulation(name, api, row)
    for variable, value in keys.items():
        monkeypatch.setenv(variable, value)
    with vendor:
        served = (*row.models, *ALSO_SERVED.get((name, api), ()))
        if not served:
            takes_model = "model" in ADAPTERS.load(row.adapter).model_fields
            served = ("as-deployed",) if takes_model else (None,)
        found = Reached(name, api, vendor, folder, served)
        url = vendor.url.replace("http", "ws", 1) if row.adapter == "spark_ws" else vendor.url
        variable = re.fullmatch(r"\$\{(\w+)\}", row.base_url)
        if row.adapter in WIRES:
            found.placed["base_url"] = url + WIRES[row.adapter].path
        elif variable is not None:
            monkeypatch.setenv(variable[1], f"{url}/v1")
        else:
            found.placed["base_url"] = re.sub(r"^\w+://[^/]+", url, row.base_url)
        yield found


def simulation(name, api, row):
    """The vendor, and what its keys are by the variables that the row names. KeyError: nobody simulates it."""
    variables = [value for key, value in row.options.items() if key.endswith("_env")]
    variables += row.options.get("secrets", [])
    if row.adapter in WIRES:
        return _native(WIRES[row.adapter], variables)
    if row.adapter in SIMULATIONS:
        key = KEY if variables else None
        made = SIMULATIONS[row.adapter](urlsplit(row.base_url).path, key)
        return made, dict.fromkeys(variables, KEY)
    address = ADDRESSES[name, api]
    key = SIGNING_KEY if address.header == JWT else KEY
    path = "/v1/chat/completions" if address.url is None else urlsplit(address.url).path
    return StrictChat(address, path, key), dict.fromkeys(variables, key)


def _native(wire, variables):
    vendor = wire.simulation(**wire.values)
    if "HUAWEI_IAM_TOKEN" in variables:  # got from the identity service by hand, as the row has it
        vendor.issued.append(KEY)
        return vendor, {"HUAWEI_IAM_TOKEN": KEY}
    return vendor, {variable: wire.values[wire.keys[variable]] for variable in variables}
