"""What every address of the chat wire shares: https://platform.openai.com/docs/api-reference/chat."""

from tests.strict_chat import Address, Rules


def told(code, message="no", kind="invalid_request_error"):
    """An error object of the wire (https://platform.openai.com/docs/guides/error-codes)."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


PLAIN = {
    "auth": (401, told("invalid_api_key", "Incorrect API key provided")),
    "rate_limited": (429, told("rate_limit_exceeded", "Rate limit reached", "requests")),
    "server": (500, told(None, "The server had an error", "server_error")),
}
"""What a vendor that only calls itself compatible must be expected to send."""


def plain(url, source="https://platform.openai.com/docs/api-reference/chat", **more):
    """An address of which nothing is known but that it speaks the wire."""
    return Address(url, source, {"*": Rules()}, PLAIN, **more)
