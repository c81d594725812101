"""What a unit of each feature is worth, as a formula over the assumptions: `bench.value.worth` for a spreadsheet."""

from collections.abc import Mapping

from bench.reports.workbook.amounts import Amount
from bench.suites.model import Business
from bench.value.worth import ACCEPT, COST, EDIT, HARM, MEASURED_EDIT, ONE, REDO, feature_names

_MINUTES = 60.0


def by_hand(inputs: Mapping[str, Amount], business: Business) -> Amount:
    """Money of a case done in the way of today, its own escaped errors included."""
    work = inputs["done_today_by.minutes"] * inputs["wage_per_hour"] / _MINUTES
    today = business.done_today_by
    if today.error_rate is None:
        return work
    return work + inputs["done_today_by.error_rate"] * inputs[f"loss.{today.error_class}"]


def weights(inputs: Mapping[str, Amount], business: Business, hand: Amount) -> Mapping[str, Amount]:
    """Money per unit of every feature; `hand` is the cell that holds a case done by hand."""
    wage, detects = inputs["wage_per_hour"], inputs["review.detects"]
    told = {
        ONE: hand - inputs["review.minutes"] * wage / _MINUTES,
        ACCEPT: Amount("0", 0.0),
        MEASURED_EDIT: -wage / _MINUTES,
        REDO: -hand,
        COST: Amount("-1", -1.0),
    }
    for name in feature_names(business):
        if name.startswith(EDIT):
            told[name] = -inputs[name.removeprefix(EDIT)] * wage / _MINUTES
        elif name.startswith(HARM):
            loss = inputs["loss." + name.removeprefix(HARM)]
            told[name] = -(detects * hand + (1 - detects) * loss)
    return {name: told[name] for name in feature_names(business)}
