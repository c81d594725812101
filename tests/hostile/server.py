"""The fault server in a process of its own. It is no part of this repository: BENCH_HOSTILE_SERVER names its file."""

import json
import os
import socket
import subprocess
import sys
import urllib.request

TOOL = os.environ.get("BENCH_HOSTILE_SERVER")
HANG_S = 30


class HostileServer:
    """Answers by tags in the prompt, `[[id=ITEM plan=FAULT,FAULT]]`, and counts requests by `api|model|ITEM`."""

    def __init__(self, folder, hang_s=HANG_S):
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "server.jsonl"
        self._hang_s = hang_s

    def __enter__(self):
        port, other = _free_ports(2)
        self.address = f"http://127.0.0.1:{port}"
        self.url = f"{self.address}/v1"
        command = [sys.executable, TOOL, "--port", port, "--redirect-port", other]
        command += ["--log", self._log, "--hang-s", self._hang_s, "--ttl", 300]
        self._process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout.readline().startswith("READY")
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def pack_its_bomb(self):
        """It packs 200 MB when it is first asked for them, and answers nobody meanwhile; so it is asked beforehand."""
        prompt = [{"role": "user", "content": "[[id=first plan=gzip_bomb]]"}]
        self._sent(f"{self.url}/chat/completions", {"model": "any", "messages": prompt})
        self._sent(f"{self.address}/_h/reset", {})

    def _sent(self, url, body):
        with urllib.request.urlopen(url, json.dumps(body).encode(), timeout=60) as reply:
            reply.read()

    def faults(self):
        """The names of all its faults."""
        return set(self._told("faults"))

    def requests(self):
        """(model, item) -> how many requests came; `|REDIRECTED` ends the item of one that followed a redirect."""
        return {tuple(key.split("|", 2)[1:]): count for key, count in self._told("counts").items()}

    def _told(self, what):
        with urllib.request.urlopen(f"{self.address}/_h/{what}", timeout=20) as reply:
            return json.load(reply)


def _free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports
