"""Make `results/example/gate` again, and print what the README's chapter on CI shows.

`python -m tests.gate_example` takes some minutes (a real model answers) and the extra [local].
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path("tests/gate_example")
FOLDER = Path("results/example/gate")
KEPT = ("run.json", "answers.jsonl", "outcomes.json")
RUNS = {"blessed": "blessed.yaml", "hotter": "hotter.yaml", "restored": "blessed.yaml"}
ITEMS = 60


def main():
    """Run three times, bless the first, hold the others against it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for run, endpoints in RUNS.items():
        bench(
            "run", "finance_qa", "--endpoints", HERE / endpoints, "--limit", ITEMS,
            "--out", FOLDER / run, "--quiet", "--no-cache",
        )  # fmt: skip
        if run == "blessed":
            because = ("--by", "the README", "--because", "as it comes")
            bench("baseline", "set", FOLDER / run, "--folder", FOLDER, "--name", "main", *because)
    for run in ("hotter", "restored"):
        sys.stdout.write(gated(run) + "\n\n")
    tidy()


def gated(run):
    """What the gate prints of a run, as the README shows it."""
    arguments = ["gate", str(FOLDER / run), "--against", str(FOLDER / "main.json"), "--lang", "en"]
    done = bench(*arguments, may_fail=True)
    return f"$ bench {' '.join(arguments)}\n{done.stdout}$ echo $?\n{done.returncode}"


def bench(*arguments, may_fail=False):
    """One command; its standard output is kept."""
    command = [sys.executable, "-m", "bench", *map(str, arguments)]
    return subprocess.run(command, check=not may_fail, stdout=subprocess.PIPE, text=True)


def tidy():
    """Keep what a gate reads; reports and the cache can be made again."""
    shutil.rmtree(FOLDER / ".cache", ignore_errors=True)
    for run in RUNS:
        for path in (FOLDER / run).iterdir():
            if path.name not in KEPT:
                path.unlink()


if __name__ == "__main__":
    main()
