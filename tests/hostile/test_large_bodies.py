"""Bodies of a hundred megabytes are given up on early: their cap holds before they are unpacked, joined or parsed."""

import sys
import time
from pathlib import Path

from tests.e2e.command import RUN, command, last_line, lines
from tests.hostile.large_bodies import LargeBodies
from tests.small_suite import endpoints, item, written

MIB = 1 << 20
PEAK_MEMORY = (sys.executable, str(Path(__file__).with_name("peak_memory.py")), "peak")
ENDS = {
    "announced": "malformed",
    "unannounced": "malformed",
    "packed": "malformed",
    "line": "malformed",
    "events": "malformed",
    "refusal": "server",
}


def asking(kind):
    return item(0) | {"id": kind, "input": {"question": f"a body of the kind {kind}"}}


def test_bodies_of_100_mb_are_failures_of_their_kind_within_300_mib(tmp_path):
    written(tmp_path / "s", [asking(kind) for kind in ENDS])
    started = time.monotonic()
    with LargeBodies() as server:
        limits = {"concurrency": len(ENDS), "timeout_s": 10, "max_attempts": 2}
        endpoints(tmp_path, server.url, limits=limits)
        done = command(tmp_path, *RUN, "--quiet", wrapped=PEAK_MEMORY)
        assert server.requests == dict.fromkeys(ENDS, 2)
    assert last_line(done)
    found = {each["item"]: each for each in lines(tmp_path / "r")}
    assert {kind: each["failure"]["kind"] for kind, each in found.items()} == ENDS
    assert {each["attempts"] for each in found.values()} == {2}
    assert time.monotonic() - started < 30
    assert int((tmp_path / "peak").read_text()) < 300 * MIB
