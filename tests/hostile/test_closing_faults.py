"""Faults after which asking on is of no use: one request, the rest of the run goes on, and the key stays hidden."""

import base64
import json

import pytest

from tests.e2e.command import RUN, command, judged, last_line, lines
from tests.hostile.schedule import CLOSING
from tests.hostile.server import TOOL, HostileServer
from tests.small_suite import item, written
from tests.stub_server import StubServer

pytestmark = pytest.mark.skipif(not TOOL, reason="BENCH_HOSTILE_SERVER names no fault server")

KEY = "sk-canary-8f3a1c77d2e94b60aa51"
CORE_OF_BASE64 = base64.b64encode(KEY.encode())[4:-4]


def asking(number, fault):
    return item(number) | {"input": {"question": f"[[id=q{number} plan={fault},ok]]"}}


@pytest.mark.parametrize("fault", CLOSING)
def test_an_endpoint_that_refuses_to_go_on_is_asked_once_and_others_go_on(fault, tmp_path):
    written(tmp_path / "s", [asking(n, fault) for n in range(4)])
    with HostileServer(tmp_path / "server") as server, StubServer() as opened:
        endpoints = {
            "closing": {"base_url": server.url, "api_key_env": "STUB_KEY", "limits": {"concurrency": 1}},
            "opened": {"base_url": opened.url},
        }  # fmt: skip
        told = {
            name: {"adapter": "openai", "model": name} | each for name, each in endpoints.items()
        }
        (tmp_path / "endpoints.yaml").write_text(json.dumps({"endpoints": told}))
        done = command(tmp_path, *RUN, STUB_KEY=KEY)
        assert last_line(done)
        assert server.requests() == {("closing", "q0"): 1}
        assert len(opened.requests) == 4
    assert "endpoint 'closing' was not asked further: " in done.stderr
    (failed,) = [each for each in lines(tmp_path / "r") if each["candidate"] == "closing"]
    assert (failed["state"], failed["failure"]["kind"]) == ("failed", CLOSING[fault])
    trials = judged(tmp_path / "r", "closing")["trials"]
    assert (trials["answered"], trials["failed"], trials["not_run"]) == (0, 1, 3)
    assert judged(tmp_path / "r", "opened")["trials"]["answered"] == 4
    assert holding_the_key(tmp_path, done) == []


def holding_the_key(folder, done):
    """The files and streams in which the key, or what base64 makes of it, can be read."""
    places = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    places |= {"stdout": done.stdout.encode(), "stderr": done.stderr.encode()}
    forms = (KEY.encode(), CORE_OF_BASE64)
    return [name for name, held in places.items() if any(form in held for form in forms)]
