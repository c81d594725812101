"""Signatures by worked vectors, made with dummy keys by the algorithms that the vendors publish."""

import base64

from bench.endpoints import signing
from tests.wires.tokens import read_hs256

SPARK = {  # https://www.xfyun.cn/doc/spark/general_url_authentication.html
    "date": "Fri, 05 May 2023 10:43:39 GMT",
    "signature": "7jtLz3EqpY79TZfyn5zW8rJpyg7GAl7YpKNYCI6eMH8=",
    "authorization": "YXBpX2tleT0iZHVtbXkta2V5IiwgYWxnb3JpdGhtPSJobWFjLXNoYTI1NiIsIGhlYWRlcnM9Imhvc3QgZGF0ZSByZXF1ZXN0LWxpbmUiLCBzaWduYXR1cmU9IjdqdEx6M0VxcFk3OVRaZnluNXpXOHJKcHlnN0dBbDdZcEtOWUNJNmVNSDg9Ig==",
    "url": "wss://spark-api.xf-yun.com/v3.5/chat?authorization=YXBpX2tleT0iZHVtbXkta2V5IiwgYWxnb3JpdGhtPSJobWFjLXNoYTI1NiIsIGhlYWRlcnM9Imhvc3QgZGF0ZSByZXF1ZXN0LWxpbmUiLCBzaWduYXR1cmU9IjdqdEx6M0VxcFk3OVRaZnluNXpXOHJKcHlnN0dBbDdZcEtOWUNJNmVNSDg9Ig%3D%3D&date=Fri%2C+05+May+2023+10%3A43%3A39+GMT&host=spark-api.xf-yun.com",
}


def test_a_spark_address_is_that_of_the_worked_vector():
    url = signing.spark_url(
        "wss://spark-api.xf-yun.com/v3.5/chat", "dummy-key", "dummy-secret", SPARK["date"]
    )
    assert url == SPARK["url"]
    assert SPARK["signature"] in base64.b64decode(SPARK["authorization"]).decode()


def test_a_tencent_authorization_is_that_of_the_worked_vector():
    # https://cloud.tencent.com/document/api/1729/101842
    payload = (
        '{"Model":"hunyuan-lite","Messages":[{"Role":"user","Content":"你好"}],"Stream":false}'
    )
    assert signing.tc3_authorization(
        ("dummy-id", "dummy-key"),
        "hunyuan",
        "hunyuan.tencentcloudapi.com",
        "ChatCompletions",
        1700000000,
        payload.encode(),
    ) == (
        "TC3-HMAC-SHA256 Credential=dummy-id/2023-11-14/hunyuan/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=50d2404e6830097b159d5fa792d82850a382cfa764fa27f55715cd10a4681daf"
    )


def test_a_zhipu_token_is_that_of_the_worked_vector_with_its_header_in_order():
    # https://docs.bigmodel.cn, HTTP API, authentication; milliseconds
    token = signing.zhipu_token("id.secret", 1700000000000, 3600000)
    assert token == (
        "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04iLCJ0eXAiOiJKV1QifQ."
        "eyJhcGlfa2V5IjoiaWQiLCJleHAiOjE3MDAwMDM2MDAwMDAsInRpbWVzdGFtcCI6MTcwMDAwMDAwMDAwMH0."
        "UIrKXaIUit2aE6kYlwClzIQGENrwN-DJgVmRsQTGB2c"
    )
    assert read_hs256(token, "secret") is not None
    assert read_hs256(token, "Secret") is None


def test_a_sensenova_token_is_that_of_the_worked_vector():
    # console.sensecore.cn, model service, authorization
    assert signing.sensenova_token("ak", "sk", 1700000000) == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJpc3MiOiJhayIsImV4cCI6MTcwMDAwMTgwMCwibmJmIjoxNjk5OTk5OTk1fQ."
        "mgn0T3D3XT4hbNxAtEsJsDH8-Kpgvs6l8t89iZ9EkEg"
    )


def test_an_hs256_token_is_that_of_everybodys_example():
    # https://jwt.io, the token that its debugger opens with
    claims = {"sub": "1234567890", "name": "John Doe", "iat": 1516239022}
    header = {"alg": "HS256", "typ": "JWT"}
    assert signing.hs256_jwt(header, claims, "your-256-bit-secret") == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
        "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    )


def test_a_skywork_sign_is_that_of_the_worked_vector():
    # https://cloud.tencent.com/developer/article/2472806
    found = signing.skywork_sign("k", "s", "1700000000")
    assert found == "93e03d2ee15856238b89f2524d19fa96"


def test_a_baichuan_signature_is_that_of_the_worked_vector():
    # as the vendor's page of 2023 had it
    body = b'{"model":"Baichuan2-53B","messages":[]}'
    found = signing.baichuan_signature("s", body, "1700000000")
    assert found == "bafd5b85cf6b4b8c6f71817721cba413"


def test_vivo_headers_carry_the_signature_of_the_worked_vector_or_its_other_form():
    # https://aigc.vivo.com.cn/#/document/index?id=1677
    asked = (
        ("1234", "dummy"),
        "/vivogpt/completions",
        {"requestId": "r1"},
        ("1700000000", "abcd1234"),
    )
    headers = signing.vivo_headers(*asked)
    raw = "TyyzTvpZOoqJKCwpOGAfjWNZxVJeozB9WuVPXRsTvCM="
    assert headers["X-AI-GATEWAY-SIGNATURE"] == raw
    assert headers["X-AI-GATEWAY-SIGNED-HEADERS"] == (
        "x-ai-gateway-app-id;x-ai-gateway-timestamp;x-ai-gateway-nonce"
    )
    as_text = signing.vivo_headers(*asked, "hex")["X-AI-GATEWAY-SIGNATURE"]
    assert base64.b64decode(as_text).decode() == base64.b64decode(raw).hex()


def test_what_is_signed_of_a_query_is_sorted_and_quoted():
    assert signing.vivo_query({"b": "2 3", "a": "一"}) == "a=%E4%B8%80&b=2%203"
