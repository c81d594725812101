"""What it takes to hold a run of 10,000 items against a baseline: the whole command, start included; and a baseline's size.

python -m tests.perf.gate [ITEMS]
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.gate.baseline_file import blessed
from bench.value.observed.file import NAME, write_observed, written
from tests.observed_runs import of

NAMES = ("accept", "edit", "redo", "harm")
WEIGHTS = (70, 15, 12, 3)
ROUNDS = 3


def invented(items, seed):
    """A run of one candidate over items in fives."""
    draw = random.Random(seed)
    outcomes = [[draw.choices(NAMES, WEIGHTS)[0]] for _ in range(items)]
    clusters = [at // 5 for at in range(items)]
    return of(outcomes, clusters, texts=[[draw.random()] for _ in range(items)])


def timed(arguments, folder):
    """Wall and CPU seconds, and peak MB, of a command that must not be a user's mistake."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench", *arguments], cwd=folder, capture_output=True, check=False
    )
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 4):
        sys.exit(done.stderr.decode())
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, cpu_s, after.ru_maxrss / 1024


def floor(folder):
    """The same for a process that only starts."""
    return timed(["--help"], folder)


def main(items):
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "baselines").mkdir()
        (folder / "run").mkdir()
        old, new = invented(items, 1), invented(items, 2)
        write_observed(folder / "baselines" / "main.json", blessed(old, "perf", "", None))
        write_observed(folder / "run" / NAME, new)
        rounds = [timed(["gate", "run", "--against", "main"], folder) for _ in range(ROUNDS)]
        start = min(floor(folder)[0] for _ in range(ROUNDS))
    wall_s, cpu_s, peak_mb = min(rounds)
    size_kb = len(written(blessed(invented(1000, 1), "perf", "", None))) / 1000
    print("| what | wall s | CPU s | x start | peak MB |")
    print("|---|---|---|---|---|")
    print(f"| `bench --help` | {start:.2f} | | 1.0 | |")
    print(
        f"| gate on {items:,} paired items, start included | {wall_s:.2f} | {cpu_s:.2f} "
        f"| {wall_s / start:.1f} | {peak_mb:.0f} |"
    )
    print(f"\nA baseline of 1,000 items, one candidate, one repeat: {size_kb:.0f} kB.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
