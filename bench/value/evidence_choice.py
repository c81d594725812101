"""Which answers a reader may browse when there are more than a page can hold."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.intp]

_PER_ERROR = 5
"""Items shown for every candidate and class of error, whatever else is left out."""
_PER_FAILURE = 10
_LEAST_HARMS = 3
_NONE = -1


def chosen_rows(
    trials: pd.DataFrame,
    errors: Sequence[frozenset[str]],
    slices: Sequence[str],
    seed: int,
    most: int,
) -> list[int]:
    """Positions of at most `most` rows of the ledger, whole items together, in the order of choice.

    `errors` holds the classes of error of every row. Harmful answers come first, of every candidate and class of loss in
    turn; then every class of error, what failed, items whose candidates disagree, and the rest spread evenly over
    candidate, outcome and slice. Which of many is taken is drawn by the seed, so that no order of items favours any.
    """
    if not len(trials):
        return []
    codes, names = pd.factorize(trials["item"])
    order = _ordered_items(trials, errors, slices, _Draw(codes, len(names), seed), most)
    by_item = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    taken: list[int] = []
    for item in order:
        rows = by_item[ends[item - 1] if item else 0 : ends[item]]
        if len(taken) + len(rows) <= most:
            taken += rows.tolist()
    return taken or _first_repeats(trials, by_item[codes[by_item] == order[0]], most)


def _first_repeats(trials: pd.DataFrame, rows: Codes, most: int) -> list[int]:
    """Of an item with more trials than may be shown: the first repeats of every candidate."""
    at = np.argsort(trials["repeat"].to_numpy()[rows], kind="stable")[:most]
    return sorted(rows[at].tolist())


class _Draw:
    """Items by number, and a random rank for each."""

    def __init__(self, codes: Codes, items: int, seed: int) -> None:
        self.codes = codes
        self.items = items
        self.lot = np.random.default_rng(seed).permutation(items)

    def in_turn(self, strata: Codes, rows: Codes, most: int) -> list[int]:
        """Items of every stratum in turn, at most `most` of each; `strata` stand beside `rows`, -1 is none."""
        kept = strata != _NONE
        items = self.codes[rows[kept]]
        pairs = np.unique(strata[kept] * self.items + items)
        stratum, item = np.divmod(pairs, self.items)
        order = np.lexsort((self.lot[item], stratum))
        stratum, item = stratum[order], item[order]
        first = np.searchsorted(stratum, stratum)
        rank = np.arange(len(stratum)) - first
        few = rank < most
        order = np.lexsort((stratum[few], rank[few]))
        return [int(each) for each in dict.fromkeys(item[few][order].tolist())]


def _ordered_items(
    trials: pd.DataFrame,
    errors: Sequence[frozenset[str]],
    slices: Sequence[str],
    draw: _Draw,
    most: int,
) -> list[int]:
    rows = np.arange(len(trials))
    room = max(1, most * draw.items // len(trials))
    harms = _strata(trials, "loss_class")
    failures = _strata(trials.assign(kind=_kinds_of_failure(trials)), "kind")
    per_harm = max(_LEAST_HARMS, room // (2 * max(1, int(harms.max()) + 1)))
    parts: list[list[int]] = [
        draw.in_turn(harms, rows, per_harm),
        draw.in_turn(*_error_strata(trials, errors), _PER_ERROR),
        draw.in_turn(failures, rows, _PER_FAILURE),
        draw.in_turn(_disagreeing(trials, draw), rows, max(1, room // 4)),
        draw.in_turn(*_spread(trials, slices), draw.items),
        np.argsort(draw.lot).tolist(),
    ]
    return _distinct(parts)


def _distinct(parts: Iterable[list[int]]) -> list[int]:
    return list(dict.fromkeys(each for part in parts for each in part))


def _strata(trials: pd.DataFrame, column: str) -> Codes:
    """Candidate and column as one number a row; -1 where the column is empty."""
    return _crossed(_numbered(trials["candidate"]), _numbered(trials[column]))


def _crossed(one: Codes, other: Codes) -> Codes:
    crossed = one * (int(other.max(initial=0)) + 1) + other
    return np.where((one == _NONE) | (other == _NONE), _NONE, crossed)


def _numbered(column: "pd.Series[str]") -> Codes:
    """Numbers by the alphabet, so that the order of rows decides nothing; -1 for none."""
    return np.asarray(pd.factorize(column, sort=True)[0])


def _kinds_of_failure(trials: pd.DataFrame) -> "pd.Series[str]":
    """What failed, was refused or cut off, or could not be scored; none for an ordinary answer."""
    state = trials["state"].where(trials["state"] != "answered")
    kinds = trials["failure"].fillna(state).astype(object)
    return kinds.where(kinds.notna(), trials["trouble"].notna().map({True: "scorer", False: None}))


def _error_strata(trials: pd.DataFrame, errors: Sequence[frozenset[str]]) -> tuple[Codes, Codes]:
    rows = [at for at, each in enumerate(errors) for _ in each]
    found = [name for each in errors for name in sorted(each)]
    if not found:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    at = np.array(rows, dtype=np.intp)
    candidates = _numbered(trials["candidate"])[at]
    return _crossed(candidates, _numbered(pd.Series(found, dtype=object))), at


def _disagreeing(trials: pd.DataFrame, draw: _Draw) -> Codes:
    """0 for rows of items whose candidates ended differently at the same repeat, -1 for all others."""
    outcome = _numbered(trials["outcome"])
    repeat = trials["repeat"].to_numpy(dtype=np.intp)
    cell = draw.codes * (int(repeat.max()) + 1) + repeat
    known = outcome != _NONE
    pairs = np.unique(cell[known] * 8 + outcome[known])
    cells, counts = np.unique(pairs // 8, return_counts=True)
    return np.where(np.isin(cell, cells[counts > 1]), 0, _NONE)


def _spread(trials: pd.DataFrame, slices: Sequence[str]) -> tuple[Codes, Codes]:
    """Candidate, outcome and slice as strata; every row stands in one stratum of every slice."""
    ends = _crossed(
        _numbered(trials["candidate"]), _numbered(trials["outcome"].fillna(trials["state"]))
    )
    rows, strata, offset = [], [], 0
    for tag in slices:
        if f"tag:{tag}" in trials:
            crossed = _crossed(ends, _numbered(trials[f"tag:{tag}"]))
            strata.append(np.where(crossed == _NONE, _NONE, crossed + offset))
            rows.append(np.arange(len(trials)))
            offset += int(crossed.max(initial=0)) + 1
    if not strata:
        return ends, np.arange(len(trials))
    return np.concatenate(strata), np.concatenate(rows)
