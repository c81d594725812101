"""Files of outcomes that somebody else made: what cannot be reckoned with is refused in a line, whatever its seal."""

import hashlib
import json
import os
import time
import zlib
from pathlib import Path

import orjson
import pytest

from bench.errors import RunFolderError
from bench.suites.model import Gate
from bench.value.observed.file import MAX_BYTES, journal_mark, read_observed, written
from tests.observed_runs import of, read_or_refused

GATED = of([["accept"], ["redo"], ["harm"]], suite_changes={"gates": [Gate(metric="wrong_rate", upper_bound_95=0.1)]})  # fmt: skip
SUITE = ("suites", "small")
DESK = (*SUITE, "candidates", "desk")
UNSOUND = {
    "text for a number": ((*SUITE, "human_cost"), "60"),
    "text for no number": ((*SUITE, "human_cost"), "NaN"),
    "a number for yes": (("complete",), 1),
    "money below nothing": ((*SUITE, "human_cost"), -1.0),
    "money beyond all": ((*SUITE, "weights", "redo"), -1e308),
    "money too small to divide by": ((*SUITE, "ordinary_harm"), 5e-324),
    "a share above one": ((*SUITE, "coverage_floor"), 1.5),
    "a limit of no rate": ((*SUITE, "gates", 0, "metric"), "other_rate"),
    "a limit above one": ((*SUITE, "gates", 0, "upper_bound_95"), 7.0),
    "a limit that nothing proves": ((*SUITE, "gates", 0, "upper_bound_95"), 5e-324),
    "a cluster before the first": ((*SUITE, "items", 1, 2), -1),
    "a cluster beyond all": ((*SUITE, "items", 1, 2), 2**63),
    "an item that stands twice": ((*SUITE, "items", 1, 0), "i0"),
    "an item of a long name": ((*SUITE, "items", 1, 0), "i" * 301),
    "no repeat": ((*DESK, "trials", 1, 1), -1),
    "a repeat beyond all": ((*DESK, "trials", 1, 1), 2**62),
    "an item before the first": ((*DESK, "trials", 1, 0), -1),
    "no kind": ((*DESK, "trials", 1, 2), 6),
    "a cost below nothing": ((*DESK, "trials", 1, 4), -0.01),
    "a cost beyond all": ((*DESK, "trials", 1, 4), 1e308),
    "seconds below nothing": ((*DESK, "trials", 1, 5), -1.0),
    "a rate that is neither": ((*DESK, "kinds", 0, "rates"), "2"),
    "a rate too many": ((*DESK, "kinds", 0, "rates"), "00"),
    "no rule": ((*DESK, "kinds", 0, "rule"), 4),
    "a rule before the first": ((*DESK, "kinds", 0, "rule"), -1),
    "looks that fall": (("looks",), {"small": [0.5, 0.2]}),
    "a look at nothing": (("looks",), {"small": [0.0, 1.0]}),
    "looks without end": (("looks",), {"small": [n / 101 for n in range(1, 102)]}),
    "nested": (("commit",), [[[[]]]]),
}  # fmt: skip
"""What a file may say whose seal holds: anybody can make one."""


@pytest.mark.parametrize("wrong", UNSOUND)
def test_what_cannot_be_reckoned_with_is_refused_though_the_seal_holds(tmp_path_factory, wrong):
    (*way, last), value = UNSOUND[wrong]
    told = json.loads(written(GATED))
    at = told
    for key in way:
        at = at[key]
    at[last] = value
    assert read_or_refused(tmp_path_factory, resealed(told)) is None
    assert read_or_refused(tmp_path_factory, resealed(json.loads(written(GATED)))) == GATED


@pytest.mark.parametrize("weight", ["one", "edit_minutes", "redo", "cost"])
def test_a_suite_that_leaves_a_weight_out_is_refused(tmp_path_factory, weight):
    told = json.loads(written(GATED))
    del told["suites"]["small"]["weights"][weight]
    assert read_or_refused(tmp_path_factory, resealed(told)) is None


def resealed(told):
    """The file of a value, its seal put right."""
    rest = {name: each for name, each in told.items() if name != "seal"}
    seal = hashlib.blake2b(orjson.dumps(rest), digest_size=8).hexdigest()
    return orjson.dumps(rest | {"seal": seal})


def test_a_key_that_stands_twice_is_refused_as_a_reader_may_see_the_other(tmp_path_factory):
    twice = written(GATED).replace(b'"complete": true', b'"complete": false, "complete": true')
    assert json.loads(twice) == json.loads(written(GATED))
    assert read_or_refused(tmp_path_factory, twice) is None


def test_a_million_keys_of_which_the_last_stands_twice_are_refused_at_once(tmp_path_factory):
    keys = ",".join(f'"k{n}":0' for n in range(200_000))
    began = time.process_time()
    assert read_or_refused(tmp_path_factory, f'{{{keys},"k199999":0}}'.encode()) is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("depth", [300, 900, 100_000])
def test_a_file_that_is_nested_deeply_is_refused_in_a_line(tmp_path_factory, depth):
    inner = b"[" * depth + b"]" * depth
    assert read_or_refused(tmp_path_factory, b'{"format": 1, "suites": ' + inner + b"}") is None


def test_a_file_larger_than_any_of_ours_is_refused_unread(tmp_path):
    path = tmp_path / "outcomes.json"
    path.write_bytes(b"{}")
    os.truncate(path, 50 * MAX_BYTES)  # takes no room
    with pytest.raises(RunFolderError, match="larger than 64 MiB"):
        read_observed(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without an end")
def test_a_link_to_what_never_ends_is_refused(tmp_path):
    (tmp_path / "main.json").symlink_to("/dev/zero")
    with pytest.raises(RunFolderError, match="larger than 64 MiB"):
        read_observed(tmp_path / "main.json")
    assert journal_mark(tmp_path / "main.json") is None


def test_a_journals_mark_is_that_of_all_its_bytes_however_many(tmp_path):
    content = bytes(range(256)) * 9000
    (tmp_path / "answers.jsonl").write_bytes(content)
    assert journal_mark(tmp_path / "answers.jsonl") == (len(content), zlib.crc32(content))
