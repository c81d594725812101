"""What resampling costs: 10,000 items, 10 candidates, 10,000 resamples. Shown, not asserted."""

import sys
import time

import numpy as np

from bench.stats import cluster_bootstrap

ITEMS, CANDIDATES, RESAMPLES = 10_000, 10, 10_000


def measured(per_cluster):
    """CPU seconds of one joint bootstrap."""
    values = np.random.default_rng(0).normal(size=(ITEMS, CANDIDATES))
    start = time.process_time()
    cluster_bootstrap(values, np.arange(ITEMS) // per_cluster, RESAMPLES)
    return time.process_time() - start


def peak_mb():
    """Peak memory of this process, so far."""
    import resource  # not everywhere, and importing this module should do

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    before = peak_mb()
    lines = ["\n### Resampling\n", "| clusters | CPU s |", "|---:|---:|"]
    lines += [f"| {ITEMS // size:,} | {measured(size):.2f} |" for size in (1, 3, 10)]
    lines += [f"\nPeak memory {peak_mb():.0f} MB, of which {before:.0f} MB before the first."]
    sys.stdout.write("\n".join(lines) + "\n")
