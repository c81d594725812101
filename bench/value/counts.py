"""What became of the trials, and what they consumed."""

import numpy as np
import pandas as pd

from bench.value.candidate_summary import Latency, Outcomes, Trials, Usage


def trials(rows: pd.DataFrame, planned: int) -> Trials:
    """What became of the planned trials; an answer whose scorer failed counts as failed."""
    if not len(rows):
        return Trials(
            planned=planned, answered=0, refused=0, truncated=0, failed=0, not_run=planned
        )
    broken = rows["trouble"].notna()
    states = rows.loc[~broken, "state"].value_counts()
    count = {
        state: int(states.get(state, 0)) for state in ("answered", "refused", "truncated", "failed")
    }
    count["failed"] += int(broken.sum())
    return Trials(planned=planned, not_run=planned - len(rows), **count)


def outcome_shares(rows: pd.DataFrame) -> Outcomes | None:
    """Shares of the trials that have an outcome; None when none has."""
    if not len(rows) or not rows["outcome"].notna().any():
        return None
    shares = rows["outcome"].value_counts(normalize=True)
    return Outcomes(
        **{name: float(shares.get(name, 0.0)) for name in ("accept", "edit", "redo", "harm")}
    )


def usage(rows: pd.DataFrame, currency: str, *, cost_known: bool) -> Usage:
    """Tokens, requests sent and money of all trials, failed ones included."""

    def total(column: str) -> int:
        return int(rows[column].sum()) if len(rows) else 0

    replies, attempts, cached = total("requests"), total("attempts"), total("cached")
    failed = int(((rows["state"] == "failed") & (rows["attempts"] > 0)).sum()) if len(rows) else 0
    firsts = replies - cached + failed  # a failed trial ends with an exchange that is not recorded
    return Usage(
        input_tokens=total("input_tokens"),
        output_tokens=total("output_tokens"),
        reasoning_tokens=total("reasoning_tokens"),
        estimated=bool(rows["estimated"].any()) if len(rows) else False,
        estimated_share=float(rows["estimated"].mean()) if len(rows) else None,
        cost=float(rows["cost"].sum()) if cost_known else None,
        lost_cost=_known_sum(rows, "lost_cost"),
        currency=currency,
        requests=attempts,
        retries=max(0, attempts - firsts),
        cached=cached,
    )


def _known_sum(rows: pd.DataFrame, column: str) -> float | None:
    """The sum of what is known; None where nothing is."""
    if not len(rows) or not rows[column].notna().any():
        return None
    return float(rows[column].sum())


def latency(rows: pd.DataFrame) -> Latency:
    """Quantiles of the seconds that replies took, and of those until their first token."""
    return Latency(
        p50=_quantile(rows, "latency_s", 0.5),
        p95=_quantile(rows, "latency_s", 0.95),
        ttft_p50=_quantile(rows, "ttft_s", 0.5),
        ttft_p95=_quantile(rows, "ttft_s", 0.95),
        tokens_per_s=_quantile(rows, "tokens_per_s", 0.5),
    )


def _quantile(rows: pd.DataFrame, column: str, share: float) -> float | None:
    if not len(rows) or not rows[column].notna().any():
        return None
    return float(np.quantile(rows[column].dropna().to_numpy(dtype=float), share))


def failures(rows: pd.DataFrame) -> dict[str, int]:
    """Failed trials by kind; `scorer` counts answers that a scorer broke on."""
    if not len(rows):
        return {}
    kinds = rows["failure"].dropna().value_counts()
    found = {str(kind): int(count) for kind, count in kinds.items()}
    broken = int(rows["trouble"].notna().sum())
    return found | ({"scorer": broken} if broken else {})
