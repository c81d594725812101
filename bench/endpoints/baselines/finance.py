"""The classical method of finance questions: find the cells that the question names and do the sum."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pydantic import JsonValue

from bench.endpoints.baselines.finance_facts import PERIOD, Fact, facts, same_period
from bench.endpoints.baselines.method import BaselineMethod
from bench.types import Number

_PROMISES = re.compile(
    r"(?:能|会|将)[^，。？]{0,4}涨|该不该买|该买|要不要买|能不能买|推荐[^，。？]{0,6}(?:买|产品|基金|股票)"
    r"|(?:一定|肯定|保证|准)[^，。？]{0,4}(?:拿|赚|收益)|准数|稳赚|保本吗|预测"
)
_LONGEST_QUESTION, _LONGEST_SOURCE = 400, 20_000
"""Characters that are read; matching costs their product."""
_REFUSAL = "答案：无法回答，不能承诺收益、预测走势或推荐买卖，投资有风险\n依据：合规要求"
_UNKNOWN = "答案：无法回答，材料中没有找到所需数据\n依据：无"
_RATIOS = {
    "毛利率": (("营业收入", "营业成本"), "营业收入"),
    "净利率": (("净利润",), "营业收入"),
    "资产负债率": (("负债合计",), "资产总计"),
    "流动比率": (("流动资产",), "流动负债"),
    "速动比率": (("流动资产", "存货"), "流动负债"),
    "不良贷款率": (("不良贷款余额",), "贷款总额"),
    "拨备覆盖率": (("贷款损失准备余额",), "不良贷款余额"),
}
"""A ratio's numerator (the first less the others) and denominator, as accounting defines it."""
_POWERS = {"亿元": 8, "百万元": 6, "万元": 4, "元": 0}
_COUNTS = dict(zip("零一二三四五六", range(7), strict=True)) | {"两": 2}
_ASKED_UNIT = re.compile(
    r"多少(?:个)?(亿元|百万元|万元|元|百分点|基点|倍)|(百分之几|百分之多少|[率重比]是多少)"
)
_PLACES = re.compile(r"保留([一二两三四五六\d])位小数")
_SHARE = re.compile(r"(?P<part>[^，。]*?)占(?P<whole>[^，。]{1,24}?)的?(?:百分之|比重|比例|多少)")


@dataclass(frozen=True, slots=True)
class _Found:
    value: Decimal
    unit: str
    used: tuple[Fact, ...]


def _common(label: str, text: str) -> int:
    """The length of the longest common substring."""
    best = 0
    for start in range(len(label)):
        while label[start : start + best + 1] in text and start + best < len(label):
            best += 1
    return best


class TableLookup(BaselineMethod):
    """Matches labels by their longest common substring with the question, and periods by name.

    Knows looking up, relative change, differences, shares, averages and the ratios that accounting
    defines; refuses requests for promises, forecasts and advice by their words; otherwise says that it
    cannot answer. `closeness` is the share of a label that the question must hold.
    """

    closeness: Number = 0.6

    def answer(self, case_input: Mapping[str, JsonValue]) -> str:
        """Two lines: the figure, and where it stands."""
        question = str(case_input.get("question", ""))[:_LONGEST_QUESTION]
        if _PROMISES.search(question):
            return _REFUSAL
        source = str(case_input.get("source", ""))[:_LONGEST_SOURCE]
        case = _Case(facts(source), question, self.closeness)
        found = case.solve()
        shown = None if found is None else _shown(found, question)
        if found is None or shown is None:
            return _UNKNOWN
        places = dict.fromkeys(fact.place for fact in found.used)
        return f"答案：{shown}\n依据：{'；'.join(places)}"


@dataclass(frozen=True, slots=True)
class _Case:
    facts: list[Fact]
    question: str
    closeness: float

    def solve(self) -> _Found | None:
        """The first way of answering that the question's words call for."""
        question = self.question
        if "平均" in question:
            return self._average()
        if (share := _SHARE.search(question)) and "÷" not in question:
            return self._share(share["part"], share["whole"])
        periods = self._periods()
        if len(periods) > 1 and re.search(r"百分点|基点|多少", question) and "比" in question:
            return self._change(periods[0], periods[1], is_relative="百分之" in question)
        if re.search(r"同比|百分之几", question) and re.search(
            r"变动|增长|下降|减少|增加", question
        ):
            return self._growth(periods)
        return self._measure(periods[0] if periods else None)

    def _periods(self) -> list[str]:
        """Periods that the question names; one without a year takes the year before it."""
        found: list[str] = []
        year = ""
        for match in PERIOD.finditer(_with_years(self.question)):
            text = match[0]
            year = text[:5] if text.startswith("20") else year
            found.append(same_period(text if text.startswith("20") else year + text))
        return list(dict.fromkeys(found))

    def _score(self, fact: Fact, text: str) -> float:
        """How well a fact's labels fit `text`; 0 when its own name is not close enough."""
        text = PERIOD.sub("", text)
        shares = [
            _common(label, text) / min(len(label), len(text))
            for label in fact.labels
            if label and text
        ]
        return sum(shares) if shares and max(shares) >= self.closeness else 0.0

    def _best(self, text: str, period: str | None) -> Fact | None:
        """The fact of a period whose labels fit `text` and, after that, the question best."""
        fitting = [
            (self._score(fact, text), self._score(fact, self.question), fact)
            for fact in self.facts
            if period is None or fact.period is None or fact.period == period
        ]
        fitting = [each for each in fitting if each[0]]
        return max(fitting, key=lambda each: each[0] + each[1], default=(0, 0, None))[2]

    def _measure(self, period: str | None) -> _Found | None:
        """A figure as it stands, or a ratio computed from its parts."""
        for name, (parts, whole) in _RATIOS.items():
            if name in self.question:
                told = next(
                    (f for f in self.facts if name in "".join(f.labels) and f.period == period),
                    None,
                )
                if told is not None:
                    return _Found(told.value, told.unit, (told,))
                return self._ratio(name, parts, whole, period)
        fact = self._best(self.question, period)
        return None if fact is None else _Found(fact.value, fact.unit, (fact,))

    def _ratio(
        self, name: str, parts: tuple[str, ...], whole: str, period: str | None
    ) -> _Found | None:
        used = [self._best(part, period) for part in (*parts, whole)]
        kept = [fact for fact in used if fact is not None]
        if len(kept) < len(used) or not kept[-1].value:
            return None
        top = kept[0].value - sum(fact.value for fact in kept[1:-1])
        is_times = name.endswith("比率")
        return _Found(
            top / kept[-1].value * (1 if is_times else 100), "倍" if is_times else "%", tuple(kept)
        )

    def _change(self, new: str, old: str, *, is_relative: bool) -> _Found | None:
        one, other = self._measure(new), self._measure(old)
        if one is None or other is None or one.unit != other.unit or not other.value:
            return None
        used = one.used + other.used
        if is_relative:
            return _Found((one.value / other.value - 1) * 100, "%", used)
        unit = "百分点" if one.unit == "%" else one.unit
        return _Found(one.value - other.value, unit, used)

    def _growth(self, periods: list[str]) -> _Found | None:
        """Relative change over a year."""
        if not periods:
            return None
        year = int(periods[0][:4]) if periods[0][:4].isdecimal() else 0
        return self._change(periods[0], f"{year - 1}{periods[0][4:]}", is_relative=True)

    def _share(self, part: str, whole: str) -> _Found | None:
        period = next(iter(self._periods()), None)
        is_total = "总" in whole or "合计" in whole
        one = self._best(part, period)
        other = self._best("合计" if is_total else whole, period)
        if one is None or other is None or one is other or not other.value:
            return None
        return _Found(one.value / other.value * 100, "%", (one, other))

    def _average(self) -> _Found | None:
        scored = [(self._score(fact, self.question), fact) for fact in self.facts]
        best = max((score for score, _ in scored), default=0)
        used = tuple(fact for score, fact in scored if score and score >= best - 0.01)
        if len(used) < 2:
            return None
        return _Found(
            sum((fact.value for fact in used), Decimal(0)) / len(used), used[0].unit, used
        )


def _with_years(question: str) -> str:
    """`question` with the year before its own in place of 上年 and 去年."""
    year = re.search(r"20\d\d(?=年)", question)
    return re.sub(r"上年|去年", f"{int(year[0]) - 1}年", question) if year else question


def _shown(found: _Found, question: str) -> str | None:
    """The value in the unit and with the decimals that are asked for; None if it is of another kind."""
    asked = _ASKED_UNIT.search(question)
    unit = (asked[1] or "%") if asked else found.unit
    value = found.value
    if unit in _POWERS and found.unit == "元":
        value = value.scaleb(-_POWERS[unit])
    elif unit == "基点" and found.unit in ("%", "百分点"):
        value *= 100
    elif unit != found.unit:
        return None
    told = _PLACES.search(question)
    if told:
        places = int(told[1]) if told[1].isdecimal() else _COUNTS[told[1]]
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    elif int(value.normalize().as_tuple().exponent) < -2:
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    else:
        value = (
            value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
        )
    shown_unit = f"个{unit}" if unit in ("百分点", "基点") else unit
    if "下降" in question and re.search(r"下降了?多少", question):
        value = abs(value)
    return f"{value:,}{shown_unit}"
