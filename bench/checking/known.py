"""Known answers, good and bad: do scorers and rules say what they deserve?"""

from collections import Counter
from dataclasses import dataclass, field

from bench.scoring.score import score_one
from bench.suites.load import Suite
from bench.suites.model import Calibration
from bench.types import Answer, Item, OutcomeName, Score
from bench.value.outcomes import Outcome, outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a suite says of one text: its scores and its outcome, or the trouble of a scorer."""

    scores: dict[str, Score]
    outcome: Outcome | None
    trouble: str | None = None

    @property
    def said(self) -> str:
        """The labels in one line."""
        return ", ".join(f"{name}={score.label}" for name, score in self.scores.items())


def judged(suite: Suite, item: Item, text: str) -> Verdict:
    """What the suite says of `text` as an answer to `item`."""
    answer = Answer(suite=suite.name, candidate="known", item=item.id, state="answered", text=text)
    found = score_one(suite, item, answer)
    if found.scores is None:
        return Verdict({}, None, found.trouble)
    scores = dict(found.scores)
    return Verdict(scores, outcome(suite, answer.state, scores))


@dataclass(frozen=True, slots=True)
class Known:
    """The known answers of a suite. `good` are those that must be accepted and are."""

    tested: int
    wrong: list[str]
    good: tuple[Calibration, ...] = ()
    good_wanted: int = 0
    seen: dict[OutcomeName, int] = field(default_factory=dict)

    @property
    def false_alarms(self) -> int:
        """Answers that must be accepted and are not."""
        return self.good_wanted - len(self.good)


def known_answers(suite: Suite) -> Known:
    """Every calibration answer through scorers and rules."""
    wrong: list[str] = []
    items = {item.id: item for item in suite.items}
    seen: Counter[OutcomeName] = Counter()
    good: list[Calibration] = []
    for known in suite.calibration:
        found = judged(suite, items[known.item], known.answer)
        where = f"calibration of {known.item} ({known.answer[:20]!r}...)"
        if found.outcome is None:
            wrong.append(f"{where}: a scorer failed: {found.trouble}")
            continue
        seen[found.outcome.name] += 1
        if found.outcome.name != known.outcome:
            wrong.append(
                f"{where}: '{found.outcome.name}', should be '{known.outcome}' ({found.said})"
            )
        elif known.outcome == "accept":
            good.append(known)
        wrong += [
            f"{where}: {name} says '{found.scores[name].label}', should be '{label}' "
            f"({found.scores[name].reason})"
            for name, label in known.labels.items()
            if found.scores[name].label != label
        ]
    wanted = sum(known.outcome == "accept" for known in suite.calibration)
    return Known(len(suite.calibration), wrong, tuple(good), wanted, dict(seen))
