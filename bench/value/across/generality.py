"""How good a candidate is where it may not have been fitted to: other suites, and shifted splits of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from bench.running.manifest import Manifest
from bench.types import Estimate
from bench.value.across.records import Narrowing, Shift
from bench.value.across.rungs import height
from bench.value.across.shares import Share, usable_within, weighted
from bench.value.assumed import Array
from bench.value.context import Context, Measured
from bench.value.estimates import unknown


@dataclass(frozen=True, slots=True)
class Split:
    """Usable shares of the items with a shifted value of a tag, and of the rest (None: there is none)."""

    tag: str
    shifted: Share
    rest: Share | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One candidate beyond a suite's own cases: the other suites that it ran, and its shifted splits."""

    suites: Mapping[str, Share]
    splits: Sequence[Split]

    @property
    def parts(self) -> dict[str, Share]:
        """Every part under a name of its own; each weighs the same, however many items it has."""
        return {f"suite {name}": share for name, share in self.suites.items()} | {
            f"tag {split.tag}": split.shifted for split in self.splits
        }

    def draws(self) -> Array | None:
        """Joint draws of the mean of the parts; None without one, or where a part has none."""
        draws = [each.draws for each in self.parts.values() if each.draws is not None]
        return np.mean(draws, axis=0) if draws and len(draws) == len(self.parts) else None

    def estimate(self) -> Estimate:
        """The mean of the parts with its interval."""
        parts = list(self.parts.values())
        if not parts:
            return unknown(0, "no other suite and no shifted split")
        items = sum(each.items for each in parts)
        return weighted([(1 / len(parts), each) for each in parts], items)


def splits(context: Context, found: Mapping[str, Measured]) -> dict[str, list[Split]]:
    """By candidate: a split for every slice of the suite with `shifted` values, where such items have an outcome."""
    tags = [name for name, each in context.suite.file.slices.items() if each.shifted]
    items = {name: each.items for name, each in found.items() if each.items is not None}
    if not tags:
        return {}
    masks = []
    for tag in tags:
        values = [context.tags[item].get(tag) for item in context.clusters]
        shifted = np.array([each in context.suite.file.slices[tag].shifted for each in values])
        masks += [shifted, ~shifted]
    told: dict[str, list[Split]] = {}
    for name, shares in usable_within(context, items, masks).items():
        pairs = zip(tags, shares[::2], shares[1::2], strict=True)
        told[name] = [Split(tag, shifted, rest) for tag, shifted, rest in pairs if shifted]
    return told


def shift(context: Context, split: Split) -> Shift:
    """A split as it is told, with its generalisation gap."""
    about = context.suite.file.slices[split.tag]
    gap = unknown(0, "no item has another value")
    if split.rest is not None:
        gap = weighted(
            [(1.0, split.rest), (-1.0, split.shifted)], split.rest.items + split.shifted.items
        )
    return Shift(
        tag=split.tag,
        title=about.title,
        values=list(about.shifted),
        in_distribution=split.rest.estimate()
        if split.rest is not None
        else unknown(0, "no item has another value"),
        shifted=split.shifted.estimate(),
        gap=gap,
    )


def narrowings(
    own: Mapping[str, Share], beyond: Mapping[str, Elsewhere], manifest: Manifest
) -> list[Narrowing]:
    """Candidates of a suite that bought speciality with generality, against another strategy of their endpoint.

    The other stands no higher on the ladder: what adapts less to the work is not narrowed by it. The
    gain is that of the means; the loss counts only when its whole interval lies below zero.
    """
    told = []
    for name, other in permutations(own, 2):
        mine, others = manifest.candidates[name], manifest.candidates[other]
        if mine.endpoint != others.endpoint or mine.strategy == others.strategy:
            continue
        if height(mine.strategy) < height(others.strategy):
            continue
        gain = _difference([own[name]], [own[other]])
        here, there = beyond[name].parts, beyond[other].parts
        common = [part for part in here if part in there]
        if not common or gain.value is None or gain.value <= 0:
            continue
        loss = _difference([here[part] for part in common], [there[part] for part in common])
        if loss.high is not None and loss.high < 0:
            told.append(Narrowing(candidate=name, against=other, gain=gain, loss=loss))
    return told


def _difference(of: Sequence[Share], less: Sequence[Share]) -> Estimate:
    """Mean of shares less that of the same parts of another candidate, which saw the same resamples."""
    weight = 1 / len(of)
    parts = [(weight, each) for each in of] + [(-weight, each) for each in less]
    return weighted(parts, sum(min(a.items, b.items) for a, b in zip(of, less, strict=True)))
