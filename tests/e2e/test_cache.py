from tests.e2e.command import RUN, asked, failing_for, judged, number, states
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ASK = RUN[:-1]


def test_the_same_question_is_asked_once_and_another_prompt_is_another_question(bench, tmp_path):
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        assert bench(*ASK, "first").returncode == 0
        assert len(server.requests) == 12
        assert bench(*ASK, "second").returncode == 0
        assert len(server.requests) == 12
        assert bench(*ASK, "third", "--no-cache").returncode == 0
        assert len(server.requests) == 24
        written(tmp_path / "s", change=lambda told: told["prompt"].update(system="Otherwise."))
        assert bench(*ASK, "fourth").returncode == 0
        assert len(server.requests) == 36
    first, second = judged(tmp_path / "first"), judged(tmp_path / "second")
    assert first["outcomes"] == second["outcomes"]
    assert first["value_per_case"] == second["value_per_case"]
    assert (first["usage"]["cached"], second["usage"]["cached"]) == (0, 12)
    assert judged(tmp_path / "third")["usage"]["cached"] == 0


def test_failures_and_cut_replies_are_never_kept(bench, tmp_path):
    """Item 0 fails, item 1 is cut, item 2 filtered; the rest is answered."""
    finish = {1: "length", 2: "content_filter"}

    def behave(_, body):
        if number(body) == 0 and server.behaved:
            return 500, {}, {}
        why = finish.get(number(body), "stop") if server.behaved else "stop"
        return 200, {}, completion(finish=why)

    written(tmp_path / "s", [item(n) for n in range(5)])
    server = StubServer(behave)
    server.behaved = True
    with server:
        endpoints(tmp_path, server.url, limits={"max_attempts": 1})
        assert bench(*ASK, "first").returncode == 3
        server.behaved = False
        server.requests.clear()
        assert bench(*ASK, "second").returncode == 0
        assert sorted(asked(server)) == [0, 1, 2]
    assert set(states(tmp_path / "second").values()) == {"answered"}


def test_a_cache_that_is_no_cache_does_not_end_a_run(bench, tmp_path):
    written(tmp_path / "s", [item(n) for n in range(3)])
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "replies.sqlite").write_bytes(b"not a database " * 100)
    with StubServer(failing_for(lambda at: False)) as server:
        endpoints(tmp_path, server.url)
        done = bench(*RUN)
    assert done.returncode == 0
    assert "the cache of replies was not used" in done.stderr
