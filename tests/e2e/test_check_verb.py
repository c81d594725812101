import json

import jsonschema
import pytest
import yaml

from tests.e2e.command import command, complaint
from tests.small_suite import item, written

TITLE = {"zh": "一个词写错", "en": "a word misspelt"}
BECAUSE = {"zh": "大小写不算错", "en": "case is not looked at"}


def known(number, answer=None, outcome="accept", **labels):
    answer = f"number {number}" if answer is None else answer
    return {"item": f"i{number}", "answer": answer, "outcome": outcome, "labels": labels}


def sound(folder, **parts):
    """A suite that can be trusted; `parts` replace its known answers or planted defects."""
    items = [
        item(number, f"number {number}") | {"tags": {"channel": "web" if number < 4 else "desk"}}
        for number in range(12)
    ]
    items[0]["variation"] = {"swap": {"question": ["puzzle"]}}
    items[1]["served_today"] = False
    told = {
        "calibration": [known(n, right="right") for n in range(10)]
        + [known(10, "none", "harm", right="wrong"), known(11, "", "redo")],
        "planted": [
            {
                "defect": "misspelt",
                "title": TITLE,
                "mutation": {"replace": {"swaps": {"number": "nmber"}}},
            },
            {
                "defect": "shouted",
                "title": TITLE,
                "mutation": {"replace": {"swaps": {"number [0-8]": "no", "number": "NUMBER"}}},
                "at_least": 0.9,
                "because": BECAUSE,
            },
        ],
    } | parts

    def change(suite):
        names = {name: {"zh": name, "en": name} for name in ("web", "desk")}
        suite["slices"] = {"channel": {"title": {"zh": "渠道", "en": "channel"}, "names": names}}
        suite.update({name: f"{name}.yaml" for name in told})

    texts = {
        name: yaml.safe_dump(json.loads(json.dumps(each)), sort_keys=False)
        for name, each in told.items()
    }
    return written(folder, items, change, **texts)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A sound suite and one that is not, checked together."""
    folder = tmp_path_factory.mktemp("checked")
    sound(folder / "sound")
    wrong = [known(0), known(1, "number 2"), known(2, right="wrong")]
    path = sound(folder / "unsound", calibration=wrong)
    path.write_text(path.read_text(encoding="utf-8").replace("suite: small", "suite: unsound"))
    return folder, command(folder, "check", "sound", "unsound", "--json", "found.json")


def test_what_was_found_is_printed_as_it_was_approved(checked, golden):
    _, done = checked
    assert done.stderr == ""
    golden("check/suites.txt", done.stdout)


def test_what_was_found_is_written_as_it_was_approved_and_as_the_schema_says(checked, golden):
    folder, _ = checked
    text = (folder / "found.json").read_text(encoding="utf-8")
    golden("check/found.json", text)
    schema = json.loads(command(folder, "schema", "check").stdout)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


def test_a_suite_that_cannot_be_trusted_ends_in_one(checked, bench, tmp_path):
    _, done = checked
    assert done.returncode == 1
    sound(tmp_path / "s")
    alone = bench("check", "s")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert done.stdout.startswith(alone.stdout)


def test_a_suite_that_does_not_load_ends_in_two_and_leaves_no_file(bench, tmp_path):
    path = sound(tmp_path / "s", calibration=[known(99)])
    done = bench("check", "s", "--json", "found.json")
    assert complaint(done).startswith("s/calibration.yaml:")
    assert not (tmp_path / "found.json").exists()
    path.unlink()
    assert complaint(bench("check", "s")).startswith("no suite is called 's'")


def test_a_file_that_cannot_be_written_is_one_line(bench, tmp_path):
    sound(tmp_path / "s")
    assert complaint(bench("check", "s", "--json", "no/found.json")) == (
        "no/found.json: No such file or directory; choose another --json"
    )


def test_the_reading_difficulty_of_every_item_is_told_in_columns(bench, tmp_path):
    sound(tmp_path / "s")
    done = bench("check", "s", "--items")
    assert done.returncode == 0
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [row[:2] for row in rows] == [["small", f"i{n}"] for n in range(12)]
    assert rows[0][2:] == ["2", "2.0", "50.0"]
    both = bench("check", "s", "--items", "--json", "found.json")
    assert complaint(both) == "--items and --json do not go together; leave one out"
