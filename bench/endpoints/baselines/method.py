"""The seam of baseline methods."""

from collections.abc import Mapping

from pydantic import JsonValue

from bench.types import Record


class BaselineMethod(Record):
    """A deterministic program that answers an item from its input alone; its fields are its options."""

    def answer(self, case_input: Mapping[str, JsonValue]) -> str:
        """The answer, in the form that the suite asks of every candidate."""
        raise NotImplementedError
