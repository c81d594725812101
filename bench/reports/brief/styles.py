"""How the brief looks: every style names its Chinese and its Latin font, so that no theme decides."""

from dataclasses import dataclass

from bench.types import Language

INK, INK_2, INK_3 = "1A1F26", "525A64", "666D76"
GOOD, EDIT, REDO, HARM, HARM_TEXT = "0B5F92", "79B8DE", "CBC6BA", "C44A00", "A83F00"
OPEN, STOP, REST = "664A00", "4B5058", "8D949C"
HAIR, TINT, CHIP, CHIP_TEXT = "DCDAD3", "EEF4F8", "FBF3DF", "5F4400"
"""The colours of the page: blue good, orange harm, brown open, everything else neutral."""
HAN_FONT, LATIN_FONT = "微软雅黑", "Arial"
"""Arial stands on Windows and Mac alike and has a twin of the same widths on Linux: pages break alike."""
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en-GB"}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHRINKING = 7.5
_INSET = 140
_HANGING = 300
"""Twips by which text stands in: what follows a column of figures, the lines of a list."""
_TIGHT, _LOOSE = 1.27, {"zh": 1.5, "en": 1.4}


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style: size, space before and after in points; `level`: of the outline, from 1."""

    key: str
    name: str
    size: float
    before: float = 0
    after: float = 0
    bold: bool = False
    colour: str = INK
    loose: bool = False
    right: bool = False
    inset: bool = False
    level: int = 0
    more: str = ""


_STYLES = (
    _Style("Heading1", "heading 1", 17, 0, 6, bold=True, level=1),
    _Style("Heading2", "heading 2", 11, 7, 2, bold=True, level=2),
    _Style("Heading3", "heading 3", 9, 6, 1, bold=True, level=3),
    _Style("Lede", "Brief lede", 10.5, 0, 10, loose=True),
    _Style("Warning", "Brief warning", 9, 0, 5, colour=CHIP_TEXT, more=f'<w:shd w:val="clear" w:color="auto" w:fill="{CHIP}"/>'),
    _Style("Reading", "Brief reading", 7.5, 0, 2, colour=INK_2),
    _Style("Body", "Brief body", 9.5, 0, 2, loose=True),
    _Style("Sentence", "Brief sentence", 8, 0, 2),
    _Style("ListBullet", "List Bullet", 9.5, 0, 1, loose=True, more='<w:numPr><w:numId w:val="1"/></w:numPr>'),
    _Style("ListSmall", "List Bullet 2", 7.5, 0, 1, more='<w:numPr><w:numId w:val="1"/></w:numPr>'),
    _Style("ListNumber", "List Number", 7.5, 0, 0.5, more='<w:numPr><w:numId w:val="2"/></w:numPr>'),
    _Style("Block", "Brief block", 10, 4, 1),
    _Style("Reason", "Brief reason", 9, 4, 1),
    _Style("BlockMoney", "Brief block money", 13, 3),
    _Style("BlockNote", "Brief block note", 8, 0, 2, colour=INK_2),
    _Style("Head", "Brief head", 7, 0, 1, colour=INK_2),
    _Style("HeadFigure", "Brief head of figures", 7, 0, 1, colour=INK_2, right=True),
    _Style("Group", "Brief group", 7.5, 2, 0, colour=INK_2),
    _Style("Cell", "Brief cell", 7.5),
    _Style("CellFigure", "Brief figure", 7.5, right=True),
    _Style("CellNote", "Brief cell note", 6.5, colour=INK_2),
    _Style("CellNoteFigure", "Brief figure note", 6.5, colour=INK_2, right=True),
    _Style("CellInset", "Brief inset note", 6.5, colour=INK_2, inset=True),
    _Style("TextInset", "Brief inset cell", 7.5, inset=True),
    _Style("Axis", "Brief axis", 6, 1, colour=INK_2),
    _Style("Foot", "Brief foot", 7, 1, 1, colour=INK_2),
    _Style("Header", "header", 7, colour=INK_2),
    _Style("Footer", "footer", 7, colour=INK_2),
)  # fmt: skip
_TONES = {
    "Good": f'<w:color w:val="{GOOD}"/>',
    "Open": f'<w:color w:val="{OPEN}"/>',
    "Stop": f'<w:color w:val="{STOP}"/>',
    "Bad": f'<w:color w:val="{HARM_TEXT}"/>',
    "Quiet": f'<w:color w:val="{INK_3}"/>',
    "Small": f'<w:color w:val="{INK_2}"/><w:sz w:val="16"/><w:szCs w:val="16"/>',
    "Tiny": f'<w:color w:val="{INK_2}"/><w:sz w:val="13"/><w:szCs w:val="13"/>',
    "Chip": f'<w:color w:val="{CHIP_TEXT}"/><w:shd w:val="clear" w:color="auto" w:fill="{CHIP}"/>',
}


def fonts(language: Language) -> str:
    """The attributes that name all four fonts."""
    del language
    return f' w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:eastAsia="{HAN_FONT}" w:cs="{LATIN_FONT}"'


def hint(language: Language) -> str:
    """Quotation marks, dashes and dots are in both fonts: in Chinese text they are full width."""
    return ' w:hint="eastAsia"' if language == "zh" else ""


def styles_xml(language: Language) -> str:
    """The whole style sheet."""
    named = f"<w:rFonts{fonts(language)}/>"
    tag = f'<w:lang w:val="{TAGS["en"]}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{named}"
        f'<w:color w:val="{INK}"/><w:sz w:val="18"/><w:szCs w:val="18"/>{tag}</w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:jc w:val="left"/></w:pPr><w:rPr>{named}{tag}</w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="Plain"><w:name w:val="Default Paragraph Font"/>'
        f"<w:rPr>{named}</w:rPr></w:style>"
        f"{_table_styles(named)}{''.join(_paragraph(each, language, named) for each in _STYLES)}"
        f"{_picture(named)}{''.join(_tone(key, named) for key in _TONES)}</w:styles>"
    )


def _paragraph(it: _Style, language: Language, named: str) -> str:
    ratio = _LOOSE[language] if it.loose else _TIGHT
    spacing = (
        f'<w:spacing w:before="{round(it.before * 20)}" w:after="{round(it.after * 20)}"'
        f' w:line="{round(_half_points(it.size, language) * ratio * 10)}" w:lineRule="exact"/>'
    )
    level = f'<w:outlineLvl w:val="{it.level - 1}"/>' if it.level else ""
    kept = "<w:keepNext/><w:keepLines/>" if it.level else ""
    numbered, shaded = (it.more, "") if "numPr" in it.more else ("", it.more)
    indent = f'<w:ind w:left="{_HANGING}" w:hanging="{_HANGING}"/>' if numbered else ""
    if it.inset:
        indent = f'<w:ind w:left="{_INSET}"/>'
    side = "right" if it.right else "left"
    bold = "<w:b/>" if it.bold else ""
    size = _half_points(it.size, language)
    return (
        f'<w:style w:type="paragraph" w:customStyle="{int(it.name.startswith("Brief"))}" w:styleId="{it.key}">'
        f'<w:name w:val="{it.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f'<w:pPr>{kept}{numbered}{shaded}{spacing}{indent}<w:jc w:val="{side}"/>{level}</w:pPr>'
        f'<w:rPr>{named}{bold}<w:color w:val="{it.colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        "</w:style>"
    )


def _half_points(size: float, language: Language) -> int:
    """Latin letters look larger and English runs longer: from 7.5 points on, it is half a point smaller."""
    return round(size * 2) - (language == "en" and size >= _SHRINKING)


def _picture(named: str) -> str:
    """A paragraph as high as what stands in it: in one of exact height a picture would be cut."""
    return (
        '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Picture"><w:name w:val="Brief picture"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        f'<w:rPr>{named}<w:sz w:val="4"/><w:szCs w:val="4"/></w:rPr></w:style>'
    )


def _tone(key: str, named: str) -> str:
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{key}"><w:name w:val="Brief {key.lower()}"/>'
        f'<w:basedOn w:val="Plain"/><w:rPr>{named}{_TONES[key]}</w:rPr></w:style>'
    )


def _table_styles(named: str) -> str:
    """Hairlines between rows, a darker one under the head, none upright."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{HAIR}"'
    dark = f'w:val="single" w:sz="6" w:space="0" w:color="{INK}"'
    sides = '<w:left w:w="57" w:type="dxa"/>{}<w:right w:w="57" w:type="dxa"/>'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:rPr>{named}</w:rPr><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{sides.format("")}</w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="Brief"><w:name w:val="Brief table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:rPr>{named}</w:rPr><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="14" w:type="dxa"/><w:left w:w="57" w:type="dxa"/><w:bottom w:w="14" w:type="dxa"/>'
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr>{named}</w:rPr><w:tcPr><w:tcBorders><w:bottom {dark}/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>'
    )


def numbering_xml(language: Language) -> str:
    """A bullet list (1) and a numbered one (2)."""
    kinds = ((0, "bullet", "•"), (1, "decimal", "%1."))
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{_HANGING}" w:hanging="{_HANGING}"/></w:pPr><w:rPr><w:rFonts{fonts(language)}/></w:rPr></w:lvl></w:abstractNum>'
        for at, kind, mark in kinds
    )
    lists = "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at, *_ in kinds
    )
    return f"<w:numbering {_W}>{levels}{lists}</w:numbering>"


def settings_xml(language: Language) -> str:
    """What a reader's program does with the document: nothing unasked, and no red waves under names."""
    return (
        f'<w:settings {_W}><w:zoom w:percent="100"/><w:hideSpellingErrors/><w:hideGrammaticalErrors/>'
        '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        f'</w:compat><w:themeFontLang w:val="{TAGS[language]}" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def font_table_xml() -> str:
    """Both fonts, the Chinese one with its other name."""
    return (
        f'<w:fonts {_W}><w:font w:name="{HAN_FONT}"><w:altName w:val="Microsoft YaHei"/><w:charset w:val="86"/>'
        f'<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font><w:font w:name="{LATIN_FONT}">'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
