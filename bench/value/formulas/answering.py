"""Right, wrong, or declined: three fates of a question that accuracy folds into two."""

from dataclasses import dataclass

from bench.stats.arguments import check_not_negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """How many questions were answered right, answered wrong, and declined."""

    right: int
    wrong: int
    declined: int

    def __post_init__(self) -> None:
        for name in ("right", "wrong", "declined"):
            check_not_negative(name, getattr(self, name))

    @property
    def n(self) -> int:
        """All questions."""
        return self.right + self.wrong + self.declined


def precision_when_answered(fates: Fates) -> float | None:
    """Share right among the answered; None where every question was declined.

    Source: FinanceBench (2023), arXiv 2311.11944, released labels. Example: shared store, GPT-4 Turbo
    and then Llama 2, which get as many right.

    >>> gpt, llama = Fates(right=29, wrong=20, declined=101), Fates(right=29, wrong=104, declined=17)
    >>> print(f"{precision_when_answered(gpt):.4f} {precision_when_answered(llama):.4f}")
    0.5918 0.2180
    """
    answered = fates.right + fates.wrong
    return fates.right / answered if answered else None


def penalised_score(fates: Fates, penalty: float = 1.0) -> float | None:
    """Mean score with 1 for right, 0 for declined and -`penalty` for wrong; None without questions.

    The penalty is what a wrong answer costs over what a right one brings; 0 is plain accuracy.

    Source: Wei et al. (2024), SimpleQA, arXiv 2411.04368, on penalised wrong answers. Example: as
    `precision_when_answered`; the same accuracy and opposite worth.

    >>> gpt, llama = Fates(right=29, wrong=20, declined=101), Fates(right=29, wrong=104, declined=17)
    >>> print(f"{penalised_score(gpt):+.3f} {penalised_score(llama):+.3f}")
    +0.060 -0.500
    """
    check_not_negative("penalty", penalty)
    return (fates.right - penalty * fates.wrong) / fates.n if fates.n else None


def hallucination_rate(fates: Fates) -> float | None:
    """Share of all questions with a wrong answer given as if it were right; None without questions.

    Source and example: as `precision_when_answered`.

    >>> print(f"{hallucination_rate(Fates(right=29, wrong=104, declined=17)):.4f}")
    0.6933
    """
    return fates.wrong / fates.n if fates.n else None
