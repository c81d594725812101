"""The answers themselves, with what became of each and why: what a reader browses behind the numbers."""

from bench.types import Record


class Evidence(Record):
    """Some answers of one suite, of `total` in all."""

    total: int
