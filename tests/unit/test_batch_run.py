import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from bench.endpoints.price import Price
from bench.endpoints.redaction import Redaction
from bench.running.batches.batching import Batching
from bench.running.batches.file import BatchFile
from bench.running.batches.run import BatchRun
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Stop
from bench.running.journal import Journal, answers
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.strategies.few_shot import FewShot
from bench.strategies.redacting import Redacting
from bench.suites.load import load
from tests.batch_server import BatchServer, endpoint
from tests.small_suite import item, written
from tests.stub_server import completion

PRICE = Price(currency="CNY", input=1_000.0, output=2_000.0)


@pytest.fixture
def suite(tmp_path):
    return load(str(written(tmp_path / "s", [item(n) for n in range(12)])))


def candidate(url, strategy=None, name="stub", **more):
    made = endpoint(url, **more)
    return Candidate(name, name, "openai", made, "direct", strategy or Direct())


@asynccontextmanager
async def parts(tmp_path, planned, limit=None):
    folder = tmp_path / "r"
    folder.mkdir(exist_ok=True)
    fx = {each.name: {"CNY": 1.0} for each in planned.candidates}
    budget = Budget(limit, planned, fx)
    with Journal(folder) as journal, Cache(tmp_path / "c.sqlite") as cache:
        yield journal, cache, budget


def asked(tmp_path, suite, candidates, limit=None, **how):
    """Run what has no answer in the folder yet; how it ended, and all answers."""
    planned = plan([suite], candidates)

    async def go():
        async with parts(tmp_path, planned, limit) as (journal, cache, budget):
            done = {each.key for each in answers(tmp_path / "r")}
            owed = [each for each in planned.trials() if each.key not in done]
            batching = Batching(**{"poll_s": 0.01, **how})
            run = BatchRun(batching)
            return await run.execute(owed, journal, cache, budget, lambda _: None, Stop())

    return asyncio.run(go()), list(answers(tmp_path / "r"))


class TestRun:
    def test_every_trial_is_asked_in_one_batch_and_answered_once(self, tmp_path, suite):
        with BatchServer() as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url, price=PRICE)])
        assert sorted(each.item for each in told) == sorted(f"i{n}" for n in range(12))
        assert (len(server.created), len(server.paid)) == (1, 12)
        (exchange,) = told[0].exchanges
        assert exchange.batched
        assert (exchange.latency_s, exchange.ttft_s, exchange.attempts) == (None, None, 1)
        assert exchange.cost == pytest.approx((10 * 1_000 + 5 * 2_000) / 1e6 / 2)
        assert (ended.stopped, ended.closed) == (False, {})

    @pytest.mark.parametrize("limits", [{"max_requests": 5}, {"max_file_bytes": 5 * 280}])
    def test_files_are_as_few_as_the_limits_allow(self, tmp_path, suite, limits):
        with BatchServer() as server:
            _, told = asked(tmp_path, suite, [candidate(server.url)], **limits)
        sizes = [content.count(b"\n") for content in list(server.files.values())[:3]]
        assert len(told) == len(server.paid) == 12
        assert len(server.created) == 3
        assert sum(sizes) == 12
        for content in list(server.files.values())[:3]:
            assert len(content) <= limits.get("max_file_bytes", 10_000)
            assert content.count(b"\n") <= limits.get("max_requests", 12)

    def test_examples_are_shown_in_a_batch_as_on_their_own(self, tmp_path, suite):
        with BatchServer() as server:
            asked(tmp_path, suite, [candidate(server.url, FewShot(k=2))])
        assert {len(body["messages"]) for body in server.paid} == {6}

    def test_a_stream_is_never_asked_for_in_a_batch(self, tmp_path, suite):
        with BatchServer() as server:
            _, told = asked(tmp_path, suite, [candidate(server.url, stream=True)])
        assert {each.state for each in told} == {"answered"}
        assert not any("stream" in body or "stream_options" in body for body in server.paid)

    def test_a_duplicated_a_strange_and_a_missing_line_harm_nobody_else(self, tmp_path, suite):
        def disturbed(told):
            strange = json.dumps(json.loads(told[0]) | {"custom_id": "nobody"}).encode()
            other = json.loads(told[1])
            other["response"]["body"]["choices"][0]["message"]["content"] = "13"
            return [b"", *told[1:], strange, json.dumps(other).encode(), b"no JSON"]

        with BatchServer(written=disturbed) as server:
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == 12
        (failed,) = [each for each in told if each.state == "failed"]
        assert failed.failure.kind == "malformed"
        assert "no line" in failed.failure.message
        assert {each.text for each in told if each is not failed} == {"42"}

    def test_states_are_those_of_requests_on_their_own(self, tmp_path, suite):
        def answer(body):
            match int(body["messages"][-1]["content"].removeprefix("question ").removesuffix("?")):
                case 0:
                    return 200, completion(finish="length")
                case 1:
                    return 400, {"error": {"code": "content_filter", "message": "no"}}
                case 2:
                    return 500, {"error": {"message": "broken"}}
                case 3:
                    return 200, completion(None)
                case _:
                    return 200, completion()

        with BatchServer(answer=answer) as server:
            _, told = asked(tmp_path, suite, [candidate(server.url, price=PRICE)])
        states = {each.item: each.state for each in told}
        assert [states[f"i{n}"] for n in range(5)] == [
            "truncated", "refused", "failed", "failed", "answered",
        ]  # fmt: skip
        by_item = {each.item: each for each in told}
        assert by_item["i2"].failure.kind == "server"
        assert by_item["i3"].failure.kind == "no_text"
        assert by_item["i3"].lost_cost == pytest.approx(0.01)

    @pytest.mark.parametrize("end", ["expired", "cancelled"])
    def test_what_was_not_asked_in_time_stays_owed_and_is_handed_over_again(self, tmp_path, suite, end):  # fmt: skip
        code = {"expired": "batch_expired", "cancelled": "batch_cancelled"}[end]
        with BatchServer(end=end, line_error=lambda n: code if n > 6 else None) as server:
            _, told = asked(tmp_path, suite, [candidate(server.url)])
            assert len(told) == 7
            assert {each.state for each in told} == {"answered"}
            server.end, server.line_error = "completed", lambda _: None
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12
        assert len(server.created) == 2

    def test_a_file_that_is_not_taken_costs_nothing_and_says_why(self, tmp_path, suite):
        with BatchServer(end="failed") as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url)])
        assert told == []
        assert server.paid == []
        assert "token_limit_exceeded: too many tokens enqueued" in ended.closed["stub"]

    @pytest.mark.parametrize("fault", ["lost", (500, {}, b"{}"), (200, {}, b"<html>")])
    def test_a_creation_of_which_nobody_knows_is_looked_for_before_another(self, tmp_path, suite, fault):  # fmt: skip
        faults = lambda method, path, n: fault if (method, path, n) == ("POST", "/batches", 0) else None  # fmt: skip  # noqa: E731
        with BatchServer(fault=faults) as server:
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12
        assert len(server.created) == 1
        assert server.count("GET", "/batches") > 0

    def test_a_key_that_is_refused_closes_the_endpoint_and_leaves_nothing_behind(self, tmp_path, suite):  # fmt: skip
        refused = (401, {}, {"error": {"code": "invalid_api_key", "message": "no"}})
        with BatchServer(fault=lambda *_: refused) as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url)])
        assert told == []
        assert "invalid_api_key" in ended.closed["stub"]
        assert len(server.calls) == 1
        assert list(BatchFile(tmp_path / "r").live()) == []

    def test_looks_and_downloads_that_fail_are_made_again(self, tmp_path, suite):
        def faults(method, path, number):
            if method == "GET" and number % 2 == 0:
                return (503, {}, b"busy")
            return None

        with BatchServer(fault=faults) as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12
        assert ended.closed == {}

    def test_a_vendor_that_stays_away_is_left_after_a_while_and_the_batch_is_kept(self, tmp_path, suite):  # fmt: skip
        away = lambda method, *_: (503, {}, b"busy") if method == "GET" else None  # noqa: E731
        with BatchServer(fault=away) as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url)], poll_s=0.001)
            assert told == []
            assert "batch_1" in ended.closed["stub"]
            server.fault = lambda *_: None
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12

    def test_a_file_is_handed_over_only_as_far_as_the_budget_bears_its_worst(self, tmp_path, suite):
        # an attempt at its dearest: at most twice the estimated input, 16 tokens of output, at half the price
        planned = plan([suite], [candidate("https://example.org/v1", price=PRICE)])
        trial = next(iter(planned.trials()))
        budget = Budget(1e9, planned, {"stub": {"CNY": 1.0}})
        assert budget.commits(trial)
        worst = budget._in_batches  # noqa: SLF001  # what one trial may cost
        with BatchServer() as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url, price=PRICE)], 5.01 * worst)
        assert len(told) == len(server.paid) == 5
        assert ended.over_budget

    def test_what_is_under_way_counts_against_the_budget_of_a_later_process(self, suite):
        chosen = candidate("https://example.org/v1", price=PRICE)
        budget = Budget(0.0, plan([suite], [chosen]), {"stub": {"CNY": 1.0}})
        first, second, *_ = plan([suite], [chosen]).trials()
        assert budget.commits(first, is_handed_over=True)
        assert not budget.commits(second)
        assert not budget.admits(second)
        budget.limit = 1.0
        budget.release(first)
        assert budget._in_batches == 0.0  # noqa: SLF001  # nothing is left of it

    def test_a_batch_waits_for_nothing_that_the_cache_has(self, tmp_path, suite):
        with BatchServer() as server:
            asked(tmp_path, suite, [candidate(server.url)])
            (tmp_path / "r" / "answers.jsonl").unlink()
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12
        assert all(each.exchanges[0].cached and each.exchanges[0].batched for each in told)

    def test_a_candidate_that_no_batch_takes_is_asked_as_usual_beside_it(self, tmp_path, suite):
        with BatchServer() as server:
            both = [
                candidate(server.url),
                candidate(server.url, name="b", batch=False, model="other"),
            ]
            _, told = asked(tmp_path, suite, both)
        assert (len(server.paid), len(server.asked_at_once)) == (12, 12)
        assert len(told) == 24
        assert {each.candidate: each.exchanges[0].batched for each in told} == {"stub": True, "b": False}  # fmt: skip

    def test_what_was_collected_when_a_process_was_killed_is_not_collected_again(self, tmp_path, suite):  # fmt: skip
        with BatchServer() as server:
            asked(tmp_path, suite, [candidate(server.url)])
            journal = tmp_path / "r" / "answers.jsonl"
            journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:5]))
            record = tmp_path / "r" / "batches.json"
            record.write_bytes(record.read_bytes().replace(b'"ended":"completed"', b'"ended":null'))
            (tmp_path / "c.sqlite").unlink()
            _, told = asked(tmp_path, suite, [candidate(server.url)])
        assert len(told) == len(server.paid) == 12
        assert len(server.created) == 1

    def test_nobody_waits_where_waiting_takes_no_time(self, tmp_path, suite):
        with BatchServer() as server:
            ended, told = asked(tmp_path, suite, [candidate(server.url)], wait_s=0)
            assert (told, ended.stopped) == ([], False)
            assert server.count("GET", "/batches") == 0
            for _ in range(10):
                _, told = asked(tmp_path, suite, [candidate(server.url)], wait_s=0)
        assert len(told) == len(server.paid) == 12
        assert len(server.created) == 1

    def test_what_is_sent_holds_no_personal_data_and_the_answer_has_them_back(self, tmp_path):
        entry = item(0) | {"input": {"question": "Who answers 13812345678?"}}
        suite = load(str(written(tmp_path / "s", [entry])))
        notes = []
        strategy = Redacting(
            inner=Direct(), redaction=Redaction(), note=lambda _, told: notes.append(told)
        )

        def echo(body):
            return 200, completion(body["messages"][-1]["content"])

        with BatchServer(answer=echo) as server:
            _, (told,) = asked(tmp_path, suite, [candidate(server.url, strategy)])
        assert told.text == "Who answers 13812345678?"
        assert not any(b"13812345678" in content for content in server.files.values())
        assert len(notes) == 1
