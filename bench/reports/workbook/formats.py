"""How cells look: fonts, fills, and the number formats of each language.

A minus stays the spreadsheet's own, so that numbers can be copied and exported as numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.reports.workbook.text import cut
from bench.reports.workbook.typed import Kind
from bench.types import Language
from bench.wording.plain import plain

FONTS: dict[Language, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
SIZE_POINTS = 10
_INK, _QUIET, _DOUBT = "#1a1f26", "#5f6670", "#664a00"
_LOOKS: dict[str, dict[str, object]] = {
    "": {},
    "bold": {"bold": True, "bg_color": "#eef4f8"},
    "today": {"font_color": "#525a64", "bottom": 1, "bottom_color": "#8d949c"},
    "input": {"bg_color": "#fff2cc", "border": 1, "border_color": "#dcdad3"},
    "sum": {"bold": True, "top": 1, "top_color": "#525a64"},
    "head": {"bold": True, "bg_color": "#f7f6f2", "bottom": 1, "bottom_color": "#525a64", "text_wrap": True,
             "valign": "bottom", "align": "left", "indent": 1},
    "title": {"bold": True, "font_size": 15},
    "finding": {"bold": True, "font_size": 12},
    "plain": {},
    "quiet": {"font_color": _QUIET},
    "quiet_line": {"font_color": _QUIET},
    "warning": {"bold": True, "font_color": _DOUBT, "bg_color": "#fbf3df"},
    "left": {"align": "left", "indent": 1},
    "right": {"align": "right", "bold": True, "indent": 0},
    "right_head": {"bold": True, "bg_color": "#f7f6f2", "bottom": 1, "bottom_color": "#525a64", "text_wrap": True,
                   "valign": "bottom", "align": "right"},
    "doubt": {"font_color": _DOUBT, "bg_color": "#fbf3df"},
}  # fmt: skip
"""What a cell looks like besides its number."""
_FLUSH = ("title", "finding", "plain", "quiet_line", "warning", "right", "right_head")
"""Texts that stand at the very edge of their cell."""
_PLAIN_NUMBERS: dict[Kind, str] = {
    "count": "#,##0",
    "share": "0.0%",
    "rate": "0.00%",
    "number": "0.0000",
    "plain_number": "0",
    "chance": '[>0.99]">99%";[<0.01]"<1%";0.0%',
}
_WITH_WORDS: dict[Kind, dict[Language, str]] = {
    "minutes": {"zh": '0.00 "分钟"', "en": '0.00 "min"'},
    "seconds": {"zh": '0.00 "秒"', "en": '0.00 "s"'},
    "times": {"zh": '0.00 "倍"', "en": '0.00"×"'},
    "months": {"zh": '0.0 "个月"', "en": '0.0 "months"'},
    "moment": {"zh": 'yyyy-mm-dd hh:mm "UTC"', "en": 'd mmm yyyy hh:mm "UTC"'},
    "date": {"zh": "yyyy-mm-dd", "en": "d mmm yyyy"},
}
_MONEY: dict[Kind, tuple[str, bool]] = {
    "money": ("#,##0.00", False),
    "money_whole": ("#,##0", False),
    "gain": ("#,##0.00", True),
    "gain_fine": ("#,##0.0000", True),
    "difference": ("#,##0.000000", True),
    "gain_whole": ("#,##0", True),
}


def number_format(language: Language, kind: Kind, currency: str = "") -> str:
    """The number format of a kind of cell; money names its currency where one is given.

    >>> number_format("zh", "money", "CNY"), number_format("en", "gain", "CNY")
    ('#,##0.00 "元"', '+"¥"#,##0.00;-"¥"#,##0.00;"¥"0.00')
    """
    if kind in _PLAIN_NUMBERS:
        return _PLAIN_NUMBERS[kind]
    if kind in _WITH_WORDS:
        return _WITH_WORDS[kind][language]
    if kind not in _MONEY:
        return "General"
    digits, signed = _MONEY[kind]
    zero = digits.removeprefix("#,##")
    code = cut(plain(currency).replace('"', "").replace("\\", ""), 12).strip()
    before = after = ""
    if code and language == "zh":
        after = ' "元"' if code == "CNY" else f' "{code}"'
    elif code:
        before = '"¥"' if code == "CNY" else f'"{code} "'
    if signed:
        return f"+{before}{digits}{after};-{before}{digits}{after};{before}{zero}{after}"
    return f"{before}{digits}{after}" if not before else f"{before}{digits};-{before}{digits}"


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats of one workbook, each made once; `make` adds one to the file."""

    language: Language
    make: Callable[[dict[str, object]], Any]
    made: dict[tuple[str, str, bool, bool], Any] = field(default_factory=dict)

    def of(self, kind: Kind, look: str = "", currency: str = "") -> Any:
        """The format of a number or a date."""
        return self._made(look, number_format(self.language, kind, currency))

    def text(self, look: str = "", *, quoted: bool = False, wrap: bool = True) -> Any:
        """The format of a text; `quoted` keeps what looks like a formula a text when somebody edits it."""
        return self._made(look, "", quoted=quoted, wrap=wrap)

    def condition(self, look: str) -> Any:
        """The format of a condition, which changes colours alone."""
        key = (look, "condition", False, False)
        if key not in self.made:
            self.made[key] = self.make(dict(_LOOKS[look]))
        return self.made[key]

    def _made(self, look: str, shown: str, *, quoted: bool = False, wrap: bool = False) -> Any:
        key = (look, shown, quoted, wrap)
        if key not in self.made:
            told: dict[str, object] = {
                "font_name": FONTS[self.language], "font_size": SIZE_POINTS, "font_color": _INK, "valign": "vcenter",
                "text_wrap": wrap, "quote_prefix": quoted,
            }  # fmt: skip
            if shown:
                told["num_format"] = shown
                told["align"] = "right"
            elif look not in _FLUSH:
                told["indent"] = 1
            self.made[key] = self.make(told | _LOOKS[look])
        return self.made[key]
