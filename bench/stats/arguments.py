"""The checks an estimate makes on its arguments before it counts anything."""

import math


def check_share(name: str, value: float) -> None:
    """Refuse a confidence level, an error rate or a power outside the open interval (0, 1)."""
    if not 0 < value < 1:
        raise ValueError(f"{name}: {value} is not between 0 and 1")


def check_rate(name: str, value: float) -> None:
    """Refuse a rate outside [0, 1]."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: {value} is not in 0..1")


def check_not_negative(name: str, value: float) -> None:
    """Refuse a negative or non-finite quantity."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name}: {value} is not a number of at least 0")


def check_positive(name: str, value: float) -> None:
    """Refuse a quantity that is not finite and above 0."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}: {value} is not a number above 0")


def check_count(successes: int, n: int) -> None:
    """Refuse counts that are no `successes` out of `n`."""
    if not 0 <= successes <= n:
        raise ValueError(f"successes: {successes} out of {n} is not a count")
