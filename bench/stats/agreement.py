"""How far people, or a person and a judge, agree beyond chance."""

import math
from collections.abc import Hashable, Sequence
from numbers import Real
from typing import Literal

import numpy as np
import numpy.typing as npt

Weights = Literal["linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]


def _is_missing(label: Hashable) -> bool:
    return label is None or (isinstance(label, float) and math.isnan(label))


def _labels_in_use(labels: Sequence[Hashable], *, ordered: bool) -> list[Hashable]:
    """Distinct labels, ascending where the order matters; words have none that we could know."""
    distinct = list(dict.fromkeys(labels))
    if not ordered:
        return distinct
    words = [label for label in distinct if not isinstance(label, Real)]
    if words:
        raise ValueError(f"labels: {words[0]!r} has no order, give numbers")
    return sorted(distinct, key=float)  # type: ignore[arg-type] # all are Real, see above


def cohen_kappa(
    a: Sequence[Hashable], b: Sequence[Hashable], weights: Weights | None = None
) -> float:
    """Agreement of two raters on the same cases, chance removed: 1 perfect, 0 chance.

    `a` and `b` hold one label a case. `weights` "linear" or "quadratic" counts a disagreement by
    the distance of the labels, or its square; labels must then be numbers, and their values (not
    their positions among the labels seen) give the distance. Raises ValueError without cases, on
    a missing label, and when all labels are one and the same: chance would agree as well, so
    kappa is undefined.

    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; weighted: Cohen
    (1968), Psychological Bulletin 70:213-220. Example: the table [[40, 10], [5, 45]].

    >>> a = ["yes"] * 50 + ["no"] * 50
    >>> b = ["yes"] * 40 + ["no"] * 10 + ["yes"] * 5 + ["no"] * 45
    >>> print(f"{cohen_kappa(a, b):.2f}")
    0.70
    """
    if len(a) != len(b) or len(a) == 0:
        raise ValueError(f"labels: {len(a)} and {len(b)} are not the same cases, at least one")
    if any(map(_is_missing, (*a, *b))):
        raise ValueError("labels: one is missing; leave the case out, or use krippendorff_alpha")
    labels = _labels_in_use((*a, *b), ordered=weights is not None)
    if len(labels) == 1:
        raise ValueError(f"labels: all are {labels[0]!r}, agreement beyond chance is undefined")
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, ([place[label] for label in a], [place[label] for label in b]), 1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / len(a)
    distance = _distance(labels, weights)
    return 1 - float((table * distance).sum() / (expected * distance).sum())


def _distance(labels: Sequence[Hashable], weights: Weights | None) -> npt.NDArray[np.float64]:
    if weights is None:
        return 1 - np.eye(len(labels))
    values = np.asarray(labels, dtype=np.float64)
    gaps = np.abs(np.subtract.outer(values, values))
    match weights:
        case "linear":
            return gaps
        case "quadratic":
            return gaps**2
        case _:
            raise ValueError(f"weights: {weights!r} is not linear or quadratic")


def krippendorff_alpha(ratings: Sequence[Sequence[Hashable]], level: Level = "nominal") -> float:
    """Agreement of any number of raters, gaps allowed: 1 perfect, 0 chance, below 0 discord.

    `ratings` holds raters x units; None or NaN is a missing rating; units with fewer than two
    ratings do not count. `level` is the scale: "nominal" takes any labels, "ordinal" and
    "interval" need numbers. Raises ValueError when no unit has two ratings, or all ratings are
    the same (undefined).

    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, with its
    example of four observers and twelve units.

    >>> ratings = [
    ...     [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    ...     [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    ...     [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    ...     [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ... ]
    >>> for level in ("nominal", "ordinal", "interval"):
    ...     print(f"{krippendorff_alpha(ratings, level):.3f}")
    0.743
    0.815
    0.849
    """
    if len({len(row) for row in ratings}) > 1:
        raise ValueError("ratings: the raters' rows differ in length")
    columns = ([r for r in unit if not _is_missing(r)] for unit in zip(*ratings, strict=True))
    units = [unit for unit in columns if len(unit) > 1]
    if not units:
        raise ValueError("ratings: no unit has two ratings")
    labels = _labels_in_use([r for unit in units for r in unit], ordered=level != "nominal")
    if len(labels) == 1:
        raise ValueError(f"ratings: all are {labels[0]!r}, agreement beyond chance is undefined")
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(units), len(labels)))
    for row, unit in zip(counts, units, strict=True):
        np.add.at(row, [place[rating] for rating in unit], 1)
    share = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = counts.T @ share - np.diag(share.sum(axis=0))
    totals = counts.sum(axis=0)
    expected = np.outer(totals, totals) / (totals.sum() - 1)
    squared = _squared_difference(labels, totals, level)
    return 1 - float((coincidences * squared).sum() / (expected * squared).sum())


def _squared_difference(
    labels: Sequence[Hashable], totals: npt.NDArray[np.float64], level: Level
) -> npt.NDArray[np.float64]:
    """Krippendorff's metric differences, squared; labels ascending unless nominal."""
    match level:
        case "nominal":
            return 1 - np.eye(len(labels))
        case "ordinal":  # ratings lying between two labels, half of the ends included
            places = np.cumsum(totals) - totals / 2
        case "interval":
            places = np.asarray(labels, dtype=np.float64)
        case _:
            raise ValueError(f"level: {level!r} is not nominal, ordinal or interval")
    return np.asarray(np.subtract.outer(places, places) ** 2, dtype=np.float64)
