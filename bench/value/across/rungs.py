"""How far a strategy adapts an endpoint to the work: the order of the ladder, as data."""

RUNGS = ("direct", "few_shot", "cot", "rag", "vote", "cascade", "guarded")
"""Strategies from the easiest to prepare to the hardest; any other stands above them."""


def height(strategy: str) -> int:
    """The place of a strategy on the ladder; strategies that it does not know share the highest."""
    return RUNGS.index(strategy) if strategy in RUNGS else len(RUNGS)
