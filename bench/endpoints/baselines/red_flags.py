"""Red flags in lay words: each sets the least urgent level that is still safe on words alone.

The table follows the groups of published lists (consensus 2018 human-assessed conditions; WHO/ICRC/MSF
interagency triage tool; ESI v5; NICE NG126, NG143, NG240; CDC Hear Her list; GIRFT cauda equina pathway).
Sweat, radiation, fainting, hours since onset never narrow a flag: they only raise it. Muscle pain after sport
is therefore flagged like any chest pain; over-triage is the price that keyword rules pay.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.standards.vital_signs import Level, Vitals

EMERGENCY = "急诊科"
CHILD_EMERGENCY = "儿科急诊"
OBSTETRIC_EMERGENCY = "妇产科急诊"
EYE_EMERGENCY = "眼科急诊"
ENT_EMERGENCY = "耳鼻喉急诊"
BITE_CLINIC = "犬伤门诊"


@dataclass(frozen=True, slots=True)
class Patient:
    """Who asks, as far as the input tells. `age_years` None: not told."""

    complaint: str
    age_years: float | None
    is_female: bool
    is_pregnant_or_after: bool
    vitals: Vitals

    @property
    def is_child(self) -> bool:
        """Below 14 years, the usual limit of 儿科."""
        return self.age_years is not None and self.age_years < 14

    @property
    def is_young_infant(self) -> bool:
        """Below three months."""
        return self.age_years is not None and self.age_years < 0.25

    @property
    def is_old(self) -> bool:
        """Above 65 years."""
        return self.age_years is not None and self.age_years > 65

    @property
    def could_be_pregnant(self) -> bool:
        """Asked of every woman of child-bearing age, whatever she says of her periods."""
        age = 30.0 if self.age_years is None else self.age_years
        return self.is_pregnant_or_after or (self.is_female and 12 <= age <= 55)

    @property
    def has_fever(self) -> bool:
        """Measured at 38 ℃ or more, or told."""
        if self.vitals.temp is not None and self.vitals.temp >= 38:
            return True
        return said(_FEVER, self.complaint) is not None


_FEVER = re.compile(
    r"发(?:高|低)?烧|发热|烧到|滚?烫(?!伤)|打?寒战|打冷战|(?<![\d.])(?:38|39|40)(?:\.\d)?(?!\d|岁|天|周)"
)
_NEGATION = re.compile(r"(?:没有?|不|无|未|否认)(?:了|过|再|怎么|太)?$")
_CLAUSE = re.compile(r"[，。；！？、,;!?\s]")


def said(words: re.Pattern[str], text: str) -> str | None:
    """Find the first mention that its own clause does not deny.

    >>> said(re.compile("吐|昏"), "没昏过，就吐了一次")
    '吐'
    """
    for match in words.finditer(text):
        before = _CLAUSE.split(text[: match.start()])[-1]
        if not _NEGATION.search(before):
            return match[0]
    return None


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A minimum level. It holds when `words`, and `also` where given, are said by a patient who `fits`."""

    name: str
    level: Level
    words: re.Pattern[str]
    also: re.Pattern[str] | None = None
    fits: Callable[[Patient], bool] | None = None
    door: str | None = None

    def found(self, patient: Patient) -> str | None:
        """Quote the words that raise the flag, or None."""
        if self.fits is not None and not self.fits(patient):
            return None
        quoted = [said(each, patient.complaint) for each in (self.also, self.words) if each]
        told = [words for words in quoted if words is not None]
        return "、".join(dict.fromkeys(told)) if len(told) == len(quoted) else None


def _flag(  # a row of the table below has this many columns
    name: str,
    level: int,
    words: str,
    also: str | None = None,
    fits: Callable[[Patient], bool] | None = None,
    door: str | None = None,
) -> RedFlag:
    second = None if also is None else re.compile(also)
    return RedFlag(name, Level(level), re.compile(words), second, fits, door)


def _is_child(patient: Patient) -> bool:
    return patient.is_child


def _is_old(patient: Patient) -> bool:
    return patient.is_old


def _is_young_infant(patient: Patient) -> bool:
    return patient.is_young_infant


def _could_be_pregnant(patient: Patient) -> bool:
    return patient.could_be_pregnant


def _is_pregnant_or_after(patient: Patient) -> bool:
    return patient.is_pregnant_or_after


def _has_fever(patient: Patient) -> bool:
    return patient.has_fever


def _is_frail(patient: Patient) -> bool:
    return patient.is_old or "糖尿病" in patient.complaint


def _has_fever_when_young(patient: Patient) -> bool:
    return patient.is_young_infant and patient.has_fever


_PAIN = "(?:痛|疼|绞)"
_BELLY = "(?:肚子|肚脐|小肚子|下腹|上腹|腹部?|胃)"
_FIT = "(?:抽搐|抽风|惊厥|羊角风|抽起来|在抽|抽了|一直抽)"

RED_FLAGS: tuple[RedFlag, ...] = (
    # airway, breathing, consciousness
    _flag("叫不醒或没有呼吸", 1, "叫不醒|喊不应|叫不应|没有?呼吸|没有?脉搏|没有?心跳|昏迷|不省人事"),
    _flag("气道梗阻", 1, "噎住|噎着|喉咙?.{0,2}(?:堵住|堵死)|说不出话.{0,6}(?:憋|卡)"),
    _flag("口唇发紫", 1, "(?:嘴|唇|脸).{0,3}(?:发?紫|发?青|发?乌)"),
    _flag("正在抽搐或没有恢复", 1, "(?:正|还|又|一直)在抽|抽.{0,6}(?:没醒|不醒)|抽个?不停"),
    _flag("孩子抽搐", 1, _FIT, fits=_is_child, door=CHILD_EMERGENCY),
    _flag("妊娠期抽搐", 1, _FIT, fits=_is_pregnant_or_after, door=OBSTETRIC_EMERGENCY),
    _flag("抽搐", 2, _FIT),
    _flag("意识改变", 2, "糊涂|胡言乱语|说胡话|嗜睡|越来越(?:想睡|困)|叫醒又睡|反应(?:慢|迟钝)|说话.{0,4}乱"),
    _flag("呼吸困难", 2, "喘不上|上不来气|呼吸困难|憋气|憋得慌|不成(?:整)?句|不能平躺|躺不平|坐着也喘|越喘越"),
    _flag("肺栓塞可能", 2, f"吸气.{{0,6}}{_PAIN}|咳血|一条腿.{{0,4}}肿"),
    _flag("严重过敏", 1, "喘|(?:喉|嗓)[^不没无]{0,4}(?:紧|堵|肿)|声音.{0,4}(?:哑|嘶)|头晕|晕倒", also="疹|疙瘩|风团|蜂|过敏|打针|输液|头孢|青霉素"),
    # heart, vessels, brain
    _flag("胸痛", 2, f"(?:胸口|胸前|胸|心口|心窝).{{0,12}}(?:压|紧|闷|憋|石头|{_PAIN})"),
    _flag("老人或糖尿病人的不典型心脏症状", 2, "气短|胸闷|没力气|乏力|没劲.{0,8}恶心", fits=_is_frail),
    _flag("主动脉急症可能", 2, "撕裂|刀割"),
    _flag("卒中或短暂缺血", 2, "(?:嘴|口角|脸).{0,6}歪|(?:半边|一边|一侧|左边|右边|左手|右手|左腿|右腿|胳膊).{0,8}(?:麻|没劲|无力|抬不|拿不|动不)|(?:说话|舌头|话).{0,6}(?:不清|含糊|大舌头|不利索)|大舌头|听不懂|突然.{0,8}(?:看不见|重影)|往一边倒"),
    _flag("爆裂样头痛", 2, "(?:头|脑袋).{0,8}(?:炸|裂开)|这辈子.{0,8}(?:痛|疼)|脖子.{0,3}硬"),
    _flag("肢体缺血或大出血", 2, "(?:血).{0,4}止不住|血还在流|喷血|断指|(?:腿|脚|手).{0,6}(?:又?凉|发白).{0,6}(?:痛|疼|麻)"),
    # belly, blood, urine
    _flag("消化道出血", 2, "吐血|呕血|咖啡色|柏油|黑便|大便.{0,6}黑|便血.{0,6}(?:一大|很多|不少)"),
    _flag("急腹症", 2, f"{_BELLY}.{{0,12}}(?:直不起|硬得?像?|板|剧烈|受不了|越来越)|打滚"),
    _flag("腹痛伴停止排气排便", 3, "(?:不|没)放屁|(?:不|没)排气"),
    _flag("老人腹痛", 3, f"{_BELLY}.{{0,8}}(?:{_PAIN}|胀)", fits=_is_old),
    _flag("睾丸急症", 2, "(?:睾丸|蛋蛋|阴囊).{0,10}(?:痛|疼|肿)"),
    _flag("马尾受压", 2, "尿不出|漏尿|尿失禁|大便失禁|(?:会阴|屁股|大腿根|马鞍|下身).{0,10}麻", also="腰|背|腿"),
    _flag("尿潴留", 3, "尿不出"),
    # pregnancy and after
    _flag("异位妊娠可能伴晕厥", 1, "晕倒|昏倒|晕过去", also=f"{_BELLY}.{{0,10}}(?:{_PAIN}|坠)", fits=_could_be_pregnant, door=OBSTETRIC_EMERGENCY),
    _flag("异位妊娠可能", 2, "出血|流血|褐色|见红|停经|月经.{0,6}(?:推|迟|没来|晚)|肛门.{0,3}坠|眼前发黑|头晕", also=f"{_BELLY}.{{0,10}}(?:{_PAIN}|坠)", fits=_could_be_pregnant, door=OBSTETRIC_EMERGENCY),
    _flag("妊娠期或产后危险信号", 2, "头[痛疼]|眼花|看东西.{0,4}(?:花|重)|肿|胎动|(?:宝宝|孩子).{0,6}(?:不动|动)|破水|羊水|出血|流血|抽|喘|胸|寒战|发烧|不想活|伤害", fits=_is_pregnant_or_after, door=OBSTETRIC_EMERGENCY),
    # infection and metabolism
    _flag("可能脓毒症", 2, "糊涂|胡话|皮肤.{0,4}花|冰凉|喘|尿.{0,3}少|从没这么难受|站不住", fits=_has_fever),
    _flag("可能脑膜炎", 2, "脖子.{0,3}硬|怕光|按.{0,3}不退|紫.{0,2}点|出血点", fits=_has_fever),
    _flag("免疫低下者发热", 2, "化疗|移植|白血病|免疫抑制|激素", fits=_has_fever),
    _flag("血糖急症", 2, "呕吐|深快|嗜睡|测不出|出?冷汗|手抖|说话.{0,4}乱", also="糖尿病|胰岛素|血糖|降糖"),
    _flag("持续呕吐", 3, "喝水也吐|吐个?不停|吐了.{0,4}[五六七八九十\\d]+次|脱水"),
    _flag("哮喘发作", 3, "哮喘.{0,10}(?:犯|发作|喘)"),
    # injury, poison, harm
    _flag("高能量创伤", 2, "车祸|被车撞|高处|坠落|摔下来?|掉下来|脚手架|被?捅|刀扎"),
    _flag("头部受伤伴危险因素", 2, "昏|吐|想睡|越来越困|华法林|抗凝|利伐沙班|阿司匹林|氯吡格雷", also="(?:撞|磕|摔|碰|砸).{0,12}(?:头|脑|额)|(?:头|脑|额).{0,8}(?:撞|磕|摔|碰|砸)"),
    _flag("头部受伤", 3, "(?:撞|磕|摔|碰|砸).{0,12}(?:头|脑|额)|(?:头|脑|额).{0,8}(?:撞|磕|摔|碰|砸)"),
    _flag("烧伤、电击、溺水或中暑", 2, "触电|电击|溺水|中暑|(?:烫|烧)伤.{0,8}(?:脸|大片|大面积)|吸.{0,4}浓烟"),
    _flag("剧毒物中毒", 1, "百草枯|敌敌畏|有机磷|农药|老鼠药"),
    _flag("中毒", 2, "误吞|误服|吃错药|(?:吞|吃|喝)了.{0,6}(?:一把|一瓶|半瓶|很多|几十|清洁剂|洁厕|消毒液)|煤气|一氧化碳|毒蘑菇|蛇咬|农药"),
    _flag("儿童误吞", 1, "误吞|误服|吞了|吃错药", fits=_is_child, door=CHILD_EMERGENCY),
    _flag("正在自伤", 1, "割了?(?:手)?腕|割.{0,3}手腕|上吊|跳楼|已经.{0,4}(?:割|吞)|吞了.{0,4}药"),
    _flag("自杀或伤人风险", 2, "不想活|想死|自杀|遗书|攒.{0,4}药|药.{0,4}攒|结束生命|杀人|声音叫我"),
    # eye, ear-nose-throat, bites
    _flag("眼部急症", 2, "突然.{0,6}看不见|眼.{0,8}(?:石灰|酸|碱|化学|扎|戳)|(?:石灰|酸|碱|化学).{0,8}眼|虹视", door=EYE_EMERGENCY),
    _flag("咽喉急症", 2, "流口水.{0,12}(?:说话|咽)|咽不下.{0,4}口水|喉鸣", door=ENT_EMERGENCY),
    _flag("鼻出血、颈肿或异物", 3, "鼻血.{0,6}止不住|(?:脖子|颈).{0,4}肿|(?:鱼刺|骨头|异物).{0,4}卡", door=ENT_EMERGENCY),
    _flag("动物咬伤或针刺", 3, "(?:狗|猫|蝙蝠|老鼠).{0,10}(?:咬|抓|挠)|被.{0,4}针.{0,2}扎", door=BITE_CLINIC),
    # children and old people
    _flag("三个月以下婴儿发热", 2, ".", fits=_has_fever_when_young, door=CHILD_EMERGENCY),
    _flag("小婴儿反应差", 2, "不肯?吃奶|吃奶.{0,8}(?:少|一半|差)|软|哭声.{0,3}(?:弱|尖)|体温.{0,3}低|手脚.{0,2}(?:冰|凉)", fits=_is_young_infant, door=CHILD_EMERGENCY),
    _flag("孩子危重征象", 2, "凹|呻吟|囟门|没有?尿|绿色.{0,4}(?:吐|水)|吐.{0,4}绿|一阵.{0,6}哭|果酱", fits=_is_child, door=CHILD_EMERGENCY),
    _flag("老人摔倒不能动", 2, "摔.{0,10}(?:不能动|动不了|站不起)", fits=_is_old),
    # pain on a scale of ten
    _flag("剧烈疼痛", 2, "(?:[789七八九]|10)分(?!钟)|痛得受不了|疼得受不了|剧痛"),
    _flag("中度疼痛", 3, "[456四五六]分(?!钟)"),
)  # fmt: skip
"""Ordered by organ for the reader; the strictest flag that is found decides."""
