"""`bench models`, and runs that name a system of the catalogue."""

import json

import yaml

from bench.endpoints.catalogue.load import built_in_ids
from bench.wording.columns import width
from tests.e2e.command import answering, command, complaint, judged
from tests.small_suite import item, written
from tests.stub_server import StubServer, completion


def listed(folder, *options):
    done = command(folder, "models", "list", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_list_names_every_system_and_how_it_is_reached(tmp_path):
    told = listed(tmp_path)
    grid = {line.split()[0]: line for line in told.split("\n\n")[0].splitlines()[2:]}
    assert set(built_in_ids()) <= set(grid)
    assert "OpenAI-compatible" in grid["deepseek"]
    assert "simulation" in grid["deepseek"]
    assert "no public endpoint" in grid["nio-nomi"]
    assert "import" in grid["xieyi"]
    assert "self-hosted" in grid["meta-llama"]


def test_the_list_says_what_was_tried_on_a_simulation_and_what_is_not_verified(tmp_path):
    told = " ".join(listed(tmp_path).split())
    simulated = told.partition("simulation of the documented wire only")[2].partition(
        "Open weights"
    )[0]
    assert "zhipu-glm" in simulated
    assert "meta-llama" not in simulated
    assert "could not be verified without a live account: alibaba-qwen compatible:" in told


def test_the_list_is_for_programs_too(tmp_path):
    rows = json.loads(listed(tmp_path, "--json"))
    assert {each["id"] for each in rows} == set(built_in_ids())
    row = next(each for each in rows if each["id"] == "tencent-hunyuan")
    assert row["class"] == "general"
    assert row["adapters"] == ["openai", "tencent_tc3"]
    assert row["unverified"]["native"]["en"]


def test_the_list_can_be_of_one_class_and_one_reach(tmp_path):
    edge = json.loads(listed(tmp_path, "--json", "--class", "edge"))
    assert {each["id"] for each in edge} == {"vivo-bluelm", "nio-nomi"}
    both = json.loads(listed(tmp_path, "--json", "--class", "edge", "--reach", "none_public"))
    assert [each["id"] for each in both] == ["nio-nomi"]


def test_a_list_without_anything_unverified_has_no_heading_for_it(tmp_path):
    assert "could not be verified" not in listed(tmp_path, "--reach", "none_public")


def test_an_adapter_that_is_taken_for_a_system_is_told_from_one(tmp_path):
    said = complaint(command(tmp_path, "models", "show", "http"))
    assert "'http' is an adapter" in said
    assert "bench schema endpoints" in said


def test_a_wrong_word_of_an_option_is_told_without_words_of_a_library(tmp_path):
    said = complaint(command(tmp_path, "models", "list", "--class", "foo"))
    assert "'--class': 'foo' is not one of" in said


def test_columns_stand_under_each_other_in_chinese_as_well(tmp_path):
    grid = listed(tmp_path, "--lang", "zh", "--reach", "import").split("\n\n")[0].splitlines()[1:]
    starts = {
        width(line[: line.index(word)])
        for line in grid
        for word in ("怎样接入", "导入输出")
        if word in line
    }
    assert len(grid) == 6
    assert len(starts) == 1


def test_a_system_is_shown_whole_with_an_entry_to_paste(tmp_path):
    done = command(tmp_path, "models", "show", "通义千问", "--lang", "zh")
    row, paste, _ = done.stdout.split("\n# ")
    told = yaml.safe_load(row)["alibaba-qwen"]
    assert told["company"] == "阿里巴巴 / 阿里云"
    assert {"number": "004", "document": "industry-depth-2024", "entry": "system-qwen-open", "wording": "开源 Qwen-72B"} in told["seeds"]  # fmt: skip
    assert told["prices"][0]["valid_from"]
    assert told["apis"]["compatible"]["quirks"]["params"]["temperature"] == {"min": 0, "below": 2}
    (tmp_path / "endpoints.yaml").write_text(paste.partition("\n")[2], encoding="utf-8")
    again = command(tmp_path, "models", "show", "alibaba-qwen", "--endpoints", "endpoints.yaml")
    assert yaml.safe_load(again.stdout)["alibaba-qwen"]["adapter"] == "openai"


def test_every_system_can_be_shown_in_both_languages(tmp_path):
    for name in ("others-seed", "midu-wenxiu", "iflytek-spark"):
        for lang in ("zh", "en"):
            assert command(tmp_path, "models", "show", name, "--lang", lang).returncode == 0


def test_a_name_that_several_systems_share_and_one_of_nobody_are_refused(tmp_path):
    assert "several systems are called 'Sora': openai, others-seed" in complaint(command(tmp_path, "models", "show", "Sora"))  # fmt: skip
    assert "did you mean 'deepseek'" in complaint(command(tmp_path, "models", "show", "deepseeek"))


def test_a_system_that_cannot_be_asked_ends_with_one_sentence(tmp_path):
    for verb in (("models", "ping", "nio-nomi"), ("run", "medical_triage", "--candidates", "nio-nomi", "--out", "r")):  # fmt: skip
        said = complaint(command(tmp_path, *verb))
        assert "it lives in the car and has no public interface" in said
    assert not (tmp_path / "r").exists()


def with_own_address(folder, url):
    """A catalogue of one's own in which DeepSeek stands at another address, and an endpoint file that names it."""
    text = f"systems: {{deepseek: {{apis: {{compatible: {{base_url: '{url}'}}}}}}}}"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    entry = {"catalogue": ["mine.yaml"], "endpoints": {"ds": {"from": "deepseek"}}}
    (folder / "endpoints.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")


def test_a_ping_of_a_system_asks_it_with_the_key_that_its_row_names(tmp_path):
    with StubServer(answering("2")) as server:
        with_own_address(tmp_path, server.url)
        ping = ("models", "ping", "deepseek", "--endpoints", "endpoints.yaml")
        done = command(tmp_path, *ping, DEEPSEEK_API_KEY="k-123")
        assert done.stdout.startswith("deepseek: answered in ")
        assert server.requests[0]["model"] == "deepseek-flash"
        assert "DEEPSEEK_API_KEY is not set" in complaint(command(tmp_path, *ping, DEEPSEEK_API_KEY=""))  # fmt: skip


def test_a_ping_tells_what_was_answered_and_a_refused_one_the_address(tmp_path):
    def refusing(number, _body):
        return (200, {}, completion("two")) if number == 0 else (404, {}, {"detail": "Not Found"})

    with StubServer(refusing) as server:
        with_own_address(tmp_path, server.url)
        ping = ("models", "ping", "ds", "--endpoints", "endpoints.yaml")
        told = command(tmp_path, *ping, DEEPSEEK_API_KEY="k-123").stdout
        assert "s: 'two'; model stub-1" in told
        said = complaint(command(tmp_path, *ping, DEEPSEEK_API_KEY="k-123"))
        assert f"ds ({server.url}): bad_request: HTTP 404" in said


def test_a_ping_shows_no_control_character_of_a_models_name(tmp_path):
    def named(_number, _body):
        return 200, {}, completion(model="m\x1b[2J\u202e\nmore")

    with StubServer(named) as server:
        with_own_address(tmp_path, server.url)
        ping = ("models", "ping", "ds", "--endpoints", "endpoints.yaml")
        done = command(tmp_path, *ping, DEEPSEEK_API_KEY="k-123")
        assert done.stdout.endswith("model m more\n")


def test_a_run_from_the_catalogue_asks_the_rows_model_at_the_rows_price(tmp_path):
    written(tmp_path / "s", [item(1), item(2)])
    with StubServer(answering("42")) as server:
        with_own_address(tmp_path, server.url)
        done = command(
            tmp_path,
            "run",
            "s",
            "--endpoints",
            "endpoints.yaml",
            "--out",
            "r",
            DEEPSEEK_API_KEY="k",
        )
    assert done.returncode == 0, done.stderr
    assert {body["model"] for body in server.requests} == {"deepseek-flash"}
    assert judged(tmp_path / "r", "ds")["usage"]["currency"] == "CNY"


def test_the_plan_says_of_what_day_a_price_is_or_that_it_is_unknown(tmp_path):
    written(tmp_path / "s", [item(1), item(2)])
    with_own_address(tmp_path, "http://127.0.0.1:9/v1")
    plan = ("plan", "s", "--endpoints", "endpoints.yaml")
    told = command(tmp_path, *plan, DEEPSEEK_API_KEY="k").stdout
    assert (
        "price of ds: as of 2026-10, https://api-docs.deepseek.com/zh-cn/quick_start/pricing"
        in told
    )
    xinghuo = command(
        tmp_path, *plan, "--candidates", "iflytek-spark", SPARK_API_PASSWORD="k"
    ).stdout
    assert "price of iflytek-spark" not in xinghuo
    assert "unknown" in xinghuo
