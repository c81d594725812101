import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from bench.errors import RunFolderError, UserError
from bench.reports.charts import DOT, HEIGHT, dot_plot, scale_of
from bench.reports.html import html
from bench.reports.markdown import markdown
from bench.reports.terminal import terminal
from bench.reports.view import view
from bench.reports.write import FORMATS, write_reports
from bench.types import Estimate
from bench.value.across.records import Advised, AdvisedSuite
from bench.value.judged import Judged
from bench.value.summary import Summary
from bench.wording.columns import width
from bench.wording.inert import escaped


def html_body(judged, language):
    """What the page says in one language, without its shell, its script and its data."""
    parts = html(judged, language).split('<div class="language"')[1:]
    (told,) = (each for each in parts if f'data-language="{language}"' in each.partition(">")[0])
    return '<div class="language"' + told.partition("<script")[0].rstrip() + "\n"


RENDERERS = {"txt": terminal, "md": markdown, "html": html_body}
LANGUAGES = ("zh", "en")
HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(2)> | a `b` **c** @octocat #12 '
    "[x](https://evil.example) www.evil.example \x1b[31mred\x1b[0m \x9b31m \u202etxet\u2066 \r\n# head {{7*7}} {low}"
)


class Outline(HTMLParser):
    """What a page holds: tags with attributes, headings, tables."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.headings, self.tables, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append([])
        elif self.tables:
            self.tables[-1].append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


def text_of(report):
    """The words of a report without its markup."""
    return re.sub(r"<[^>]*>", " ", report.partition("</style>")[2] or report)


def hostile(summary):
    """The same summary with every free text replaced."""

    def spoilt(value, key=""):
        if isinstance(value, dict):
            if set(value) == {"zh", "en"}:
                return {"zh": HOSTILE, "en": HOSTILE}
            return {name: spoilt(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [spoilt(each, key) for each in value]
        free = ("id", "host", "version", "commit", "source", "slice", "slices", "industry", "stage", "chain_link",
                "currency", "models_that_answered", "as_of", "name", "drives", "error_class", "technical", "values",
                "assumption", "rests_on", "placeholders", "small", "big", "candidate", "against", "endpoint", "below",
                "above", "top", "best", "single", "public", "closer", "headline", "shape", "own", "api", "model",
                "adapter", "strategy", "residency", "readme", "data_class", "tag")  # fmt: skip
        fixed = ("pilot", "year", "horizon")
        return HOSTILE if isinstance(value, str) and key in free and value not in fixed else value

    told = spoilt(json.loads(summary.model_dump_json(by_alias=True)))
    for suite in told["suites"].values():
        suite["candidates"] = {
            f"{n}{HOSTILE}": each for n, each in enumerate(suite["candidates"].values())
        }
        suite["verdict"]["candidate"] = next(iter(suite["candidates"]))
        for pair in suite["pairs"]:
            pair["a"], pair["b"] = list(suite["candidates"])[:2]
    for triangle in told["across"]["triangle"].values():
        corners = enumerate(triangle["candidates"].values())
        triangle["candidates"] = {f"{n}{HOSTILE}": each for n, each in corners}
    return Summary.model_validate(told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RENDERERS)
def test_a_report_reads_as_it_was_approved(kind, language, summary, golden):
    golden(f"report/{language}.{kind}", RENDERERS[kind](Judged(summary), language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RENDERERS)
def test_a_report_is_the_same_each_time(kind, language, summary):
    again = Summary.model_validate_json(summary.model_dump_json(by_alias=True))
    assert RENDERERS[kind](Judged(summary), language) == RENDERERS[kind](Judged(again), language)


@pytest.mark.parametrize("kind", RENDERERS)
def test_what_is_not_known_is_told_in_words(kind, summary):
    told = RENDERERS[kind](Judged(summary), "zh")
    body = text_of(told)
    assert not re.search(r"\b(nan|inf|None|undefined)\b", body, re.IGNORECASE)
    for words in ("未计算", "只有 1 题，无法给出把握", "覆盖 62%，不足 80%，不下结论", "价格未知"):
        # the terminal folds what stands in narrow columns
        assert words[:6] in body if kind == "txt" else words in body


@pytest.mark.parametrize("kind", RENDERERS)
def test_numbers_that_are_not_finite_become_words_and_null(kind, summary, tmp_path):
    odd = Estimate(value=float("nan"), low=float("-inf"), high=float("inf"), n=4, method="x")
    suites = {}
    for key, suite in summary.suites.items():
        spoilt = {
            name: each.model_copy(
                update={"value_per_case": odd, "value_per_month": odd, "p_positive": float("nan")}
            )
            for name, each in suite.candidates.items()
        }
        suites[key] = suite.model_copy(update={"candidates": spoilt})
    broken = summary.model_copy(update={"suites": suites})
    told = text_of(RENDERERS[kind](Judged(broken), "en"))
    assert not re.search(r"\b(nan|inf)\b", told, re.IGNORECASE)
    (path,) = write_reports(Judged(broken), tmp_path, "en", ["json"])
    assert not re.search("NaN|Infinity", path.read_text())
    json.loads(path.read_text(), parse_constant=pytest.fail)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", RENDERERS)
def test_every_verdict_comes_before_any_technical_score(kind, language, summary):
    told = RENDERERS[kind](Judged(summary), language)
    page = view(Judged(summary), language)
    plain = told.replace("&amp;", "&").replace("&gt;", ">").replace("\\", "")
    last = max(plain.index(suite.sentence[:20]) for suite in page.suites)
    scores = [plain.find(name) for name in ("rouge.rouge_l_f", "rouge.rouge", "figure.value")]
    assert all(each == -1 or each > last for each in scores)
    assert [each.key for each in page.sections][-2:] == ["why", "how"]


def test_suites_stand_by_verdict_and_candidates_keep_their_order(summary, invented):
    page = view(Judged(summary), "zh")
    assert [each.decision for each in page.suites] == ["deploy", "pilot", "iterate", "stop"]
    for suite in page.suites:
        assert [row.name for row in suite.rows] == list(invented.CANDIDATES)


def test_todays_way_is_a_row_of_every_comparison(summary):
    told = markdown(Judged(summary), "zh")
    assert told.count("| 现状：") == len(summary.suites)
    assert html_body(Judged(summary), "zh").count('<tr role="row" class="today">') == len(
        summary.suites
    )


def test_the_lede_tells_the_sum_of_what_the_verdicts_advise_or_that_nothing_changes(summary):
    assert "眼下什么都不用改" in view(Judged(summary), "zh").lede
    told = Estimate(value=112_000, low=51_000, high=154_000, level=0.9, n=420, method="joint")
    suites = [
        AdvisedSuite(suite=name, candidate="b", share=share, slices=[], value=told)
        for name, share in (("finance_qa", 1.0), ("official_documents", 0.55))
    ]
    found = [Advised(currency="CNY", suites=suites, value=told)]
    across = summary.across.model_copy(update={"advised": found})
    page = view(Judged(summary.model_copy(update={"across": across})), "zh")
    assert (
        "每月比现行做法多创造约 11 万元（90% 把握在 5 至 15 万元之间）。试点只按所试部分计入。"
        in page.lede
    )
    assert [each.block.unit for each in page.suites[:2]] == ["/月", "/月（试点部分，占 55%）"]


def test_a_candidate_below_the_floor_of_coverage_gets_no_solid_money(summary):
    page = html(Judged(summary), "zh")
    assert page.count("doubtful") > 1
    assert "覆盖 62%，不足 80%，不下结论" in page


def test_a_gate_without_items_is_not_called_held(summary):
    rows = next(each for each in view(Judged(summary), "zh").suites if each.key == "summaries").rows
    assert rows[2].gate.state == "open"
    assert rows[2].gate.detail == "没有可判的答复，无法证实"


def test_one_candidate_has_no_comparison_but_says_so(summary, invented):
    suite = summary.suites["finance_qa"]
    name = invented.CANDIDATES[1]
    alone = {"candidates": {name: suite.candidates[name]}, "pairs": [], "cascades": []}
    single = suite.model_copy(update=alone)
    both = summary.model_copy(
        update={"suites": {"finance_qa": single, "triage": summary.suites["triage"]}}
    )
    assert "只有一个候选，只能与现状比。" in markdown(Judged(both), "zh")
    alone = summary.model_copy(update={"suites": {"finance_qa": single}})
    assert "pairs" not in [each.key for each in view(Judged(alone), "zh").sections]


def test_more_than_five_candidates_are_folded_behind_the_best_three(summary, invented):
    suite = summary.suites["finance_qa"]
    first = suite.candidates[invented.CANDIDATES[2]]
    many = suite.candidates | {f"extra-{n}": first for n in range(4)}
    crowded = suite.model_copy(update={"candidates": many})
    page = view(Judged(summary.model_copy(update={"suites": {"finance_qa": crowded}})), "en")
    assert len(page.suites[0].rows) == 3
    assert len(page.suites[0].more) == 4
    assert page.suites[0].more_text == "4 more candidates"


def test_an_unfinished_or_shortened_run_warns_first(invented):
    told = terminal(Judged(invented.summary(complete=False, limit=5, finished=None)), "zh")
    assert told.index("本次运行尚未完成") < told.index("财务问答")
    assert "只抽评 5 题" in told


def test_an_empty_run_is_told_and_not_a_crash(summary):
    empty = summary.model_copy(update={"suites": {}})
    for render in RENDERERS.values():
        assert "这次运行没有任何任务的结果" in render(Judged(empty), "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_has_at_most_a_hundred_columns_and_no_controls(language, summary):
    for each in (summary, hostile(summary)):
        told = terminal(Judged(each), language)
        assert max(width(line) for line in told.splitlines()) <= 100
        assert all(line.isprintable() for line in told.split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_inert_in_html(language, summary):
    page = html(Judged(hostile(summary)), language)
    outline = Outline(page)
    names = {tag for tag, _ in outline.tags}
    assert not names & {
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "base",
        "link",
    }
    assert not any(
        name.startswith("on") or name == "style" for _, attrs in outline.tags for name in attrs
    )
    scripts = [attrs for tag, attrs in outline.tags if tag == "script"]
    assert [each for each in scripts if each.get("type") != "text/plain"] == [{}]
    assert "&lt;script&gt;" in page
    told = html_body(Judged(hostile(summary)), language)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
    assert "{{7*7}}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_inert_in_markdown(language, summary):
    told = markdown(Judged(hostile(summary)), language)
    assert not re.search(r"<(?!br>|/?details>|/?summary>)", told)
    assert not re.search(r"(?<!\\)[`\[\]*](?!\*)(?<!\*\*)", told.replace("**", ""))
    assert "@octocat" not in told
    assert "#12" not in told
    assert "://" not in told
    tables = [line for line in told.splitlines() if line.startswith("|")]
    blocks, last = [], None
    for line in tables:
        columns = len(re.findall(r"(?<!\\)\|", line))
        if set(line) <= set("|-: "):
            blocks.append((last, columns))
        last = columns
    assert blocks
    assert all(head == rule for head, rule in blocks)


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("a|b", "a\\|b"),
        ("<b>", "&lt;b&gt;"),
        ("# x", "\\# x"),
        ("1. x", "1\\. x"),
        ("`x`", "\\`x\\`"),
        ("@me", "@\u200bme"),
        ("http://x", "http:\u200b//x"),
    ],
)
def test_markdown_escapes(text, inert):
    assert escaped(text) == inert


def _own(page):
    return re.sub('<script type="text/plain".*?</script>', "", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_loads_nothing_and_runs_only_its_own_script(language, summary):
    page = html(Judged(summary), language)
    outline = Outline(page)
    for tag, attrs in outline.tags:
        assert not {"src", "srcset", "poster", "data", "action", "style"} & set(attrs), tag
        assert attrs.get("href", "#").startswith("#")
    assert not re.search(
        "<script[^>]+src|innerHTML|outerHTML|insertAdjacentHTML|eval\\(", _own(page)
    )
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(attrs["content"] for tag, attrs in outline.tags if "http-equiv" in attrs)
    script = page.partition("<script>")[2].partition("</script>")[0]
    ran = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    told = f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'sha256-{ran}'"
    assert policy.startswith(told)
    assert "unsafe" not in policy
    assert not re.search(r"url\(|@import", style.replace("url(#hatch)", ""))
    assert page.index("Content-Security-Policy") < page.index("<style>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_can_be_read_without_seeing_it(language, summary):
    tag = "zh-CN" if language == "zh" else "en"
    whole = Outline(html(Judged(summary), language))
    assert ("html", {"lang": tag, "data-language": language}) in whole.tags
    ids = [attrs["id"] for _, attrs in whole.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    outline = Outline(html_body(Judged(summary), language))
    assert outline.tags[0][1]["lang"] == tag
    assert "hidden" not in outline.tags[0][1]
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(
        after <= before + 1
        for before, after in zip(outline.headings, outline.headings[1:], strict=False)
    )
    assert outline.tables
    for table in outline.tables:
        tags = [tag for tag, _ in table]
        assert "caption" in tags
        assert all("scope" in attrs for tag, attrs in table if tag == "th")
        assert any(attrs.get("scope") == "row" for tag, attrs in table if tag == "th")
    for tag, attrs in outline.tags:
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or (
                attrs["role"] == "img" and attrs["aria-label"]
            )
    targets = {attrs["href"][1:] for tag, attrs in outline.tags if tag == "a"}
    assert targets <= set(ids)


def test_the_dots_count_the_chance(summary):
    row = view(Judged(summary), "zh").suites[0].rows[1]
    assert len(row.dots.dots) == 20
    assert not any(dot.worse for dot in row.dots.dots)
    loser = view(Judged(summary), "zh").suites[-1].rows[2]
    assert loser.dots.beyond == (1, 0)
    assert len(loser.dots.dots) == 19
    assert all(dot.x < loser.dots.zero for dot in loser.dots.dots)


def test_every_format_is_one_whole_file(summary, tmp_path):
    written = write_reports(Judged(summary), tmp_path / "run", "zh", list(FORMATS))
    assert [each.name for each in written] == [each.file for each in FORMATS.values()]
    assert sorted(each.name for each in (tmp_path / "run").iterdir()) == sorted(
        each.name for each in written
    )
    assert Summary.model_validate_json((tmp_path / "run" / "summary.json").read_text()) == summary
    assert '"schema": 1' in (tmp_path / "run" / "summary.json").read_text()


def test_an_unknown_format_is_refused_before_anything_is_written(summary, tmp_path):
    with pytest.raises(UserError, match="no report format is called 'htm'; did you mean 'html'"):
        write_reports(Judged(summary), tmp_path, "zh", ["json", "htm"])
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_one_line(summary, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError) as caught:
        write_reports(Judged(summary), tmp_path / "file" / "run", "zh", ["json"])
    assert "\n" not in str(caught.value)
    assert "cannot be written" in str(caught.value)


def test_markdown_fits_a_comment_and_says_what_it_left_out(summary):
    suite = summary.suites["finance_qa"]
    many = {f"suite-{n}": suite for n in range(12)}
    told = markdown(Judged(summary.model_copy(update={"suites": many})), "en")
    assert len(told) < 65_536
    assert "The rest does not fit here" in told
    alone = summary.model_copy(update={"suites": {"finance_qa": suite}})
    assert "The rest does not fit here" not in markdown(Judged(alone), "en")


def test_markdown_leaves_out_folded_tables_before_it_leaves_out_a_section(summary):
    told = markdown(Judged(summary), "en")
    assert "The rest does not fit here" in told
    assert len(told) <= 60_000
    sections = view(Judged(summary), "en").sections
    gone = {each.key for each in sections if escaped(each.heading) not in told}
    assert gone == {"how"}
    assert "flagship+direct: what 100 documents bring and cost" in told
    assert "The bad end: means of the worst 5%" not in told


def test_twenty_dots_on_a_narrow_side_stay_within_their_row():
    narrow = [-3.0 - n / 20 for n in range(20)]
    scale = scale_of([*narrow, *(20.0 * n for n in range(1, 15))])
    plot = dot_plot(narrow, scale, "")
    assert len(plot.dots) == 20
    assert all(DOT / 4 <= dot.y <= HEIGHT for dot in plot.dots)
    assert all(dot.x < plot.zero for dot in plot.dots)
