"""The arithmetic behind the references of finance_qa, recomputed from the formulas that the items carry.

Run it to print item, formula, value and reference. Exits with 1 when a reference disagrees with its formula, lies
within a thousandth of a rounding border, or an operand stands neither in the source nor among the
conversions of units and time.
"""

# ruff: noqa: INP001, T201  # a script beside the data it vouches for; its output is its purpose
import sys

from bench.scoring.evidence import plain as bare
from bench.suites.arithmetic import disagreement, operands, result
from bench.suites.load import load
from bench.types import Item

__all__ = ["CONVERSIONS", "bare", "main", "strangers"]

CONVERSIONS = frozenset(
    f"{each:,}"
    for each in (
        *range(1, 13),
        30,
        90,
        180,
        360,
        364,
        365,
        366,
        100,
        1_000,
        10_000,
        100_000,
        1_000_000,
    )
)
"""Operands that need not stand in a source: counts of periods and factors between units."""


def strangers(item: Item) -> list[str]:
    """Operands that neither the source nor the question holds, and that are no conversion."""
    shown = f"{item.input['source']}\n{item.input['question']}"
    plain = shown.replace(",", "")
    return [
        each
        for each in operands(str(item.reference["formula"]))
        if each not in shown and each.replace(",", "") not in plain and each not in CONVERSIONS
    ]


def main() -> int:
    """Print every reference; 1 when one does not hold."""
    wrong = 0
    for item in load("finance_qa").items:
        formula, answer = item.reference.get("formula"), item.reference["answer"]
        if answer is None:
            continue
        trouble = (
            "has no formula"
            if formula is None
            else disagreement(str(formula), str(answer))
            or (f"operands not in the source: {found}" if (found := strangers(item)) else None)
        )
        value = result(str(formula)) if formula is not None else ""
        print(f"{item.id}\t{formula}\t{value}\t{answer}\t{trouble or 'ok'}")
        wrong += trouble is not None
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
