"""The value per case taken apart: what each part is, and which assumptions it rests on."""

from collections.abc import Mapping, Sequence

import numpy as np

from bench.suites.model import Business
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import Flow
from bench.value.context import Context, Measured
from bench.value.measure import fixed_share

_TIME = ("done_today_by.minutes", "wage_per_hour")


def flows(context: Context, found: Measured) -> list[Flow]:
    """The parts of the net value per case, at the assumptions' means: their sum is the value."""
    if found.items is None:
        return []
    business, at = context.business, found.items.means()
    parts = [*_today(context.mean, business), *_new(at, context.mean, business)]
    parts.append(("fixed", None, -fixed_share(context), ("monthly_cost", "cases_per_month")))
    unvouched = {name for name, each in business.assumptions() if each.placeholder}
    return [
        Flow.model_validate(
            {
                "code": code,
                "error_class": error_class,
                "per_case": amount,
                "rests_on": list(rests_on),
                "placeholders": [name for name in rests_on if name in unvouched],
            }
        )
        for code, error_class, amount, rests_on in parts
        if amount != 0
    ]


Part = tuple[str, str | None, float, tuple[str, ...]]


def _today(mean: Assumed, business: Business) -> list[Part]:
    """What today's way costs, which the new way saves before it costs anything."""
    work = float((mean["done_today_by.minutes"] * mean["wage_per_hour"] / 60)[0])
    errors = float(worth.human_loss(mean, business)[0])
    return [("today_work", None, work, _TIME), ("today_errors", None, errors, _errors(business))]


def _errors(business: Business) -> tuple[str, ...]:
    error_class = business.done_today_by.error_class
    if error_class is None:
        return ()
    return ("done_today_by.error_rate", f"loss.{error_class}")


def _new(at: Mapping[str, Array], mean: Assumed, business: Business) -> list[Part]:
    """What the new way costs."""
    wage = float(mean["wage_per_hour"][0]) / 60
    by_hand = float(worth.human_cost(mean, business)[0])
    redone = (*_TIME, *_errors(business))
    detects = float(mean["review.detects"][0])
    harm = sum(float(at[worth.HARM + name][0]) for name in business.loss)
    minutes, edits = edit_minutes(at, mean)
    told: list[Part] = [
        ("review", None, -float(mean["review.minutes"][0]) * wage, ("review.minutes", "wage_per_hour")),
        ("edit", None, -minutes * wage, (*edits, "wage_per_hour")),
        ("redo", None, -float(at[worth.REDO][0]) * by_hand, redone),
        ("noticed", None, -harm * detects * by_hand, ("review.detects", *redone)),
    ]  # fmt: skip
    for name in business.loss:
        loss = float(worth.escaped_loss(at, mean, [name])[0])
        told.append(("escaped", name, -loss, ("review.detects", f"loss.{name}")))
    told.append(("calls", None, -float(at[worth.COST][0]), ()))
    return told


def edit_minutes(at: Mapping[str, Array], mean: Assumed) -> tuple[float, tuple[str, ...]]:
    """Minutes of editing per case, and the assumptions that hold them."""
    minutes, names = float(at[worth.MEASURED_EDIT][0]), []
    for feature, share in at.items():
        if feature.startswith(worth.EDIT) and share[0] > 0:
            name = feature.removeprefix(worth.EDIT)
            minutes += float(share[0]) * float(mean[name][0])
            names.append(name)
    return minutes, tuple(names)


def placeholder_share(parts: Sequence[Flow]) -> float | None:
    """The share of the money, in absolute amounts, of which a placeholder is a factor."""
    amounts = np.array([abs(part.per_case) for part in parts])
    if not amounts.sum():
        return None
    doubtful = np.array([bool(part.placeholders) for part in parts])
    return float(amounts[doubtful].sum() / amounts.sum())
