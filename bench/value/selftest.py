"""`bench check` beyond loading: whether scorers and rules say what known answers deserve."""

from collections import Counter
from dataclasses import dataclass

from bench.scoring.score import score_one
from bench.suites.load import Suite
from bench.types import Answer
from bench.value.outcomes import outcome

_FEW_CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class Check:
    """What a suite's self-test found. `wrong` fails it; `notes` are advice."""

    tested: int
    wrong: list[str]
    notes: list[str]


def self_test(suite: Suite) -> Check:
    """Every calibration answer through scorers and rules, and the quality of the items."""
    wrong: list[str] = []
    items = {item.id: item for item in suite.items}
    seen: Counter[str] = Counter()
    for known in suite.calibration:
        answer = Answer(
            suite=suite.name,
            candidate="calibration",
            item=known.item,
            state="answered",
            text=known.answer,
        )
        found = score_one(suite, items[known.item], answer)
        where = f"{suite.name}: calibration of {known.item} ({known.answer[:20]!r}...)"
        if found.scores is None:
            wrong.append(f"{where}: a scorer failed: {found.trouble}")
            continue
        given = outcome(suite, answer.state, found.scores)
        assert given is not None
        seen[given.name] += 1
        if given.name != known.outcome:
            said = ", ".join(f"{name}={score.label}" for name, score in found.scores.items())
            wrong.append(f"{where}: '{given.name}', should be '{known.outcome}' ({said})")
        for name, label in known.labels.items():
            if found.scores[name].label != label:
                score = found.scores[name]
                wrong.append(
                    f"{where}: {name} says '{score.label}', should be '{label}' ({score.reason})"
                )
    return Check(len(suite.calibration), wrong, _notes(suite, seen))


def _notes(suite: Suite, seen: Counter[str]) -> list[str]:
    business = suite.file.business
    notes: list[str] = []
    clusters = len({item.cluster for item in suite.items})
    if clusters < _FEW_CLUSTERS:
        notes.append(
            f"only {clusters} clusters: intervals will be wide; {_FEW_CLUSTERS} or more serve"
        )
    texts = Counter(str(sorted(item.input.items())) for item in suite.items)
    copies = sum(count - 1 for count in texts.values() if count > 1)
    if copies:
        notes.append(f"{copies} items repeat another's input")
    untested = {rule.outcome for rule in business.outcomes} - set(seen)
    if suite.calibration and untested:
        notes.append(f"no calibration answer for: {', '.join(sorted(untested))}")
    if not suite.calibration:
        notes.append("no calibration answers: the scorers are not tested")
    guessed = [name for name, each in business.assumptions() if each.placeholder]
    if guessed:
        notes.append(f"placeholder assumptions: {', '.join(guessed)}")
    if not business.gates:
        notes.append("no gates: nothing is held to be unacceptable")
    return [f"{suite.name}: {note}" for note in notes]
