"""The metric of TAT-QA by its rules, slips included: what the published accuracies were measured with.

Zhu et al., ACL 2021, arXiv 2105.07624; rules as released in github.com/NExTplusplus/TAT-QA at c54088c. An answer is
a list of spans and one scale. Spans are sorted as text; each number becomes its value, rounded to two decimals,
times the scale, with four decimals; each text takes the scale's name behind it; all are joined. A single bare
number without a scale may also be meant as it stands. Two answers are equal when their normalised words are.
"""

import math
import re
import string

POWERS = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "percent": 0.01}
MARKS = str.maketrans("", "", "'\"\\$€£¥%(),[]")


def factor(text):
    """What the first scale named anywhere in the text is worth; 1 without one."""
    return next((worth for name, worth in POWERS.items() if name in text.lower()), 1)


def is_number(text):
    """Digits first, then nothing, or a word with a scale in it."""
    words = " ".join(word.translate(MARKS) for word in text.split()).split()
    try:
        value = float(words[0]) if words else math.nan
    except ValueError:
        return False
    return not math.isnan(value) and (len(words) == 1 or factor(words[1]) != 1)


def amount(text):
    """The value; None when no digit is found. Brackets negate only where nothing but digits and dots is inside."""
    digits = re.search(r"[+-]?\d+(\.\d+)?", text.translate(MARKS))
    if digits is None:
        return None
    value = float(digits[0]) if "." in digits[0] else int(digits[0])
    scaled = re.search(r"[\d.]+\s?[a-zA-Z]+", text)
    value *= factor(scaled[0]) if scaled else 1
    value *= -1 if re.search(r"\([\d.\s]+\)", text) else 1
    return round(value * (0.01 if re.search(r"[\d.\s]+%", text) else 1), 4)


def told(span, scale):
    """One span as the string that is compared."""
    text = str(span)
    value = amount(text) if is_number(text) else None
    if value is None:
        return f"{text} {scale}" if scale else text
    return f"{value:.4f}" if "%" in text else f"{round(value, 2) * factor(scale):.4f}"


def normalised(text):
    """Words in lower case without ASCII punctuation and articles; numbers as floats."""
    words = []
    for word in text.lower().split(" "):
        plain = (
            word if is_number(word) else word.translate(str.maketrans("", "", string.punctuation))
        )
        plain = str(amount(plain)) if is_number(plain) else plain
        words += re.sub(r"\b(a|an|the)\b", " ", plain).split()
    return words


def exact_match(reference, answer_type, scale, answer, answer_scale):
    """Whether the recorded answer counts as right. An empty answer does not, and neither does a zero."""
    if not answer:
        return False
    wanted = reference if answer_type in ("span", "multi-span") else [reference]
    wanted = [int(wanted[0])] if answer_type == "count" else wanted
    spans = answer if isinstance(answer, list) else [answer]
    readings = [" ".join(told(span, answer_scale) for span in sorted(spans))]
    only = str(spans[0])
    if len(spans) == 1 and not answer_scale and "%" not in only and is_number(only):
        readings.append(f"{amount(only):.4f}")
    gold = normalised(" ".join(told(span, scale) for span in sorted(wanted)))
    return any(normalised(reading) == gold for reading in readings)
