"""Many comparisons at once."""

import itertools
from collections.abc import Sequence

from bench.stats.arguments import check_rate


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for their number, in the order given.

    Rejecting where the adjusted value is at most alpha keeps the probability of any false
    rejection at alpha, whatever the dependence. Give the contrasts that were *planned*, not those
    that looked interesting. No p-values in, none out.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65-70: the i-th smallest of m times
    m - i + 1, made monotone, at most 1.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    for p in p_values:
        check_rate("p_values", p)
    m = len(p_values)
    order = sorted(range(m), key=p_values.__getitem__)
    scaled = (min(1.0, (m - rank) * p_values[i]) for rank, i in enumerate(order))
    adjusted = dict(zip(order, itertools.accumulate(scaled, max), strict=True))
    return [adjusted[i] for i in range(m)]
