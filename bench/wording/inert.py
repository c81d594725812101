"""Text of anybody made inert in Markdown as GitHub and GitLab show it."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_APART = "\u200b"
"""A space of no width: keeps @, #, ! and % from naming people, issues, merge requests and milestones, which no escape does."""


def escaped(text: str) -> str:
    """Inert text that also begins no list or heading where it begins a line."""
    return re.sub(r"^(\d*)([-+=#>.)])", r"\1\\\2", inert(text))


def inert(text: str) -> str:
    """Text that Markdown and GitHub show as it is: no markup, no HTML, no links, no mentions."""
    told = _SPECIAL.sub(r"\\\1", text).translate(_ENTITIES)
    told = re.sub(r"([@#!]|\bGH-)(?=\w)", rf"\1{_APART}", told)
    return re.sub(r"(?i):(?=//)|\bwww(?=\.)", rf"\g<0>{_APART}", told)
