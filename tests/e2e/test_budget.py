import pytest

from tests.e2e.command import AGAIN, RUN, complaint, judged, last_line, lines
from tests.small_suite import endpoints, written
from tests.stub_server import StubServer, completion

PRICE = {"currency": "CNY", "input": 1.0, "output": 2.0, "per": 1}
"""A reply of the stub (10 tokens in, 5 out) costs 20; the dearest there may be is below 80."""
EACH = 20


def spent(run):
    return sum(each["exchanges"][0]["cost"] for each in lines(run) if each["exchanges"])


def test_a_budget_ends_a_run_before_it_is_passed(bench, tmp_path):
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url, price=PRICE, limits={"concurrency": 1})
        stopped = bench(*RUN, "--budget", "130", "--no-cache")
        told = last_line(stopped)
        assert told.startswith("stopped before the budget was passed; ")
        assert AGAIN in told
        assert "--budget" in told
        asked = len(server.requests)
        assert 0 < asked < 12
        assert spent(tmp_path / "r") == asked * EACH <= 130
        trials = judged(tmp_path / "r")["trials"]
        assert (trials["answered"], trials["not_run"]) == (asked, 12 - asked)
        same = bench("run", "--resume", "--out", "r", "--budget", "130", "--no-cache")
        assert "stopped before the budget was passed" in last_line(same)
        assert spent(tmp_path / "r") <= 130
        more = bench("run", "--resume", "--out", "r", "--budget", "400", "--no-cache")
        assert more.returncode == 0, more.stderr
        assert len(server.requests) == 12
    assert spent(tmp_path / "r") == 12 * EACH


def test_many_at_once_pass_no_budget(bench, tmp_path):
    """Eight are in flight; what they may still cost is held back."""
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url, price=PRICE, limits={"concurrency": 8})
        last_line(bench(*RUN, "--budget", "170"))
    assert 0 < spent(tmp_path / "r") <= 170


def test_a_reply_of_unknown_cost_counts_at_its_dearest(bench, tmp_path):
    written(tmp_path / "s")
    with StubServer(lambda *_: (200, {}, completion(usage=None))) as server:
        endpoints(tmp_path, server.url, price=PRICE, limits={"concurrency": 1})
        last_line(bench(*RUN, "--budget", "400"))
        assert 0 < len(server.requests) < 12


@pytest.mark.parametrize("price", [None, {"currency": "CNY"}, {"currency": "CNY", "input": 1.0}])
def test_a_budget_needs_prices_to_hold(bench, tmp_path, price):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1", **({"price": price} if price else {}))
    told = complaint(bench(*RUN, "--budget", "5"))
    assert told.startswith("--budget: endpoint 'stub' has no price")
    assert "add price: to hold a budget" in told
    assert not (tmp_path / "r").exists()
