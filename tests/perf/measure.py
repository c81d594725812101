"""Print what a run costs beside a bare loop, with whole and with streamed replies.

`python tests/perf/measure.py [ITEMS ...]`. The bare loop asks for whole replies.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from statistics import median

import psutil

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


def watched(process, journal, seen):
    """MB of a process and the bytes of its journal, ten times a second until it ends."""
    with contextlib.suppress(psutil.Error):
        told = psutil.Process(process.pid)
        while process.returncode is None:
            written = journal.stat().st_size if journal.is_file() else 0
            seen.append((written, told.memory_info().rss / 1024**2))
            time.sleep(0.1)


def grown(seen):
    """MB that a process grew by while it wrote the last three quarters of its journal."""
    last = max(written for written, _ in seen)
    during = [mb for written, mb in seen if last / 4 <= written < last]
    return during[-1] - during[0] if during else 0.0


def spent(command, journal=None, **more):
    """Run a command; CPU seconds, wall seconds, peak MB of the process and its children, MB grown while asking."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    seen = []
    if journal is not None:
        threading.Thread(target=watched, args=(process, journal, seen), daemon=True).start()
    out, errors = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command}: status {status}\n{out.decode()[-2000:]}\n{errors.decode()[-2000:]}")
    process.returncode = status
    wall_s = time.perf_counter() - start
    growth = grown(seen) if seen else 0.0
    return used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss / 1024, growth


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
        run = folder / f"{time.monotonic_ns()}" / "run"
        command += ["--out", str(run), "--quiet"]
        environment = os.environ | {"PYTHONPATH": str(HERE.parent.parent)}
        return (*spent(command, run / "answers.jsonl", env=environment), server.stats())


def main():
    print(
        "| items | what | CPU s per 1,000 | x floor | wall s | peak MB | MB grown while asking | in flight "
        "| requests/s | of floor |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
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
            rate_of_floor = median(count / each[0][4]["seconds"] for each in rounds)
            for what, at in (("bare loop", 0), ("bench run", 1), ("streamed", 2)):
                told = [each[at] for each in rounds]
                cpu_s = median(each[0] for each in told)
                rate = median(count / each[4]["seconds"] for each in told)
                print(
                    f"| {count} | {what} | {cpu_s / count * 1000:.2f} | {cpu_s / median(floor):.1f} | "
                    f"{median(each[1] for each in told):.1f} | "
                    f"{max(each[2] for each in told):.0f} | {max(each[3] for each in told):.0f} | {max(each[4]['peak'] for each in told)} | "
                    f"{rate:.0f} | {rate / rate_of_floor:.0%} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
