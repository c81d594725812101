"""The business metrics that a suite may name, by value; `bench.value.metrics` computes them."""

from bench.types import Pillar

OVER_SLICES = "slices_gained"
"""The one metric that is counted over slices: no item has it, so no score can drive it."""

BUSINESS_METRICS: dict[str, Pillar] = {
    "net_value_per_case": "cost",
    "straight_through_rate": "cost",
    "minutes_saved_per_case": "cost",
    "cost_per_accepted": "cost",
    "escaped_error_rate": "cost",
    "escaped_loss_per_case": "cost",
    "earned_share": "cost",
    "served_share_of_unserved": "innovation",
    "supply_multiplier": "innovation",
    "distinct_variants": "innovation",
    OVER_SLICES: "innovation",
    "within_sla": "experience",
    "right_first_time": "experience",
    "pass_hat_k": "experience",
    "latency_p50": "experience",
    "latency_p95": "experience",
}
