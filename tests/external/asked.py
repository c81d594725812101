"""The real command asks a foreign server, and what it wrote is read back."""

import json

from tests.e2e.command import RUN, command, lines
from tests.small_suite import item, written


def run(folder, endpoints, *, items=3, **environment):
    """`bench run` of a few items with endpoints by name; limits are three at once and three attempts."""
    written(folder / "s", [item(number) for number in range(items)])
    limits = {"concurrency": 3, "timeout_s": 30, "max_attempts": 3}
    told = {
        name: {"adapter": "openai", **each, "limits": limits | each.get("limits", {})}
        for name, each in endpoints.items()
    }
    (folder / "endpoints.yaml").write_text(json.dumps({"endpoints": told}))
    done = command(folder, *RUN, "--no-cache", **environment)
    assert (folder / "r" / "summary.json").is_file(), done.stderr
    return done


def trials(folder, candidate):
    """(state, failure's kind, requests) of each of a candidate's trials, sorted."""
    told = [
        (each["state"], each.get("failure", {}).get("kind"), each["attempts"])
        for each in lines(folder / "r")
        if each["candidate"] == candidate
    ]
    return sorted(told, key=str)


def exchanges(folder, candidate):
    """The exchanges of a candidate that brought a reply."""
    answers = [each for each in lines(folder / "r") if each["candidate"] == candidate]
    return [exchange for each in answers for exchange in each.get("exchanges", ())]
