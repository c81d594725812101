import random
from collections import Counter

import pytest
import yaml

from tests.e2e.command import (
    AGAIN,
    RUN,
    command,
    complaint,
    judged,
    last_line,
    lines,
    number,
    together,
)
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
        endpoints(tmp_path, server.url, price=PRICE, limits={"concurrency": 1, "max_attempts": 1})
        stopped = bench(*RUN, "--budget", "130.0001", "--no-cache")
        told = last_line(stopped)
        assert told.startswith("stopped before the budget was passed; ")
        assert told.endswith(f"; go on with a larger one: {AGAIN} --budget 130.0001 --no-cache")
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


def test_what_may_still_be_spent_is_held_back(bench, tmp_path):
    """Eight are in flight at once; or the server does not say what it used, and the dearest counts."""
    silent = StubServer(lambda *_: (200, {}, completion(usage=None)))
    with StubServer() as server, silent:
        for name, url, at_once in (("many", server.url, 8), ("silent", silent.url, 1)):
            written(tmp_path / name / "s")
            limits = {"concurrency": at_once, "max_attempts": 1}
            endpoints(tmp_path / name, url, price=PRICE, limits=limits)
        many, unsaid = together(
            lambda: command(tmp_path / "many", *RUN, "--budget", "170"),
            lambda: command(tmp_path / "silent", *RUN, "--budget", "400"),
        )
        assert 0 < len(silent.requests) < 12
    assert "stopped before the budget was passed" in last_line(many)
    assert "stopped before the budget was passed" in last_line(unsaid)
    assert 170 - 80 < spent(tmp_path / "many" / "r") <= 170  # what was held came back and was used


def test_whatever_goes_wrong_a_budget_holds(bench, tmp_path):
    """Two endpoints whose replies are dear and of no use by turns, told or not; the servers count what they bill."""
    billed = []
    answers = {
        "tool calls": [{"index": 0, "message": {"role": "assistant", "tool_calls": [{}]}, "finish_reason": "stop"}],
        "no choices": [],
        "good": completion()["choices"],
        "cut": completion("4", "length")["choices"],
    }  # fmt: skip

    def billing(name):
        asked = Counter()

        def behave(_, body):
            item = number(body)
            asked[item] += 1  # what the nth request for an item meets depends on these two alone
            draw = random.Random(f"81:{name}:{item}:{asked[item]}")
            what = draw.choice([*answers, "500", "429", "gone", "nonsense"])
            if what in answers:
                usage = {"prompt_tokens": draw.randint(20, 40), "completion_tokens": 16}
                billed.append(usage["prompt_tokens"] + 2 * usage["completion_tokens"])
                return 200, {}, completion(usage=usage) | {"choices": answers[what]}
            if what == "gone":
                return None
            return (200, {}, b"{") if what == "nonsense" else (int(what), {}, {})

        return behave

    written(tmp_path / "s")
    one, other = StubServer(billing("one")), StubServer(billing("other"))
    limits = {"concurrency": 3, "max_attempts": 2}
    with one, other:
        entries = {
            name: {"adapter": "openai", "model": "m", "base_url": server.url, "price": dict(PRICE), "limits": dict(limits)}
            for name, server in (("one", one), ("other", other))
        }  # fmt: skip
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump({"endpoints": entries}))
        done = bench(*RUN, "--budget", "1200", "--no-cache")
        assert "stopped before the budget was passed" in last_line(done)
        again = bench("run", "--resume", "--out", "r", "--budget", "1200", "--no-cache")
        assert "stopped before the budget was passed" in last_line(again)
    assert len(billed) > 4
    assert sum(billed) <= 1200
    told = lines(tmp_path / "r")
    priced = [each["cost"] for line in told for each in line.get("exchanges", ())]
    lost = [line["lost_cost"] for line in told if "lost_cost" in line]
    assert lost
    assert sum(priced) + sum(lost) <= sum(billed)
    attempts = sum(line["attempts"] for line in told)
    assert attempts == len(one.requests) + len(other.requests)


def test_what_failures_have_cost_stays_spent_when_they_are_asked_again(bench, tmp_path):
    """Every reply is billed and of no use."""
    written(tmp_path / "s")
    calls = [{"index": 0, "message": {"role": "assistant", "tool_calls": [{}]}, "finish_reason": "stop"}]  # fmt: skip
    with StubServer(lambda *_: (200, {}, completion() | {"choices": calls})) as server:
        endpoints(tmp_path, server.url, price=PRICE, limits={"concurrency": 1, "max_attempts": 1})
        assert "failed trials: 12" in last_line(bench(*RUN, "--budget", "400"))
        failed = (tmp_path / "r" / "answers.jsonl").read_bytes()
        again = ("run", "--resume", "--out", "r", "--retry-failed", "--budget", "400")
        for _ in range(2):
            assert "stopped before the budget was passed" in last_line(bench(*again))
        assert 12 < len(server.requests) <= 400 // EACH
    assert (tmp_path / "r" / "answers.failed.jsonl").read_bytes().startswith(failed)


def test_a_plan_tells_the_day_of_a_price_once(bench, tmp_path):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1", price=PRICE | {"as_of": "2026-09-27"})
    told = bench("plan", "s", "--endpoints", "endpoints.yaml")
    assert told.stdout.count("price of stub: as of 2026-09-27") == 1


@pytest.mark.parametrize("price", [None, {"currency": "CNY"}, {"currency": "CNY", "input": 1.0}])
def test_a_budget_needs_prices_to_hold(bench, tmp_path, price):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1", **({"price": price} if price else {}))
    told = complaint(bench(*RUN, "--budget", "5"))
    assert told.startswith("--budget: endpoint 'stub' has no price")
    assert "add price: to hold a budget" in told
    assert not (tmp_path / "r").exists()
