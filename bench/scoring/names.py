"""Names in running Chinese: titles, quotations, bodies and persons, found without a segmenter.

Chinese writes no spaces, so where a name begins is a guess while where it ends (…局, …公司, …经理) is
not. Names are therefore compared from their end. Rules prefer to overlook a doubtful name to
accusing a right one.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

NameKind = Literal["title", "quotation", "body", "person", "listed"]

_TITLE = re.compile(r"《([^《》]{2,60})》")
_QUOTATION = re.compile(r"[“「『]([^“”「」『』]{2,60})[”」』]")

_LONG = (
    "有限公司|公司|集团|银行|信用社|委员会|管理局|总局|分局|研究院|研究所|事务所|派出所|交易所|税务所|"
    "医院|卫生院|法院|检察院|学院|大学|中学|小学|幼儿园|办公室|指挥部|领导小组|协会|学会|商会|基金会|"
    "联合会|董事会|监事会|理事会|居委会|村委会|业委会|居民委员会|合作社|管理处|办事处|街道办|服务中心|"
    "数据中心|监测中心|检测中心|急救中心|工厂"
)
_BODY_END = re.compile(
    rf"(?:{_LONG})(?![门长员址账])"
    "|局(?![面部限长势里])|委(?![托员派任屈婉书会])|厅(?![长堂])|部(?![门分署位件队长委属下首])"
    "|科(?![学技室目研普长创员幻])"
)
_STEM = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,12}$")
_LEADING = re.compile(r"^(?:已经|报送?|由|经|与|和|及|向|到|转|对|在|将|请|至|并)(?=.{2})")
_LOOSE = re.compile(r"公司|集团|学$|厂|中心|部$|科$|园|办公室|小组|合作社|信用社")
"""Ends that writers add or drop freely (物业 and 物业公司, 技术那边 and 技术部)."""
_GENERIC_STEM = re.compile(
    r"(?:[该本我贵各某两三多几这那此其全总分子母原新旧级关方业地家所个间名位大小去来到回往在送赴找向给从被即由你校报和后事交与跟是把让为就都也还又再但而知一律步归须需换调谈]|已经|报省|报市|附近|就近|当地|其他|上级|指定|相关|合作|上市|外部|"
    r"涉事|国有|民营|定点|接诊|社区|人民|中级|高级|商业|保险|物业|快递|物流|装修|建筑|评估|审计|咨询|第三)$"
)
_NO_BODY = re.compile(
    r"(?:全|内|外|局|上|下|中|东|西|南|北|干|头|腹|胸|肺|颈|腰|背|面|足|手|臀|总|支|底|顶|根|尾|腿|眼|患|"
    r"乐)部$|(?:布|格|结|当|大|全|僵|开|残)局$|原委$|[省市县区旗州盟乡镇村党团工纪常政国]委$|会商会$|骗局$|[客餐大舞]厅$|[学本专百教理文两全]科$|部署$"
)

_PLACE = re.compile(r"[\u4e00-\u9fff]{2}[省市县区州盟旗镇乡]$")

_SHORT_QUOTATION = 12
_QUOTED_WITHIN = 20
"""Characters of a quotation that may be shortened, and to either side of one of them within which all stand."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘范彭鲁韦马苗方俞袁柳唐罗薛"
    "贺汤滕殷毕郝邬顾孟黄萧尹姚邵汪祁毛米贝戴宋庞熊纪舒屈祝董梁杜阮蓝闵季贾江童颜郭梅林钟徐邱骆夏"
    "蔡田樊胡凌霍虞万柯卢莫房丁邓洪崔龚程邢裴陆荣翁惠曲段侯武刘景龙叶黎白蒲卓蔺池乔谭廖"
)
_OFFICE = (
    "总经理|副总经理|经理|主任|副主任|局长|副局长|处长|科长|院长|校长|行长|厂长|部长|所长|队长|组长|"
    "书记|主席|主管|总监|会计|律师|医生|医师|大夫|护士|老师|教授|先生|女士|师傅|阿姨|工程师"
)
_PERSON = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?:{_OFFICE})"
    rf"|[由经请与和及、](?P<name1>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?:{_OFFICE})"
)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A name with the place of its text in the text it was found in."""

    kind: NameKind
    text: str
    start: int
    end: int


def plain(text: str) -> str:
    """`text` in one width and case, without spaces and quotation marks."""
    told = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s“”‘’「」『』\"'*]+", "", told)


def names(text: str) -> list[NamedThing]:
    """The names in `text`, in the order in which they stand; titles and quotations first."""
    found = [NamedThing("title", mark[1], *mark.span(1)) for mark in _TITLE.finditer(text)]
    quoted = [NamedThing("quotation", mark[1], *mark.span(1)) for mark in _QUOTATION.finditer(text)]
    taken = [*found, *quoted]
    bodies = [each for each in _bodies(text) if not _inside(each, taken)]
    persons = [each for each in _persons(text) if not _inside(each, taken)]
    return [*taken, *bodies, *persons]


def _inside(name: NamedThing, others: list[NamedThing]) -> bool:
    return any(other.start <= name.start and name.end <= other.end for other in others)


def _bodies(text: str) -> list[NamedThing]:
    found: list[NamedThing] = []
    last = 0
    for mark in _BODY_END.finditer(text):
        stem = _STEM.search(text, max(last, mark.start() - 12), mark.start())
        last = mark.end()
        if stem is None or _is_generic(stem[0], mark[0]) or _NO_BODY.search(stem[0] + mark[0]):
            continue
        name = _LEADING.sub("", stem[0]) + mark[0]
        found.append(NamedThing("body", name, mark.end() - len(name), mark.end()))
    return found


def _is_generic(stem: str, end: str) -> bool:
    """当地审计局 and 物业公司 name nobody; 岚桂市审计局 and 睿澜咨询有限公司 do."""
    found = _GENERIC_STEM.search(stem)
    if found is None:
        return False
    is_registered = end == "有限公司" and len(stem) - len(found[0]) >= 2
    return not (len(found[0]) > 1 and (is_registered or _PLACE.search(stem[: found.start()])))


def _persons(text: str) -> list[NamedThing]:
    found = []
    for mark in _PERSON.finditer(text):
        group = "name" if mark["name"] else "name1"
        found.append(NamedThing("person", mark[group], *mark.span(group)))
    return found


def is_named_in(name: NamedThing, source: str) -> bool:
    """Whether a name stands in a source that went through `plain`."""
    told = plain(name.text)
    if told in source:
        return True
    if name.kind == "quotation":
        return len(told) <= _SHORT_QUOTATION and _is_quoted_loosely(told, source)
    return name.kind == "body" and _is_body_in(told, source)


def _is_quoted_loosely(told: str, source: str) -> bool:
    """“月底补” of 等月底再补上: every character within one stretch of the source; numbers are checked apart."""
    first = min(told, key=source.count)
    start = source.find(first)
    while start >= 0:
        near = source[max(0, start - _QUOTED_WITHIN) : start + _QUOTED_WITHIN]
        if not Counter(told) - Counter(near):
            return True
        start = source.find(first, start + 1)
    return False


def _is_body_in(told: str, source: str) -> bool:
    """Whether the end of a body's name stands in the source, written out or abbreviated.

    Two characters before the ending identify a body: 市财政局 is 财政局 of the source, 发改委 its
    发展和改革委员会 and the other way round.
    """
    ends = list(_BODY_END.finditer(told))
    end = ends[-1][0] if ends else told[-1:]
    tail = told[: -len(end)][-2:]
    if tail + end in source or (_LOOSE.search(end) and tail in source):
        return True
    shortened = tail + end[:1]
    if _is_abbreviated_in(shortened, source) or (
        len(end) > 2 and end != "有限公司" and _is_abbreviated_in(end, source)
    ):
        return True
    return any(
        _is_subsequence(abbreviation[1], told)
        for abbreviation in re.finditer(rf"(?=([\u4e00-\u9fff]{{2}}{re.escape(end[:1])}))", source)
    )


def _is_abbreviated_in(short: str, source: str) -> bool:
    """Whether the characters of `short` follow each other closely: 发改委 in 发展和改革委员会."""
    gap = r"[\u4e00-\u9fff]{0,4}?"
    return re.search(gap.join(re.escape(each) for each in short), source) is not None


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(each in letters for each in short)
