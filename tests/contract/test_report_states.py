"""Runs at the edge: whatever a run lacks, every format in both languages is made and says so in words."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from bench.reports.terminal import terminal
from bench.reports.write import FORMATS
from bench.value.judged import Judged
from tests.judged_run import answer, answers_of, candidate_names, judged, suites_of

LANGUAGES = ("zh", "en")
SPOKEN = {name: each for name, each in FORMATS.items() if name != "json"}
LONG_ANSWER = "答案：1\n单位：万元\n依据：" + "材料所示，增长5.2%。" * 500_000
UNSAID = re.compile(r"(?<![\w.])(?:nan|NaN|None(?! of )|inf|Infinity|undefined|null)(?![\w])")


def one_class(told):
    """One slice, and one value of it."""
    told["slices"] = {"kind": {"title": {"zh": "种类", "en": "kind"}, "known_before": True}}


def told_of(folder, *, suites=2, items=12, names=3, change=lambda told: None, answered=None):
    """A judged run of small suites; `answered` makes the answers, all of them where it is not given."""
    made = suites_of(folder, suites, items, change=change)
    named = candidate_names(names)
    rows = (answered or answers_of)(made, named)
    return judged(made, rows, named)


def nothing(suites, names):
    return []


def failing(suites, names):
    return [answer(suite, name, item, 0, None) for suite in suites for name in names for item in suite.items]  # fmt: skip


def cut_off(suites, names):
    return [each.model_copy(update={"state": "truncated"}) for each in answers_of(suites, names)]


def without_price(suites, names):
    return [
        each.model_copy(
            update={"exchanges": tuple(call.model_copy(update={"cost": None}) for call in each.exchanges)}
        )
        for each in answers_of(suites, names)
    ]  # fmt: skip


def one_cluster(suites, names):
    return [each for each in answers_of(suites, names) if each.item in {"i0", "i1"}]


def one_item(suites, names):
    return [each for each in answers_of(suites, names) if each.item == "i0"]


def one_answer(suites, names):
    return [answer(suites[0], names[0], suites[0].items[0], 0, LONG_ANSWER)]


def one_long(suites, names):
    rows = list(answers_of(suites, names))
    exchange = rows[0].exchanges[0].model_copy(update={"text": LONG_ANSWER})
    return [rows[0].model_copy(update={"text": LONG_ANSWER, "exchanges": (exchange,)}), *rows[1:]]


STATES = {
    "no suites": {"suites": 0},
    "no answers": {"answered": nothing},
    "only failures": {"answered": failing},
    "no outcomes": {"answered": cut_off},
    "no price": {"answered": without_price},
    "one candidate": {"names": 1},
    "one item": {"answered": one_item},
    "one cluster": {"answered": one_cluster},
    "one slice": {"change": one_class},
    "thirty candidates": {"names": 30, "suites": 1},
    "one answer of 5 MB": {"answered": one_answer},
    "an answer of 5 MB among others": {"answered": one_long},
}


@pytest.fixture(scope="module", params=STATES)
def state(request, tmp_path_factory):
    """The name of a state, and a run in it."""
    return request.param, told_of(tmp_path_factory.mktemp("suites"), **STATES[request.param])


class Spoken(HTMLParser):
    """What a page says, scripts and styles apart; labels for screen readers too."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.silent = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "style"}
        self.texts += [told or "" for name, told in attrs if name in {"aria-label", "data-head"}]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def spoken(content):
    """What a report says, without its markup."""
    if isinstance(content, bytes):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            told = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
        return "\n".join(re.sub(r"<[^>]*>", "\n", each) for each in told)
    return "\n".join(Spoken(content).texts) if content.startswith("<!doctype") else content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SPOKEN)
def test_every_state_is_told_in_words(state, name, language):
    _, run = state
    told = spoken(SPOKEN[name].text(run, language))
    assert len(told) > 100
    assert not UNSAID.findall(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_told_on_the_terminal(state, language):
    _, run = state
    told = terminal(run, language)
    assert told.strip()
    assert not UNSAID.findall(told)


SAID = {
    "no answers": ("未计算", "not computed"),
    "only failures": ("失败", "fail"),
    "no price": ("价格未知", "unknown"),
    "one item": ("1 题", "1 item"),
}
"""What a reader must find in words, in both languages."""


@pytest.mark.parametrize("name", [each for each in SPOKEN if each != "xlsx"])
def test_what_a_run_lacks_is_said(state, name):
    key, run = state
    for language, words in zip(LANGUAGES, SAID.get(key, ()), strict=False):
        assert words in spoken(SPOKEN[name].text(run, language))


def test_an_answer_of_five_megabytes_makes_no_report_of_five_megabytes(tmp_path):
    run = told_of(tmp_path, answered=one_long)
    for each in FORMATS.values():
        content = each.text(run, "zh")
        size = len(content if isinstance(content, bytes) else content.encode())
        assert size < 3_000_000, each.file


def test_a_run_without_evidence_or_what_if_is_told_all_the_same(tmp_path):
    whole = told_of(tmp_path, suites=1)
    for language in LANGUAGES:
        for each in FORMATS.values():
            assert each.text(Judged(whole.summary), language)
