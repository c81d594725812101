"""The words of quantities (currencies, scales, units, counters) and the patterns that find them.

A head is where a quantity starts; the tail behind a number holds its scale and unit. Alternatives are
tried in the order written: dates before numbers, numbers before Chinese numerals. Repetitions are
possessive or cannot be entered twice at the same place, so matching stays linear.
"""

import re
from collections.abc import Iterable

from bench.scoring.chinese_numerals import NUMERALS

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
WIDE |= {0xFFE5: ord("¥"), 0x3000: ord(" "), 0x00A0: ord(" "), 0x2212: ord("-")}
WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")

_CODES = (
    "CNY",
    "USD",
    "HKD",
    "EUR",
    "JPY",
    "GBP",
    "SGD",
    "AUD",
    "CAD",
    "NZD",
    "TWD",
    "CHF",
    "INR",
    "KRW",
)
PREFIXES = {code: (code, 0) for code in _CODES} | {
    "人民币": ("CNY", 0), "RMB": ("CNY", 0), "¥": ("CNY", 0), "$": ("USD", 0), "US$": ("USD", 0),
    "U.S.$": ("USD", 0), "HK$": ("HKD", 0), "S$": ("SGD", 0), "A$": ("AUD", 0), "AU$": ("AUD", 0),
    "C$": ("CAD", 0), "CA$": ("CAD", 0), "NZ$": ("NZD", 0), "NT$": ("TWD", 0), "€": ("EUR", 0),
    "£": ("GBP", 0), "US cents": ("USD", -2), "HK cents": ("HKD", -2),
}  # fmt: skip
"""The currency that stands before a number, and its power of ten; likewise `UNITS` behind one."""
SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3,
    "百": 2, "trillion": 12, "trn": 12, "tn": 12, "billion": 9, "bn": 9, "B": 9, "million": 6, "mn": 6,
    "mln": 6, "M": 6, "thousand": 3, "K": 3, "k": 3, "m": 6, "mm": 6, "MM": 6, "b": 9, "t": 12, "T": 12,
}  # fmt: skip
SCALES |= {word.capitalize(): power for word, power in SCALES.items() if len(word) > 3}
UNITS = {code: (code, 0) for code in _CODES} | {
    "元人民币": ("CNY", 0), "人民币": ("CNY", 0), "元": ("CNY", 0), "块钱": ("CNY", 0), "yuan": ("CNY", 0),
    "RMB": ("CNY", 0), "美元": ("USD", 0), "美金": ("USD", 0), "dollars": ("USD", 0), "US dollars": ("USD", 0),
    "U.S. dollars": ("USD", 0), "cents": ("USD", -2), "cent": ("USD", -2), "US cents": ("USD", -2),
    "港元": ("HKD", 0), "港币": ("HKD", 0), "Hong Kong dollars": ("HKD", 0), "HK cents": ("HKD", -2),
    "港仙": ("HKD", -2), "Singapore dollars": ("SGD", 0), "Singapore cents": ("SGD", -2),
    "新加坡元": ("SGD", 0), "Australian dollars": ("AUD", 0), "Australian cents": ("AUD", -2),
    "澳元": ("AUD", 0), "Canadian dollars": ("CAD", 0), "加元": ("CAD", 0), "欧元": ("EUR", 0),
    "euros": ("EUR", 0), "日元": ("JPY", 0), "yen": ("JPY", 0), "英镑": ("GBP", 0), "pence": ("GBP", -2),
    "个百分点": ("pp", 0), "百分点": ("pp", 0), "percentage points": ("pp", 0), "percentage point": ("pp", 0),
    "pp": ("pp", 0), "个基点": ("pp", -2), "基点": ("pp", -2), "basis points": ("pp", -2),
    "basis point": ("pp", -2), "bps": ("pp", -2),
    "bp": ("pp", -2), "BPS": ("pp", -2), "BP": ("pp", -2), "个bp": ("pp", -2), "个BP": ("pp", -2),
    "%": ("ratio", -2), "percent": ("ratio", -2), "per cent": ("ratio", -2), "‰": ("ratio", -3),
    "成": ("ratio", -1), "倍": ("times", 0), "times": ("times", 0), "x": ("times", 0), "股": ("shares", 0),
    "shares": ("shares", 0), "个工作日": ("days", 0), "个交易日": ("days", 0), "个自然日": ("days", 0),
    "工作日": ("days", 0), "交易日": ("days", 0), "天": ("days", 0), "日": ("days", 0), "days": ("days", 0),
    "day": ("days", 0), "个月": ("months", 0), "months": ("months", 0), "month": ("months", 0),
    "周年": ("years", 0), "年": ("years", 0), "years": ("years", 0), "year": ("years", 0),
    "个小时": ("hours", 0), "小时": ("hours", 0), "hours": ("hours", 0), "hour": ("hours", 0),
    "分钟": ("minutes", 0), "minutes": ("minutes", 0), "minute": ("minutes", 0), "号": ("ordinal", 0),
    "季度": ("ordinal", 0),
}  # fmt: skip
_NOT_A_UNIT = {
    "元": "(?![旦宵素月])", "成": "(?![本立果员交长品为功套就不分人份都绩熟])", "年": "(?![度轻化]|报(?![废停名销修]))",
    "日": "(?![元均期常])", "股": "(?![权东票价份息])", "号": "(?![召称])", "天": "(?![然津])",
}  # fmt: skip
COUNTERS = frozenset("个家户人名位笔件项次只份台套辆吨条种例起期批层岁度")
VAGUE = frozenset("数几上好多")
NEGATIVE = frozenset({"负", "negative ", "minus "})
ARTICLE = frozenset("统唯单同万任之逐进某每另这那哪专划第")


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _unit_pattern(word: str) -> str:
    """A singular or plural year behind a calendar year is no length of time (the 2019 year-end)."""
    if word in ("year", "years"):
        return rf"(?<!19\d\d[ ])(?<!20\d\d[ ]){word}(?![A-Za-z])"
    after = "(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return re.escape(word) + _NOT_A_UNIT.get(word, after)


_WORDS = r"[Tt]rillion|trn|tn|[Bb]illion|bn|[Mm]illion|mn|mln|[Tt]housand|[BMKk]"
_SCALE = (
    r"(?:万亿|[千百十]?亿|千万|百万|十万|万(?!分之)|千(?![克米瓦卡赫])|百(?!分)"
    rf"|(?:{_WORDS})(?![A-Za-z]))"
)
_MONEY_SCALE = rf"(?:{_SCALE}|(?:mm|MM|[mbtT])(?![A-Za-z]))"
_PREFIX = rf"(?:(?<![A-Z])\$|(?<![A-Za-z])(?:{_either(set(PREFIXES) - {'$'})}))"
_UNIT = "|".join(_unit_pattern(word) for word in sorted(UNITS, key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3}(?!\d))+|\d++)(?:\.\d++)?"
_CHINESE = rf"[{NUMERALS}]++"
_CHINESE_DIGIT = "[零〇一二三四五六七八九]"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_YEAR = r"(?:19|20)\d\d"

HEAD = re.compile(
    rf"""
    (?m:^)[ \t>*•]*(?P<list>\d{{1,2}}(?:[.、)](?![\d%]))) | \((?P<bracketed>\d{{1,2}})\)(?![ ]?(?:{_SCALE}|{_UNIT}))
  | (?<![\d.])(?P<y1>{_YEAR})年(?P<m1>{_MONTH})月(?:(?P<d1>{_DAY})日)?
  | (?<![\d.])(?P<y2>{_YEAR})(?P<sep>[-/.])(?P<m2>{_MONTH})(?P=sep)(?P<d2>{_DAY})(?!\d)
  | (?<![\d.])(?P<m3>{_MONTH})月(?:(?P<d3>{_DAY})日)?
  | (?P<y4>{_CHINESE_DIGIT}{{4}})年(?:(?P<m4>[一二三四五六七八九十]{{1,2}})月(?:(?P<d4>[一二三四五六七八九十]{{1,3}})日)?)?
  | (?<![\d.])(?P<year>{_YEAR})(?:年(?:度|末|初|底)?(?!期|化)|(?=财年|[HQ]\d|上半年|下半年|〕))
  | (?<![\d:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])
  | 第[ ]?(?P<ordinal>\d{{1,9}}|[{NUMERALS}]{{1,8}})
  | (?P<denominator>百|千|万|[{NUMERALS}]{{1,6}}|(?<!\d)\d{{1,6}})分之(?P<numerator>{_NUMBER}|{_CHINESE}(?:点{_CHINESE_DIGIT}++)?)
  | 翻(?P<doublings>[一两二三四五])?番
  | (?<![{NUMERALS}])(?P<tenths>[一二两三四五六七八九])成(?P<half>[一二三四五六七八九半])?{_NOT_A_UNIT["成"]}
  | (?<![\d.])\d++(?P<version>(?:\.\d++){{2,}})
  | (?P<sign>[-–+负]|(?<![A-Za-z-])(?:negative|minus)[ ])?(?:(?P<money>{_PREFIX})[ ]?(?P<sign2>[-–])?|(?<![A-Za-z0-9_.]))
    (?:\((?P<inside>{_NUMBER})\)|(?P<number>{_NUMBER}))
  | (?P<chinese>{_CHINESE}(?:点{_CHINESE_DIGIT}++(?![十百千]))?)
    """,
    re.VERBOSE,
)


def _tail(scale: str) -> re.Pattern[str]:
    return re.compile(
        rf"[余多]?[ ]{{0,2}}(?P<scale>{scale})?"
        rf"(?P<more>(?:(?<=[亿万千])\d{{1,4}}(?:\.\d{{1,4}})?(?:千万|百万|万|千|百)){{0,6}})"
        rf"[余多]?[ ]{{0,2}}(?P<unit>{_UNIT})?"
        r"(?P<small>(?<=元)(?:[一二三四五六七八九壹贰叁肆伍陆柒捌玖\d]角)?(?:[零〇]?[一二三四五六七八九壹贰叁肆伍陆柒捌玖\d]分(?![之点]))?)?"
    )


TAIL = _tail(_SCALE)
MONEY_TAIL = _tail(_MONEY_SCALE)
"""Behind a currency a lone small m, b or t is a scale as well ($2.4m); elsewhere it may be a metre or a tonne."""
PART = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(千万|百万|万|千|百)")
RANGE = re.compile(r"[ ]?(?:-|—{1,2}|–|~|至|到)[ ]?")
SERIES = re.compile(r"[ ]?(?:-|—{1,2}|–|~|、|,|，|/|至|到|和|与|及)[ ]?")
