import asyncio
import os
import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import RunFolderError
from bench.running.journal import NAME, Journal, JournalError, answers, drop_failed, drop_torn_tail
from bench.types import Answer, Exchange, Failure

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def answer(number=0, text="42", **more):
    told = {"suite": "s", "candidate": "c", "item": f"i{number}", "state": "answered", "text": text}
    return Answer.model_validate(told | more)


def failure(number, kind="server"):
    return answer(number, "", state="failed", failure=Failure(kind=kind, message="no"))


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


def test_a_bad_line_in_the_middle_names_its_number(tmp_path):
    path = written(tmp_path, answer(0), answer(1))
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b"{}\n" + second)
    with pytest.raises(RunFolderError, match=r"answers\.jsonl:2: not an answer"):
        list(answers(tmp_path))


def test_a_folder_without_a_journal_is_no_run(tmp_path):
    drop_torn_tail(tmp_path)
    with pytest.raises(RunFolderError, match="the folder of a run"):
        list(answers(tmp_path))


def test_failed_answers_are_taken_out_and_the_others_stay_as_they_were(tmp_path):
    kept = [answer(0), answer(3, "", state="refused")]
    path = written(tmp_path, kept[0], failure(1), failure(2, "auth"), kept[1])
    assert drop_failed(tmp_path) == 2
    assert list(answers(tmp_path)) == kept
    before = path.read_bytes()
    assert drop_failed(tmp_path) == 0
    assert path.read_bytes() == before


def test_only_failures_of_the_kinds_asked_for_are_taken_out(tmp_path):
    written(tmp_path, answer(0), failure(1), failure(2, "auth"))
    assert drop_failed(tmp_path, ("auth", "quota_empty")) == 1
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
            with pytest.raises(JournalError, match="free some space"):
                journal.append(answer(1, "x" * 600))
        monkeypatch.setattr(os, "write", real_write)
        monkeypatch.setattr(os, "truncate", real_cut)
        journal.append(answer(2))
    assert [each.item for each in answers(tmp_path)] == ["i0", "i2"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    with pytest.raises(RunFolderError, match=r"answers\.jsonl: No such file"):
        Journal(tmp_path / "gone")
