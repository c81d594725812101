"""Words of Chinese text. The segmenter is a library whose cuts differ from version to version, so it is named.

Needs the extra `words` (jieba, its own dictionary, no guessing of unknown words: the same text is cut alike
everywhere).
"""

import re
import warnings
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from bench.errors import UserError

_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+(?:,\d{3})*(?:\.\d+)?%?|[^\W_]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def segmenter() -> str:
    """Name and version of the segmenter: `jieba 0.42.1`. Raises UserError without the extra."""
    _cutter()
    return f"jieba {version('jieba')}"


def words(text: str) -> list[str]:
    """The words of a text that is in lower case, without punctuation. Numbers and Latin words stay whole.

    >>> words("净利润同比增长3.5%")
    ['净利润', '同比', '增长', '3.5%']
    """
    cut = _cutter()
    return [
        word
        for piece in _PIECE.findall(text)
        for word in (cut(piece, HMM=False) if _CHINESE.match(piece) else [piece])
    ]


@lru_cache(maxsize=1)
def _cutter() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it imports an old way of finding its dictionary
            import jieba
    except ImportError:
        raise UserError(
            "words need a segmenter: pip install 'industry-bench[words]', or use unit: char"
        ) from None
    jieba.setLogLevel("ERROR")  # it tells of loading its dictionary otherwise
    return jieba.Tokenizer().lcut
