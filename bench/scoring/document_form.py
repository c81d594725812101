"""Layout and wording that a clerk mends: numbering, dates, punctuation, gaps, repetition, Markdown."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from bench.scoring.document_routing import Draft
from bench.scoring.document_rules import Defect
from bench.scoring.facts import normalised

GAP = re.compile(
    r"待[^，。；\n]{0,12}?(?:明确|确定|核定|提供|确认|审定|批准后)|待补|待定|待核|待确认|待填|待明确|待提供|请补充|请提供|请核实|请明确|需补充|需核实|尚未提供|未提供"
    r"|[×xXＸ✕]{2,}|某某|○○|[＿_]{2,}|【[^】]{0,30}】|\[[^\]]{0,30}\]|[（(]\s*[）)]"
)
"""A gap that a person is to fill: marked, or asked for in words."""
_PLACEHOLDER = re.compile(
    r"[×xXＸ✕]{2,}|某某|○○|[＿_]{2,}|【(?!(?:19|20)\d{2}】)[^】]{0,30}】|\[(?!(?:19|20)\d{2}\])[^\]]{0,30}\]|[（(]\s*[）)]"
)
_PROCESS = re.compile(r"联系人|联系电话|电话|签发人|印发|份号|字号")
_OPEN_NUMBER = re.compile(
    r"〔[^〕]{0,6}〕[^。；，]{0,6}号|第[\s×xXＸ✕＿_○]{1,6}号|第?【[^】]{0,8}】号"
)
_DATE = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_NUMBER_LINE = re.compile(
    r"[〔\[［(（【]\s*(?:\d{2}|(?:19|20)\d{2})\s*年?[〕\]］)）】]\s*第?\s*\d+\s*号$"
)
_NUMBER_FORM = re.compile(r"^[\u4e00-\u9fffA-Za-z]{1,20}〔(?:19|20)\d{2}〕[1-9]\d{0,5}号$")
_ORDER_FORM = re.compile(
    r"^[\u4e00-\u9fff]{2,20}(?:令|公告)(?:〔(?:19|20)\d{2}〕|(?:19|20)\d{2}年)?第?(?:[1-9]\d{0,4}|[一二三四五六七八九十百零〇]+)号$"
)
_CITED_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fffA-Za-z])(?:\[|［|【|\(|（)(?:19|20)\d{2}(?:\]|］|】|\)|）)[1-9]\d{0,5}号"
)
"""A number cited with other brackets; right when an old document is cited as it was printed."""
_COLLOQUIAL = re.compile(
    r"咱们?|我们(?![国党省市县区])|(?<![老人])人家(?![庭口])|那边|这边|那块|这块|大家(?!庭)伙?|啥|咋|老是|(?<!不)搞(?![好活建基])|弄(?![虚通清])|赶紧|赶快|马上|顺便|顺带|一块儿|回话|说是"
    r"|差不多|要不然|没法|没问题|没事|没定|没改|还没|不太(?![平可])|挺(?=[好多大难急紧忙快高远重严麻不有着久长热累贵])|有点(?![位多状])|头一[个批]|打算(?=\d)|(?<![分级特区个性类识])别(?=[走少上施拖骄超])"
    r"|看中|里头|放不下|坐不下|来不了|不要了|还?算数|最好(?=\d)|想[要用借让]|[三3]样|(?<!标)准数(?![字据量])|有事找|回个话|(?<![得能防止绝杜禁])走过场|再看|一把手|过时不候"
    r"|(?<=会)议过了|全名是|(?<=[，。])管\d+年|写得太|太粗|名头|咋回事|打什么|(?<!通)过了[，。]|[，。]行[，。]|我觉得|我认为|(?<=[的把给要花有没])钱(?![币塘])|钱(?=[想不从还也先就得够])|毛病|再说|老铁(?![路山])|谢谢|感谢您|麻烦您?|辛苦(?=[了您你各大一])|您|亲爱的|加油(?=[！!。，吧啊呀哦])|超级(?=[好棒赞多忙累难快想爱])|拜托|[吧呢啦哦嘛][，。！]|！"
)
_MOST_COLLOQUIAL = 1
_SPEECH = re.compile(r"各位(?:代表|委员|同志|领导|来宾)")
_OF_SPEECH = frozenset({"我们", "大家", "！"})
"""Right in a speech, such as a government's report to its congress, and so no sign of a wrong register there."""
_LOOP_LENGTH, _LOOP_TIMES, _LOOP_SHARE = 12, 4, 0.1
"""A genuine report of 20,000 characters says a set phrase seven times, and spends 1.5 % of its text on such."""
_CHATTER_HEAD = re.compile(r"^(?:好的|以下|根据您|当然|这是|下面)")
_CHATTER_TAIL = re.compile(
    r"^(?:希望|如需|如果您|如有需要|欢迎|祝|以上(?:是|为)(?:根据|为您)|需要我|请告诉我)"
)
_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”")
_LEVELS = (
    re.compile(r"^([一二三四五六七八九十]{1,3})(、|[.．]|[）)])"),
    re.compile(r"^[（(]([一二三四五六七八九十]{1,3})[）)](、)?"),
    re.compile(r"^(\d{1,2})([.．、])(?!\d)"),
    re.compile(r"^[（(](\d{1,2})[）)](、)?"),
)


def title(draft: Draft) -> Iterator[Defect]:
    """Issuer, 关于 matter 的 kind; no full stop (条例 art. 9(7)). The letterhead may name the issuer."""
    found = draft.document.title
    if found is None:
        return
    if re.search(r"[。！？；]", found.text):
        yield Defect("title_form", "标题中使用了句末标点")
    if not found.is_formed and found.kind not in {
        "纪要",
        "公报",
        "公告",
        "通告",
        "命令（令）",
        "决议",
    }:
        yield Defect("title_form", "标题缺少“关于……的”事由")
    elif found.is_formed and not found.org.strip():
        head = normalised("".join(draft.document.head))
        if not any(normalised(each) in head for each in draft.brief.issuer):
            yield Defect("title_form", "标题缺少发文机关")


def addressee_line(draft: Draft) -> Iterator[Defect]:
    """The line of addressees ends in a full-width colon (格式 7.3.2)."""
    line = draft.document.addressees
    if line is not None and not line.endswith("："):
        yield Defect("addressee_colon", "主送机关后应为全角冒号")


def numbers(draft: Draft) -> Iterator[Defect]:
    """The document's own number: body code, full year in 〔〕, no 第, no leading zero (格式 7.2.5)."""
    for line in draft.document.head:
        told = "".join(line.split())
        is_right = _NUMBER_FORM.match(told) or _ORDER_FORM.match(told)
        if _NUMBER_LINE.search(told) and not is_right:
            yield Defect("number_form", f"发文字号格式不规范：{line}")
    for found in _CITED_NUMBER.finditer("\n".join(draft.document.body)):
        if normalised(found[0]) in draft.known and found[0] not in draft.told:
            yield Defect("number_form", f"引用文号的年份应用六角括号：{found[0]}")


def dates(draft: Draft) -> Iterator[Defect]:
    """Arabic, full year, no leading zero, a day that exists; the brief's if it gives one (7.3.5.4)."""
    told, wanted = "".join(draft.document.date.split()), draft.brief.date
    found = _DATE.search(told)
    if found is None:
        is_open = re.search(r"日期|待[补定填]|年.{0,6}月.{0,6}日", told) and not re.search(
            r"二[零〇○0]", told
        )
        if told and not is_open:
            yield Defect("date_form", f"成文日期应用阿拉伯数字并标全：{told}")
        if (
            wanted is not None
            and (not told or is_open)
            and normalised(wanted) not in normalised("".join(draft.document.lines[-4:]))
        ):
            yield Defect("date_missing", f"没有写成文日期{wanted}")
        return
    year, month, day = (int(part) for part in found.groups())
    if found[2].startswith("0") or found[3].startswith("0") or not _exists(year, month, day):
        yield Defect("date_form", f"成文日期不规范：{found[0]}")
    plain = f"{year}年{month}月{day}日"
    if wanted is None:
        yield Defect("invented_date", f"材料没有成文日期，自拟了{found[0]}")
    elif wanted != plain:
        yield Defect("invented_date", f"成文日期写成{found[0]}，应为{wanted}")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def numbering(draft: Draft) -> Iterator[Defect]:
    """一、（一）1.（1）, each counting on under its parent (格式 7.3.3); a skipped level is its own rule."""
    counts = [0, 0, 0, 0]
    for line in draft.document.body:
        level, order, mark = _level(line)
        if level is None:
            continue
        if (
            (level == 0 and mark != "、")
            or (level in {1, 3} and mark)
            or (level == 2 and mark == "、")
        ):
            yield Defect("numbering", f"结构层次序数标点不规范：{line[:8]}")
        if order == 1 and counts[level] > 1 and level == 0:
            yield Defect("numbering", f"层次序数重复起编：{line[:8]}")
        elif order not in {1, counts[level] + 1}:
            yield Defect("numbering", f"层次序数不连续：{line[:8]}")
        if level > 0 and not any(counts[:level]) and level != 2:
            yield Defect("numbering_skip", f"层次序数跳级：{line[:8]}")
        counts[level] = order
        counts[level + 1 :] = [0] * (3 - level)


def _level(line: str) -> tuple[int | None, int, str]:
    for level, pattern in enumerate(_LEVELS):
        found = pattern.match(line)
        if found is not None:
            return level, _ordinal(found[1]), found[2] or ""
    return None, 0, ""


def _ordinal(told: str) -> int:
    """The number of 一 … 九十九 or of digits.

    >>> _ordinal("十二"), _ordinal("二十"), _ordinal("7")
    (12, 20, 7)
    """
    if told.isdigit():
        return int(told)
    digits = "零一二三四五六七八九"
    tens, ten, ones = told.partition("十")
    if not ten:
        return digits.find(told[-1])
    return (digits.find(tens) if tens else 1) * 10 + (digits.find(ones) if ones else 0)


def attachments(draft: Draft) -> Iterator[Defect]:
    """No punctuation after the name of an attachment (格式 7.3.4)."""
    for line in draft.document.attachments:
        if line.endswith(("。", "；", "，", "、", ";", ",", ".")):
            yield Defect("attachment_punctuation", f"附件名称后有标点：{line[-12:]}")


def copy_line(draft: Draft) -> Iterator[Defect]:
    """A full stop after the last body copied (格式 7.4.2)."""
    for line in draft.document.tail:
        if re.match(r"抄送[：:]", line) and not line.endswith("。"):
            yield Defect("copy_full_stop", "抄送机关末尾缺句号")


def gaps(draft: Draft) -> Iterator[Defect]:
    """Gaps where the brief has none, and no gap where the brief has one (条例 art. 20)."""
    lines = [*draft.document.body, *draft.document.attachments]
    asks = draft.brief.asks
    left = next(
        (
            found[0]
            for line in lines
            if not _PROCESS.search(line)
            for found in _PLACEHOLDER.finditer(_OPEN_NUMBER.sub("", line))
            if not any(word in line for ask in asks for word in ask.near)
        ),
        None,
    )
    if left is not None and not asks:
        yield Defect("placeholder_left", f"正文留有占位符“{left}”")
    text = draft.document.text
    for ask in asks:
        if not any(_asked(text, word) for word in ask.near):
            yield Defect("not_asked", f"材料缺{ask.text}，没有留空或提示补充")


def _asked(text: str, word: str) -> bool:
    """Whether a gap is marked within a sentence's reach of `word`."""
    at = text.find(word)
    while at >= 0:
        if GAP.search(text[max(0, at - 20) : at + len(word) + 30]):
            return True
        at = text.find(word, at + 1)
    return False


def wording(draft: Draft) -> Iterator[Defect]:
    """Everyday words, repeated paragraphs, talk to the asker, Markdown and labels (条例 art. 19)."""
    document = draft.document
    spoken = sorted(set(_COLLOQUIAL.findall(_QUOTED.sub("", draft.body))))
    for word in spoken:
        yield Defect("colloquial", f"用语口语化：“{word}”")
    is_speech = _SPEECH.search(document.text) is not None
    wrong = [word for word in spoken if not (is_speech and word in _OF_SPEECH)]
    if len(wrong) > _MOST_COLLOQUIAL:
        yield Defect("register", f"口语词{len(wrong)}种，须按公文语体改写")
    often = Counter(line for line in document.body if len(line) >= 15)
    again = [line for line, times in often.items() if times > 1]
    if again or _loops(draft.body):
        yield Defect("repeated", f"内容重复：“{(again or [draft.body])[0][:16]}……”")
    if document.markdown:
        yield Defect("markdown", f"残留Markdown标记{document.markdown}处")
    if document.labels:
        yield Defect("labels", "带出了“标题：”“主送机关：”一类栏目名")
    if any(_CHATTER_HEAD.match(line) for line in document.head) or any(
        _CHATTER_TAIL.match(line) for line in document.extra
    ):
        yield Defect("chatter", "夹带与公文无关的对话语")


def _loops(body: str) -> bool:
    """Whether stretches of 12 characters that stand four times make up a tenth: a model goes in circles."""
    told = "".join(body.split())
    starts = range(max(0, len(told) - _LOOP_LENGTH + 1))
    often = Counter(told[at : at + _LOOP_LENGTH] for at in starts)
    repeated = {
        at + step
        for at in starts
        if often[told[at : at + _LOOP_LENGTH]] >= _LOOP_TIMES
        for step in range(_LOOP_LENGTH)
    }
    return len(repeated) > _LOOP_SHARE * len(told)
