"""A drafted official document (公文) taken apart: title, addressees, body, signature, date, imprint.

Elements and their order: 《党政机关公文处理工作条例》 (中办发〔2012〕14号) art. 9 and GB/T 9704—2012
clause 7. Only text is read; seals, fonts and page layout are out of reach.
"""

import re
from dataclasses import dataclass, field

KINDS = (
    "决议",
    "决定",
    "命令（令）",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
)
"""The fifteen kinds of art. 8."""

_KIND = (
    "(?:指导|若干|实施|补充|紧急|暂行|情况|嘉奖|联合)?"
    "(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|复函|函|会议纪要|纪要)"
)
_AFTER = r"(?:[（(][^）)]*[）)])?$"
_TITLE = re.compile(
    rf"^(?P<org>.*?)(?:关于|批转|转发|印发|授予|对)(?P<topic>.+?)的?(?P<kind>{_KIND}){_AFTER}"
)
_BARE_TITLE = re.compile(rf"^[^。；;！？，,：:]{{0,60}}?(?P<kind>{_KIND}){_AFTER}")
_OTHER_TITLE = re.compile(
    r"^[^。；;！？：:]{2,60}(?:方案|总结|申请|申请书|汇报|说明|计划|办法|规定|制度|公示|倡议书|简报|要点|信|书|稿|请求)$"
)
_BASE = {"复函": "函", "会议纪要": "纪要", "命令": "命令（令）", "令": "命令（令）"}

_LABEL = re.compile(
    r"^(?:标题|公文标题|题目|主送机关|主送|正文|落款|署名|发文机关|发文机关署名|成文日期|日期)[：:]\s*"
)
_MARKDOWN = re.compile(
    r"^\s{0,3}#{1,6}\s|\*\*|```|^\s*+[*\-+]\s+\S|^\s*+>\s|^\s*+\|.*\|\s*+$|^\s*+[-*_]{3,}\s*+$"
)
_MARKS = re.compile(r"^\s{0,3}#{1,6}\s*|\*\*|`{1,3}|^\s*+[*\-+]\s+|^\s*+>\s*|^\s*+[-*_]{3,}\s*+$")

_DIGITS = "零〇○0-9一二三四五六七八九十"
_DATE_LINE = re.compile(
    r"^(?P<org>[^\d。；：:，,]{0,40}?)[（(]?(?P<date>"
    r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日"
    rf"|二[{_DIGITS}]{{3}}年[{_DIGITS}]{{1,3}}月[{_DIGITS}]{{1,3}}日"
    r"|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
    r"|[^。；，,]{0,8}年[^。；，,]{0,6}月[^。；，,]{0,6}日"
    r"|[【（(\[]?(?:成文日期|日期|签发日期)[^。；，,]{0,10})[）)】\]]?$"
)
_OPEN_DATE = re.compile(r"(?P<org>)(?P<date>[【\[]待[补定填][】\]])$")
"""A bare gap in the place of the date, the last line."""
_TAIL = re.compile(r"^(?:抄送|抄报|主送|印发|附注)[：:]|印发$|^[（(][^）)]*[）)]$|^附件\d*$")
_ATTACHMENTS = re.compile(r"^附件[：:]")
_ATTACHMENT_MORE = re.compile(r"^\d{1,2}[.．、]")
_NOTE = re.compile(r"^[（(][^）)]*[）)]$")
_NOT_ADDRESSEE = re.compile(
    r"如下|^\d{1,2}[.．、]|^现将|^现就|^[一二三四五六七八九十]{1,3}、|^附件|^签发人|^抄送"
)


def base_kind(told: str) -> str:
    """The kind of art. 8 behind a compound form: 指导意见 is 意见, 复函 is 函, 会议纪要 is 纪要."""
    kind = next((each for each in _BASE if told.endswith(each)), None)
    if kind is not None and not told.endswith("议案"):
        return _BASE[kind]
    return next((each for each in KINDS if told.endswith(each)), told)


@dataclass(frozen=True, slots=True)
class Title:
    """`org` and `topic` are empty where the title does not follow issuer + 关于 matter 的 + kind."""

    text: str
    kind: str
    org: str = ""
    topic: str = ""
    is_formed: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """The parts that were found. Lines are stripped and free of Markdown marks; blank ones are gone."""

    lines: tuple[str, ...]
    head: tuple[str, ...] = ()
    title: Title | None = None
    addressees: str | None = None
    body: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: str = ""
    date: str = ""
    tail: tuple[str, ...] = ()
    markdown: int = 0
    labels: int = 0
    """Field names such as 标题： that were left in front of a part."""
    extra: tuple[str, ...] = field(default=())
    """What follows the date and is no imprint."""

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def is_document(self) -> bool:
        """Whether there is anything to judge: a body under a title or a line of addressees."""
        has_frame = bool(self.title or self.addressees)
        return has_frame and sum(map(len, self.body)) >= 20


def parsed(text: str) -> Document:
    """Take a draft apart. Never fails; what is not there stays empty."""
    raw = [line for line in text.splitlines() if line.strip()]
    markdown = sum(bool(_MARKDOWN.search(line)) for line in raw)
    cleaned = [_MARKS.sub("", line).replace("**", "").strip() for line in raw]
    labels = sum(bool(_LABEL.match(line)) for line in cleaned)
    lines = [line for line in (_unlabelled(line) for line in cleaned) if line]
    start, end, title = _title(lines)
    after = _skip_notes(lines, end)
    addressees = _addressees(lines, after)
    first = after + 1 if addressees is not None else after
    date_at = _date_at(lines, first)
    tail = _tail(lines, first, date_at)
    last, signature, date = _signature(lines, first, date_at, tail)
    body, attachments = _attachments([lines[at] for at in range(first, last) if at not in tail])
    after_date = len(lines) if date_at is None else date_at + 1
    return Document(
        lines=tuple(lines),
        head=tuple(lines[:start]),
        title=title,
        addressees=addressees,
        body=tuple(body),
        attachments=tuple(attachments),
        signature=signature,
        date=date,
        tail=tuple(lines[at] for at in sorted(tail)),
        markdown=markdown,
        labels=labels,
        extra=tuple(lines[at] for at in range(after_date, len(lines)) if at not in tail),
    )


def _tail(lines: list[str], first: int, date_at: int | None) -> frozenset[int]:
    """Where imprint and notes stand. A line in brackets with sentences below it is a paragraph (（省财政厅负责）)."""
    sentences = (at for at, line in enumerate(lines[:date_at]) if line.endswith("。"))
    last_sentence = max((at for at in sentences if not lines[at].startswith("抄")), default=-1)
    found = (at for at in range(first, len(lines)) if _TAIL.search(lines[at]))
    return frozenset(at for at in found if at > last_sentence or not _NOTE.match(lines[at]))


def _unlabelled(line: str) -> str:
    return line if line.startswith("主送：") and line.endswith("。") else _LABEL.sub("", line)


def _title(lines: list[str]) -> tuple[int, int, Title | None]:
    """Where the title stands (start, end) among the first lines; it may run over three."""
    top = lines[:12]
    for width in (1, 2, 3):
        for start in range(len(top) - width + 1):
            joined = "".join("".join(top[start : start + width]).split())
            found = _TITLE.match(joined) if len(joined) <= 120 and "。" not in joined[:-1] else None
            if found is not None and not joined.startswith(("好的", "以下")):
                kind = base_kind(found["kind"])
                return start, start + width, Title(joined, kind, found["org"], found["topic"])
    for pattern in (_BARE_TITLE, _OTHER_TITLE):
        for start, line in enumerate(top[:6]):
            found = pattern.match("".join(line.split()))
            if found is not None:
                kind = base_kind(found["kind"]) if pattern is _BARE_TITLE else ""
                return start, start + 1, Title(line, kind, is_formed=False)
    return 0, 0, None


def _skip_notes(lines: list[str], at: int) -> int:
    """Past a note in brackets, a document number or a signer under the title."""
    while at < len(lines) and (
        _NOTE.match(lines[at])
        or re.search(r"[〔\[［][^〕\]］]{0,6}[〕\]］].{0,6}号$", lines[at])
        or lines[at].startswith("签发人")
    ):
        at += 1
    return at


def _addressees(lines: list[str], at: int) -> str | None:
    """The line of the main addressees: short, ending in a colon, right under the title."""
    if at >= len(lines):
        return None
    line = lines[at]
    is_short = len(line) <= 120 and "。" not in line
    has_colon = line.endswith(("：", ":"))
    if is_short and not _NOT_ADDRESSEE.search(line) and (has_colon or _looks_like_body(line)):
        return line
    return None


def _looks_like_body(line: str) -> bool:
    """A line of nothing but public bodies, whose colon was forgotten."""
    ends = r"(?:人民政府|政府|委员会|局|厅|部|办公室|街道办事处|单位|部门|常务委员会|中心|学校)"
    return len(line) <= 60 and re.search(rf"{ends}[，,。；;]?$", line) is not None


def _date_at(lines: list[str], first: int) -> int | None:
    """The line of the date of the document, the last line that is nothing but a date (and a body)."""
    found = [
        at
        for at in range(first, len(lines))
        if _dated(lines, at) is not None and not lines[at].endswith("印发")
    ]
    return found[-1] if found else None


def _dated(lines: list[str], at: int) -> re.Match[str] | None:
    told = "".join(lines[at].split())
    is_last = at == len(lines) - 1
    return _DATE_LINE.match(told) or (_OPEN_DATE.match(told) if is_last else None)


def _signature(
    lines: list[str], first: int, date_at: int | None, tail: frozenset[int]
) -> tuple[int, str, str]:
    """Where the body ends, who signed, and the date as written."""
    if date_at is None:
        last = min(tail, default=len(lines))
        is_signed = last - 1 > first and _could_sign(lines[last - 1])
        return (last - 1, lines[last - 1], "") if is_signed else (last, "", "")
    found = _dated(lines, date_at)
    assert found is not None
    if found["org"]:
        return date_at, found["org"], found["date"]
    start = date_at
    signers: list[str] = []
    while start - 1 > first and _could_sign(lines[start - 1]) and len(signers) < 4:
        start -= 1
        signers.insert(0, lines[start])
    return start, "、".join(signers), found["date"]


def _could_sign(line: str) -> bool:
    starts = (
        r"附件|\d{1,2}[.．、]|[一二三四五六七八九十]{1,3}、|[（(]|特此|此复|妥否|当否|抄送|以上"
    )
    return len(line) <= 40 and not re.search(r"[。；：:！？]", line) and not re.match(starts, line)


def _attachments(lines: list[str]) -> tuple[list[str], list[str]]:
    """The body without its list of attachments, and that list."""
    at = next((at for at, line in enumerate(lines) if _ATTACHMENTS.match(line)), None)
    if at is None:
        return lines, []
    end = at + 1
    while end < len(lines) and _ATTACHMENT_MORE.match(lines[end]):
        end += 1
    return lines[:at] + lines[end:], lines[at:end]
