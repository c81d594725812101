"""Kind, direction, basis and secrecy: the breaches for which a document comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.scoring.document_parts import KINDS, Document
from bench.scoring.document_rules import Brief, Defect
from bench.scoring.facts import normalised
from bench.scoring.traps import sentences_of

_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”|「[^「」]*」")
_PAST = re.compile(r"(?:已?经|报请|已请|提请)[^，。；]{0,20}?(?:批准|批复|审批|同意)")
_NO_REQUEST = re.compile(r"请予?(?:审议|审阅|审查|审核)|(?:恳|敬)?请[^。；]{0,6}指正")
_REQUEST = re.compile(
    r"恳请|妥否|当否|(?<!申)请(?:予|求|求予以)?(?:批准|批示|批复|审批)"
    r"|(?<!申)请[^。；]{0,24}?(?:批准|批示|批复|审批|给予[^。；]{0,16}(?:支持|解决|安排|补助))"
)
_ASKS = re.compile(r"批准|批示|批复|审批|恳请|妥否|当否|请予|同意|请审定|请示")
_PERSON = re.compile(r"(?:同志|先生|女士|书记|市长|县长|区长|省长|镇长|局长|厅长|处长|主任)[：:]?$")
_SECRECY = re.compile(
    r"^(?:密级[：:]?)?(?:绝密|机密|秘密)(?:★(?:\d+年|\d+个月|长期|\d{4}年\d{1,2}月\d{1,2}日|[^★]{1,20})?)?$"
)
_PAIR = re.compile(r"《([^《》]{2,80})》\s*[（(]([^（）()]{2,40}?号)[）)]")
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,20}[〔\[［(（【](?:19|20)\d{2}[〕\]］)）】]第?\d{1,6}号"
    r"|[\u4e00-\u9fff]{2,20}(?:令|公告)(?:(?:19|20)\d{2}年)?第\d{1,5}号"
)
_BASIS = re.compile(
    r"(?:根据|依据|按照|依照|遵照|贯彻落实|贯彻|落实|执行)[^。；《》]{0,12}((?:《[^《》]{2,80}》[^。；《》]{0,24})+)"
)
_TONES = {
    "up": r"请(?:认真)?(?:遵照|贯彻)执行|请认真(?:贯彻|组织)|请结合实际|特此通[知报告]|此复|特此批复",
    "level": r"请(?:认真)?(?:遵照|贯彻)执行|请认真贯彻|特此通知|请(?:予)?批示|请(?:予)?批复|特此批复|特此请示",
    "down": r"妥否|当否|恳请|请(?:予)?批[示复准]|盼复|请函复|特此(?:请示|报告)",
    "public": r"妥否|当否|恳请|请(?:予)?批[示复准]|盼复|请函复|特此(?:请示|报告)",
}
_TONE = {direction: re.compile(pattern) for direction, pattern in _TONES.items()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft beside what its brief settles. `told` is the brief's text, `known` the same normalised."""

    document: Document
    brief: Brief
    known: str
    told: str = ""

    @property
    def body(self) -> str:
        """The body, a paragraph a line."""
        return "\n".join(self.document.body)

    def ending(self) -> str:
        """The sentences that reach into the last third of the body, without what they quote."""
        text = _QUOTED.sub("", self.body)
        start = text[: len(text) * 2 // 3].rfind("。") + 1
        return text[start:]


def kind(draft: Draft) -> Iterator[Defect]:
    """The title's kind is the brief's; 请示报告 is a stack and none of both (条例 art. 8, 15(4))."""
    title, wanted = draft.document.title, draft.brief.kind
    if title is None:
        yield Defect("no_title", "没有标题，看不出文种")
    elif not title.kind:
        yield Defect("wrong_kind", f"标题“{title.text[-20:]}”不含法定文种，应为{wanted}")
    elif title.kind != wanted:
        yield Defect("wrong_kind", f"文种用了{title.kind}，应为{wanted}")
    elif re.search(r"(?:请示报告|报告请示|请示函|申请函?请示)$", title.text):
        yield Defect("wrong_kind", "标题叠用两个文种")


def addressees(draft: Draft) -> Iterator[Defect]:
    """To the body that the brief names, to one only if upward, to no person (条例 art. 14–16)."""
    line, brief = draft.document.addressees, draft.brief
    wanted = brief.addressee_forms()
    if not wanted:
        return
    if line is None:
        yield Defect(
            "addressee_missing", f"没有主送机关（应为{'、'.join(each[0] for each in wanted)}）"
        )
        return
    outside = re.sub(
        r"[（(][^（）()]*[）)]", "", line.rstrip("：:")
    )  # 各县（市、区）人民政府 is one
    parts = [part for part in re.split(r"[、，,；;]", outside) if part.strip()]
    if any(_PERSON.search(part) for part in parts):
        yield Defect("addressed_to_person", f"主送个人：{line}")
        return
    told = normalised(line)
    named = [forms for forms in wanted if any(normalised(form) in told for form in forms)]
    if not named:
        is_settled = brief.direction in {"up", "level"} or brief.kind == "批复"
        rule = "wrong_direction" if is_settled else "addressee_differs"
        yield Defect(rule, f"主送写成“{line.rstrip('：:')[:30]}”，应为{wanted[0][0]}")
    elif brief.direction == "up" and len(parts) > len(wanted):
        yield Defect(
            "several_addressees", f"上行文主送了{len(parts)}个机关，应只主送{wanted[0][0]}"
        )


def signer(draft: Draft) -> Iterator[Defect]:
    """Signed by the issuing body, not by its inner unit and not by the addressee (条例 art. 17)."""
    brief, document = draft.brief, draft.document
    if brief.kind in {"纪要", "命令（令）"}:
        return
    told = normalised(document.signature)
    unit = next((each for each in brief.inner_units if normalised(each) in told), None)
    org = normalised(document.title.org) if document.title else ""
    unit = unit or next((each for each in brief.inner_units if normalised(each) == org), None)
    if unit is not None:
        yield Defect("inner_unit_issues", f"以内设机构“{unit}”名义对外行文")
    elif any(normalised(each) in told for each in brief.issuer):
        return
    elif any(normalised(form) == told for forms in brief.addressee_forms() for form in forms):
        yield Defect("wrong_direction", f"由受文机关“{document.signature}”署名")
    else:
        yield Defect("signature_missing", f"没有发文机关署名（应为{brief.issuer[0]}）")


def copies(draft: Draft) -> Iterator[Defect]:
    """Upward papers are not copied to subordinates (条例 art. 15(1))."""
    if draft.brief.direction != "up":
        return
    for line in draft.document.tail:
        told = normalised(line) if line.startswith(("抄送", "抄报")) else ""
        below = next((each for each in draft.brief.subordinates if normalised(each) in told), None)
        if below is not None:
            yield Defect("copies_subordinate", f"上行文抄送下级机关“{below}”")


def request(draft: Draft) -> Iterator[Defect]:
    """A 请示 asks; a 报告 does not (条例 art. 8, 15(4)).

    In a report only a request of one's own near the end counts: past approvals, quotations and the
    usual 请予审议 or 请审阅 do not.
    """
    if draft.brief.kind == "请示" and not _ASKS.search(draft.body):
        yield Defect("no_request", "请示没有写明请求批准的事项")
    title = draft.document.title
    if title is not None and title.kind == "报告":
        ending = _NO_REQUEST.sub("", _PAST.sub("", draft.ending()))
        found = _REQUEST.search(ending)
        if found is not None:
            yield Defect("request_in_report", f"报告中夹带请示事项：“{found[0][:20]}”")


def tone(draft: Draft) -> Iterator[Defect]:
    """No phrase at the end that belongs to another direction (条例 art. 19(4))."""
    found = _TONE[draft.brief.direction].search(draft.ending())
    if found is not None:
        names = {"up": "上行文", "level": "平行文", "down": "下行文", "public": "公布性公文"}
        yield Defect("wrong_tone", f"{names[draft.brief.direction]}用语不当：“{found[0]}”")


def basis(draft: Draft) -> Iterator[Defect]:
    """Every document cited comes from the brief, with its own number (条例 art. 20(1))."""
    text = "\n".join(draft.document.body)
    wrong = {*_wrong_pairs(draft, text), *_wrong_numbers(draft, text)}
    for told in sorted(wrong):
        yield Defect("fabricated_basis", f"引用的{told}不在所给依据中")
    for clause in _BASIS.finditer(text):
        for title in re.findall(r"《([^《》]{2,80})》", clause[1]):
            if _is_known(draft, title) or any(title in told for told in wrong):
                continue
            if title.startswith("中华人民共和国"):
                yield Defect("unlisted_basis", f"依据《{title}》不在所给清单，须核实")
            else:
                yield Defect("fabricated_basis", f"引用的《{title}》不在所给依据中")


def _is_known(draft: Draft, told: str) -> bool:
    plain = normalised(told)
    return plain in draft.known or any(
        normalised(each.title).endswith(plain) for each in draft.brief.authorities
    )


def _wrong_pairs(draft: Draft, text: str) -> Iterator[str]:
    """Pairs that the brief lacks; 你局《关于……的函》（…号） leaves the issuer out of a listed title."""
    listed = [
        (normalised(each.title), normalised(each.number or "")) for each in draft.brief.authorities
    ]
    for title, number in _PAIR.findall(text):
        pair = f"《{title}》（{number}）"
        told, code = normalised(title), normalised(number)
        is_listed = any(own.endswith(told) and code == each for own, each in listed)
        if not is_listed and not _is_known(draft, pair):
            yield pair


def _wrong_numbers(draft: Draft, text: str) -> Iterator[str]:
    bare = _PAIR.sub("", text)
    for number in _NUMBER.findall(bare):
        if not _has_number(draft, number):
            yield number


def _has_number(draft: Draft, number: str) -> bool:
    """Whether the brief has this number; words such as 根据 may have stuck to its front."""
    told = normalised(number)
    known = [normalised(each.number) for each in draft.brief.authorities if each.number]
    shortest = max(told.find("["), 0)
    return any(told.endswith(each) for each in known) or any(
        told[start:] in draft.known for start in range(max(1, shortest - 1))
    )


def own_number(draft: Draft) -> Iterator[Defect]:
    """A number above the title is the registry's to give, unless the brief has it (art. 25(2))."""
    for line in draft.document.head:
        found = _NUMBER.search(line)
        if found is not None and not _has_number(draft, found[0]):
            yield Defect("invented_number", f"自编发文字号“{found[0]}”")


def secrecy(draft: Draft) -> Iterator[Defect]:
    """No brief here is classified, so no mark may appear (保密法 art. 22)."""
    for line in draft.document.lines:
        if _SECRECY.match("".join(line.split())):
            yield Defect("uninvited_secrecy_mark", f"擅自标注密级“{line}”")


def statements(draft: Draft) -> Iterator[Defect]:
    """What the brief forbids saying, unless a sentence denies it (条例 art. 19)."""
    text = draft.document.text
    whole = normalised(text)
    for each in draft.brief.forbidden:
        if any(each.is_asserted(plain, whole) for _, plain in sentences_of(text)):
            yield Defect("forbidden_statement", f"写入了不得写入的内容：{each.text}")


def unknown_kind(told: str) -> bool:
    """Whether `told` is none of the fifteen kinds."""
    return told not in KINDS
