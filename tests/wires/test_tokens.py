"""Tokens that keys are exchanged for: one exchange for all who ask, renewed in time, renewed once after a refusal."""

import asyncio
import json

import pytest
from pydantic import ValidationError

from bench.endpoints.secrets import hidden
from bench.endpoints.wires.access_token import AccessToken, SignedToken
from bench.endpoints.wires.baidu_v1 import BaiduV1
from bench.endpoints.wires.pangu_v1 import PanguV1
from bench.errors import RequestFailure
from tests.wires.baidu import Baidu
from tests.wires.huawei import Huawei
from tests.wires.simulation import SAID, Refused
from tests.wires.test_contract import KEY, SECRET, request


@pytest.fixture
def baidu(monkeypatch):
    monkeypatch.setenv("QIANFAN_AK", KEY)
    monkeypatch.setenv("QIANFAN_SK", SECRET)
    with Baidu(ak=KEY, sk=SECRET) as vendor:
        yield vendor


@pytest.fixture
def huawei(monkeypatch):
    keys = {"domain": "d-1", "user": "u-1", "password": SECRET, "app_code": KEY}
    monkeypatch.setenv("HUAWEI_IAM_DOMAIN", "d-1")
    monkeypatch.setenv("HUAWEI_IAM_USER", "u-1")
    monkeypatch.setenv("PANGU_PASSWORD", SECRET)
    monkeypatch.setenv("PANGU_APPCODE", KEY)
    with Huawei(**keys) as vendor:
        yield vendor


def pangu(vendor, **more):
    place = {"project_id": "project-1", "deployment_id": "deployment-1"}
    return PanguV1(base_url=vendor.url, iam_url=vendor.url, **place, **more)


def outcomes(endpoint, *steps):
    """What each step's questions, asked at once, came to: texts and kinds of failures; steps may be functions."""

    async def go():
        found = []
        async with endpoint.connect() as connection:
            for step in steps:
                if callable(step):
                    step()
                    continue
                asked = (connection.ask(request()) for _ in range(step))
                got = await asyncio.gather(*asked, return_exceptions=True)
                found.append(
                    [each.kind if isinstance(each, RequestFailure) else each.text for each in got]
                )
        return found

    return asyncio.run(go())


RIGHT = "".join(SAID)


def test_one_token_serves_all_who_ask_at_once_and_afterwards(baidu):
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    assert outcomes(endpoint, 8, 8) == [[RIGHT] * 8] * 2
    assert len(baidu.issued) == 1


def test_a_failed_exchange_is_one_request_for_all_who_waited(baidu):
    asked = []

    class Counted(Refused):
        def __init__(self):
            super().__init__({"error": "invalid_client"}, 401)

    class Failing(Baidu):
        def _token(self, request):
            asked.append(request.path)
            raise Counted

    with Failing(ak=KEY, sk=SECRET) as vendor:
        endpoint = BaiduV1(base_url=vendor.url, model="ERNIE-4.0-8K")
        assert outcomes(endpoint, 6) == [["auth"] * 6]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "auth"), (401, "auth"), (429, "rate_limited"), (503, "server")]
)
def test_a_failed_exchange_is_typed_by_its_status(baidu, status, kind):
    baidu.token_failure = Refused({"error": "x", "error_description": "y"}, status)
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    assert outcomes(endpoint, 1) == [[kind]]


def test_an_exchange_that_yields_no_token_is_a_fault_of_the_keys(baidu):
    baidu.token_failure = Refused({"error": "invalid_client"}, 200)
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    assert outcomes(endpoint, 1) == [["auth"]]


def test_a_token_that_expires_midway_is_replaced_once_and_the_attempts_are_asked_again(baidu):
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    found = outcomes(endpoint, 2, baidu.good_tokens.clear, 4, 4)
    assert found == [[RIGHT] * 2, ["server"] * 4, [RIGHT] * 4]
    assert len(baidu.issued) == 2


def test_a_new_token_that_is_refused_as_well_is_a_fault_of_the_keys(baidu):
    def take_none():
        baidu.good_tokens.clear()
        baidu.takes_new_tokens = False

    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    assert outcomes(endpoint, 1, take_none, 1, 1) == [[RIGHT], ["server"], ["auth"]]


def test_a_token_may_expire_more_than_once_in_a_long_run(baidu):
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")
    expire = baidu.good_tokens.clear
    found = outcomes(endpoint, 1, expire, 1, 1, expire, 1, 1)
    assert found == [[RIGHT], ["server"], [RIGHT], ["server"], [RIGHT]]
    assert len(baidu.issued) == 3


def test_a_token_is_renewed_in_the_last_tenth_of_its_life():
    now = [0.0]
    fetched = []

    async def fetch(http):
        del http
        fetched.append(now[0])
        return f"token-{len(fetched)}", 1000.0

    async def go():
        token = AccessToken(fetch, lambda: now[0])
        for now[0] in (0.0, 500.0, 899.0, 901.0, 1800.0, 1802.0):
            await token.value(None)

    asyncio.run(go())
    assert fetched == [0.0, 901.0, 1802.0]


def test_a_refusal_of_an_older_token_says_nothing_of_the_newer():
    tokens = iter(["old-token", "new-token", "newest-token"])

    async def fetch(http):
        del http
        return next(tokens), 3600.0

    async def go():
        token = AccessToken(fetch)
        straggler = asyncio.Event()

        async def one(wait):
            value = await token.value(None)
            if wait:
                await straggler.wait()
            try:
                token.refused("expired")
            except RequestFailure as failure:
                return value, failure.kind

        late = asyncio.create_task(one(wait=True))
        await asyncio.sleep(0)
        first = await asyncio.create_task(one(wait=False))
        renewed = await asyncio.create_task(token.value(None))
        straggler.set()
        return first, renewed, await late, await token.value(None)

    first, renewed, late, last = asyncio.run(go())
    assert first == late == ("old-token", "server")
    assert renewed == last == "new-token"


def test_a_signed_token_is_signed_anew_in_the_last_tenth_of_its_life_or_when_the_clock_went_back():
    now = [0.0]
    token = SignedToken(lambda moment: f"signed-at-{moment:.0f}", 3600, lambda: now[0])
    found = []
    for now[0] in (10.0, 3249.0, 3251.0, 3000.0, 3001.0):
        found.append(token.value())
    assert found == [
        "signed-at-10",
        "signed-at-10",
        "signed-at-3251",
        "signed-at-3000",
        "signed-at-3000",
    ]
    assert hidden("the vendor repeats signed-at-3000") == "the vendor repeats [key]"


def test_a_token_of_the_identity_service_may_be_longer_than_a_usual_header(huawei):
    endpoint = pangu(huawei, password_env="PANGU_PASSWORD")
    assert outcomes(endpoint, 4, 4) == [[RIGHT] * 4] * 2
    assert len(huawei.issued) == 1
    assert len(huawei.issued[0]) > 8190


def test_an_expired_token_of_the_identity_service_is_fetched_anew(huawei):
    endpoint = pangu(huawei, password_env="PANGU_PASSWORD")
    expire = lambda: huawei.expired.update(huawei.issued)  # noqa: E731  # a step of the test
    assert outcomes(endpoint, 1, expire, 3, 3) == [[RIGHT], ["server"] * 3, [RIGHT] * 3]
    assert len(huawei.issued) == 2


def test_pangu_takes_an_app_code_or_a_token_got_elsewhere(huawei, monkeypatch):
    by_code = pangu(huawei, app_code_env="PANGU_APPCODE")
    assert outcomes(by_code, 2) == [[RIGHT] * 2]
    assert huawei.issued == []
    monkeypatch.setenv("PANGU_APPCODE", KEY[:-1] + "x")
    assert outcomes(by_code, 1) == [["auth"]]
    huawei.issued.append("a-token-got-elsewhere")
    monkeypatch.setenv("HUAWEI_IAM_TOKEN", "a-token-got-elsewhere")
    by_token = pangu(huawei, token_env="HUAWEI_IAM_TOKEN")
    assert outcomes(by_token, 1) == [[RIGHT]]
    huawei.expired.add("a-token-got-elsewhere")
    assert outcomes(by_token, 1) == [["auth"]]


@pytest.mark.parametrize("ways", [{}, {"app_code_env": "A", "token_env": "B"}])
def test_pangu_wants_one_way_of_showing_who_asks(huawei, ways):
    with pytest.raises(ValidationError, match="name one of app_code_env, token_env and"):
        pangu(huawei, **ways)


def test_a_token_is_hidden_wherever_the_vendor_repeats_it(baidu):
    endpoint = BaiduV1(base_url=baidu.url, model="ERNIE-4.0-8K")

    async def go():
        async with endpoint.connect() as connection:
            await connection.ask(request("[[echo]]"))

    with pytest.raises(RequestFailure) as caught:
        asyncio.run(go())
    assert baidu.issued[0] not in json.dumps(str(caught.value))
    assert str(caught.value).count("[key]") == 3
