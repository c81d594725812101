"""A small model answers all cases and passes the hard ones up to a big model."""

from bench.stats.arguments import check_not_negative, check_positive, check_rate


def cascade_cost(small_cost: float, big_cost: float, routed_up: float) -> float:
    """Money a case: the small model always, the big one for the share `routed_up`: c1 + r * c2.

    Source: FrugalGPT (2023), arXiv 2305.05176, section 3. Example: a quarter goes up.

    >>> print(f"{cascade_cost(0.001, 0.03, 0.25):.4f}")
    0.0085
    """
    check_not_negative("small_cost", small_cost)
    check_not_negative("big_cost", big_cost)
    check_rate("routed_up", routed_up)
    return small_cost + routed_up * big_cost


def cascade_accuracy(kept_accuracy: float, routed_accuracy: float, routed_up: float) -> float:
    """Share right: the small model's on the cases it keeps, the big one's on those `routed_up`.

    `routed_accuracy` is that of the big model on the hard cases it gets, lower than on all. Choose
    the threshold on other cases than these, or it flatters.

    Source: as `cascade_cost`, the law of total probability. Example: .93 kept, .80 on the hard quarter.

    >>> print(f"{cascade_accuracy(0.93, 0.80, 0.25):.4f}")
    0.8975
    """
    check_rate("kept_accuracy", kept_accuracy)
    check_rate("routed_accuracy", routed_accuracy)
    check_rate("routed_up", routed_up)
    return (1 - routed_up) * kept_accuracy + routed_up * routed_accuracy


def saving_against_big(small_cost: float, big_cost: float, routed_up: float) -> float:
    """Share of money saved against always asking the big model; below 0 where the detour costs more.

    Source: as `cascade_cost`: 1 - (c1 + r * c2) / c2. Same example.

    >>> print(f"{saving_against_big(0.001, 0.03, 0.25):.3f}")
    0.717
    """
    check_positive("big_cost", big_cost)
    return 1 - cascade_cost(small_cost, big_cost, routed_up) / big_cost
