"""A label that is not the right one: a level lower, another door."""

from bench.checking.mutations.mutation import Case, Mutation
from bench.scoring.labels import Label, Ordinal


class OtherLabel(Mutation):
    """Puts another label into a scorer's field.

    On an ordered scale `steps` down (positive) or up from the right one; of a closed list a choice that the
    item does not accept.
    """

    scorer: str
    steps: int = 1

    def mutated(self, case: Case) -> str | None:
        """The answer with the other label; None beyond the scale's end."""
        judge = case.scorers[self.scorer]
        match judge:
            case Ordinal():
                order = list(judge.levels)
                place = order.index(judge.expected(case.item)) + self.steps
                if not 0 <= place < len(order):
                    return None
                return case.with_part(judge.field, order[place])
            case Label():
                accepted = case.item.reference.get(judge.reference)
                right = accepted if isinstance(accepted, list) else [accepted]
                wrong = [each for each in judge.choices if each not in right]
                return case.with_part(judge.field, case.draw.choice(wrong))
            case _:
                return None
