import json

import yaml

from tests.e2e.command import RUN, number, states
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
    with refusing, StubServer(behave) as server:
        told = {
            name: {"adapter": "openai", "model": "m", "base_url": url, "api_key_env": "STUB_KEY", "limits": {"max_attempts": 1}}
            for name, url in (("desk", server.url), ("locked", refusing.url))
        }  # fmt: skip
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": told}))
        done = bench(*RUN, "--lang", "en", STUB_KEY=SECRET)
        assert {each["Authorization"] for each in server.headers} == {f"Bearer {SECRET}"}
    assert done.returncode == 3
    assert json.loads((tmp_path / "r" / "run.json").read_text())["candidates"].keys() == {"desk", "locked"}  # fmt: skip
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"answers.jsonl", "scores.jsonl", "run.json", "summary.json", "report.html", "replies.sqlite"} <= {path.name for path in files}  # fmt: skip
    begins = SECRET[:8]
    assert [path.name for path in files if begins.encode() in path.read_bytes()] == []
    assert begins not in done.stdout + done.stderr


def test_a_short_key_does_not_change_what_a_model_said(bench, tmp_path):
    """Local servers take any key; the one here is part of the right answer."""
    written(tmp_path / "s", [item(0), item(1)])
    with StubServer() as server:
        told = {
            "adapter": "openai",
            "model": "m",
            "base_url": server.url,
            "api_key_env": "STUB_KEY",
        }
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": {"desk": told}}))
        assert bench(*RUN, STUB_KEY="42").returncode == 0
    text = (tmp_path / "r" / "answers.jsonl").read_text()
    assert [json.loads(line)["text"] for line in text.splitlines()] == ["42", "42"]
    assert len(states(tmp_path / "r")) == 2
