import os
import threading
import time

import yaml

from tests.e2e.command import RUN, command, lines, together, until
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion


def test_requests_keep_their_pace_and_no_more_are_in_flight_than_allowed(bench, tmp_path):
    """One endpoint is paced at 600 a minute; the other is held until eight are in flight together."""
    arrived, waited = [], []

    def paced(_, body):
        arrived.append(time.monotonic())
        return 200, {}, completion()

    def held(number, body):
        if number < 8:
            until(lambda: wide.peak >= 8, deadline_s=5)
            waited.append(number)
        return 200, {}, completion()

    written(tmp_path / "s", [item(n) for n in range(24)])
    even, wide = StubServer(paced), StubServer(held)
    with even, wide:
        entries = {
            "even": {"base_url": even.url, "limits": {"rpm": 600}},
            "wide": {"base_url": wide.url, "limits": {"concurrency": 8}},
        }
        told = {name: {"adapter": "openai", "model": "m"} | each for name, each in entries.items()}
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": told}))
        done = together(
            lambda: bench(*RUN, "--limit", "8", "--candidates", "even"),
            lambda: bench(*RUN[:-1], "w", "--candidates", "wide"),
        )
    assert [each.returncode for each in done] == [0, 0]
    assert len(arrived) == 8
    assert arrived[-1] - arrived[0] >= 0.5  # seven tenths, but the first may have come late
    assert len(waited) == 8
    assert wide.peak == 8


def test_two_runs_with_one_key_keep_its_pace_together(tmp_path):
    """600 a minute are one every 101 ms, whoever asks; two processes of ten each take 1.9 seconds for all."""
    arrived = []

    def paced(_, body):
        arrived.append(time.monotonic())
        return 200, {}, completion()

    (tmp_path / "session").mkdir()
    with StubServer(paced) as server:
        for name in ("a", "b"):
            written(tmp_path / name / "s", [item(n) for n in range(10)])
            told = {"limits": {"rpm": 600}, "api_key_env": "STUB_KEY"}
            endpoints(tmp_path / name, server.url, **told)
        environment = {"XDG_RUNTIME_DIR": str(tmp_path / "session"), "STUB_KEY": "sk-canary-52c9"}
        done = together(
            *(
                lambda name=name: command(tmp_path / name, *RUN, **environment)
                for name in ("a", "b")
            )
        )
    assert [each.returncode for each in done] == [0, 0], done
    assert len(arrived) == 20
    for first, last in zip(arrived, arrived[9:], strict=False):
        assert last - first >= 9 * 0.1008 - 0.5  # a quarter late here, and as much on the way
    for path in (tmp_path / "session").rglob("*"):
        assert "canary" not in path.name
        assert not path.is_file() or b"canary" not in path.read_bytes()


def test_a_pace_that_cannot_be_shared_holds_within_the_run_and_says_so(bench, tmp_path):
    written(tmp_path / "s", [item(n) for n in range(3)])
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / f"bench-{os.getuid()}").write_text("")
    with StubServer() as server:
        endpoints(tmp_path, server.url, limits={"rpm": 6000})
        done = bench(*RUN, TMPDIR=str(tmp_path / "tmp"), XDG_RUNTIME_DIR="")
    assert done.returncode == 0
    told = "endpoint 'stub': rpm and tpm held within this process only ("
    assert told in done.stderr
    assert "is not this user's folder)" in done.stderr


def test_without_a_limit_a_minute_no_file_is_touched(bench, tmp_path):
    written(tmp_path / "s", [item(n) for n in range(3)])
    (tmp_path / "session").mkdir()
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        assert bench(*RUN, XDG_RUNTIME_DIR=str(tmp_path / "session")).returncode == 0
    assert list((tmp_path / "session").iterdir()) == []


def test_a_server_that_bears_less_is_asked_less_at_once_and_every_trial_is_answered(
    bench, tmp_path
):
    """It refuses more than four at once; of twelve, cut to six or fewer, all are answered in the end."""
    held, busy = threading.Semaphore(4), []

    def narrow(number, _):
        if not held.acquire(blocking=False):
            busy.append(number)
            return 429, {}, {}
        try:
            until(lambda: len(server.requests) >= min(12, number + 4), deadline_s=0.05)
        except AssertionError:
            pass  # nobody else came
        finally:
            held.release()
        return 200, {}, completion()

    written(tmp_path / "s", [item(n) for n in range(24)])
    with StubServer(narrow) as server:
        endpoints(tmp_path, server.url, limits={"concurrency": 12, "max_attempts": 10})
        done = bench(*RUN)
    assert done.returncode == 0, done.stderr
    assert busy
    assert (
        f"endpoint 'stub': {len(busy)} times 'rate limited'; requests at once 12 -> " in done.stderr
    )
    told = lines(tmp_path / "r")
    assert {each["state"] for each in told} == {"answered"}
    assert sum(each["attempts"] for each in told) == len(server.requests) == 24 + len(busy)
