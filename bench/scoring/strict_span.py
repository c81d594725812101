"""One span by the notation that TAT-QA's own metric understands, for results to be compared with published ones.

Zhu et al., "TAT-QA: A Question Answering Benchmark on a Hybrid of Tabular and Textual Content in Finance",
ACL 2021, arXiv 2105.07624; the metric as released in github.com/NExTplusplus/TAT-QA.
"""

import re
import string
from decimal import Context, Decimal

from bench.scoring.quantities import quantities
from bench.scoring.span_text import SpanText, plain_words, value_word

_NUMBER = re.compile(
    r"(?P<number>[-+]?\d{1,24}(?:\.\d{1,24})?)[ ]?(?P<percent>%?)"
    r"(?:[ ](?P<scale>thousand|million|billion|percent))?",
    re.IGNORECASE,
)
_UNHEARD = str.maketrans("", "", "'\"\\$€£¥(),[]")
_PUNCTUATION = frozenset(string.punctuation)
_NEGATIVE = re.compile(r"\([\d. ]+\)")
_WIDE = Context(prec=80)


def strict_span(text: str, *, scale: str = "") -> SpanText:
    """A number is digits with $ € £ ¥, brackets, % or a scale; all else is a text without ASCII punctuation.

    A number is rounded to two decimals of its own scale; one without a scale may also be meant as it stands.
    Brackets negate it, but not around a thousands separator: that is a slip of the metric's, kept here.

    >>> [str(each) for each in strict_span("$(12.5) million").values]
    ['-12500000.00']
    >>> strict_span("7 stores").values, [str(each) for each in strict_span("0.2342").values]
    ((), ['0.23', '0.2342'])
    """
    words = tuple(word for told in text.split() for word in _words(told)) or (text.strip().lower(),)
    found = _NUMBER.fullmatch(" ".join(text.translate(_UNHEARD).split()))
    measure = (found["percent"] or found["scale"] or scale) if found else ""
    read = quantities(f"{found['number']} {measure}") if found else []
    if found is None or not read:  # a number of too many digits is none
        return SpanText(text, None, (), "", words)
    sign = -1 if _NEGATIVE.search(text) else 1
    number = read[0]
    exact = number.value * sign
    rounded = (exact / number.scale).quantize(Decimal("0.01"), context=_WIDE) * number.scale
    is_bare = number.scale == 1
    values = (rounded, exact) if is_bare else (exact,) if found["percent"] else (rounded,)
    return SpanText(text, number, values, "", words)


def _words(told: str) -> list[str]:
    number = _NUMBER.fullmatch(told.translate(_UNHEARD))
    if number is None:
        return plain_words(told, silent=_PUNCTUATION)
    return [value_word(Decimal(number["number"])) + number["percent"]]
