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
