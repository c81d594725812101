import asyncio
import contextlib
import json
import os
import signal
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from bench.endpoints.command import Command
from bench.endpoints.transport import MAX_BODY
from bench.errors import EndpointFileError, RequestFailure
from tests.documented_wires import KEY, asked, request

HERE = {"residency": "here", "deployment": "edge"}


def command(folder, program, *more_argv, **more):
    """A program in Python, written into a folder."""
    (folder / "ask.py").write_text(textwrap.dedent(program))
    options = {"argv": [sys.executable, "ask.py", *more_argv], "folder": str(folder), "data": HERE}
    return Command.model_validate(options | more)


def failure(endpoint):
    with pytest.raises(RequestFailure) as caught:
        asked(endpoint)
    return caught.value


ECHO = "import sys; print(sys.stdin.read(), end='')"


def test_the_request_goes_in_as_json_and_the_answer_comes_out_as_text(tmp_path):
    told = json.loads(asked(command(tmp_path, ECHO, params={"top_k": 3, "max_tokens": 8})).text)
    assert told == {
        "prompt": "How many?",
        "system": "Answer with a number.",
        "messages": [
            {"role": "system", "content": "Answer with a number."},
            {"role": "user", "content": "How many?"},
        ],
        "max_tokens": 8,
        "stop": [],
        "input": {"question": "How many?", "place": "Ulm"},
        "item": "i1",
        "repeat": 0,
        "images": [],
        "params": {"top_k": 3, "max_tokens": 8},
    }


def test_a_program_may_be_given_the_prompt_alone_or_nothing(tmp_path):
    assert asked(command(tmp_path, ECHO, stdin="prompt")).text == "Answer with a number.\n\nHow many?"  # fmt: skip
    assert asked(command(tmp_path, ECHO, stdin="none")).text == ""


def test_a_prompt_file_is_private_and_gone_afterwards(tmp_path):
    program = """
        import os, sys
        path = sys.argv[1].removeprefix("--file=")
        print(path, oct(os.stat(path).st_mode & 0o777), open(path).read())
    """
    said = asked(command(tmp_path, program, "--file={prompt_file}")).text
    path, mode, prompt = said.split(" ", 2)
    assert (mode, prompt) == ("0o600", "Answer with a number.\n\nHow many?")
    assert not Path(path).exists()


def test_an_answer_may_stand_in_json(tmp_path):
    program = """print('{"says": {"text": "42", "in": 3, "out": 1}}')"""
    response = {"text": "says.text", "input_tokens": "says.in", "output_tokens": "says.out"}
    reply = asked(command(tmp_path, program, response=response))
    assert (reply.text, reply.input_tokens, reply.output_tokens) == ("42", 3, 1)
    errors = {"code": "code", "codes": {"slow": "rate_limited"}}
    slow = command(tmp_path, """print('{"code": "slow"}')""", response=response, errors=errors)
    assert failure(slow).kind == "rate_limited"
    assert failure(command(tmp_path, "print('{')", response=response)).kind == "malformed"


@pytest.mark.parametrize(("code", "kind"), [(1, "internal"), (75, "server"), (77, "auth"), (3, "quota_empty")])  # fmt: skip
def test_an_exit_code_is_typed_and_told_with_the_last_line_it_wrote(tmp_path, code, kind):
    program = f"import sys; print('42'); print('first\\nlast', file=sys.stderr); sys.exit({code})"
    found = failure(command(tmp_path, program, exits={3: "quota_empty"}))
    assert (found.kind, found.message) == (kind, f"exit code {code}: last")


def test_a_program_may_say_that_it_refuses(tmp_path):
    refusing = command(tmp_path, "raise SystemExit(9)", exits={9: "content_policy"})
    assert asked(refusing).finish == "content_filter"


def test_a_signal_is_told(tmp_path):
    program = "import os; os.kill(os.getpid(), 9)"
    assert failure(command(tmp_path, program)).message == "ended by signal 9: without a word"


def test_output_that_is_no_text_is_malformed(tmp_path):
    program = "import sys; sys.stdout.buffer.write(bytes([255, 254]))"
    assert failure(command(tmp_path, program)).kind == "malformed"


def test_output_without_end_is_capped_and_its_program_ended(tmp_path):
    program = "while True: print('x' * 65536)"
    found = failure(command(tmp_path, program))
    assert (found.kind, found.message) == ("malformed", f"more than {MAX_BODY >> 20} MiB of output")


def test_messages_without_end_are_read_and_forgotten(tmp_path):
    program = "import sys; sys.stderr.write('x' * 3_000_000); print('42')"
    assert asked(command(tmp_path, program)).text == "42"


def test_a_program_need_not_read_what_it_is_given(tmp_path):
    long = request([request().messages[1].model_copy(update={"content": "x" * 3_000_000})])
    assert asked(command(tmp_path, "print('42')"), long).text == "42"


def is_alive(pid):
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("leader", ["stays", "leaves"])
def test_a_deadline_ends_the_program_and_all_that_it_started(tmp_path, leader):
    program = f"""
        import os, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        open("child", "w").write(str(child.pid))
        if {leader == "stays"}: time.sleep(600)
    """
    endpoint = command(tmp_path, program)
    opened = tmp_path / "child"
    os.mkfifo(opened)
    found = []

    async def go():
        async with endpoint.connect() as line:
            asking = asyncio.create_task(line.ask(request()))
            found.append(int(await asyncio.to_thread(opened.read_text)))
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    asyncio.run(go())
    (child,) = found
    until = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < until:
        os.sched_yield()
    try:
        assert not is_alive(child)
    finally:
        if is_alive(child):
            os.kill(child, signal.SIGKILL)


def test_others_are_answered_while_one_thinks(tmp_path):
    program = """
        import json, os, sys, time
        item = json.load(sys.stdin)["repeat"]
        open(f"here-{item}", "w")
        while len([name for name in os.listdir() if name.startswith("here-")]) < 3: time.sleep(0.01)
        print(item)
    """
    asking = [replace(request(), case=replace(request().case, repeat=n)) for n in range(3)]
    replies = asked(command(tmp_path, program), *asking)
    assert [reply.text for reply in replies] == ["0", "1", "2"]


def test_a_program_gets_no_variable_that_nobody_named(tmp_path, monkeypatch):
    monkeypatch.setenv("OTHER_KEY", "sk-other-0123456789abcdef")
    monkeypatch.setenv("CANARY_KEY", KEY)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    more = {"secrets": ["CANARY_KEY"], "environment": ["CUDA_VISIBLE_DEVICES"]}
    told = json.loads(asked(command(tmp_path, program, **more)).text)
    assert told["CANARY_KEY"] == "[key]"
    assert told["CUDA_VISIBLE_DEVICES"] == "0"
    assert "OTHER_KEY" not in told


def test_a_key_is_in_no_failure_no_identity_and_no_argument(tmp_path, monkeypatch):
    monkeypatch.setenv("CANARY_KEY", KEY)
    program = "import os; raise SystemExit('bad key ' + os.environ['CANARY_KEY'])"
    endpoint = command(tmp_path, program, secrets=["CANARY_KEY"])
    assert failure(endpoint).message == "exit code 1: bad key [key]"
    assert KEY not in json.dumps(endpoint.identity()) + repr(endpoint)
    shown = command(tmp_path, program, f"--header=X-Key: {KEY}", secrets=["CANARY_KEY"])
    with pytest.raises(EndpointFileError, match="a key stands in argv") as caught:
        shown.check()
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("argument", ["--api-key", "--api_key=sk-1", "-token", "--password=x"])
def test_an_argument_for_a_key_is_refused_without_being_repeated(argument):
    with pytest.raises(ValidationError, match="would show a key to every process") as caught:
        Command.model_validate({"argv": ["ask", argument], "data": HERE})
    assert "sk-1" not in str(caught.value).partition("[type=")[0]


def test_where_a_program_sends_what_it_is_given_must_be_said():
    with pytest.raises(ValidationError, match="may send what it is given anywhere; say where"):
        Command.model_validate({"argv": ["ask"]})
    assert Command.leaves_machine


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"argv": ["no-such-program-here"]}, "'no-such-program-here' is no program"),
        ({"argv": ["./gone.sh"]}, "'./gone.sh' is no program"),
        ({"folder": "/no/such/folder"}, "no folder; correct `folder`"),
        ({"secrets": ["KEY_THAT_IS_NOT_SET"]}, "KEY_THAT_IS_NOT_SET is not set"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_started(tmp_path, more, said, monkeypatch):
    monkeypatch.delenv("KEY_THAT_IS_NOT_SET", raising=False)
    with pytest.raises(EndpointFileError, match=said):
        command(tmp_path, ECHO).model_copy(update=more).check()


def test_a_program_that_cannot_be_started_any_more_is_a_failure(tmp_path):
    script = tmp_path / "ask.sh"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    made = Command.model_validate({"argv": ["./ask.sh"], "folder": str(tmp_path), "data": HERE})
    assert failure(made).kind == "internal"


def test_another_program_is_another_endpoint_wherever_it_lies(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, other = (command(tmp_path / name, ECHO).identity() for name in ("a", "b"))
    assert one == other
    assert command(tmp_path / "b", ECHO + " ").identity() != one


def test_no_shell_reads_the_arguments(tmp_path):
    program = "import sys; print(sys.argv[1])"
    assert asked(command(tmp_path, program, "$(id); `id` * ~")).text == "$(id); `id` * ~"


def test_images_are_told_where_the_user_says_that_they_are_looked_at(tmp_path):
    assert not command(tmp_path, ECHO).takes_images()
    assert command(tmp_path, ECHO, images=True).takes_images()


def runs(name):
    """Whether a process that was given `name` as an argument is there."""
    told = (path / "cmdline" for path in Path("/proc").iterdir() if path.name.isdigit())
    for each in told:
        with contextlib.suppress(OSError):
            if name.encode() in each.read_bytes().split(b"\0"):
                return True
    return False


LEFT = """
    import subprocess, sys, time
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)", sys.argv[1]], {how})
    print("42", flush=True)
    time.sleep({then})
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_what_a_program_leaves_running_is_ended_with_it(tmp_path):
    quiet = "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
    name = f"left-{os.getpid()}"
    assert asked(command(tmp_path, LEFT.format(how=quiet, then=0), name)).text == "42"
    for _ in range(100):
        if not runs(name):
            return
        time.sleep(0.02)
    pytest.fail("what the program started still runs")


def test_a_deadline_holds_though_another_group_holds_the_output(tmp_path):
    left = command(tmp_path, LEFT.format(how="start_new_session=True", then=30), "left-alone")

    async def go():
        async with left.connect() as line, asyncio.timeout(1):
            await line.ask(request())

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(go())
    assert time.monotonic() - started < 10


def test_an_answer_may_hold_choices_of_its_own(tmp_path):
    told = 'print(\'{"a": "42", "q": [{"choices": 1}, {"choices": 2}]}\')'
    assert asked(command(tmp_path, told, response={"text": "a"})).text == "42"
