"""Value is linear in what answers do, given the assumptions: features times weights.

    value = H - [ r*w + e*w*1(edit) + H*1(redo) + 1(harm)*(d*H + (1-d)*loss) + k ],   H = h*w + q*L

per case and against today's way: h minutes of a person at wage w a minute, r of review, e of editing, d the
probability that the reviewer notices a harmful answer, k the money of all exchanges. q and L are the
human way's own escaped errors and their loss; a case that a person does again carries them too, so that
an answer nobody can use is worth exactly minus its review and its cost.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bench.suites.model import Business
from bench.value.assumed import Array, Assumed

ONE, ACCEPT, MEASURED_EDIT, REDO, COST = "one", "accept", "edit_minutes", "redo", "cost"
EDIT, HARM = "edit:", "harm:"
"""Prefixes: an edit by the assumption holding its minutes, a harm by its class of loss."""


def feature_names(business: Business) -> list[str]:
    """The columns of the feature matrix of a suite."""
    edits = ["edit.minutes"] + [
        name for name, _ in business.assumptions() if name.startswith("outcomes.")
    ]
    return [
        ONE,
        ACCEPT,
        *(EDIT + name for name in edits),
        MEASURED_EDIT,
        REDO,
        *(HARM + name for name in business.loss),
        COST,
    ]


def human_cost(assumed: Assumed, business: Business) -> Array:
    """Money of a case done today's way, its own escaped errors included."""
    cost = assumed["done_today_by.minutes"] * assumed["wage_per_hour"] / 60
    return cost + human_loss(assumed, business)


def human_loss(assumed: Assumed, business: Business) -> Array:
    """Expected loss by the human way's own errors, per case."""
    today = business.done_today_by
    if today.error_rate is None:
        return np.zeros_like(assumed["wage_per_hour"])
    return assumed["done_today_by.error_rate"] * assumed[f"loss.{today.error_class}"]


def weights(assumed: Assumed, business: Business) -> dict[str, Array]:
    """Money per unit of every feature."""
    wage = assumed["wage_per_hour"] / 60
    by_hand = human_cost(assumed, business)
    detected = assumed["review.detects"]
    told = {
        ONE: by_hand - assumed["review.minutes"] * wage,
        ACCEPT: np.zeros_like(wage),
        MEASURED_EDIT: -wage,
        REDO: -by_hand,
        COST: -np.ones_like(wage),
    }
    for name in feature_names(business):
        if name.startswith(EDIT):
            told[name] = -assumed[name.removeprefix(EDIT)] * wage
        elif name.startswith(HARM):
            loss = assumed["loss." + name.removeprefix(HARM)]
            told[name] = -(detected * by_hand + (1 - detected) * loss)
    return told


def value(features: Mapping[str, Array], assumed: Assumed, business: Business) -> Array:
    """Money per case; features and assumptions broadcast against each other."""
    told = weights(assumed, business)
    return np.asarray(sum(features[name] * weight for name, weight in told.items()))


def value_of_trials(rows: pd.DataFrame, assumed: Assumed, business: Business) -> Array:
    """Money of every trial of the ledger that has an outcome, (trials,), at one set of assumptions."""
    told = weights(assumed, business)
    money: Array = np.full(len(rows), float(told[ONE][0])) - np.nan_to_num(
        rows["cost"].to_numpy(dtype=float)
    )
    money += rows["edit_minutes"].to_numpy(dtype=float) * float(told[MEASURED_EDIT][0])
    money += (rows["outcome"] == "redo").to_numpy() * float(told[REDO][0])
    by_class = {
        name.removeprefix(HARM): float(told[name][0]) for name in told if name.startswith(HARM)
    }
    by_edit = {
        name.removeprefix(EDIT): float(told[name][0]) for name in told if name.startswith(EDIT)
    }
    for column, priced in (("loss_class", by_class), ("edit_assumption", by_edit)):
        money += rows[column].map(priced).fillna(0.0).to_numpy(dtype=float)
    return money


def human_minutes(features: Mapping[str, Array], assumed: Assumed, business: Business) -> Array:
    """Minutes that a person still spends on a case: review, edits, and doing it again."""
    today = assumed["done_today_by.minutes"]
    minutes = assumed["review.minutes"] + features[MEASURED_EDIT] + features[REDO] * today
    for name in feature_names(business):
        if name.startswith(EDIT):
            minutes = minutes + features[name] * assumed[name.removeprefix(EDIT)]
        elif name.startswith(HARM):
            minutes = minutes + features[name] * assumed["review.detects"] * today
    return np.asarray(minutes)


def escaped(features: Mapping[str, Array], assumed: Assumed, classes: Sequence[str]) -> Array:
    """The share of cases with a harmful error that the reviewer does not notice."""
    harm = sum((features[HARM + name] for name in classes), np.zeros(1))
    return np.asarray(harm * (1 - assumed["review.detects"]))


def escaped_loss(features: Mapping[str, Array], assumed: Assumed, classes: Sequence[str]) -> Array:
    """Expected loss by errors that the reviewer does not notice, per case."""
    loss = sum((features[HARM + name] * assumed[f"loss.{name}"] for name in classes), np.zeros(1))
    return np.asarray(loss * (1 - assumed["review.detects"]))
