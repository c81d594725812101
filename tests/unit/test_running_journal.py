import asyncio
import json
import os
import resource
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import RunFolderError
from bench.running.journal import NAME, Journal, JournalError, answers, drop_torn_tail, lines
from bench.running.mend import DAMAGED, Mended, mend
from bench.types import Answer, Exchange, Failure

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def answer(number=0, text="42", **more):
    told = {"suite": "s", "candidate": "c", "item": f"i{number}", "state": "answered", "text": text}
    return Answer.model_validate(told | more)


def failure(number, kind="server"):
    return answer(number, "", state="failed", failure=Failure(kind=kind, message="no"))


def unsealed(told):
    """The line of an earlier version."""
    return told.model_dump_json(exclude_defaults=True).encode() + b"\n"


def written(folder, *told):
    with Journal(folder) as journal:
        for each in told:
            journal.append(each)
    return folder / NAME


@given(texts, texts)
def test_what_is_appended_is_read_back_whatever_it_holds(tmp_path_factory, text, other):
    folder = tmp_path_factory.mktemp("run")
    told = [
        answer(0, text, exchanges=(Exchange(text=other, cost=0.1, latency_s=2.5, cached=True),)),
        answer(1, other, repeat=3, attempts=2, at="2026-01-01"),
    ]
    written(folder, *told)
    assert list(answers(folder)) == told


def test_every_answer_is_one_line_that_can_be_read_before_the_run_ends(tmp_path):
    with Journal(tmp_path) as journal:
        for number in range(3):
            journal.append(answer(number, "line one\nline two\r\n\u2028three"))
            assert len(list(answers(tmp_path))) == number + 1
    assert (tmp_path / NAME).read_bytes().count(b"\n") == 3


def test_a_journal_is_continued_not_begun_again(tmp_path):
    written(tmp_path, answer(0))
    written(tmp_path, answer(1))
    assert [each.item for each in answers(tmp_path)] == ["i0", "i1"]


def test_a_torn_last_line_is_no_record(tmp_path):
    path = written(tmp_path, answer(0), answer(1))
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:cut])
        before = whole[:cut].count(b"\n")
        assert len(list(answers(tmp_path))) == before
        drop_torn_tail(tmp_path)
        assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[:before])


def test_after_a_torn_tail_is_cut_the_journal_goes_on(tmp_path):
    path = written(tmp_path, answer(0))
    path.write_bytes(path.read_bytes() + b'{"suite": "s", "candi')
    drop_torn_tail(tmp_path)
    written(tmp_path, answer(1))
    assert [each.item for each in answers(tmp_path)] == ["i0", "i1"]


def test_a_long_torn_tail_is_cut_where_it_begins(tmp_path):
    path = written(tmp_path, answer(0))
    whole = path.read_bytes()
    path.write_bytes(whole + b"\0" * 200_000)
    drop_torn_tail(tmp_path)
    assert path.read_bytes() == whole


def test_a_line_is_json_and_ends_with_the_checksum_of_what_stands_before(tmp_path):
    (line,) = written(tmp_path, answer(0, "答")).read_bytes().splitlines()
    told = json.loads(line)
    assert list(told)[-1] == "crc"
    before = line.removesuffix(b',"crc":"%b"}' % told["crc"].encode())
    assert told["crc"] == f"{zlib.crc32(before):08x}"


def test_lines_of_earlier_versions_have_no_checksum_and_are_read(tmp_path):
    old = unsealed(answer(0))
    (tmp_path / NAME).write_bytes(old)
    written(tmp_path, answer(1))
    assert [each.item for each in answers(tmp_path)] == ["i0", "i1"]
    assert mend(tmp_path) == Mended()
    assert (tmp_path / NAME).read_bytes().startswith(old)


def test_a_whole_line_of_another_version_is_never_thrown_away(tmp_path):
    told = b'{"suite":"s","of_the_future":1'
    path = tmp_path / NAME
    path.write_bytes(b'%b,"crc":"%08x"}\n' % (told, zlib.crc32(told)))
    before = path.read_bytes()
    for reading in (lambda: list(answers(tmp_path)), lambda: mend(tmp_path)):
        with pytest.raises(RunFolderError, match=r"answers\.jsonl:1: .* the version that wrote it"):
            reading()
    assert path.read_bytes() == before


TOLD = [
    answer(0, "是，42%", exchanges=(Exchange(text="是", cost=0.1, latency_s=2.5),), attempts=1),
    answer(1, "41", repeat=1, at="2026-01-01T00:00:00+00:00"),
    failure(2),
]


def read(folder):
    """What can be read of a journal, each answer as it was written, and how many lines are damaged."""
    found = list(lines(folder / NAME))
    return [each.answer for each in found if each.answer], sum(not each.answer for each in found)


def test_whichever_bit_flips_no_other_answer_is_read_and_the_damage_is_told(tmp_path):
    """Every bit of every byte. A line end that is lost is damage too, or at the end a torn line."""
    path = written(tmp_path, *TOLD)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << bit
            path.write_bytes(flipped)
            found, damaged = read(tmp_path)
            assert all(each in TOLD for each in found), (at, bit)
            assert len(found) < len(TOLD), (at, bit)
            assert damaged or at == len(whole) - 1, (at, bit)


@given(st.data())
def test_whatever_bytes_are_overwritten_no_other_answer_is_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("run")
    path = written(folder, *TOLD)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    put = data.draw(st.binary(min_size=1, max_size=80) | st.integers(1, 600).map(bytes))
    path.write_bytes(whole[:at] + put + whole[at + len(put) :])
    assert all(each in TOLD for each in read(folder)[0])


@given(st.integers(0, 700), st.integers(0, 700))
def test_whatever_is_cut_out_no_other_answer_is_read(tmp_path_factory, begin, length):
    """Half a line glued to a later one is neither. Behind a first line, which shows that lines have checksums."""
    folder = tmp_path_factory.mktemp("run")
    path = written(folder, *TOLD, *TOLD)
    whole = path.read_bytes()
    begin += whole.index(b"\n") + 1
    path.write_bytes(whole[:begin] + whole[begin + length :])
    assert all(each in TOLD for each in read(folder)[0])


def flipped(line):
    return line.replace(b"42", b"43")


DAMAGE = {
    "a flipped byte": flipped,
    "zeros": lambda line: bytes(len(line) - 1) + b"\n",
    "half a line": lambda line: line[:30] + b"\n",
    "glued to the next": lambda line: line[:30],
    "an answer without a checksum": lambda line: unsealed(answer(1)),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_line_is_named_and_laid_aside_byte_for_byte(tmp_path, what):
    path = written(tmp_path, *[answer(each) for each in range(4)])
    told = path.read_bytes().splitlines(keepends=True)
    told[1] = DAMAGE[what](told[1])
    path.write_bytes(b"".join(told))
    with pytest.raises(RunFolderError) as caught:
        list(answers(tmp_path))
    cure = f"bench run --resume --out {tmp_path}"
    assert str(caught.value) == f"{path}:2: its checksum does not hold; asked again by: {cure}"
    lost = told[1] if told[1].endswith(b"\n") else told[1] + told[2]
    assert mend(tmp_path) == Mended(damaged=1)
    assert (tmp_path / DAMAGED).read_bytes() == lost
    assert path.read_bytes() == b"".join(told).replace(lost, b"")
    assert "i1" not in [each.item for each in answers(tmp_path)]


def test_a_damaged_line_of_an_earlier_version_is_named_and_laid_aside(tmp_path):
    (tmp_path / NAME).write_bytes(unsealed(answer(0)) + b"{}\n" + unsealed(answer(2)))
    with pytest.raises(RunFolderError, match=r"answers\.jsonl:2: not an answer; asked again by: "):
        list(answers(tmp_path))
    assert mend(tmp_path) == Mended(damaged=1)
    assert [each.item for each in answers(tmp_path)] == ["i0", "i2"]


def test_of_two_answers_to_a_trial_the_first_is_kept_and_the_other_laid_aside(tmp_path):
    path = written(tmp_path, answer(0), answer(1), answer(0, "other"), answer(0, repeat=1))
    with pytest.raises(
        RunFolderError, match=r":3: answers 'i0' again, as line 1 did; the first is"
    ):
        list(answers(tmp_path))
    second = path.read_bytes().splitlines(keepends=True)[2]
    assert mend(tmp_path) == Mended(twice=1)
    assert [each.text for each in answers(tmp_path)] == ["42", "42", "42"]
    assert (tmp_path / DAMAGED).read_bytes() == second


def test_a_trial_that_failed_and_was_then_answered_keeps_its_answer(tmp_path):
    written(tmp_path, failure(0), answer(0))
    assert mend(tmp_path) == Mended(failed=1)
    assert [each.state for each in answers(tmp_path)] == ["answered"]


def test_what_was_laid_aside_before_stays(tmp_path):
    path = written(tmp_path, answer(0), answer(1))
    for _ in range(2):
        path.write_bytes(b"x\n" + path.read_bytes())
        assert mend(tmp_path) == Mended(damaged=1)
    assert (tmp_path / DAMAGED).read_bytes() == b"x\nx\n"


def test_a_person_is_told_what_was_laid_aside(tmp_path):
    first, second = Mended(damaged=1, twice=2, failed=7).told(tmp_path)
    assert (
        first
        == f"{tmp_path / DAMAGED}: 1 damaged line moved here; what they answered is asked again"
    )
    assert second.endswith(
        ": 2 lines moved here that answered a trial a second time; the first is kept"
    )
    assert Mended(failed=7).told(tmp_path) == []


def test_a_folder_without_a_journal_is_no_run(tmp_path):
    drop_torn_tail(tmp_path)
    assert mend(tmp_path) == Mended()
    with pytest.raises(RunFolderError, match="the folder of a run"):
        list(answers(tmp_path))


def test_failed_answers_are_taken_out_and_the_others_stay_as_they_were(tmp_path):
    kept = [answer(0), answer(3, "", state="refused")]
    path = written(tmp_path, kept[0], failure(1), failure(2, "auth"), kept[1])
    before = path.read_bytes().splitlines(keepends=True)
    assert mend(tmp_path) == Mended(failed=2)
    assert list(answers(tmp_path)) == kept
    assert path.read_bytes() == before[0] + before[3]
    assert mend(tmp_path) == Mended()
    assert not (tmp_path / DAMAGED).exists()


def test_only_failures_of_the_kinds_asked_for_are_taken_out(tmp_path):
    written(tmp_path, answer(0), failure(1), failure(2, "auth"))
    assert mend(tmp_path, ("auth", "quota_empty")) == Mended(failed=1)
    assert [each.item for each in answers(tmp_path)] == ["i0", "i1"]


def test_a_full_disk_leaves_no_part_of_a_line(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Journal(tmp_path) as journal:
        journal.append(answer(0))
        size = journal.path.stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
        try:
            with pytest.raises(JournalError, match="free some space"):
                journal.append(answer(1, "x" * 500))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert journal.path.stat().st_size == size
        journal.append(answer(2))
        asyncio.run(journal.sync())
    assert [each.item for each in answers(tmp_path)] == ["i0", "i2"]


def test_a_line_that_cannot_even_be_cut_is_cut_before_the_next(tmp_path, monkeypatch):
    with Journal(tmp_path) as journal:
        journal.append(answer(0))
        real_write, real_cut = os.write, os.truncate

        def half(file, told):
            if len(told) < 500:
                raise OSError(28, "No space left on device")
            return real_write(file, told[: len(told) - 100])

        def no_cut(*_):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "write", half)
        monkeypatch.setattr(os, "truncate", no_cut)
        for _ in range(2):
            with pytest.raises(JournalError, match="cannot be written"):
                journal.append(answer(1, "x" * 600))
        monkeypatch.setattr(os, "write", real_write)
        monkeypatch.setattr(os, "truncate", real_cut)
        journal.append(answer(2))
    assert [each.item for each in answers(tmp_path)] == ["i0", "i2"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    with pytest.raises(RunFolderError, match=r"answers\.jsonl: cannot be written: No such"):
        Journal(tmp_path / "gone")
