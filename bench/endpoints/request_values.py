"""A request as named values, for endpoints that are told in the user's own words what to make of it."""

from typing import Any

from bench.endpoints.seam import Request

NAMES = ("prompt", "system", "messages", "max_tokens", "stop", "input", "item", "repeat", "images")
"""The names of `request_values`."""


def request_values(request: Request) -> dict[str, Any]:
    """`prompt` is every turn but the instructions, which are `system`; `messages` are all turns with their roles.

    `input` holds the fields of the case and `item` its id; `images` are data URLs and absolute paths.
    """
    turns = [turn for turn in request.messages if turn.role != "system"]
    return {
        "prompt": "\n\n".join(turn.content for turn in turns),
        "system": "\n\n".join(turn.content for turn in request.messages if turn.role == "system"),
        "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
        "max_tokens": request.max_tokens,
        "stop": list(request.stop),
        "input": dict(request.case.input),
        "item": request.case.item,
        "repeat": request.case.repeat,
        "images": [image for turn in turns for image in turn.images],
    }


def one_text(request: Request) -> str:
    """Instructions and every other turn as one text, parted by blank lines."""
    return "\n\n".join(turn.content for turn in request.messages)
