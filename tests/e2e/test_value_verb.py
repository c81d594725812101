"""`bench value`: a counts file in, what the counts are worth out."""

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest

from bench.files.yaml_source import read_yaml
from tests.e2e.command import command, complaint

ROOT = Path(__file__).parents[2]
FILE = ROOT / "results" / "published" / "financebench.yaml"
COUNTS = """\
title: {zh: 题, en: Items}
source: {citation: A (2023), address: example.org, read: "2026-11-22"}
business:
  case: {zh: 一件, en: one case}
  cases: {zh: 件, en: cases}
  done_today_by: {role: {zh: 人, en: a person}, minutes: 44}
  wage_per_hour: 90
  cases_per_month: 1000
  review: {minutes: 6, detects: 0}
  loss: {wrong: {base: 800, placeholder: true, title: {zh: 答错, en: wrong}}}
items: 100
systems:
  one: {correct: 70, declined: 28, wrong: {wrong: 2}}
"""


def console_blocks(text):
    return re.findall(
        r"^```console\n\$ (bench value .*?)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    )


def test_the_readme_shows_what_the_command_prints():
    (block,) = console_blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    line, shown = block
    done = command(ROOT, *shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown


def test_chinese_is_told_unless_english_is_asked_for(bench):
    chinese, english = bench("value", FILE), bench("value", FILE, "--lang", "en")
    assert chinese.returncode == english.returncode == 0
    assert "准确率同为 19.3%" in chinese.stdout
    assert "Accuracy alone cannot tell them apart" in english.stdout
    assert chinese.stderr == english.stderr == ""


def test_json_holds_every_number_of_the_systems_that_were_named(bench):
    done = bench("value", FILE, "llama2_sharedStore", "gpt-4_oracle", "--format", "json")
    told = json.loads(done.stdout)
    assert list(told["systems"]) == ["gpt-4_oracle", "llama2_sharedStore"]
    assert told["systems"]["llama2_sharedStore"]["correct"] == 29


def test_markdown_is_one_table(bench):
    lines = bench("value", FILE, "--format", "md", "--lang", "en").stdout.splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + 16 + 1
    assert {line.count(" |") for line in table} == {10}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("items: 100", "items: 101", 13, "add up to 100, not to the 101"),
        ("{wrong: 2}", "{wring: 2}", 13, "did you mean 'wrong'?"),
        ("declined: 28", "declined: -28", 13, "greater than or equal to 0"),
        ("wage_per_hour: 90", "wage_per_hour: ninety", 7, "a number expected"),
    ],
)
def test_a_mistake_in_the_file_is_one_line_with_its_place(
    bench, tmp_path, right, wrong, line, says
):
    (tmp_path / "counts.yaml").write_text(COUNTS.replace(right, wrong), encoding="utf-8")
    told = complaint(bench("value", "counts.yaml"))
    assert told.startswith(f"counts.yaml:{line}:")
    assert says in told


def test_an_unknown_system_and_an_absent_file_are_one_line_each(bench):
    assert "did you mean 'llama2_sharedStore'?" in complaint(
        bench("value", FILE, "lama2_sharedStore")
    )
    assert complaint(bench("value", "nowhere.yaml")) == "nowhere.yaml: no such file"


def test_the_schema_of_counts_accepts_the_published_ones(bench):
    schema = json.loads(bench("schema", "counts").stdout)
    jsonschema.Draft202012Validator(schema).validate(read_yaml(FILE).data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"systems": {}})
