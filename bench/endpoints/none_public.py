"""A system that nobody can ask from outside: naming it fails with a sentence, before anything is sent."""

from contextlib import AbstractAsyncContextManager
from typing import ClassVar, NoReturn

from bench.endpoints.seam import Connection, Endpoint
from bench.errors import EndpointFileError


class NonePublic(Endpoint):
    """No public endpoint: a run that names it ends with `sentence`, exit code 2; nothing is sent."""

    version: ClassVar[str] = "1"
    leaves_machine: ClassVar[bool] = False

    sentence: str
    """What the system is, why it cannot be asked, and how its recorded answers come in."""
    system: str | None = None
    """Its id in the catalogue."""

    def check(self) -> NoReturn:
        """Raise EndpointFileError, always."""
        raise EndpointFileError(self.sentence)

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """Raise EndpointFileError, always."""
        self.check()
