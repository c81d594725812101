"""Values of other libraries as values of JSON."""

import math
from datetime import date, time
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Dates as text, decimals as numbers, tuples as lists; not-a-number is null.

    What JSON has no word for (bytes, an image) is left as it is.

    >>> plain({"on": date(2024, 1, 5), "share": Decimal("0.5"), "empty": math.nan, "pair": (1, 2)})
    {'on': '2024-01-05', 'share': 0.5, 'empty': None, 'pair': [1, 2]}
    """
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return plain(float(value))
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case _:
            return value
