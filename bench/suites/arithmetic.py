"""The arithmetic behind a reference, written into the item as the source writes its numbers.

`formula: "(38,215.7 / 41,036.2 - 1) * 100"` and `answer: "-6.9%"` belong together: the formula gives the number,
the answer says its unit and how many decimals are asked for.
"""

import ast
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import NamedTuple

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OPERAND = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_ANSWER = re.compile(r"^\s*([-−－]?)([^\d\s.,]{0,6}\s?)(\d+(?:,\d{3})*(?:\.\d+)?)(.*)$", re.DOTALL)
_OPERATORS: dict[type[ast.AST], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., Decimal]] = {"min": min, "max": max, "abs": abs}
_BORDER = Decimal("0.001")
_LONGEST = 500


class Shape(NamedTuple):
    """How an answer writes its number: sign apart, what stands before and behind it, its decimals."""

    value: Decimal
    before: str
    places: int
    behind: str


def operands(formula: str) -> list[str]:
    """The numbers of a formula as they are written.

    >>> operands("(38,215.7 / 41,036.2 - 1) * 100")
    ['38,215.7', '41,036.2', '1', '100']
    """
    return _OPERAND.findall(formula)


def result(formula: str) -> Decimal:
    """The value of `formula`: + - * / ( ), min, max and abs over decimal numbers.

    A comma between three digits and a digit is a thousands separator; arguments are parted by a comma and a
    space. Raises ValueError for anything else.

    >>> result("min(500 * 3.9 / 100, 1,000)")
    Decimal('19.5')
    """
    if len(formula) > _LONGEST:
        raise ValueError(f"the formula has more than {_LONGEST} characters")
    text = _THOUSANDS.sub("", formula.strip())
    try:
        tree = ast.parse(text, mode="eval")
        return _value(tree.body, text)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"'{formula}' is no formula") from None
    except (DecimalException, ZeroDivisionError):
        raise ValueError(f"'{formula}' has no value") from None


def _value(node: ast.AST, text: str) -> Decimal:
    match node:
        case ast.Constant():
            written = ast.get_source_segment(text, node) or ""
            if not re.fullmatch(r"\d+(?:\.\d+)?", written):
                raise ValueError(f"'{written}' is no number")
            return Decimal(written)
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, text)
        case ast.BinOp() if type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(each, text) for each in arguments))
        case _:
            raise ValueError("only numbers, + - * / ( ), min, max and abs are understood")


def shape(answer: str) -> Shape | None:
    """How `answer` is written; None when no number stands at its beginning.

    >>> shape("-6,512.8万元")
    Shape(value=Decimal('-6512.8'), before='', places=1, behind='万元')
    """
    found = _ANSWER.match(answer)
    if found is None:
        return None
    sign, before, digits, behind = found.groups()
    places = len(digits.partition(".")[2])
    value = Decimal(digits.replace(",", "")) * (-1 if sign else 1)
    return Shape(value, before, places, behind)


def rounded(value: Decimal, like: Shape) -> Decimal | None:
    """`value` with the decimals that `like` shows, half up; None within a thousandth of a rounding border.

    There two honest ways of rounding would disagree.
    """
    step = Decimal(1).scaleb(-like.places)
    if abs(abs((value / step) % 1) - Decimal("0.5")) < _BORDER:
        return None
    return value.quantize(step, ROUND_HALF_UP)


def written(value: Decimal, like: Shape) -> str:
    """`value` written as `like` is."""
    sign = "-" if value < 0 else ""
    return f"{sign}{like.before}{abs(value):,}{like.behind}"


def disagreement(formula: str, answer: str) -> str | None:
    """What is wrong between a formula and the answer that it should give, or None."""
    like = shape(answer)
    if like is None:
        return f"the answer '{answer}' does not begin with a number"
    try:
        value = rounded(result(formula), like)
    except ValueError as error:
        return str(error)
    if value is None:
        return f"the formula's value is on a rounding border at {like.places} decimals"
    if value != like.value:
        return f"the formula gives {written(value, like)}, the answer says {answer}"
    return None
