"""`bench run --against` when it is killed, interrupted, locked out or not given a place to write."""

import random
import signal
import subprocess
import threading
from collections import Counter
from contextlib import suppress

from tests.e2e.command import (
    AGAIN,
    BENCH,
    RUN,
    command,
    last_line,
    lines,
    number,
    surroundings,
    until,
)
from tests.held_run import FIRST, HELD, gate_of, manifest, value, wrong_in

KILLS = 4
CODES = {"pass": 0, "fail": 1, "inconclusive": 4}


def test_a_run_that_was_killed_between_looks_goes_on_and_pays_nothing_twice(blessed, server):
    noisy = wrong_in(0.5, "x")
    server.behaviour.now = noisy
    undisturbed = command(blessed, *RUN[:-1], "whole", *HELD)
    requests = len(server.requests)
    assert requests > 2 * FIRST
    server.requests.clear()
    released = threading.Event()
    held_back = []

    def halting(at, body):
        if len(server.requests) > FIRST:
            held_back.append(number(body))
            released.wait(20)
        return noisy(at, body)

    server.behaviour.now = halting
    process = subprocess.Popen(
        [*BENCH, *RUN, *HELD], cwd=blessed, env=surroundings(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: len(held_back) == 4)
    assert manifest(blessed / "r")["held"]["suites"]["small"]["begun"] == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    released.set()
    assert len(lines(blessed / "r")) == FIRST
    server.behaviour.now = noisy
    resumed = command(blessed, "run", "--resume", "--out", "r", "--no-cache", "--lang", "en")
    assert resumed.returncode == undisturbed.returncode, resumed.stderr
    assert len(server.requests) == requests + 4
    assert value(gate_of(blessed / "r")) == value(gate_of(blessed / "whole"))
    assert "look 1 of" not in resumed.stderr


def test_an_interrupted_run_says_so_and_goes_on(blessed, server):
    noisy, released, arrived = wrong_in(0.5, "x"), threading.Event(), threading.Event()

    def halting(at, body):
        if len(server.requests) > FIRST:
            arrived.set()
            released.wait(20)
        return noisy(at, body)

    server.behaviour.now = halting
    process = subprocess.Popen(
        [*BENCH, *RUN, *HELD], cwd=blessed, env=surroundings(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until(arrived.is_set)
    process.send_signal(signal.SIGINT)
    assert any("finishing what is in flight" in line for line in iter(process.stderr.readline, ""))
    released.set()
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "trials owed; go on with: bench run --resume --out r" in told
    assert not (blessed / "r" / "gate.json").exists()
    server.behaviour.now = noisy
    resumed = command(blessed, "run", "--resume", "--out", "r", "--no-cache")
    assert resumed.returncode in (0, 1, 4), resumed.stderr
    asked = [number(each) for each in server.requests]
    assert len(asked) == len(set(asked))


def killed(folder, arguments, more_lines):
    """Kill a run once so many more answers stand in its journal, or let it end before."""
    journal = folder / "r" / "answers.jsonl"

    def stand():
        return journal.read_bytes().count(b"\n") if journal.is_file() else 0

    enough = stand() + more_lines
    process = subprocess.Popen(
        [*BENCH, *arguments], cwd=folder, env=surroundings(), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while process.poll() is None and stand() < enough:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.005)
    process.kill()
    _, told = process.communicate()
    assert "Traceback" not in told


def test_wherever_a_run_is_killed_it_ends_at_the_look_and_with_the_verdict_of_one_that_was_not(
    blessed, server
):
    """Killed four times, from before its first answer to its reports; what was in flight is asked again."""
    server.behaviour.now = wrong_in(0.5, "x")
    undisturbed = command(blessed, *RUN[:-1], "whole", *HELD)
    whole = gate_of(blessed / "whole")
    at_once = len(server.requests)
    server.requests.clear()
    draw = random.Random(7)
    resume = ("run", "--resume", "--out", "r", "--no-cache", "--lang", "en")
    arguments = (*RUN, *HELD)
    for _ in range(KILLS):
        killed(blessed, arguments, draw.randrange(at_once // 2))
        arguments = resume if (blessed / "r" / "run.json").is_file() else arguments
    resumed = command(blessed, *arguments)
    assert resumed.returncode == undisturbed.returncode, resumed.stderr
    assert value(gate_of(blessed / "r")) == value(whole)
    assert manifest(blessed / "r")["held"] == manifest(blessed / "whole")["held"]
    assert len(lines(blessed / "r")) == at_once
    times = Counter(number(body) for body in server.requests)
    assert sum(times.values()) <= at_once + 4 * KILLS


def test_an_endpoint_that_is_closed_in_a_look_leaves_the_run_to_be_continued_in_that_look(
    bench, blessed, server
):
    noisy = wrong_in(0.5, "x")
    answered_well = FIRST + FIRST // 2

    def revoked(at, body):
        return noisy(at, body) if at < answered_well else (401, {}, {"error": "revoked"})

    server.behaviour.now = revoked
    told = last_line(bench(*RUN, *HELD))
    assert f"go on with: {AGAIN}" in told
    assert manifest(blessed / "r")["complete"] is False
    assert manifest(blessed / "r")["held"]["suites"]["small"]["begun"] == 2
    assert not (blessed / "r" / "gate.json").exists()
    assert bench("gate", "r", "--against", "base", "--policy", "gate.yaml").returncode == 3
    server.behaviour.now = noisy
    refused = len(server.requests) - answered_well
    resumed = bench("run", "--resume", "--retry-failed", "--out", "r", "--no-cache")
    assert resumed.returncode == CODES[gate_of(blessed / "r")["status"]]
    assert len(server.requests) == len(lines(blessed / "r")) + refused


def test_a_verdict_that_cannot_be_written_is_told_and_leaves_the_run_to_be_continued(
    bench, blessed, server
):
    in_the_way = blessed / "r" / "gate.json" / "in_the_way"
    in_the_way.mkdir(parents=True)
    stopped = bench(*RUN, *HELD)
    assert last_line(stopped) == (
        f"r/gate.json: cannot be written: Is a directory; move the folder that stands there; then: {AGAIN} --lang en --no-cache"
    )
    assert "PASS" in stopped.stdout
    asked = len(server.requests)
    in_the_way.rmdir()
    in_the_way.parent.rmdir()
    assert bench("run", "--resume", "--out", "r", "--no-cache").returncode == 0
    assert gate_of(blessed / "r")["status"] == "pass"
    assert len(server.requests) == asked
