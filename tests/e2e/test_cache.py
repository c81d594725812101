from tests.e2e.command import RUN, asked, failing_for, judged, number, states, together
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ASK = RUN[:-1]


def test_what_was_answered_is_not_asked_again_and_nothing_else_is_kept(bench, tmp_path):
    """At first item 0 fails, item 1 is cut, item 2 filtered."""
    at_first = {
        0: (500, {}, {}),
        1: (200, {}, completion(finish="length")),
        2: (200, {}, completion(finish="content_filter")),
    }

    def behave(_, body):
        return at_first.get(number(body), (200, {}, completion()))

    written(tmp_path / "s")
    written(tmp_path / "t", change=lambda told: told["prompt"].update(system="Otherwise."))
    with StubServer(behave) as server:
        endpoints(tmp_path, server.url, limits={"max_attempts": 1})
        assert bench(*ASK, "first").returncode == 3
        at_first.clear()
        server.requests.clear()
        assert bench(*ASK, "second").returncode == 0
        assert sorted(asked(server)) == [0, 1, 2]
        server.requests.clear()
        fresh, other = together(
            lambda: bench(*ASK, "fresh", "--no-cache"),
            lambda: bench("run", "t", *ASK[2:], "other"),
        )
        assert (fresh.returncode, other.returncode) == (0, 0)
        assert sorted(asked(server)) == sorted([*range(12)] * 2)
    second, again = judged(tmp_path / "second"), judged(tmp_path / "fresh")
    assert (second["usage"]["cached"], again["usage"]["cached"]) == (9, 0)
    assert second["outcomes"] == again["outcomes"]
    assert second["value_per_case"] == again["value_per_case"]
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
