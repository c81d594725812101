import contextlib
import signal
import subprocess
import threading
from shutil import copytree

import pytest
import yaml

from tests.e2e.command import (
    AGAIN,
    BENCH,
    RUN,
    asked,
    command,
    complaint,
    lines,
    number,
    states,
    summary,
    surroundings,
    together,
    until,
    without_times,
)
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS = 24
CONCURRENCY = 4


class Halting:
    """Answers half of the items, item 7 wrong, and holds every later request until `released`."""

    def __init__(self):
        self.released = threading.Event()

    def __call__(self, at, body):
        if at >= ITEMS // 2:
            self.released.wait(20)
        return 200, {}, completion("41" if number(body) == 7 else "42")


def begun(folder, *more, wrapped=()):
    """A run in the background; `wrapped` stands before it on the line."""
    return subprocess.Popen(
        [*wrapped, *BENCH, *RUN, *more], cwd=folder, env=surroundings(),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def written_lines(run):
    path = run / "answers.jsonl"
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def prepared(folder, server):
    written(folder / "s", [item(n) for n in range(ITEMS)])
    endpoints(folder, server.url, limits={"concurrency": CONCURRENCY})


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    halting = Halting()
    halting.released.set()
    with StubServer(halting) as server:
        prepared(folder, server)
        assert command(folder, *RUN).returncode == 0
    return without_times(summary(folder / "r"))


@pytest.fixture
def halfway(tmp_path):
    """A run that stands still with half of its answers written and as many in flight as may be."""
    halting = Halting()
    with StubServer(halting) as server:
        prepared(tmp_path, server)

        def start(*more, wrapped=()):
            process = begun(tmp_path, *more, wrapped=wrapped)
            until(lambda: written_lines(tmp_path / "r") == ITEMS // 2)
            until(lambda: len(server.requests) == ITEMS // 2 + CONCURRENCY)
            return process, server, halting.released

        yield start
        halting.released.set()


@pytest.mark.parametrize(
    ("more", "torn"),
    [((), b""), (("--no-cache",), b'{"suite":"small","candidate":"stub","item":"i2')],
)
def test_a_killed_run_is_continued_as_if_nothing_had_happened(
    bench, tmp_path, undisturbed, halfway, more, torn
):
    process, server, released = halfway(*more)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    journal = tmp_path / "r" / "answers.jsonl"
    acknowledged = journal.read_bytes()
    with journal.open("ab") as file:
        file.write(torn)
    released.set()
    resumed = bench("run", "--resume", "--out", "r", *more)
    assert resumed.returncode == 0, resumed.stderr
    assert len(server.requests) <= ITEMS + CONCURRENCY
    assert journal.read_bytes().startswith(acknowledged)
    assert len(states(tmp_path / "r")) == ITEMS
    assert without_times(summary(tmp_path / "r")) == undisturbed


def test_one_interrupt_finishes_what_is_in_flight_and_says_how_to_go_on(
    bench, tmp_path, undisturbed, halfway
):
    process, server, released = halfway()
    process.send_signal(signal.SIGINT)
    assert "into r" in process.stderr.readline()
    assert "finishing what is in flight" in process.stderr.readline()
    released.set()
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in told
    owed = ITEMS // 2 - CONCURRENCY
    assert told.endswith(f"bench: interrupted; {owed} trials owed; go on with: {AGAIN}\n")
    assert sorted(states(tmp_path / "r")) == sorted(f"i{each}" for each in asked(server))
    assert bench("run", "--resume", "--out", "r").returncode == 0
    assert sorted(asked(server)) == [*range(ITEMS)]
    assert without_times(summary(tmp_path / "r")) == undisturbed


def test_an_interrupt_while_the_last_answers_come_leaves_a_run_that_is_done(bench, tmp_path):
    released = threading.Event()

    def halting(_at, _body):
        released.wait(20)
        return 200, {}, completion()

    with StubServer(halting) as server:
        written(tmp_path / "s", [item(n) for n in range(CONCURRENCY)])
        endpoints(tmp_path, server.url, limits={"concurrency": CONCURRENCY})
        process = begun(tmp_path)
        until(lambda: len(server.requests) == CONCURRENCY)
        process.send_signal(signal.SIGINT)
        assert "into r" in process.stderr.readline()
        assert "finishing what is in flight" in process.stderr.readline()
        released.set()
        _, told = process.communicate(timeout=20)
    assert process.returncode == 0, told
    assert "interrupted" not in told
    assert summary(tmp_path / "r")["run"]["complete"]


def test_a_second_process_is_refused_and_a_second_interrupt_drops_what_is_in_flight(
    bench, tmp_path, halfway
):
    process, _, _ = halfway()
    second = bench("run", "--resume", "--out", "r")
    told = complaint(second)
    assert told.startswith(f"r: held by process {process.pid} of ")
    assert told.endswith("; wait until it has ended")
    process.send_signal(signal.SIGINT)
    assert "into r" in process.stderr.readline()
    assert "press Ctrl-C again" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert told == f"bench: interrupted; {ITEMS // 2} trials owed; go on with: {AGAIN}\n"
    assert len(lines(tmp_path / "r")) == ITEMS // 2


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_drops_what_is_in_flight_and_writes_no_reports(
    bench, tmp_path, undisturbed, halfway, name
):
    process, _, released = halfway()
    process.send_signal(getattr(signal, name))
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    owed = f"bench: interrupted; {ITEMS // 2} trials owed; go on with: {AGAIN}"
    assert told.splitlines()[1:] == [owed]
    names = {path.name for path in (tmp_path / "r").iterdir()}
    assert names == {"run.json", "answers.jsonl"}
    released.set()
    assert bench("run", "--resume", "--out", "r").returncode == 0
    assert without_times(summary(tmp_path / "r")) == undisturbed


def test_a_run_under_nohup_hears_no_hangup(bench, tmp_path, halfway):
    process, _, released = halfway(wrapped=("nohup",))
    process.send_signal(signal.SIGHUP)
    released.set()
    assert process.wait(20) == 0
    process.stderr.close()


def interrupted(process):
    """What a process says when interrupted; a signal just before it sleeps in a read is not seen."""
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=4)[1]
    process.kill()
    return process.communicate()[1]


def test_an_interrupt_before_anything_is_asked_is_one_line(tmp_path):
    """An endpoint file that never ends keeps the command reading until it is interrupted."""
    written(tmp_path / "s")
    pipe = tmp_path / "endpoints.yaml"
    subprocess.run(["mkfifo", pipe], check=True)
    process = begun(tmp_path)
    with pipe.open("wb"):  # opens when the command reads
        told = interrupted(process)
    assert (process.returncode, told) == (130, "bench: interrupted\n")


def edited(path, change):
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(told)
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


def other_prompt(folder):
    edited(folder / "s" / "suite.yaml", lambda told: told["prompt"].update(system="Otherwise."))


def other_scorer(folder):
    edited(
        folder / "s" / "suite.yaml",
        lambda told: told["scorers"].update(right={"exact": {"wrong_class": "wrong_answer"}}),
    )


def other_item(folder):
    path = folder / "s" / "items.jsonl"
    path.write_text(path.read_text().replace("question 3?", "question 33?"))


def other_params(folder):
    edited(
        folder / "endpoints.yaml",
        lambda told: told["endpoints"]["stub"].update(params={"temperature": 1}),
    )


def nothing(folder):
    """Leave the folder as it is."""


RESUME = ("run", "--resume", "--out", "r")
REFUSED = {
    "prompt": (other_prompt, RESUME, "cannot be resumed: suite 'small': its prompt changed"),
    "scorer": (other_scorer, RESUME, "cannot be resumed: suite 'small': its scorers changed"),
    "item": (other_item, RESUME, "cannot be resumed: suite 'small': its items changed"),
    "params": (other_params, RESUME, "cannot be resumed: candidate 'stub': endpoint.params.temperature changed"),
    "seed": (nothing, (*RESUME, "--seed", "1"), "cannot be resumed: seed: 0 then, 1 now"),
    "limit": (nothing, (*RESUME, "--limit", "3"), "cannot be resumed: limit: None then, 3 now"),
    "repeats": (nothing, (*RESUME, "--repeats", "2"), "cannot be resumed: repeats: 1 then, 2 now"),
    "strategy": (nothing, (*RESUME, "--candidates", "stub/few_shot"), "cannot be resumed: candidate 'stub' is gone; candidate 'stub/few_shot' is new"),
    "begun anew": (nothing, RUN, "holds a run already; add --resume or choose another --out"),
    "elsewhere": (nothing, (*RESUME[:-1], "s"), "holds no run (run.json is missing)"),
}  # fmt: skip


def contents(run):
    return {path.name: path.read_bytes() for path in run.iterdir()}


@pytest.fixture(scope="module")
def refused(finished, tmp_path_factory):
    """Every refusal once, two at a time: its name -> the run's folder, its contents before, the ended command."""
    done, _ = finished
    runs, before = {}, {}
    for name, (change, _, _) in REFUSED.items():
        folder = tmp_path_factory.mktemp("refused")
        copytree(done, folder, dirs_exist_ok=True)
        change(folder)
        runs[name] = folder / "r"
        before[name] = contents(folder / "r")

    def tried(name):
        return lambda: command(runs[name].parent, *REFUSED[name][1])

    ended = together(*[tried(name) for name in REFUSED])
    return {name: (runs[name], before[name], each) for name, each in zip(REFUSED, ended, strict=True)}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_another_run_is_refused_with_what_differs_and_nothing_is_lost(refused, what):
    run, before, done = refused[what]
    told = complaint(done)
    assert told.startswith(("r: ", "r/", "s: "))
    assert told[2:].strip() == REFUSED[what][2]
    assert contents(run) == before


def test_other_prices_and_limits_are_no_other_run(bench, mine):
    entry = {"limits": {"concurrency": 1}, "price": {"currency": "CNY", "input": 1, "output": 1}}
    edited(mine / "endpoints.yaml", lambda told: told["endpoints"]["stub"].update(entry))
    assert bench("run", "--resume", "--out", "r").returncode == 0
