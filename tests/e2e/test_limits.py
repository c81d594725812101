import time

import yaml

from tests.e2e.command import RUN, together, until
from tests.small_suite import item, written
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
