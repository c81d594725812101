"""JSON web tokens, read as RFC 7515 has them."""

import base64
import hashlib
import hmac
import json


def read_hs256(token, secret):
    """Header and claims of a token whose signature is right; None where it is not."""
    signed, _, signature = token.rpartition(".")
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != signature:
        return None
    header, claims = (
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        for part in signed.split(".")
    )
    assert header["alg"] == "HS256"
    return header, claims
