"""Images that a prompt shows: files beside a suite or data URLs; JPEG, PNG or WebP by their first bytes.

An image is written `data:image/png;base64,…` or as the absolute path of a file.
"""

import base64
import binascii
import hashlib
import re
from functools import lru_cache
from pathlib import Path

MAX_BYTES = 5 * 1024 * 1024
"""The smallest limit of the vendors' documents (https://docs.anthropic.com/en/docs/build-with-claude/vision)."""
_HEADS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_HEAD = 16
_DATA_URL = re.compile(r"data:image/(?:jpeg|png|webp);base64,([A-Za-z0-9+/]+={0,2})")


def media_type(head: bytes) -> str | None:
    """What the first bytes of a file say that it is; None for anything that no vendor takes.

    Source: https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in _HEADS if head.startswith(start)), None)


def image_problem(image: str) -> str | None:
    """What keeps an image from being sent, or None. A file is only looked at: its size and its first bytes."""
    if image.startswith("data:"):
        try:
            read_image(image)
        except ValueError as error:
            return str(error)
        return None
    try:
        size = Path(image).stat().st_size
        with Path(image).open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return error.strerror or type(error).__name__
    return _problem(head, size)


def _problem(head: bytes, size: int) -> str | None:
    if size > MAX_BYTES:
        return f"{size / (1 << 20):.1f} MiB; {MAX_BYTES >> 20} MiB at most"
    return None if media_type(head) else "not a JPEG, PNG or WebP image"


def read_image(image: str) -> tuple[str, bytes]:
    """An image's media type and bytes. Raises ValueError saying why it cannot be sent."""
    if image.startswith("data:"):
        found = _DATA_URL.fullmatch(image)
        if found is None:
            raise ValueError("a data URL that is not of the form data:image/png;base64,…")
        try:
            raw = base64.b64decode(found[1], validate=True)
        except binascii.Error as error:
            raise ValueError(f"a data URL whose base64 is broken: {error}") from None
    else:
        try:
            with Path(image).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise ValueError(error.strerror or type(error).__name__) from None
    problem = _problem(raw[:_HEAD], len(raw))
    if problem is not None:
        raise ValueError(problem)
    return media_type(raw[:_HEAD]) or "", raw


def image_digest(image: str) -> str:
    """What two images share when one reply may serve both: their bytes, wherever they lie."""
    if image.startswith("data:"):
        return hashlib.sha256(image.partition(",")[2].encode()).hexdigest()
    try:
        told = Path(image).stat()
        return _file_digest(image, told.st_mtime_ns, told.st_size)
    except OSError:
        return f"cannot be read: {image}"  # sending it fails, and tells why


@lru_cache(maxsize=4096)
def _file_digest(path: str, changed_ns: int, size: int) -> str:
    del changed_ns, size  # a file that was written again is read again
    with Path(path).open("rb") as file:
        return hashlib.sha256(base64.b64encode(file.read(MAX_BYTES + 1))).hexdigest()
