"""Images as wires carry them. Files are read when a request is sent, so that a run holds none in memory."""

import base64

from bench.errors import RequestFailure
from bench.files.images import read_image


def base64_image(image: str) -> tuple[str, str]:
    """An image's media type and its bytes in base64. Raises RequestFailure for one that is gone since the plan."""
    try:
        media_type, raw = read_image(image)
    except ValueError as error:
        raise RequestFailure("bad_request", f"the image {image[:80]}: {error}") from None
    return media_type, base64.b64encode(raw).decode()


def data_url(image: str) -> str:
    """An image as a data URL (RFC 2397)."""
    media_type, encoded = base64_image(image)
    return f"data:{media_type};base64,{encoded}"
