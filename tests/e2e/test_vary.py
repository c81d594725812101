"""Runs that also ask the perturbed twins of their items."""

import json
from shutil import copytree

import pytest

from tests.e2e.command import RUN, command, complaint, lines, summary, together
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS = 12
VARIABLE = 8
FINANCE = ("finance_qa", "--candidates", "baseline", "--limit", "60")
VARIATION = {"swap": {"question": ["puzzle", "riddle"]}}


def by_heart(_, body):
    """Knows the answers to the items as they are written, and to no twin."""
    question = body["messages"][-1]["content"]
    return 200, {}, completion("42" if question.startswith("question") else "41")


def suite(folder):
    """Twelve items, eight of which have a twin in other words."""
    items = [item(n) | ({"variation": VARIATION} if n < VARIABLE else {}) for n in range(ITEMS)]
    return written(folder / "s", items)


@pytest.fixture(scope="module")
def server():
    with StubServer(by_heart) as running:
        yield running


@pytest.fixture(scope="module")
def varied(server, tmp_path_factory):
    """A folder whose run `r` asked two candidates items and twins."""
    folder = tmp_path_factory.mktemp("varied")
    suite(folder)
    path = endpoints(folder, server.url)
    with path.open("a", encoding="utf-8") as file:
        file.write("candidates: [stub, stub/few_shot]\n")
    done = command(folder, *RUN, "--vary", "--seed", "3", "--lang", "en")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def mine(varied, tmp_path):
    copytree(varied, tmp_path, dirs_exist_ok=True)
    return tmp_path


def told(run):
    """The summary of the suite of a run, without what its making took."""
    return summary(run)["suites"]["small"]


def report(folder, *options):
    done = command(folder, "report", "r", *options)
    assert done.returncode == 0, done.stderr
    return (folder / "r" / "report.md").read_text(encoding="utf-8")


def test_every_twin_is_asked_beside_its_item_in_other_words(varied, server):
    ids = [each["item"] for each in lines(varied / "r") if each["candidate"] == "stub"]
    twins = [f"i{n}.varied" for n in range(VARIABLE)]
    assert sorted(ids) == sorted([f"i{n}" for n in range(ITEMS)] + twins)
    asked = {body["messages"][-1]["content"] for body in server.requests}
    words = {text.split()[0] for text in asked}
    assert words == {"question", "puzzle", "riddle"}
    entry = json.loads((varied / "r" / "run.json").read_text())["suites"]["small"]
    assert (entry["vary"], entry["items"]) == (3, ITEMS + VARIABLE)


def test_what_a_candidate_knows_by_heart_is_a_gap_in_its_generality(varied):
    across = summary(varied / "r")["across"]["triangle"]["small"]["candidates"]["stub"]
    (shift,) = across["shifts"]
    assert (shift["tag"], shift["values"]) == ("wording", ["varied"])
    assert (shift["in_distribution"]["value"], shift["in_distribution"]["n"]) == (1.0, ITEMS)
    assert (shift["shifted"]["value"], shift["shifted"]["n"]) == (0.0, VARIABLE)
    assert shift["gap"]["value"] == 1.0


@pytest.mark.parametrize(
    ("lang", "slices"),
    [
        ("en", ("wording: as written<br>12 items", "wording: names and numbers changed<br>8 items")),
        ("zh", ("措辞：原题<br>12", "措辞：换名换数<br>8")),
    ],
)  # fmt: skip
def test_the_report_tells_both_wordings_in_its_language(mine, lang, slices):
    text = report(mine, "--lang", lang)
    assert [each for each in slices if each not in text] == []


def test_a_run_with_twins_is_reported_and_rescored_without_saying_so_again(mine):
    before = told(mine / "r")
    report(mine)
    assert told(mine / "r") == before
    done = command(mine, "rescore", "r")
    assert done.returncode == 0, done.stderr
    assert told(mine / "r") == before


def test_a_run_with_twins_is_continued_with_the_same_twins(mine, server):
    journal = mine / "r" / "answers.jsonl"
    written_lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in written_lines if json.loads(line)["item"] != "i2.varied"]
    journal.write_text("".join(kept), encoding="utf-8")
    before, asked = told(mine / "r"), len(server.requests)
    done = command(mine, "run", "--resume", "--out", "r", "--no-cache")
    assert done.returncode == 0, done.stderr
    texts = {body["messages"][-1]["content"] for body in server.requests[asked:]}
    first = {body["messages"][-1]["content"] for body in server.requests[:asked]}
    assert len(server.requests) == asked + 2
    assert len(texts) == 1
    assert texts <= first
    assert told(mine / "r")["candidates"]["stub"]["outcomes"] == before["candidates"]["stub"]["outcomes"]  # fmt: skip


def test_a_run_is_not_continued_with_other_twins_or_without_them(mine):
    other, without = together(
        lambda: command(mine, "run", "--resume", "--out", "r", "--seed", "4"),
        lambda: command(mine, "run", "--resume", "--out", "r", "--no-vary"),
    )
    twins = "suite 'small': perturbed twins by seed 3 then"
    assert complaint(other) == (
        f"r: cannot be resumed: seed: 3 then, 4 now; {twins}, by seed 4 now"
    )
    assert complaint(without) == f"r: cannot be resumed: {twins}, none now"


def test_an_item_that_varies_otherwise_now_is_another_item(mine):
    path = mine / "s" / "items.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("puzzle", "quiz"), encoding="utf-8")
    done = command(mine, "report", "r")
    assert complaint(done).startswith("suite 'small' is no longer what was run: its items changed;")


def test_a_suite_without_variation_has_no_twins_to_ask(bench, tmp_path):
    written(tmp_path / "s")
    suite(tmp_path / "t")
    line = "--vary: no item of these suites says how it may vary; leave it out"
    asked, planned, both = together(
        lambda: bench("run", "s", "--vary", "--candidates", "baseline", "--out", "r"),
        lambda: bench("plan", "s", "--vary", "--candidates", "baseline"),
        lambda: bench("plan", "t/s", "--vary", "--candidates", "baseline"),
    )
    assert (complaint(asked), complaint(planned)) == (line, line)
    assert not (tmp_path / "r").exists()
    assert both.stdout.splitlines()[-1].startswith(f"{ITEMS + VARIABLE} trials.")


def test_the_baseline_answers_twins_of_a_built_in_suite_and_the_draw_is_repeatable(bench, tmp_path):
    one, same, plain = together(
        lambda: bench("run", *FINANCE, "--vary", "--out", "one", "--lang", "en"),
        lambda: bench("run", *FINANCE, "--vary", "--out", "same"),
        lambda: bench("run", *FINANCE, "--out", "plain"),
    )
    assert [each.returncode for each in (one, same, plain)] == [0, 0, 0], one.stderr
    answers = {run: {each["item"]: each["text"] for each in lines(tmp_path / run)} for run in ("one", "same", "plain")}  # fmt: skip
    assert answers["one"] == answers["same"]
    twins = [name for name in answers["one"] if name.endswith(".varied")]
    assert 50 <= len(twins) <= 60
    assert not [name for name in answers["plain"] if name.endswith(".varied")]
    text = (tmp_path / "one" / "report.md").read_text(encoding="utf-8")
    assert f"wording: names and numbers changed<br>{len(twins)} items" in text
    rescored = bench("rescore", "one")
    assert rescored.returncode == 0, rescored.stderr
