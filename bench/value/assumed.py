"""Assumptions as numbers: their means, or joint draws from their ranges."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.stats import Range
from bench.suites.model import Assumption, Business

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Assumed:
    """Values by assumption path: arrays of draws, or of one mean."""

    draws: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.draws[name]

    def replaced(self, name: str, value: float) -> "Assumed":
        """The same with one assumption at a fixed value."""
        return Assumed({**self.draws, name: np.full_like(self.draws[name], value)})


def expected(business: Business) -> Assumed:
    """Every assumption at the mean of its distribution.

    Assumptions are drawn independently and each stands in every product of the value once, so the value
    at their means is the mean of the value.
    """
    return Assumed({name: np.array([spread(each).mean()]) for name, each in business.assumptions()})


def drawn(business: Business, draws: int, seed: int) -> Assumed:
    """Draws of every assumption from its distribution.

    An assumption with the same name and range is drawn alike in every suite of a run, so that a wage
    that suites share moves them together when their values are added.
    """
    return Assumed({name: _draws(name, each, draws, seed) for name, each in business.assumptions()})


def _draws(name: str, each: Assumption, draws: int, seed: int) -> Array:
    unit = each.base or 1.0  # ratios, so that another currency draws the same
    spec = f"{name}|{each.lower / unit:.9g}|{each.upper / unit:.9g}|{each.shape}".encode()
    rng = np.random.default_rng((seed, zlib.crc32(spec)))
    return spread(each).draws(draws, rng)


def spread(each: Assumption) -> Range:
    """The distribution of an assumption."""
    return Range(each.lower, each.base, each.upper, each.shape)
