"""What a suite says of a text that nobody was asked for."""

from collections.abc import Iterator, Mapping

from bench.scoring.reading import read
from bench.scoring.score import score_by
from bench.suites.load import Suite
from bench.types import Item, Score
from bench.value.outcomes import Outcome, outcome


class Judged(Mapping[str, Score]):
    """The scores of a text as an answer to an item, and its outcome.

    Each score is made when it is first asked for: most rules are decided by few of them. Asking raises
    ScorerError where the scorer raises.
    """

    def __init__(self, suite: Suite, item: Item, text: str) -> None:
        self._suite = suite
        self._item = item
        self._reading = read(text, suite.file.answer)
        self._made: dict[str, Score] = {}

    def __getitem__(self, name: str) -> Score:
        if name not in self._made:
            self._made[name] = score_by(self._suite, name, self._item, self._reading)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._suite.scorers)

    def __len__(self) -> int:
        return len(self._suite.scorers)

    def outcome(self) -> Outcome:
        """What the suite's rules make of it."""
        found = outcome(self._suite, "answered", self)
        assert found is not None  # an answer that was scored has one
        return found

    def labels(self) -> str:
        """Every label in one line."""
        return ", ".join(f"{name}={score.label}" for name, score in self.items())
