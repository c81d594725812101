"""What a data policy refuses is never asked, resolved or hidden; what it lets pass can leave without personal data."""

import json
import zipfile

import pytest
import yaml

from bench.running.policy_file import DEFAULT
from tests.e2e.command import command, complaint, lines, number, summary
from tests.small_suite import item, written
from tests.stub_server import StubServer, completion

ID = "11010519491231002X"  # the example of GB 11643-1999
RESOLVER = """
import os, socket, sys
sys.modules["uvloop"] = None  # its resolver is not Python's
_resolve = socket.getaddrinfo
def _noted(host, *rest, **more):
    with open(os.environ["LOOKUPS"], "a", encoding="utf-8") as file:
        file.write(f"{host}\\n")
    return _resolve("127.0.0.1" if str(host).endswith(".example") else host, *rest, **more)
socket.getaddrinfo = _noted
"""
CLOUD, PRIVATE = {"residency": "CN"}, {"residency": "CN", "deployment": "private"}


def secret(told):
    told.update(suite="secret", data_class="confidential", title={"zh": "密题", "en": "Secrets"})


def endpoints(folder, policy=None, **entries):
    told = {
        name: {"adapter": "openai", "model": "m", "limits": {"max_attempts": 1}, **entry}
        for name, entry in entries.items()
    }
    path = folder / "endpoints.yaml"
    named = {} if policy is None else {"policy": policy}
    path.write_text(yaml.safe_dump({"endpoints": told, **named}), encoding="utf-8")
    return path


def own_policy(folder, name="policy.yaml", **change):
    told = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    told |= {"policy": "own", **change}
    path = folder / name
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return path


def two_suites(folder):
    written(folder / "s")
    written(folder / "c", change=secret)


def run(folder, *arguments, out="r", **environment):
    arguments = (*arguments, "--endpoints", "endpoints.yaml", "--out", out, "--no-cache")
    return command(folder, "run", *arguments, **environment)


def test_a_refused_endpoint_is_not_resolved_and_not_connected_to_and_an_allowed_one_is(tmp_path):
    written(tmp_path / "c", change=secret)
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(RESOLVER, encoding="utf-8")
    looked_up = tmp_path / "lookups"
    with StubServer() as refused, StubServer() as allowed:
        port, other = (each.server.server_address[1] for each in (refused, allowed))
        endpoints(
            tmp_path,
            cloud={"base_url": f"http://cloud.example:{port}/v1", "data": CLOUD},
            desk={"base_url": f"http://desk.example:{other}/v1", "data": PRIVATE},
        )
        surroundings = {"PYTHONPATH": str(hook), "LOOKUPS": str(looked_up)}
        done = run(tmp_path, "c", **surroundings)
    assert done.returncode == 0, done.stderr
    assert set(looked_up.read_text(encoding="utf-8").split()) == {"desk.example"}
    assert (len(refused.requests), len(allowed.requests)) == (0, 12)


def test_a_run_tells_whom_it_refused_everywhere_and_its_counts_add_up(tmp_path):
    two_suites(tmp_path)
    with StubServer() as server:
        here = {"base_url": server.url}
        keyless = {"api_key_env": "NO_SUCH_KEY", "data": CLOUD, **here}
        papers = {"licence": "Apache-2.0", "filed": "yes"}
        endpoints(tmp_path, cloud={**here, "data": CLOUD | papers}, desk=here)
        done = run(tmp_path, "s", "c", "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[0] == (
            "bench: refused by data policy 'default', not asked: cloud on secret (rule 'private-or-edge')"
        )
        assert len(server.requests) == 36
        endpoints(tmp_path, cloud=keyless, desk=here)
        assert run(tmp_path, "c", out="keyless").returncode == 0  # a key that is not read
    kept = json.loads((tmp_path / "r" / "run.json").read_text(encoding="utf-8"))["data_policy"]
    assert (kept["name"], kept["path"], len(kept["digest"])) == ("default", None, 16)
    (entry,) = kept["refused"]
    assert (entry["suite"], entry["candidate"]) == ("secret", "cloud")
    told = summary(tmp_path / "r")["suites"]
    assert [*told["small"]["candidates"]] == ["cloud", "desk"]
    assert [*told["secret"]["candidates"]] == ["desk"]
    assert told["secret"]["candidates"]["desk"]["trials"]["planned"] == 12
    (refused,) = told["secret"]["refused"]
    assert (refused["candidate"], refused["rule"]) == ("cloud", "private-or-edge")
    _shown_in_every_format(tmp_path)


def _shown_in_every_format(folder):
    again = command(folder, "report", "r", "--format", "html,md,xlsx,docx", "--lang", "zh")
    assert again.returncode == 0, again.stderr
    said = "按数据政策未送测：敏感数据只送往私有部署或边缘设备，不送公有云（规则 private-or-edge）"
    assert said in again.stdout.replace("\n", "").replace(" ", "").replace("规则", "规则 ")
    page = (folder / "r" / "report.md").read_text(encoding="utf-8")
    for fact in (
        "拦下 1 处",
        "所有请求直接发出，不经代理",
        "| cloud | 中国 | 公有云 | Apache-2.0 | 已备案 |",
    ):
        assert fact in page, fact
    for name in ("report.html", "report.md"):
        assert said in (folder / "r" / name).read_text(encoding="utf-8"), name
    for name, part in (
        ("report.docx", "word/document.xml"),
        ("report.xlsx", "xl/sharedStrings.xml"),
    ):
        with zipfile.ZipFile(folder / "r" / name) as file:
            assert said in file.read(part).decode(), name


def test_a_suite_of_which_everybody_was_refused_still_reports(tmp_path):
    two_suites(tmp_path)
    with StubServer() as server:
        endpoints(tmp_path, cloud={"base_url": server.url, "data": CLOUD})
        done = run(tmp_path, "s", "c", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Undecided: the data policy lets no candidate be asked." in done.stdout
    told = summary(tmp_path / "r")["suites"]["secret"]
    assert (told["candidates"], told["verdict"]["candidate"]) == ({}, None)
    assert [each["code"] for each in told["verdict"]["reasons"]] == ["all_refused"]
    for language in ("zh", "en"):
        again = command(tmp_path, "report", "r", "--format", "html,md,xlsx,docx,json", "--lang", language)  # fmt: skip
        assert again.returncode == 0, again.stderr
    assert command(tmp_path, "rescore", "r").returncode == 0


def test_when_everything_is_refused_one_line_says_so_and_nothing_is_written(tmp_path):
    written(tmp_path / "c", change=secret)
    endpoints(tmp_path, cloud={"base_url": "http://127.0.0.1:9/v1", "data": CLOUD})
    line = complaint(run(tmp_path, "c"))
    assert "cloud on secret (rule 'private-or-edge'); nothing is left to ask" in line
    assert not (tmp_path / "r").exists()


def test_a_plan_lists_what_is_refused_with_the_rule_in_words(tmp_path):
    two_suites(tmp_path)
    endpoints(tmp_path, cloud={"base_url": "http://127.0.0.1:9/v1", "data": CLOUD})
    done = command(tmp_path, "plan", "s", "c", "--endpoints", "endpoints.yaml")
    assert done.returncode == 0, done.stderr
    table, refused = done.stdout.split("Refused by the data policy 'default' (the default)")
    assert "secret" not in table
    assert (
        "cloud on secret, rule 'private-or-edge': confidential data go only to private" in refused
    )
    assert "个人信息保护法 art. 28" in refused
    all_of_it = command(tmp_path, "plan", "c", "--endpoints", "endpoints.yaml")
    assert all_of_it.returncode == 2
    assert "cloud on secret, rule 'private-or-edge'" in all_of_it.stdout
    assert "nothing is left to ask" in all_of_it.stderr


def test_a_run_is_not_continued_under_a_policy_that_asks_others(tmp_path):
    two_suites(tmp_path)
    with StubServer() as server:
        endpoints(
            tmp_path, cloud={"base_url": server.url, "data": CLOUD}, desk={"base_url": server.url}
        )
        lax = own_policy(tmp_path, classes={"public": [], "internal": [], "confidential": []})
        assert run(tmp_path, "s", "c", "--policy", lax.name).returncode == 0
        asked = len(server.requests)
        same = command(tmp_path, "run", "--resume", "--out", "r")
        assert same.returncode == 0, same.stderr
        strict = command(tmp_path, "run", "--resume", "--out", "r", "--policy", str(DEFAULT))
    assert complaint(strict) == (
        "r: cannot be resumed: candidate 'cloud' on suite 'secret' was asked then, is refused now "
        "(data policy 'default', rule 'private-or-edge')"
    )
    assert len(server.requests) == asked == 48


def test_an_endpoint_file_names_its_policy_relative_to_itself(tmp_path):
    written(tmp_path / "s")
    (tmp_path / "own").mkdir()
    rule = {
        "rule": "filed",
        "filed": "yes",
        "text": {"zh": "须已备案", "en": "on file"},
        "source": "us",
    }
    own_policy(tmp_path / "own", classes={"public": [rule], "internal": [], "confidential": []})
    cloud = {"base_url": "http://127.0.0.1:9/v1", "data": {"residency": "CN"}}
    endpoints(tmp_path, policy="own/policy.yaml", cloud=cloud)
    assert "'own', not asked: cloud on small (rule 'filed')" in complaint(run(tmp_path, "s"))
    (tmp_path / "own" / "policy.yaml").write_text("policy: own\nclasses: []\n", encoding="utf-8")
    assert complaint(run(tmp_path, "s")).startswith(
        "own/policy.yaml:2:1: classes: a mapping expected"
    )


# Redaction


def echoing(_, body):
    """The placeholder that the question holds, as a model would repeat it."""
    asked = body["messages"][-1]["content"]
    return 200, {}, completion(f"〔{asked.partition('〔')[2].partition('〕')[0]}〕")


def asking_for(text):
    return item(0) | {"input": {"question": text}, "reference": {"answer": ID}}


@pytest.mark.parametrize("by", ["option", "entry"])
def test_personal_data_stay_here_and_scoring_sees_what_the_model_meant(tmp_path, by):
    written(tmp_path / "s", [asking_for(f"编号为{ID}，病历号12345678，请复述身份证号")])
    own_policy(tmp_path, redact={"病历号": "病历号(\\d{8})"})
    with StubServer(echoing) as server:
        entry = {"base_url": server.url} | ({"redact": True} if by == "entry" else {})
        endpoints(tmp_path, desk=entry)
        flag = ["--redact"] if by == "option" else []
        told = ("--endpoints", "endpoints.yaml", "--out", "r", "--policy", "policy.yaml")
        done = command(tmp_path, "run", "s", *flag, *told)
        assert done.returncode == 0, done.stderr
        again = command(tmp_path, "run", "--resume", "--out", "r")
        assert again.returncode == 0, again.stderr
    (request,) = server.requests
    content = request["messages"][-1]["content"]
    assert content == "编号为〔身份证号1〕，病历号〔病历号1〕，请复述身份证号"
    (answer,) = lines(tmp_path / "r")
    assert (answer["text"], answer["exchanges"][0]["text"]) == (ID, "〔身份证号1〕")
    judged = summary(tmp_path / "r")["suites"]["small"]["candidates"]["desk"]
    assert judged["outcomes"]["accept"] == 1
    log = lines(tmp_path / "r", "redactions.jsonl")
    assert [(each["item"], each["kind"], each["placeholder"], each["count"]) for each in log] == [
        ("i0", "identity_number", "〔身份证号1〕", 1),
        ("i0", "病历号", "〔病历号1〕", 1),
    ]
    assert ID not in (tmp_path / "r" / "redactions.jsonl").read_text(encoding="utf-8")
    cache = b"".join(path.read_bytes() for path in (tmp_path / ".cache").glob("replies.sqlite*"))
    assert ID.encode() not in cache
    assert "redact" in json.loads((tmp_path / "r" / "run.json").read_text(encoding="utf-8"))["candidates"]["desk"]["identity"]  # fmt: skip
    assert "都换成了占位符" in (tmp_path / "r" / "report.md").read_text(encoding="utf-8")


def test_a_run_is_not_continued_with_personal_data_that_was_begun_without(tmp_path):
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, desk={"base_url": server.url})
        assert run(tmp_path, "s").returncode == 0
        done = command(tmp_path, "run", "--resume", "--redact", "--out", "r")
    assert complaint(done) == "r: cannot be resumed: candidate 'desk': redact changed"


# Proxies


def test_a_proxy_that_is_not_used_is_said_and_not_used(tmp_path):
    written(tmp_path / "s")
    endpoints(tmp_path, far={"base_url": "http://far.invalid/v1"})
    with StubServer() as proxy:
        address = proxy.url.removesuffix("/v1")
        done = run(tmp_path, "s", "--limit", "1", HTTP_PROXY=address)
    assert "bench: HTTP_PROXY is set and not used for far; write proxy: environment" in done.stderr
    assert proxy.requests == []


def test_a_proxy_that_is_used_stands_in_the_manifest_and_the_report(tmp_path):
    written(tmp_path / "s")
    with StubServer() as proxy:
        address = proxy.url.removesuffix("/v1")
        endpoints(tmp_path, far={"base_url": "http://far.invalid/v1", "proxy": address})
        done = run(tmp_path, "s")
    assert done.returncode == 0, done.stderr
    assert {number(body) for body in proxy.requests} == set(range(12))
    kept = json.loads((tmp_path / "r" / "run.json").read_text(encoding="utf-8"))
    assert kept["candidates"]["far"]["proxy"] == address
    assert f"far（{address}" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


def test_the_schema_of_a_policy_can_be_asked_for(tmp_path):
    done = command(tmp_path, "schema", "policy")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["required"] == ["policy", "classes"]
