"""The arithmetic behind the references of finance_qa, recomputed from the operands that the sources show.

Run it to print every reference; a test compares them with items.yaml and looks each operand up in its
item's source. A result within a thousandth of a rounding border is refused: there two honest ways of
rounding would disagree.
"""

# ruff: noqa: INP001  # a script beside the data it vouches for, no package
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Gold:
    """A reference and the numbers of the source that it is computed from, as the source writes them."""

    answer: str
    operands: tuple[str, ...]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def shown(value: Decimal, places: int, unit: str) -> str:
    """`value` rounded half up, with thousands separators. Raises ValueError near a rounding border."""
    step = Decimal(1).scaleb(-places)
    rest = (value / step) % 1
    if abs(abs(rest) - Decimal("0.5")) < Decimal("0.001"):
        raise ValueError(f"{value} is on a rounding border at {places} places")
    return f"{value.quantize(step, ROUND_HALF_UP):,}{unit}"


def growth(new: str, old: str, places: int = 1) -> Gold:
    """Relative change in percent."""
    return Gold(shown((_number(new) / _number(old) - 1) * 100, places, "%"), (new, old))


def share(part: str, whole: str, places: int = 1) -> Gold:
    """A part as a percentage of a whole."""
    return Gold(shown(_number(part) / _number(whole) * 100, places, "%"), (part, whole))


def scaled(text: str, factor: str, places: int, unit: str) -> Gold:
    """A number of the source in another unit."""
    return Gold(shown(_number(text) * Decimal(factor), places, unit), (text,))


def difference(one: str, other: str, places: int, unit: str, factor: str = "1") -> Gold:
    """One minus other, times a factor (100 for base points out of percent)."""
    value = (_number(one) - _number(other)) * Decimal(factor)
    return Gold(shown(value, places, unit), (one, other))


def computed(value: Decimal, places: int, unit: str, operands: Iterable[str]) -> Gold:
    """Any other formula."""
    return Gold(shown(value, places, unit), tuple(operands))


def golds() -> dict[str, Gold]:
    """Item -> reference, for every item whose source answers the question."""
    d = Decimal
    margin_2025 = (d("482630.5") - d("352410.2")) / d("482630.5") * 100
    margin_2024 = (d("431290.8") - d("309870.6")) / d("431290.8") * 100
    return {
        "lanting-revenue": scaled("482,630.5", "0.0001", 2, "亿元"),
        "lanting-margin": computed(
            margin_2025 - margin_2024, 2, "个百分点",
            ("482,630.5", "352,410.2", "431,290.8", "309,870.6"),
        ),
        "lanting-profit": growth("38,215.7", "41,036.2"),
        "lanting-cash": Gold("-6,512.8万元", ("-6,512.8",)),
        "hejian-share": share("382", "2,613"),
        "hejian-contribution": computed(
            (d(1284) - d(1106)) / (d(2613) - d(2389)) * 100, 1, "%",
            ("1,284", "1,106", "2,613", "2,389"),
        ),
        "cenchuan-margin": share("3.92", "28.47"),
        "cenchuan-average": computed(
            (d("36.82") + d("28.47") + d("19.06")) / 3, 2, "亿元", ("36.82", "28.47", "19.06")
        ),
        "penglan-points": difference("3.28", "2.91", 0, "个基点", "100"),
        "penglan-interest": computed(
            d(12) * d("3.28") / 100 * 10000, 0, "万元", ("12", "3.28")
        ),
        "beili-npl": share("24.77", "1,862.4", 2),
        "beili-coverage": share("52.51", "24.77"),
        "beili-change": computed(
            (d("24.77") / d("1862.4") * 100) - d("1.41"), 2, "个百分点", ("24.77", "1,862.4", "1.41")
        ),
        "yanbei-leverage": share("22,516", "35,740"),
        "yanbei-quick": computed(
            (d(18460) - d(7215)) / d(14322), 2, "倍", ("18,460", "7,215", "14,322")
        ),
        "yunyu-fee": computed(
            d(200000) * d("0.20") / 100 * 364 / 365, 2, "元", ("0.20", "364")
        ),
        "yaohe-quarter": growth("1.3842", "1.2960", 2),
        "jichuan-payout": share("1.215", "3.38"),
        "yuze-subsidy": computed(
            d(500) * d("3.9") / 100 / 3, 1, "万元", ("三分之一",)
        ),
        "yuze-cap": computed(
            min(d(800) * min(d("4.8") / 3, d("1.5")) / 100, d(10)), 0, "万元", ("1.5", "10")
        ),
        "wuqi-core": difference("131.2", "127.0", 1, "个百分点"),
        "chengpu-second": computed(d("3.50") + d(20) / 100, 2, "%", ("3.50", "20")),
        "kunzhi-debt": computed(
            d("1.35") * d("7.12") + d("6.42"), 2, "亿元", ("1.35", "7.12", "6.42")
        ),
        "zhuzhu-base": computed(d("2.36") / d("1.18"), 2, "亿元", ("2.36", "18.0")),
    }  # fmt: skip


if __name__ == "__main__":
    for name, gold in golds().items():
        print(f"{name}\t{gold.answer}\t{', '.join(gold.operands)}")  # noqa: T201  # a command's output
