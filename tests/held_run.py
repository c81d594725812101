"""A run that is held against a baseline while it goes on: its suite, its policy, what answers, what it left behind."""

import json
import random

import yaml

from tests.e2e.command import number
from tests.small_suite import item, written
from tests.stub_server import completion

ITEMS, FIRST = 160, 16
HELD = ("--against", "base", "--gate", "gate.yaml", "--no-cache", "--lang", "en")
POLICY = {"policy": "wide", "default": {"value": {"may_fall_by": 50}, "harm": "off"}}
"""A loss that a few dozen items can tell: an answer that is wrong costs 800."""


def wrong_in(share, salt=""):
    """A behaviour: so many items are answered wrong, under another salt other ones."""

    def behave(_, body):
        drawn = random.Random(f"{salt}{number(body)}").random()
        return 200, {}, completion("41" if drawn < share else "42")

    return behave


class Changing:
    """A server's behaviour, which the test may change."""

    def __init__(self, now):
        self.now = now

    def __call__(self, at, body):
        return self.now(at, body)


def policy_file(folder, **more):
    (folder / "gate.yaml").write_text(yaml.safe_dump(POLICY | more), encoding="utf-8")


def suite_at(folder, name="s", items=ITEMS):
    def named(told):
        told["suite"] = "small" if name == "s" else name
        told["prompt"]["system"] = f"Answer with a number: {name}."

    written(folder / name, [item(n) | {"cluster": f"c{n // 2}"} for n in range(items)], named)


def manifest(run):
    return json.loads((run / "run.json").read_text(encoding="utf-8"))


def gate_of(run):
    return json.loads((run / "gate.json").read_text(encoding="utf-8"))


def levels(report):
    return [
        (each["kind"], each["status"], each["p_worse"], each["level_worse"], each["level_safe"])
        for contrast in report["contrasts"]
        for each in contrast["criteria"]
    ]


def value(report):
    """What does not hang on the clock."""
    return [each for each in levels(report) if each[0] == "value"]
