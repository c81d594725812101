"""A small suite every part of whose summary has something to say, and runs of it that the seed decides."""

import random

from bench.scoring.score import Scored
from bench.types import Score
from tests.small_parts import answers, supposed
from tests.small_run import SCORES, suite_of

ITEMS = 24
RANGES = {
    "done_today_by.minutes": (20, 44, 80), "cases_per_month": (300, 1000, 3000), "review.detects": (0.1, 0.5, 1),
    "done_today_by.error_rate": (0, 0.01, 0.1), "outcomes.3.minutes": (0, 3, 4), "horizon.discount_rate": (0, 0.05, 0.2),
    "horizon.ramp_up_months": (0, 3, 12),
}  # fmt: skip
MONEY = {
    "wage_per_hour": (50, 90, 150), "loss.wrong_answer": (100, 800, 3000), "loss.grave": (1000, 5000, 20_000),
    "setup.cost": (0, 1000, 9000), "monthly_cost": (0, 700, 2000), "effort.direct": (100, 300, 400),
    "next_round_cost": (2000, 5000, 9000),
}  # fmt: skip


def full_suite(folder):
    """Twelve clusters, two slices, drives, confidence, errors of today's way, and ranges."""

    def change(told):
        told["business"]["done_today_by"] |= {"error_rate": 0.01, "error_class": "wrong_answer"}
        told["business"]["effort"] = {"direct": 300}
        told["scorers"]["sure"] = "confidence"
        told["confidence"] = "sure.confidence"
        told["drives"] = {"right": "escaped_loss_per_case", "sure.confidence": "wrong_rate"}

    return supposed(suite_of(folder, ITEMS, per_cluster=2, change=change), RANGES | MONEY)


def run(seed, candidate="a", failing=0.1, **told):
    """Two answers to every item, some of them missing or failed, all saying how sure they are."""
    draw = random.Random(seed)
    kinds = [*SCORES, "accept", "accept"]
    weights = [draw.random() ** 2 for _ in kinds]
    rows = []
    for repeat in range(2):
        said = draw.choices(kinds, weights, k=ITEMS)
        gaps = [draw.choice(["failed", "broken", None]) if draw.random() < failing else kind for kind in said]  # fmt: skip
        rows += [
            sure(row, draw.random())
            for row in answers(gaps, candidate, repeat, latency=draw.uniform(0.1, 9), **told)
        ]
    return rows


def sure(row, confidence):
    score = Score(label="stated", metrics={"confidence": round(confidence, 1)})
    return row if row.scores is None else Scored(row.answer, row.scores | {"sure": score})


def leaves(told, path=()):
    """Every value of a dumped summary with its path."""
    if isinstance(told, dict):
        for name, each in told.items():
            yield from leaves(each, (*path, name))
    elif isinstance(told, (list, tuple)):
        for at, each in enumerate(told):
            yield from leaves(each, (*path, at))
    else:
        yield path, told
