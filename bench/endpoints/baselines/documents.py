"""Official documents by template: what an office had before language models, a form per kind.

The notes become numbered paragraphs almost as they stand. Title, direction and form come out well;
prose, order and judgement of what does not belong do not.
"""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from bench.endpoints.baselines.method import BaselineMethod

_NUMERALS = "一二三四五六七八九十"
_LEVEL = "函"
_LEADS = {
    "请示": "现将有关情况请示如下：",
    "报告": "现将有关情况报告如下：",
    "函": "现就有关事项函告如下：",
    "复函": "现函复如下：",
    "批复": "经研究，现批复如下：",
    "通知": "现将有关事项通知如下：",
    "通报": "现将有关情况通报如下：",
    "通告": "现就有关事项通告如下：",
    "公告": "现就有关事项公告如下：",
    "意见": "现就有关工作提出如下意见：",
    "决定": "现决定如下：",
    "决议": "会议作出如下决议：",
    "议案": "现将有关情况说明如下：",
    "纪要": "会议纪要如下：",
}
_CLOSINGS = {
    "请示": "妥否，请批示。",
    "报告": "特此报告。",
    "函": "请予研究函复。",
    "复函": "特此函复。",
    "批复": "此复。",
    "通知": "请认真贯彻执行。",
    "通告": "特此通告。",
    "公告": "特此公告。",
    "议案": "现提请审议。",
}
_UP_OPINION = "以上意见如无不妥，请批转有关单位执行。"
_ASKING = ("申请", "拨付", "请求", "批准", "动用", "增加", "追加", "将", "设立", "解决")
_ASIDE = re.compile(r"经办人|拟稿人|未经核实")
_OPEN = re.compile(r"还没[^，。；]{1,6}(?=[，。；]|$)|(?<=[，。；])[^，。；]{0,6}待[核定补]$")
_WRITTEN = {
    "咱们": "本单位",
    "咱局": "我局",
    "我们": "我单位",
    "他们": "贵单位",
    "钱": "经费",
    "马上": "立即",
    "赶紧": "抓紧",
    "毛病": "问题",
    "顺便": "一并",
    "大概": "约",
    "给个回话": "函复",
    "回个话": "函复",
}
"""What clerks jot down, and what they write."""


class DocumentTemplate(BaselineMethod):
    """Fill the form of the kind; where no kind is told, the relation of the two bodies decides.

    Notes that are asides between colleagues are left out, and what is said to be open becomes a marked
    gap; a few spoken words are exchanged for written ones. Nothing else is understood: no sums, no
    rewriting, no judgement of what is out of place.
    """

    gap: str = "【待补】"

    def answer(self, case_input: Mapping[str, JsonValue]) -> str:
        """The whole document."""
        told = {key: str(value or "") for key, value in case_input.items()}
        kind = told.get("kind") or _kind(told)
        form = "复函" if kind == _LEVEL and "来函" in told.get("relation", "") else kind
        basis = _lines(case_input.get("basis"))
        kept = [note for note in _lines(case_input.get("notes")) if not _ASIDE.search(note)]
        body = [f"{_numeral(at)}、{self._sentence(note)}" for at, note in enumerate(kept, start=1)]
        parts = [_title(told, form), ""]
        if told.get("addressee"):
            parts.append(f"{told['addressee']}：")
        parts += [_opening(form, basis), *body]
        parts += [_closing(form, told), "", told.get("issuer", ""), _date(told.get("date", ""))]
        return "\n".join(part for at, part in enumerate(parts) if part or at in {1, len(parts) - 3})

    def _sentence(self, note: str) -> str:
        told = note.rstrip("。；")
        for spoken, written in _WRITTEN.items():
            told = told.replace(spoken, written)
        return _OPEN.sub(self.gap, told) + "。"


def _lines(value: JsonValue) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _kind(told: Mapping[str, str]) -> str:
    """The kind by relation: 函 between equals, 请示 or 报告 upward, 通知 downward, 公告 to the public."""
    relation = told.get("relation", "")
    if "不隶属" in relation or "不相隶属" in relation:
        return _LEVEL
    if "上级" in relation:
        return "请示" if told.get("matter", "").startswith(_ASKING) else "报告"
    return "公告" if not told.get("addressee") else "通知"


def _title(told: Mapping[str, str], form: str) -> str:
    issuer, matter = told.get("issuer", ""), told.get("matter", "")
    if form == "纪要":
        return f"{matter}{form}"
    verb = "" if matter.startswith(("转发", "印发", "批转")) else "关于"
    end = "" if matter.endswith(form) else f"的{form}"
    return f"{issuer}{verb}{matter}{end}"


def _opening(form: str, basis: list[str]) -> str:
    lead = _LEADS.get(form, f"现{form}如下：")
    if not basis:
        return lead
    if form in {"批复", "复函"}:
        return f"{basis[0]}收悉。{lead}"
    return f"根据{'、'.join(basis)}，{lead}"


def _closing(form: str, told: Mapping[str, str]) -> str:
    if form == "意见" and "上级" in told.get("relation", ""):
        return "" if "下级" in told["relation"] else _UP_OPINION
    return _CLOSINGS.get(form, "")


def _date(told: str) -> str:
    """2026-03-05 as 2026年3月5日 (GB/T 9704—2012, 7.3.5.4); a blank to fill in where there is none."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", told)
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else told or "　　年　月　日"


def _numeral(number: int) -> str:
    """The Chinese numeral of a paragraph, up to 99.

    >>> _numeral(3), _numeral(12), _numeral(20)
    ('三', '十二', '二十')
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _NUMERALS[tens - 1] + "十")
    return head + (_NUMERALS[ones - 1] if ones else "")
