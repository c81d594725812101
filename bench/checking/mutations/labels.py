"""A label that is not the right one: a level lower, another door."""

from collections.abc import Mapping
from typing import Any

from bench.checking.mutations.mutation import Case, Mutation
from bench.registry import did_you_mean
from bench.scoring.labels import Label, Ordinal
from bench.suites.model import AnswerForm


class OtherLabel(Mutation):
    """Puts another label into a scorer's field.

    On an ordered scale `steps` down (positive) or up from the right one; of a closed list a choice that the
    item does not accept.
    """

    scorer: str
    steps: int = 1

    def problem(self, form: AnswerForm, scorers: Mapping[str, Any]) -> str | None:
        """The scorer must be there and judge a label."""
        del form
        if self.scorer not in scorers:
            return f"no scorer is called '{self.scorer}'{did_you_mean(self.scorer, list(scorers))}"
        if not isinstance(scorers[self.scorer], Label | Ordinal):
            return f"'{self.scorer}' judges no label; name a scorer that is a label or an ordinal"
        return None

    def mutated(self, case: Case) -> str | None:
        """The answer with the other label; None beyond the scale's end, or where every choice is right."""
        judge = case.scorers[self.scorer]
        told = case.item.reference[judge.reference]
        if isinstance(judge, Ordinal):
            order = list(judge.levels)
            place = order.index(str(told)) + self.steps
            wrong = order[place : place + 1] if place >= 0 else []
        else:
            right = [str(each) for each in (told if isinstance(told, list) else [told])]
            wrong = [each for each in judge.choices if each not in right]
        return case.with_part(judge.field, case.draw.choice(wrong)) if wrong else None
