import base64
import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from tests.e2e.command import RUN, lines, number
from tests.small_suite import item, written
from tests.stub_server import StubServer, completion

SECRET = "sk-Zq7vXw9LrT2bNc4MdKfH8sJ"  # no key of anyone's


def test_a_key_is_found_nowhere_whatever_a_server_echoes(bench, tmp_path):
    held = f"you sent Authorization: Bearer {SECRET}"
    replies = {
        0: (400, {}, {"error": held}),
        1: (500, {}, held.encode()),
        2: (200, {}, held.encode()),
        3: (200, {}, completion(held)),
        4: (200, {}, completion(None, note=held)),
        5: (400, {}, b"x" * 290 + SECRET.encode()),
        6: (302, {"Location": f"/{SECRET}"}, held.encode()),
        7: (200, {"Content-Encoding": "gzip", "X": SECRET}, held.encode()),
        8: (200, {}, completion(model=SECRET)),
    }

    def behave(_, body):
        return replies.get(number(body), (200, {}, completion()))

    written(tmp_path / "s", [item(n) for n in range(12)])
    refusing = StubServer(lambda *_: (401, {}, held.encode()))
    with refusing, StubServer(behave) as server, StubServer() as local:
        told = {
            name: {"adapter": "openai", "model": "m", "base_url": url, "api_key_env": "STUB_KEY", "limits": {"max_attempts": 1}}
            for name, url in (("desk", server.url), ("locked", refusing.url), ("local", local.url))
        }  # fmt: skip
        told["local"]["api_key_env"] = "LOCAL_KEY"
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": told}))
        done = bench(*RUN, "--lang", "en", STUB_KEY=SECRET, LOCAL_KEY="42")
        assert {each["Authorization"] for each in server.headers} == {f"Bearer {SECRET}"}
    assert done.returncode == 3
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"answers.jsonl", "scores.jsonl", "run.json", "summary.json", "report.html", "replies.sqlite"} <= {path.name for path in files}  # fmt: skip
    begins = SECRET[:8]
    assert [path.name for path in files if begins.encode() in path.read_bytes()] == []
    assert begins not in done.stdout + done.stderr
    said = {each["text"] for each in lines(tmp_path / "r") if each["candidate"] == "local"}
    assert said == {"42"}  # a key that local servers take, any word, changes no answer


@pytest.mark.parametrize(
    "entry",
    [
        "base_url: 'http://me:{key}@127.0.0.1:9/v1'",
        "base_url: 'ftp://me:{key}@127.0.0.1:9/v1'",
        "base_url: '//me:{key}@127.0.0.1'",
        "base_url: 'http://127.0.0.1:9/v1?key={key}'",
        "base_url: 'http://127.0.0.1:9/v1#{key}'",
        "base_url: 'http://127.0.0.1:9/v1', proxy: 'http://me:{key}@127.0.0.1:9'",
        "base_url: 'http://127.0.0.1:9/v1', proxy: 'socks5://me:{key}@127.0.0.1:9'",
        "base_url: 'http://127.0.0.1:9/v1', api_key_env: {key}",
        "base_url: 'http://127.0.0.1:9/v1', api_key: {key}",
        "base_url: 'http://127.0.0.1:9/v1', query: {{key: {key}}}",
        "base_url: 'http://127.0.0.1:9/v1', headers: {{Authorization: Bearer {key}}}",
        "base_url: 'http://127.0.0.1:9/v1', params: {{extra: {{token: {key}}}}}",
    ],
)
def test_a_key_that_was_written_into_the_file_is_refused_and_not_shown(bench, tmp_path, entry):
    written(tmp_path / "s", [item(0)])
    told = f"endpoints:\n  a: {{adapter: openai, model: m, {entry.format(key=SECRET)}}}\n"
    (tmp_path / "endpoints.yaml").write_text(told)
    done = bench(*RUN)
    assert done.returncode == 2
    assert SECRET not in done.stdout + done.stderr
    assert "endpoints.yaml:2:" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_a_password_of_a_proxy_is_found_nowhere_though_the_proxy_echoes_it(bench, tmp_path):
    """The proxy answers for the server; it sees the password in base64 and says so in every way."""
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()

    def behave(at, body):
        told = f"{basic} {SECRET} {quote(SECRET)}"
        return (407, {}, told.encode()) if at % 2 else (200, {}, completion(told))

    written(tmp_path / "s", [item(n) for n in range(4)])
    with StubServer(behave) as proxy:
        where = proxy.url.removeprefix("http://").removesuffix("/v1")
        (tmp_path / "endpoints.yaml").write_text(
            "endpoints:\n  a: {adapter: openai, model: m, base_url: 'http://model.invalid/v1', proxy: environment,"
            " limits: {max_attempts: 1}, data: {residency: here, deployment: private}}\n"
        )
        done = bench(*RUN, HTTP_PROXY=f"http://me:{SECRET}@{where}", NO_PROXY="", no_proxy="")
        assert len(proxy.requests) == 4
        assert proxy.headers[0]["Proxy-Authorization"] == f"Basic {basic}"
    assert done.returncode == 3, done.stderr
    for path in (each for each in tmp_path.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        assert SECRET[:12].encode() not in raw, path
        assert basic[8:24].encode() not in raw, path
    assert SECRET[:12] not in done.stdout + done.stderr
    assert basic[8:24] not in done.stdout + done.stderr
    (entry,) = json.loads((tmp_path / "r" / "run.json").read_text())["candidates"].values()
    assert entry["proxy"] == f"http://{where}"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc to look into")
def test_a_key_stands_in_no_command_line_while_a_program_is_asked(bench, tmp_path):
    """The program looks into every process there is, tells how many name its key, and breaks with a traceback."""
    program = tmp_path / "program.py"
    program.write_text(
        "import glob, os, sys\n"
        "key = os.environ['STUB_KEY'].encode()\n"
        "lines = [open(each, 'rb').read() for each in glob.glob('/proc/[0-9]*/cmdline')]\n"
        "open(sys.argv[1], 'a').write(f'{sum(key in line for line in lines)} of {len(lines) > 1}\\n')\n"
        "raise RuntimeError(os.environ['STUB_KEY'])\n"
    )
    written(tmp_path / "s", [item(n) for n in range(2)])
    told = {
        "adapter": "command",
        "argv": [sys.executable, str(program), str(tmp_path / "seen")],
        "secrets": ["STUB_KEY"],
        "limits": {"max_attempts": 1},
        "data": {"residency": "here", "deployment": "edge"},
    }
    (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": {"a": told}}))
    done = bench(*RUN, STUB_KEY=SECRET)
    assert done.returncode == 3, done.stderr
    assert (tmp_path / "seen").read_text() == "0 of True\n" * 2
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
    assert "RuntimeError: [key]" in done.stderr
    assert SECRET not in done.stdout + done.stderr
