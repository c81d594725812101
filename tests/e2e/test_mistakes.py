import pytest
import yaml

from tests.e2e.command import command, complaint, together
from tests.small_suite import SUITE, written

UNHEARD = "http://127.0.0.1:9/v1"
DESK = {"adapter": "openai", "base_url": UNHEARD, "model": "m"}
ENDPOINTS = {
    "desk": DESK,
    "keyed": DESK | {"api_key_env": "NOT_SET_ANYWHERE"},
    "dollars": DESK | {"price": {"currency": "USD", "input": 1, "output": 1}},
    "weights": {"adapter": "llamacpp", "model_file": "none.gguf"},
    "recorded": {"adapter": "replay", "file": "none.jsonl"},
}
MISTAKES = {
    "a suite that is no YAML": (("broken", "desk"), "broken/suite.yaml:2:1: not YAML"),
    "a suite without a business": (("blank", "desk"), "blank/suite.yaml:1:1: 'business' is missing"),
    "a suite that is a list": (("list", "desk"), "list/suite.yaml:1:1: a suite is a mapping"),
    "an unknown suite": (("finance_qq", "desk"), "no suite is called 'finance_qq'; did you mean 'finance_qa'?"),
    "a suite named twice": (("s", "desk", "./s"), "the suite 'small' is named twice; name it once"),
    "an unknown candidate": (("s", "dask"), "the candidate 'dask': no endpoint is called 'dask'; did you mean 'desk'?"),
    "an unknown strategy": (("s", "desk/few_shots"), "the candidate 'desk/few_shots': no strategy is called 'few_shots'; did you mean 'few_shot'?"),
    "a key that is not set": (("s", "keyed"), "endpoint 'keyed': the environment variable NOT_SET_ANYWHERE is not set; export it"),
    "weights that are not there": (("s", "weights"), "endpoint 'weights': none.gguf: no such model file; name a GGUF file"),
    "a recording that is not there": (("s", "recorded"), "endpoint 'recorded': none.jsonl: no such file"),
    "a currency without a rate": (("s", "dollars"), "endpoint 'dollars': a price is in USD and the suite counts in CNY; add fx: {USD: {CNY:"),
    "an unknown option": (("s", "desk", "--lmit", "3"), "No such option: --lmit"),
    "an unknown language": (("s", "desk", "--lang", "xx"), "Invalid value for '--lang': "),
    "a limit of nothing": (("s", "desk", "--limit", "0"), "Invalid value for '--limit': "),
    "a limit that is a word": (("s", "desk", "--limit", "few"), "Invalid value for '--limit': "),
    "a folder below a file": (("s", "desk", "--out", "a_file/run"), "a_file/run: Not a directory; choose another --out"),
    "a folder that is a file": (("s", "desk", "--out", "a_file"), "a_file: File exists; choose another --out"),
    "a folder nobody can make": (("s", "desk", "--out", "/proc/nope"), "/proc/nope: No such file or directory; choose another --out"),
    "a resume of nothing": (("s", "desk", "--resume"), "--resume needs --out: the folder of the run to continue"),
    "a retry of nothing": (("s", "desk", "--retry-failed", "--out", "r"), "--retry-failed goes with --resume"),
    "assumptions that are not there": (("s", "desk", "--assumptions", "none.yaml"), "none.yaml: no such file"),
    "an endpoint file that is not there": (("s", "desk", "--endpoints", "none.yaml"), "none.yaml: no such file"),
    "an endpoint file with a key in it": (("s", "desk", "--endpoints", "keys.yaml"), "keys.yaml:1:41: endpoints.desk.api_key: a key is never written here"),
    "an endpoint file with a misspelt option": (("s", "desk", "--endpoints", "misspelt.yaml"), "misspelt.yaml:1:41: endpoints.desk.modle: unknown key; did you mean 'model'?"),
    "an endpoint file that is a list": (("s", "desk", "--endpoints", "list/suite.yaml"), "list/suite.yaml:1:1: a mapping with endpoints: is expected"),
    "an endpoint file that is a folder": (("s", "desk", "--endpoints", "s"), "s: Is a directory"),
}  # fmt: skip


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Every mistake made once, two at a time: its name -> the command that ended."""
    folder = tmp_path_factory.mktemp("mistakes")
    written(folder / "s")
    (folder / "a_file").touch()
    blank = {name: each for name, each in SUITE.items() if name != "business"}
    for name, text in (("broken", "suite: [x\n"), ("blank", yaml.safe_dump(blank)), ("list", "- x\n")):  # fmt: skip
        (folder / name).mkdir()
        (folder / name / "suite.yaml").write_text(text)
    (folder / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": ENDPOINTS}))
    for name, key in (("keys", "api_key"), ("misspelt", "modle")):
        text = f"endpoints: {{desk: {{adapter: openai,     {key}: sk-1, base_url: {UNHEARD}, model: m}}}}\n"
        (folder / f"{name}.yaml").write_text(text)

    def made(suite, candidate, *more):
        options = ("--endpoints", "endpoints.yaml", "--candidates", candidate)
        return lambda: command(folder, "run", suite, *options, *more)

    done = together(*[made(*arguments) for arguments, _ in MISTAKES.values()])
    return folder, dict(zip(MISTAKES, done, strict=True))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_that_says_where_what_and_what_to_do(refused, mistake):
    _, done = refused
    _, told = MISTAKES[mistake]
    assert complaint(done[mistake]).startswith(told)


def test_no_mistake_leaves_a_folder_behind(refused):
    folder, _ = refused
    names = {path.name for path in folder.iterdir()}
    assert names == {"s", "a_file", "broken", "blank", "list", "endpoints.yaml", "keys.yaml", "misspelt.yaml"}  # fmt: skip


def test_the_command_alone_shows_its_help(bench):
    bare, asked = together(bench, lambda: bench("--help"))
    assert asked.returncode == 0
    assert bare.returncode == 2
    assert bare.stdout + bare.stderr == asked.stdout
    assert "Usage:" in asked.stdout


def test_neither_a_reader_that_goes_away_nor_one_without_chinese_is_a_bug(mine):
    report = ("report", "r", "--format", "md")
    gone = ("sh", "-c", '"$@" | true', "sh")
    unread, ascii_only = together(
        lambda: command(mine, *report, wrapped=gone),
        lambda: command(mine, *report, PYTHONIOENCODING="ascii"),
    )
    assert unread.stderr == ascii_only.stderr == "bench: wrote r/report.md\n"
    assert ascii_only.returncode == 0
    assert "小题" in (mine / "r" / "report.md").read_text(encoding="utf-8")
