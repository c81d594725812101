"""The adapter of classical methods: each suite names the one that its work was done with before models."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import ClassVar

import orjson
from pydantic import ValidationError

from bench.endpoints.baselines.method import BaselineMethod
from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.errors import RequestFailure, UserError
from bench.registry import BASELINES
from bench.types import Flag


class Baseline(Endpoint):
    """Answers with the suite's `baseline:` method."""

    version: ClassVar[str] = "1"
    leaves_machine: ClassVar[bool] = False

    cacheable: Flag = False

    def takes_images(self) -> bool:
        """Whatever a suite shows: an answer is not read from it."""
        return True

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """Nothing to open."""
        yield _Methods()


class _Methods:
    async def ask(self, request: Request) -> Reply:
        if request.case.baseline is None:
            message = f"suite '{request.case.suite}' names no baseline method"
            raise RequestFailure("no_answer", message)
        method = baseline_method(orjson.dumps(request.case.baseline))
        return Reply(text=method.answer(request.case.input), model=type(method).__name__)


@lru_cache(maxsize=64)
def baseline_method(spec: bytes) -> BaselineMethod:
    """The method that a suite's `baseline:` names, as `name` or `{name: options}`."""
    told = orjson.loads(spec)
    name, options = (told, {}) if isinstance(told, str) else next(iter(told.items()))
    try:
        method = BASELINES.load(name).model_validate(options or {})
    except (UserError, ValidationError) as error:
        raise RequestFailure("no_answer", f"baseline {name}: {error}") from None
    assert isinstance(method, BaselineMethod)
    return method
