"""The stored resamples of one suite, from which every figure is recomputed under other assumptions."""

from bench.types import Record


class WhatIf(Record):
    """Features and assumptions of one suite as draws."""
