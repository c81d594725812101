"""What a runner of GitHub Actions makes of a step: commands in its log, values in its files, its environment.

After actions/runner: `ActionCommand.cs`, `ActionCommandManager.cs`, `FileCommandManager.cs` and, since those moved,
`EnvFileKeyValuePairs` for what a step writes into $GITHUB_OUTPUT.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

RECORDED = Path(__file__).parent / "golden" / "gate_ci" / "recorded"
COMMANDS = {
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
    "notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}  # fmt: skip
_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


@dataclass
class Command:
    """A command as the runner carries it out."""

    name: str
    data: str
    properties: dict = field(default_factory=dict)


def commands(log):
    """The commands in what a step printed, in order; a line that the new syntax does not fit is tried by the old one."""
    lines = re.split(r"\r\n|\r|\n", log)
    return [found for line in lines if (found := _new(line) or _legacy(line))]


def _new(line):
    told = line.lstrip()
    if not told.startswith("::") or (end := told.find("::", 2)) < 0:
        return None
    name, _, properties = told[2:end].partition(" ")
    if name.lower() not in COMMANDS:
        return None
    return Command(
        name.lower(), _unescaped(told[end + 2 :], _DATA), _pairs(properties.strip(), ",", _PROPERTY)
    )


def _legacy(line):
    start = line.find("##[")
    if start < 0 or (end := line.find("]", start)) < 0:
        return None
    name, _, properties = line[start + 3 : end].partition(" ")
    if name.lower() not in COMMANDS:
        return None
    return Command(name.lower(), line[end + 1 :], _pairs(properties, ";", ()))


def _pairs(text, separator, mapping):
    parted = (each.split("=", 1) for each in text.split(separator) if each)
    return {
        each[0]: _unescaped(each[1], mapping) for each in parted if len(each) == 2 and all(each)
    }


def _unescaped(text, mapping):
    for escaped, meant in mapping:
        text = text.replace(escaped, meant)
    return text


def values(text):
    """Name -> value of a file such as $GITHUB_OUTPUT. ValueError where the runner would fail the step."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, found_value = line.partition("=")
        elif heredoc >= 0:
            name, _, mark = line.partition("<<")
            if not mark:
                raise ValueError(line)
            found_value = "\n".join(_until(lines, mark))
        else:
            raise ValueError(line)
        if not name:
            raise ValueError(line)
        found[name] = found_value
    return found


def _until(lines, mark):
    for line in lines:
        if line == mark:
            return
        yield line
    raise ValueError(f"no {mark}")


def environment(folder):
    """The variables of a pull request's job whose folders lie in `folder`, made with the files of its step."""
    told = json.loads((RECORDED / "environment.json").read_text(encoding="utf-8"))
    told = {name: text.replace("/home/runner/work", str(folder)) for name, text in told.items()}
    for name in ("GITHUB_WORKSPACE", "RUNNER_TEMP"):
        Path(told[name]).mkdir(parents=True, exist_ok=True)
    for name in (
        "GITHUB_ENV",
        "GITHUB_OUTPUT",
        "GITHUB_PATH",
        "GITHUB_STATE",
        "GITHUB_STEP_SUMMARY",
    ):
        Path(told[name]).parent.mkdir(parents=True, exist_ok=True)
        Path(told[name]).touch()
    event = Path(told["GITHUB_EVENT_PATH"])
    event.parent.mkdir(parents=True, exist_ok=True)
    event.write_bytes((RECORDED / "event.json").read_bytes())
    return told
