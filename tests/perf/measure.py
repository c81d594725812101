"""Print what a run costs beside a bare loop, with whole and with streamed replies.

`python tests/perf/measure.py [ITEMS ...]`. The bare loop asks for whole replies.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
SUITE = HERE / "suite.yaml"
DELAY_S = 0.02
ROUNDS = 3


def written_items(path, count):
    """Arithmetic items; a tenth of the references is wrong on purpose, so that a valid run says 0.900."""
    with path.open("w") as out:
        for n in range(count):
            answer = n * 7919 % 9973 + (n % 10 == 0)
            item = {
                "id": f"i{n}",
                "cluster": f"c{n}",
                "input": {"question": f"number? [[{n}]]"},
                "reference": {"answer": str(answer)},
            }
            out.write(json.dumps(item) + "\n")


def spent(command, **more):
    """Run a command; CPU seconds, wall seconds and peak MB of the process and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    out, errors = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command}: status {status}\n{out.decode()[-2000:]}\n{errors.decode()[-2000:]}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024


class Server:
    def __enter__(self):
        command = [sys.executable, str(HERE / "slow_server.py"), str(DELAY_S)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def stats(self):
        return json.load(urllib.request.urlopen(self.address + "/stats", timeout=5))


def bare(items, folder):
    with Server() as server:
        url = server.address + "/v1/chat/completions"
        command = [sys.executable, str(HERE / "bare_loop.py"), url, str(items), str(folder / "o")]
        return (*spent(command), server.stats())


def ours(items, folder, *, stream=False):
    with Server() as server:
        suite = folder / "suite.yaml"
        suite.write_text(SUITE.read_text())
        endpoints = folder / "endpoints.yaml"
        endpoints.write_text(
            "endpoints:\n  slow:\n    adapter: openai\n"
            f"    base_url: {server.address}/v1\n    model: slow\n    stream: {str(stream).lower()}\n"
            "    limits: {concurrency: 256}\n"
        )
        command = [sys.executable, "-m", "bench", "run", str(suite), "--endpoints", str(endpoints)]
        command += ["--out", str(folder / f"{time.monotonic_ns()}" / "run"), "--quiet"]
        environment = os.environ | {"PYTHONPATH": str(HERE.parent.parent)}
        return (*spent(command, env=environment), server.stats())


def main():
    print(
        "| items | what | CPU s per 1,000 | x floor | wall s | peak MB | in flight | requests/s | of floor |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for count in [int(each) for each in sys.argv[1:]] or [2000, 20000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            items = folder / "items.jsonl"
            written_items(items, count)
            rounds = [
                (bare(items, folder), ours(items, folder), ours(items, folder, stream=True))
                for _ in range(ROUNDS)
            ]
            floor = [each[0][0] for each in rounds]
            rate_of_floor = median(count / each[0][3]["seconds"] for each in rounds)
            for what, at in (("bare loop", 0), ("bench run", 1), ("streamed", 2)):
                told = [each[at] for each in rounds]
                cpu_s = median(each[0] for each in told)
                rate = median(count / each[3]["seconds"] for each in told)
                print(
                    f"| {count} | {what} | {cpu_s / count * 1000:.2f} | {cpu_s / median(floor):.1f} | "
                    f"{median(each[1] for each in told):.1f} | "
                    f"{max(each[2] for each in told):.0f} | {max(each[3]['peak'] for each in told)} | "
                    f"{rate:.0f} | {rate / rate_of_floor:.0%} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
