"""How long the value engine takes, without any model: resamples, and a ledger of a million trials.

    python tests/perf/value_engine.py

Each part runs in a process of its own, so that its peak memory is its own; one that makes the ledger and
stops is taken off. Ratios are to the floor: counting the clusters of every resample, which nothing that
resamples can do without.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ITEMS, CANDIDATES, REPEATS, PER_CLUSTER = 10_000, 10, 10, 1
NAMES = [f"c{at}" for at in range(CANDIDATES)]


def suite(folder):
    """The small suite with as many items, five slices' worth of tags and every metric."""
    from tests.small_run import suite_of

    return suite_of(folder, items=ITEMS, per_cluster=PER_CLUSTER)


def a_ledger(repeats):
    """A ledger like `bench.value.ledger` makes: outcomes at random, some trials failed, two scorers."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    n = ITEMS * CANDIDATES * repeats
    item = np.tile(np.repeat(np.arange(ITEMS), repeats), CANDIDATES)
    outcome = rng.choice(["accept", "edit", "redo", "harm"], n, p=[0.6, 0.2, 0.15, 0.05]).astype(
        object
    )
    failed = rng.random(n) < 0.01
    outcome[failed] = None
    names = np.array([f"i{at}" for at in range(ITEMS)], dtype=object)
    right = np.where(failed, np.nan, (outcome == "accept") * 1.0)
    return pd.DataFrame(
        {
            "candidate": np.repeat(np.array(NAMES, dtype=object), ITEMS * repeats),
            "item": names[item],
            "cluster": names[item // PER_CLUSTER],
            "repeat": np.tile(np.arange(repeats), ITEMS * CANDIDATES),
            "state": np.where(failed, "failed", "answered").astype(object),
            "failure": np.where(failed, "server", None),
            "trouble": np.full(n, None, dtype=object),
            "outcome": outcome,
            "rule": np.zeros(n),
            "loss_class": np.where(outcome == "harm", "wrong_answer", None),
            "edit_minutes": np.zeros(n),
            "edit_assumption": np.where(outcome == "edit", "edit.minutes", None),
            "cost": rng.gamma(2.0, 0.01, n),
            "latency_s": np.where(failed, np.nan, rng.gamma(2.0, 1.0, n)),
            "input_tokens": rng.integers(100, 900, n),
            "output_tokens": rng.integers(10, 90, n),
            "estimated": np.zeros(n, dtype=bool),
            "requests": np.ones(n, dtype=int),
            "attempts": np.ones(n, dtype=int),
            "cached": np.zeros(n, dtype=int),
            "served_today": item % 3 != 0,
            "worth": np.ones(n),
            "variant": rng.integers(0, 1 << 32, n),
            "tag:kind": np.where(item % 2, "odd", "even").astype(object),
            "rate:wrong_rate": np.where(failed, np.nan, (outcome == "harm") * 1.0),
            "right.label": outcome,
            "right.value": right,
            "style.value": np.where(failed, np.nan, rng.random(n)),
        }
    )


def part(name):
    """Run one part in this process; prints CPU seconds of what counts, and peak megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        work = suite(Path(folder))
        begun = time.process_time()
        if name == "floor":
            import numpy as np

            from bench.stats import resampled_sums

            resampled_sums(np.ones((ITEMS, 1)), 10_000)
        else:
            table = a_ledger(REPEATS if name in ("ledger", "summary") else 1)
            begun = time.process_time()
            if name == "joint":
                joint(work, table)
            elif name == "summary":
                summary(work, table, Path(folder) / "summary.json")
        spent = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{spent:.2f} {peak:.0f}")


def joint(work, table):
    """10,000 items x 10 candidates x 10,000 resamples, each with its draw of the assumptions."""
    from bench.value.candidate import standings
    from bench.value.context import Planned, context
    from bench.value.measure import measured

    about = context(work, Planned(work.items, 1), 0)
    found = measured(about, {name: table[table["candidate"] == name] for name in NAMES})
    standings(found)


def summary(work, table, path):
    """A ledger of a million trials to `summary.json`."""
    from bench.value.assess import assess
    from bench.value.context import Planned

    made = assess(work, table, Planned(work.items, REPEATS), NAMES, 0)
    path.write_text(made.model_dump_json(by_alias=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("floor", "ledger", "joint", "summary"))
    told = parser.parse_args()
    if told.part:
        part(told.part)
        return
    measured = {}
    for name in ("floor", "ledger", "joint", "summary"):
        command = [sys.executable, "-m", "tests.perf.value_engine", "--part", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        measured[name] = [float(each) for each in done.stdout.split()]
    floor = measured["floor"][0]
    print("| what | CPU s | x floor | peak MB |\n|---|---|---|---|")
    for name, words in (
        ("floor", "count the clusters of 10,000 resamples of 10,000 items"),
        (
            "joint",
            "10 candidates x 10,000 items x 10,000 resamples, each with a draw of all assumptions",
        ),
        ("summary", "a ledger of 1,000,000 trials (10 x 10,000 x 10) to summary.json"),
        ("ledger", "the ledger alone, held in memory"),
    ):
        cpu, peak = measured[name]
        print(f"| {words} | {cpu:.2f} | {cpu / floor:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
