"""Pure, seeded estimates: intervals, pairs, clusters, power, agreement.

A name is loaded from its module when it is first asked for: numpy and scipy together cost half a
second, which a command that counts nothing should not pay.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.stats.agreement import cohen_kappa, krippendorff_alpha
    from bench.stats.assumptions import Range, pert_draws
    from bench.stats.clusters import clustered_se, design_effect, few_clusters_factor
    from bench.stats.decisions import MarginTest, NonInferiority, margin_test, non_inferiority
    from bench.stats.information import evpi, evsi, unit_normal_loss
    from bench.stats.intervals import clopper_pearson_upper, wilson
    from bench.stats.judges import PpiMean, ppi_mean, rogan_gladen
    from bench.stats.multiplicity import holm
    from bench.stats.pairs import PairedDifference, mcnemar_exact, paired_difference
    from bench.stats.power import minimum_detectable_effect, sample_size
    from bench.stats.ranks import rank_intervals, spearman_within
    from bench.stats.rates import ClusteredCount, clustered_count, rate_lower, rate_upper
    from bench.stats.reliability import pass_hat_k
    from bench.stats.resampling import cluster_bootstrap, percentile_interval, resampled_sums
    from bench.stats.sequential import nominal_levels, rejected

__all__ = [
    "ClusteredCount",
    "MarginTest",
    "NonInferiority",
    "PairedDifference",
    "PpiMean",
    "Range",
    "clopper_pearson_upper",
    "cluster_bootstrap",
    "clustered_count",
    "clustered_se",
    "cohen_kappa",
    "design_effect",
    "evpi",
    "evsi",
    "few_clusters_factor",
    "holm",
    "krippendorff_alpha",
    "margin_test",
    "mcnemar_exact",
    "minimum_detectable_effect",
    "nominal_levels",
    "non_inferiority",
    "paired_difference",
    "pass_hat_k",
    "percentile_interval",
    "pert_draws",
    "ppi_mean",
    "rank_intervals",
    "rate_lower",
    "rate_upper",
    "rejected",
    "resampled_sums",
    "rogan_gladen",
    "sample_size",
    "spearman_within",
    "unit_normal_loss",
    "wilson",
]

_HOMES = {
    "ClusteredCount": "rates",
    "MarginTest": "decisions",
    "NonInferiority": "decisions",
    "PairedDifference": "pairs",
    "PpiMean": "judges",
    "Range": "assumptions",
    "clopper_pearson_upper": "intervals",
    "cluster_bootstrap": "resampling",
    "clustered_count": "rates",
    "clustered_se": "clusters",
    "cohen_kappa": "agreement",
    "design_effect": "clusters",
    "evpi": "information",
    "evsi": "information",
    "few_clusters_factor": "clusters",
    "holm": "multiplicity",
    "krippendorff_alpha": "agreement",
    "margin_test": "decisions",
    "mcnemar_exact": "pairs",
    "minimum_detectable_effect": "power",
    "nominal_levels": "sequential",
    "non_inferiority": "decisions",
    "paired_difference": "pairs",
    "pass_hat_k": "reliability",
    "percentile_interval": "resampling",
    "pert_draws": "assumptions",
    "ppi_mean": "judges",
    "rank_intervals": "ranks",
    "rate_lower": "rates",
    "rate_upper": "rates",
    "rejected": "sequential",
    "resampled_sums": "resampling",
    "rogan_gladen": "judges",
    "sample_size": "power",
    "spearman_within": "ranks",
    "unit_normal_loss": "information",
    "wilson": "intervals",
}


def __getattr__(name: str) -> object:
    """Load `name` from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value  # the next look-up finds it without coming here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
