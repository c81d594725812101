"""What a simulation found, and the band that it must lie in."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A share of runs. `band` None: shown, not asserted. `beside` is what to compare it with."""

    what: str
    share: float
    runs: int
    band: tuple[float, float] | None = None
    beside: str = ""

    @property
    def holds(self):
        return self.band is None or self.band[0] <= self.share <= self.band[1]


def outside(findings):
    """The findings that left their band; a test compares this with an empty list."""
    return [each for each in findings if not each.holds]


def show(title, findings):
    """Print a table in Markdown."""
    lines = [
        f"\n### {title}\n",
        "| what | share | band | runs | beside |",
        "|---|---:|---|---:|---|",
    ]
    for each in findings:
        band = "" if each.band is None else f"{each.band[0]:.1%} to {each.band[1]:.1%}"
        mark = "" if each.holds else " **outside**"
        lines.append(
            f"| {each.what} | {each.share:.1%} | {band}{mark} | {each.runs:,} | {each.beside} |"
        )
    sys.stdout.write("\n".join(lines) + "\n")
