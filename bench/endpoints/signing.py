"""Signatures of the vendors' own wires: pure functions of keys, texts and a time.

Tokens are only made here, never read, so the six lines of HS256 below stand instead of a library: PyJWT would bring its
own order of header fields and a warning for keys shorter than 32 bytes, which two of these vendors issue.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote, urlsplit

import orjson

VivoDigest = Literal["raw", "hex"]
"""What of the digest is put in base64: its bytes, or its hexadecimal text."""


def hs256_jwt(header: Mapping[str, str], claims: Mapping[str, str | int], secret: str) -> str:
    """A JSON web token (RFC 7519) signed by HMAC-SHA256, fields in the order given."""
    parts = f"{_base64url(orjson.dumps(header))}.{_base64url(orjson.dumps(claims))}"
    return f"{parts}.{_base64url(_hmac(secret.encode(), parts))}"


def zhipu_token(api_key: str, now_ms: int, lifetime_ms: int) -> str:
    """The token of a key `id.secret`. Times are milliseconds (https://docs.bigmodel.cn, HTTP API, authentication)."""
    identity, _, secret = api_key.partition(".")
    header = {"alg": "HS256", "sign_type": "SIGN", "typ": "JWT"}
    claims: dict[str, str | int] = {
        "api_key": identity,
        "exp": now_ms + lifetime_ms,
        "timestamp": now_ms,
    }
    return hs256_jwt(header, claims, secret)


def sensenova_token(access_key: str, secret_key: str, now_s: int) -> str:
    """A token good from five seconds ago for half an hour (https://console.sensecore.cn, model service, authorization)."""
    claims: dict[str, str | int] = {"iss": access_key, "exp": now_s + 1800, "nbf": now_s - 5}
    return hs256_jwt({"alg": "HS256", "typ": "JWT"}, claims, secret_key)


def spark_url(url: str, api_key: str, api_secret: str, date: str) -> str:
    """A websocket address with its authorization. `date` is the moment in RFC 1123 form, in GMT.

    Source: https://www.xfyun.cn/doc/spark/general_url_authentication.html.
    """
    parts = urlsplit(url)
    text = f"host: {parts.netloc}\ndate: {date}\nGET {parts.path} HTTP/1.1"
    signature = base64.b64encode(_hmac(api_secret.encode(), text)).decode()
    told = (
        f'api_key="{api_key}", algorithm="hmac-sha256", '
        f'headers="host date request-line", signature="{signature}"'
    )
    query = {
        "authorization": base64.b64encode(told.encode()).decode(),
        "date": date,
        "host": parts.netloc,
    }
    return f"{url}?" + "&".join(f"{name}={_plus(value)}" for name, value in query.items())


def tc3_authorization(
    credentials: tuple[str, str],
    service: str,
    host: str,
    action: str,
    timestamp: int,
    payload: bytes,
) -> str:
    """The Authorization header of a JSON POST to Tencent Cloud API 3.0. `credentials` are SecretId and SecretKey.

    Source: https://cloud.tencent.com/document/api/1729/101842 (TC3-HMAC-SHA256).
    """
    secret_id, secret_key = credentials
    signed_headers = "content-type;host;x-tc-action"
    headers = f"content-type:application/json\nhost:{host}\nx-tc-action:{action.lower()}\n"
    canonical = f"POST\n/\n\n{headers}\n{signed_headers}\n{hashlib.sha256(payload).hexdigest()}"
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = _hmac(key, part)
    signature = _hmac(key, f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashed}").hex()
    return (
        f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, "
        f"SignedHeaders={signed_headers}, Signature={signature}"
    )


def skywork_sign(app_key: str, app_secret: str, timestamp: str) -> str:
    """The header `sign`: MD5 over key, secret and seconds (https://model-platform.tiangong.cn/api-reference)."""
    return _md5(f"{app_key}{app_secret}{timestamp}".encode())


def baichuan_signature(secret_key: str, body: bytes, timestamp: str) -> str:
    """The header X-BC-Signature: MD5 over secret, body as it is sent, and seconds (platform.baichuan-ai.com, 2023)."""
    return _md5(secret_key.encode() + body + timestamp.encode())


def vivo_query(query: Mapping[str, str]) -> str:
    """Query parameters in the order and the quoting that are signed."""
    return "&".join(f"{quote(name)}={quote(query[name])}" for name in sorted(query))


def vivo_headers(
    credentials: tuple[str, str],
    path: str,
    query: Mapping[str, str],
    moment: tuple[str, str],
    digest: VivoDigest = "raw",
) -> dict[str, str]:
    """The gateway's headers of a POST. `credentials` are app id and app key, `moment` seconds and an 8-letter nonce.

    Source: https://aigc.vivo.com.cn/#/document/index?id=1677. Its text has the hexadecimal digest put in base64, its
    sample code the digest itself.
    """
    app_id, app_key = credentials
    timestamp, nonce = moment
    signed = {
        "x-ai-gateway-app-id": app_id,
        "x-ai-gateway-timestamp": timestamp,
        "x-ai-gateway-nonce": nonce,
    }
    lines = "\n".join(f"{name}:{value}" for name, value in signed.items())
    text = f"POST\n{path}\n{vivo_query(query)}\n{app_id}\n{timestamp}\n{lines}"
    found = _hmac(app_key.encode(), text)
    return {
        "X-AI-GATEWAY-APP-ID": app_id,
        "X-AI-GATEWAY-TIMESTAMP": timestamp,
        "X-AI-GATEWAY-NONCE": nonce,
        "X-AI-GATEWAY-SIGNED-HEADERS": ";".join(signed),
        "X-AI-GATEWAY-SIGNATURE": base64.b64encode(
            found.hex().encode() if digest == "hex" else found
        ).decode(),
    }


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _md5(text: bytes) -> str:
    # what the vendor asks for; the flag lets machines that bar MD5 from security compute it
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _plus(text: str) -> str:
    return quote(text, safe=" ").replace(" ", "+")
