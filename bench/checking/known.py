"""Known answers, good and bad: do scorers and rules say what they deserve?"""

from collections import Counter
from dataclasses import dataclass, field

from bench.checking.judged import Judged
from bench.scoring.score import ScorerError
from bench.suites.load import Suite
from bench.suites.selftest_model import Calibration
from bench.types import OutcomeName


@dataclass(slots=True)
class Agreement:
    """How often what was said is what should be said."""

    tested: int = 0
    agreed: int = 0

    def count(self, *, is_right: bool) -> None:
        """One more."""
        self.tested += 1
        self.agreed += is_right


@dataclass(slots=True)
class Known:
    """The known answers of a suite. `good` are those that must be accepted and are; `wrong` is a line each.

    `outcomes` is the agreement of the rules, `labels` that of every scorer on the answers that name its label.
    """

    wrong: list[str] = field(default_factory=list)
    good: list[Calibration] = field(default_factory=list)
    good_wanted: int = 0
    outcomes: Agreement = field(default_factory=Agreement)
    labels: dict[str, Agreement] = field(default_factory=dict)
    seen: Counter[OutcomeName] = field(default_factory=Counter)

    @property
    def false_alarms(self) -> int:
        """Answers that must be accepted and are not."""
        return self.good_wanted - len(self.good)


def known_answers(suite: Suite) -> Known:
    """Every calibration answer through scorers and rules."""
    items = {item.id: item for item in suite.items}
    found = Known()
    for known in suite.calibration:
        where = f"calibration of {known.item} ({known.answer[:20]!r}...)"
        found.good_wanted += known.outcome == "accept"
        try:
            told = _wrong(found, known, Judged(suite, items[known.item], known.answer))
        except ScorerError as error:
            found.outcomes.count(is_right=False)
            told = [f"a scorer failed: {error}"]
        found.wrong += [f"{where}: {each}" for each in told]
    return found


def _wrong(found: Known, known: Calibration, judged: Judged) -> list[str]:
    """Count one answer; every way in which it is not judged as it should be."""
    wrong: list[str] = []
    labels = judged.labels()
    said = judged.outcome().name
    found.seen[said] += 1
    found.outcomes.count(is_right=said == known.outcome)
    if said != known.outcome:
        wrong.append(f"'{said}', should be '{known.outcome}' ({labels})")
    elif said == "accept":
        found.good.append(known)
    for name, label in known.labels.items():
        score = judged[name]
        found.labels.setdefault(name, Agreement()).count(is_right=score.label == label)
        if score.label != label:
            wrong.append(f"{name} says '{score.label}', should be '{label}' ({score.reason})")
    return wrong
