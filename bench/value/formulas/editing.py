"""How much of a text a person changed before it was used."""

from rapidfuzz.distance import Levenshtein


def edit_distance(delivered: str, used: str) -> int:
    """Fewest characters to insert, delete or replace between the text delivered and the text used.

    Source: Levenshtein (1966), Soviet Physics Doklady 10:707-710.

    >>> edit_distance("公司利润同比上涨百分之十", "公司净利润同比增长百分之十")
    3
    """
    return Levenshtein.distance(delivered, used)


def edit_share(delivered: str, used: str) -> float:
    """Edit distance over the length of the longer text: 0 used as it was, 1 nothing left of it.

    Two empty texts are the same: 0.

    Source and example: as `edit_distance`.

    >>> print(f"{edit_share('公司利润同比上涨百分之十', '公司净利润同比增长百分之十'):.4f}")
    0.2308
    """
    return edit_distance(delivered, used) / max(len(delivered), len(used), 1)
