"""What it takes to run a model on machines of one's own."""

from typing import Literal

from bench.stats.arguments import check_not_negative, check_positive, check_rate

Precision = Literal["fp32", "fp16", "bf16", "int8", "int4"]

BYTES_PER_PARAMETER: dict[Precision, float] = {
    "fp32": 4,
    "fp16": 2,
    "bf16": 2,
    "int8": 1,
    "int4": 0.5,
}
"""int8 takes a quarter of fp32 and int4 an eighth; scales of the quantisation add a few per cent."""

_SECONDS_PER_HOUR = 3600


def cost_per_million_tokens(
    machine_cost_per_hour: float, tokens_per_second: float, utilisation: float
) -> float:
    """Money for 1e6 tokens of a machine that is busy the share `utilisation` of its paid hours.

    cost per hour / (tokens per second * 3600 * utilisation) * 1e6.

    Source: by definition, cost over output. Example: 20 an hour, 1,000 tokens/s, busy 40 %.

    >>> print(f"{cost_per_million_tokens(20, 1000, 0.4):.2f}")
    13.89
    """
    check_not_negative("machine_cost_per_hour", machine_cost_per_hour)
    check_positive("tokens_per_second", tokens_per_second)
    check_rate("utilisation", utilisation)
    check_positive("utilisation", utilisation)
    return machine_cost_per_hour / (tokens_per_second * _SECONDS_PER_HOUR * utilisation) * 1e6


def break_even_million_tokens(
    fixed_cost_per_month: float, price_per_million: float, variable_cost_per_million: float = 0
) -> float | None:
    """Millions of tokens a month above which own machines cost less than an API's price.

    fixed / (price - variable). None where no volume does: each token costs at least the price.

    Source: cost-volume-profit analysis, Horngren, Cost Accounting, chapter 3. Example: 14,400 a
    month (20 an hour) against 16 for 1e6 tokens, of which power takes 1.

    >>> break_even_million_tokens(14_400, 16, 1)
    960.0
    """
    check_not_negative("fixed_cost_per_month", fixed_cost_per_month)
    check_not_negative("price_per_million", price_per_million)
    check_not_negative("variable_cost_per_million", variable_cost_per_million)
    margin = price_per_million - variable_cost_per_million
    return fixed_cost_per_month / margin if margin > 0 else None


def weights_gb(parameters: float, precision: Precision = "fp32") -> float:
    """Memory for the weights alone, in GB of 1e9 bytes: the least that a machine must hold.

    Source: bytes per number of IEEE 754 and of the integer formats. Example: 100e9 parameters.

    >>> weights_gb(100e9), weights_gb(100e9, "int8"), weights_gb(100e9, "int4")
    (400.0, 100.0, 50.0)
    """
    check_not_negative("parameters", parameters)
    return parameters * BYTES_PER_PARAMETER[precision] / 1e9


def kv_cache_gb(
    layers: int, kv_heads: int, head_size: int, tokens: int, bytes_per_value: float = 2
) -> float:
    """Memory for keys and values of `tokens` in flight, in GB of 1e9 bytes.

    2 * layers * kv_heads * head_size * bytes * tokens; `tokens` adds up over requests served at a
    time. Grouped-query attention has fewer `kv_heads` than query heads.

    Source: Kwon et al. (2023), PagedAttention, arXiv 2309.06180, section 3. Example: OPT-13B, 40
    layers of 40 heads of 128 in fp16, a sequence of 2,048 tokens at 800 KiB each.

    >>> print(f"{kv_cache_gb(40, 40, 128, tokens=2048):.2f}")
    1.68
    """
    for name, value in (("layers", layers), ("kv_heads", kv_heads), ("head_size", head_size)):
        check_positive(name, value)
    check_not_negative("tokens", tokens)
    check_positive("bytes_per_value", bytes_per_value)
    return 2 * layers * kv_heads * head_size * bytes_per_value * tokens / 1e9
