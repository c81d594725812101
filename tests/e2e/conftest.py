"""A folder with a small suite, a stub server, and the command run beside them."""

import signal
from functools import partial
from shutil import copytree

import pytest

from tests.e2e.command import RUN, command
from tests.held_run import Changing, policy_file, suite_at, wrong_in
from tests.small_suite import endpoints, written
from tests.stub_server import StubServer


@pytest.fixture(scope="session", autouse=True)
def interruptible():
    """A shell starts what runs in the background deaf to Ctrl-C, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def bench(tmp_path):
    """`bench(*arguments, **environment)` in the folder of the test."""
    return partial(command, tmp_path)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A folder whose run `r` went well; tests read it, or copy it before they change it."""
    folder = tmp_path_factory.mktemp("finished")
    written(folder / "s")
    with StubServer() as server:
        endpoints(folder, server.url)
        done = command(folder, *RUN, "--lang", "en")
    assert done.returncode == 0, done.stderr
    return folder, done


@pytest.fixture
def mine(finished, tmp_path):
    """A copy of a finished run and what it was made from, to be changed."""
    folder, _ = finished
    copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """A server, and a folder with a suite, a policy and a whole run to be held against."""
    folder = tmp_path_factory.mktemp("base")
    behaviour = Changing(wrong_in(0.1))
    with StubServer(behaviour) as running:
        running.behaviour = behaviour
        suite_at(folder)
        endpoints(folder, running.url, limits={"concurrency": 4})
        policy_file(folder)
        options = ("--endpoints", "endpoints.yaml", "--out", "base", "--no-cache")
        done = command(folder, "run", "s", *options)
        assert done.returncode == 0, done.stderr
        yield running, folder


@pytest.fixture
def server(base):
    """The server, which answers as it did and has forgotten what it was asked."""
    running, _ = base
    running.behaviour.now = wrong_in(0.1)
    running.requests.clear()
    return running


@pytest.fixture
def blessed(base, tmp_path):
    """A copy of the folder, to be changed."""
    copytree(base[1], tmp_path, dirs_exist_ok=True)
    return tmp_path
