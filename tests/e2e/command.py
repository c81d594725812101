"""The real command in a process of its own, and what it left behind, read back."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.stub_server import completion

BENCH = (sys.executable, "-m", "bench")
AGAIN = "bench run --resume --out r"
RUN = ("run", "s", "--endpoints", "endpoints.yaml", "--out", "r")
_TIMES = {"id", "started", "finished"}


def surroundings(**more):
    """The environment of a command: ours without another package's path, and with compiled modules kept."""
    left_out = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"NO_COLOR": "1"} | more


def command(folder, *arguments, wrapped=(), **environment):
    """Run `bench ARGUMENTS` in `folder` to its end; `wrapped` stands before it on the line."""
    return subprocess.run(
        [*wrapped, *BENCH, *map(str, arguments)],
        cwd=folder,
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def together(*calls):
    """Make calls of no arguments two at a time; their results in order."""
    with ThreadPoolExecutor(2) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def until(holds, deadline_s=20):
    """Wait until `holds()`, looking often."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def lines(run, name="answers.jsonl"):
    """The records of a JSON Lines file of a run."""
    text = (run / name).read_text(encoding="utf-8")
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def states(run):
    """Item -> state, one line each."""
    found = [(each["item"], each["state"]) for each in lines(run)]
    assert len(found) == len(dict(found))
    return dict(found)


def summary(run):
    return json.loads((run / "summary.json").read_text(encoding="utf-8"))


def judged(run, candidate="stub", suite="small"):
    """The summary of one candidate."""
    return summary(run)["suites"][suite]["candidates"][candidate]


def without_times(told):
    """A summary without what may differ between two runs that asked the same."""
    told["run"] = {name: value for name, value in told["run"].items() if name not in _TIMES}
    for suite in told["suites"].values():
        for each in suite["candidates"].values():
            del each["usage"], each["latency_s"], each["review"]
    for profiles in told["across"]["profiles"].values():
        for row in profiles["rows"]:
            del row["latency_p50_s"], row["latency_p95_s"]
    return told


def complaint(done, code=2):
    """The one line of a command that refused; there is no other and no traceback."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("bench: ")
    assert line.isprintable()
    return line.removeprefix("bench: ")


def last_line(done, code=3):
    """What a run that ended without all its answers says last."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    shown = done.stderr.splitlines()
    assert all(each.startswith("bench: ") and each.isprintable() for each in shown)
    return shown[-1].removeprefix("bench: ")


def number(body):
    """Which item a request asks: the prompt of item 3 is `question 3?`."""
    return int(body["messages"][-1]["content"].removeprefix("question ").removesuffix("?"))


def asked(server):
    """The items that the server was asked, in order."""
    return [number(body) for body in server.requests]


def answering(text="42", **more):
    """A behaviour: the same reply to everything."""
    return lambda _, body: (200, {}, completion(text, **more))


def failing_for(holds):
    """A behaviour: 500 for ever to the items for which `holds`, else the right answer."""
    return lambda _, body: (500, {}, {}) if holds(number(body)) else (200, {}, completion())
