"""Tokens, counted roughly where nobody tells them."""

from bench.types import Message

IMAGE_TOKENS = 1_600
"""What an image costs at most where it is scaled to 1.15 megapixels, width x height / 750.

Source: https://docs.anthropic.com/en/docs/build-with-claude/vision; other vendors count less or the like.
"""


def estimated_tokens(text: str) -> int:
    """A rough count: 0.7 tokens a Chinese character, one to four other characters.

    Measured on this project's own prompts with the packaged model's tokenizer (0.56 a character) and
    rounded up, since a plan should not promise too little.
    """
    ascii_characters = sum(character < "\u0080" for character in text)
    return round(0.7 * (len(text) - ascii_characters) + ascii_characters / 4) + 4


def message_tokens(turn: Message) -> int:
    """A rough count of a turn: its text and its images."""
    return estimated_tokens(turn.content) + IMAGE_TOKENS * len(turn.images)
