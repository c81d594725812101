"""What a look at the data found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`wrong` fails the suite, `note` is advice. `check` names what was looked at."""

    kind: Literal["wrong", "note"]
    check: str
    text: str
