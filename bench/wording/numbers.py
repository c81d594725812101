"""Numbers as a reader of one language writes them; precision follows uncertainty.

Money has a scale, so that a column has one unit and one precision. Chinese counts in 万 and 亿,
English in thousands and millions. A minus is U+2212, a chance is never quite 0 % or 100 %.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bench.types import Language
from bench.wording.catalogue import say

MINUS = "−"
UNKNOWN = "—"
CENT = 0.01
_NOTHING = 1e-9
"""Below this a size is rounding noise."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def known(value: float | None) -> float | None:
    """The number, or None for what is absent or not finite."""
    return value if value is not None and math.isfinite(value) else None


def rounding_step(low: float | None, high: float | None, value: float | None = None) -> float:
    """A tenth of the order of magnitude of the interval; without one, two digits of the value.

    >>> rounding_step(500, 2300), rounding_step(None, None, 1583.27), rounding_step(0, 0, 0)
    (100.0, 100.0, 1.0)
    """
    size = abs(value) if value else 0.0
    if known(low) is not None and known(high) is not None:
        assert low is not None
        assert high is not None
        size = abs(high - low) or max(size, abs(high))
    return float(10.0 ** (math.floor(math.log10(size)) - 1)) if size > _NOTHING else 1.0


def step_beside(value: float | None, low: float | None, high: float | None) -> float:
    """The step of a figure and its interval: a long tail must not round the figure itself away.

    >>> step_beside(80, -100, 900), step_beside(80, -100, 90_000)
    (100.0, 10.0)
    """
    step = rounding_step(low, high, value)
    if value and round(value / step) == 0:
        return rounding_step(None, None, value) * 10
    return step


def decimals_of(step: float) -> int:
    """Digits behind the point that a step needs.

    >>> decimals_of(100.0), decimals_of(0.1)
    (0, 1)
    """
    return max(0, -math.floor(math.log10(step) + 1e-9))


def number(
    value: float, step: float = 1.0, *, decimals: int | None = None, sign: bool = False
) -> str:
    """Rounded to a step, thousands apart, true minus, plus sign where asked for.

    >>> number(-1583.27, 100), number(1583.27, 100, sign=True), number(-0.2, 1)
    ('−1,600', '+1,600', '0')
    """
    places = decimals_of(step) if decimals is None else decimals
    rounded = round(round(value / step) * step, places)
    if rounded == 0:
        return f"{0:.{places}f}"
    mark = MINUS if rounded < 0 else ("+" if sign else "")
    return f"{mark}{abs(rounded):,.{places}f}"


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts of one currency are written in one column or sentence."""

    language: Language
    currency: str
    divisor: float = 1.0

    @classmethod
    def scaled(
        cls,
        language: Language,
        currency: str,
        amounts: Iterable[float | None],
        large: float = 100_000,
        told: Iterable[float | None] = (),
    ) -> "Money":
        """The scale that suits the largest amount; from `large` on it is shortened.

        Not where an amount of `told`, beside which others stand, would be rounded to nothing.

        >>> Money.scaled("zh", "CNY", [183_000], told=[200]).divisor
        1.0
        """
        most = max((abs(each) for each in amounts if known(each) is not None and each), default=0.0)
        if most < large:
            return cls(language, currency)
        if language == "zh":
            divisor = 1e8 if most >= 1e8 else 1e4
        else:
            divisor = 1e6 if most >= 1e7 else 1e3
        shown = divisor if divisor == 1e3 else divisor / 10
        lost = any(each and known(each) is not None and abs(each) < shown / 2 for each in told)
        return cls(language, currency, 1.0 if lost else divisor)

    @property
    def unit(self) -> str:
        """The unit for the head of a column: 元, 万元, ¥, ¥ thousand, USD million."""
        return say(self.language, f"money.unit.{self._size}", code=self._code)

    def number(self, amount: float, step: float = 1.0, *, sign: bool = False) -> str:
        """The bare number, its unit being said elsewhere.

        >>> Money("zh", "CNY", 1e4).number(183_000), Money("zh", "CNY", 1e4).number(183_000, 1e5)
        ('18.3', '20')
        """
        if self.divisor == 1:
            return number(amount, max(step, CENT), sign=sign)
        one = 0 if self.divisor == 1e3 else 1
        return number(amount / self.divisor, max(step / self.divisor, 10.0**-one), sign=sign)

    def text(self, amount: float, step: float = 1.0, *, sign: bool = False) -> str:
        """The amount with its unit: 1,600 元, −¥1,600, USD 12k.

        >>> Money("zh", "CNY").text(-1583, 100), Money("en", "CNY").text(1583, 100, sign=True)
        ('−1,600 元', '+¥1,600')
        """
        bare = self.number(amount, step, sign=sign)
        if self.language == "zh":
            return say("zh", f"money.text.{self._size}", number=bare, code=self._code)
        mark, digits = (bare[0], bare[1:]) if bare[0] in f"{MINUS}+" else ("", bare)
        return mark + say("en", f"money.text.{self._size}", number=digits, code=self._code)

    def range(self, low: float, high: float, step: float = 1.0) -> str:
        """From one amount to another; "to" and not a dash, since either may be negative."""
        return span(self.language, self.text(low, step), self.text(high, step))

    @property
    def _code(self) -> str:
        if self.currency != "CNY":
            return self.currency if self.language == "zh" else f"{self.currency} "
        return "元" if self.language == "zh" else "¥"

    @property
    def _size(self) -> str:
        return {1.0: "one", 1e3: "thousand", 1e4: "wan", 1e6: "million", 1e8: "yi"}[self.divisor]


def span(language: Language, low: str, high: str) -> str:
    """From one to the other; a unit behind both is said once.

    >>> span("en", "8.2 min", "13.9 min"), span("en", "¥1", "¥2")
    ('8.2 to 13.9 min', '¥1 to ¥2')
    """
    first, _, unit = low.rpartition(" ")
    if first and high.endswith(f" {unit}"):
        low = first
    return say(language, "range", low=low.removeprefix("+"), high=high.removeprefix("+"))


def share(value: float, decimals: int | None = None) -> str:
    """A share as a percentage: whole from 10 % on, one decimal below, two below 0.1 %.

    >>> share(0.756), share(0.026), share(0.03), share(0.0004), share(0)
    ('76%', '2.6%', '3.0%', '0.04%', '0%')
    """
    percent = 100 * value
    if decimals is None:
        size = abs(percent)
        below_ten = 1 if round(size, 2) >= 0.1 else 2
        decimals = 0 if size == 0 or round(size, 1) >= 10 else below_ten
    return number(percent, 10.0**-decimals, decimals=decimals) + "%"


def limit(value: float) -> str:
    """A limit as it was set, without digits that nobody wrote.

    >>> limit(0.03), limit(0.005)
    ('3%', '0.5%')
    """
    return f"{100 * value:.4f}".rstrip("0").rstrip(".") + "%"


def share_beside(value: float, fixed: float) -> str:
    """A share with as many decimals as tell on which side of the limit beside it it lies.

    >>> share_beside(0.03004, 0.03), share_beside(0.0257, 0.03), share_beside(0.101, 0.1)
    ('3.004%', '2.6%', '10.1%')
    """
    told = share(value)
    for decimals in (1, 2, 3, 4):
        if math.isclose(value, fixed) or _side(_percent(told), 100 * fixed) == _side(value, fixed):
            break
        told = share(value, decimals)
    return told


def _percent(told: str) -> float:
    return float(told.replace(MINUS, "-").replace(",", "").rstrip("%"))


def _side(value: float, of: float) -> tuple[bool, bool]:
    """Above or below; neither within rounding."""
    equal = math.isclose(value, of)
    return value > of and not equal, value < of and not equal


def chance(value: float) -> str:
    """A probability that comes from draws: never 0 % or 100 %.

    >>> chance(0.9951), chance(0.004), chance(0.984)
    ('>99%', '<1%', '98%')
    """
    if value > 0.99:
        return ">99%"
    return "<1%" if value < 0.01 else f"{100 * value:.0f}%"


def quantity(language: Language, unit: str, value: float, step: float | None = None) -> str:
    """A number with its unit: minutes, seconds, times, months, share.

    >>> quantity("en", "minutes", 18.04), quantity("en", "share", 0.5)
    ('18 min', '50%')
    """
    if unit == "share":
        return share(value)
    if step is None:
        step = 1.0 if abs(value) >= 10 else 0.1
    return say(language, f"unit.{unit}", number=_short(number(value, step)))


def _short(text: str) -> str:
    return text.removesuffix(".0")


def day(language: Language, moment: str) -> str:
    """A date in words out of an ISO time; the text itself when it is none.

    >>> day("en", "2026-11-20T08:00:00+00:00"), day("zh", "2026-11-20")
    ('20 November 2026', '2026 年 11 月 20 日')
    """
    try:
        found = date.fromisoformat(moment[:10])
    except ValueError:
        return moment
    month = str(found.month) if language == "zh" else _MONTHS[found.month - 1]
    return say(language, "date", year=found.year, month=month, day=found.day)
