import json
import shutil

import pytest

from tests.e2e.command import RUN, asked, command, complaint, states, summary, without_times
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer

ITEMS = 12
RESUME = ("run", "--resume", "--out", "r")


@pytest.fixture
def damaged(tmp_path):
    """A finished run, three of whose lines are then damaged and one written twice; its server and its clean summary."""
    written(tmp_path / "s", [item(n) for n in range(ITEMS)])
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        assert command(tmp_path, *RUN, "--no-cache").returncode == 0
        clean = without_times(summary(tmp_path / "r"))
        journal = tmp_path / "r" / "answers.jsonl"
        told = journal.read_bytes().splitlines(keepends=True)
        lost = [
            told[2].replace(b'"text":"42"', b'"text":"43"'),
            bytes(300) + b"\n",
            told[7][:50] + told[8],
            told[0],
        ]
        journal.write_bytes(
            b"".join(
                [*told[:2], lost[0], *told[3:5], lost[1], told[6], lost[2], *told[9:], lost[3]]
            )
        )
        yield server, b"".join(lost), clean  # fmt: skip


@pytest.mark.parametrize("verb", ["report", "rescore"])
def test_a_report_of_a_damaged_journal_is_refused_with_the_line_and_the_cure(
    bench, tmp_path, damaged, verb
):
    shutil.copy(tmp_path / "r" / "summary.json", tmp_path)
    told = complaint(bench(verb, "r"))
    cure = "asked again by: bench run --resume --out r"
    assert told == f"r/answers.jsonl:3: its checksum does not hold; {cure}"
    before = (tmp_path / "summary.json").read_bytes()
    assert (tmp_path / "r" / "summary.json").read_bytes() == before


def test_a_damaged_journal_is_resumed_by_asking_again_what_is_damaged_and_nothing_else(
    bench, tmp_path, damaged
):
    """Lines 3, 6 and two glued to one are lost: four answers of twelve."""
    server, lost, clean = damaged
    done = bench(*RESUME, "--no-cache")
    assert done.returncode == 0, done.stderr
    aside = "bench: r/answers.damaged.jsonl: "
    assert [each for each in done.stderr.splitlines() if each.startswith(aside)] == [
        f"{aside}3 damaged lines moved here; what they answered is asked again",
        f"{aside}1 line moved here that answered a trial a second time; the first is kept",
    ]
    assert (tmp_path / "r" / "answers.damaged.jsonl").read_bytes() == lost
    assert len(asked(server)) == ITEMS + 4
    assert states(tmp_path / "r") == {f"i{n}": "answered" for n in range(ITEMS)}
    assert without_times(summary(tmp_path / "r")) == clean


def test_a_run_that_ended_before_it_began_by_the_clock_is_told_and_resumed(bench, mine):
    """A clock that was set back while the run went on."""
    path = mine / "r" / "run.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"started": "2031-01-01T00:00:00+00:00", "finished": "1999-12-31T23:59:59+00:00"}))  # fmt: skip
    formats = "html,md,json,xlsx,docx"
    for verb in (
        ("report", "r", "--format", formats),
        ("rescore", "r"),
        ("history", "small", "--in", "."),
    ):
        done = bench(*verb)
        assert done.returncode == 0, done.stderr
    assert summary(mine / "r")["run"]["finished"].startswith("1999")
    assert bench(*RESUME).returncode == 0
