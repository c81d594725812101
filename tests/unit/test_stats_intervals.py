import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr

from bench.stats import clopper_pearson_upper, wilson

counts = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # 29 and 75 of 150: FinanceBench, shared and single store; computed from Wilson (1927).
        (29, 150, 0.13811889169082348, 0.263862858195272),
        (75, 150, 0.4209901202704631, 0.5790098797295369),
        (0, 20, 0.0, 0.16112515811625733),
    ],
)
def test_wilson_gives_the_published_interval(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), rel=1e-8)


@pytest.mark.parametrize(
    ("misses", "n", "bound"),
    [
        (0, 59, 0.04950760988822693),
        (0, 60, 0.04870291331009749),
        (1, 93, 0.049993978387988317),
        (2, 124, 0.04990017122831202),
        (0, 300, 0.009936081944457708),
        (5, 70, 0.1443326110905595),
    ],
)
def test_clopper_pearson_gives_the_published_bound(misses, n, bound):
    assert clopper_pearson_upper(misses, n) == pytest.approx(bound, rel=1e-10)


@pytest.mark.parametrize(("misses", "n"), [(0, 59), (1, 93), (2, 124), (3, 153)])
def test_a_miss_rate_under_five_percent_needs_that_many_cases_and_not_one_less(misses, n):
    assert clopper_pearson_upper(misses, n) <= 0.05 < clopper_pearson_upper(misses, n - 1)


def test_without_cases_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert clopper_pearson_upper(0, 0) == 1.0


@given(counts, st.floats(0.5, 0.999))
def test_wilson_contains_the_share_and_stays_within_zero_and_one(count, level):
    successes, n = count
    low, high = wilson(successes, n, level)
    assert 0 <= low <= successes / n <= high <= 1


@given(counts)
def test_wilson_mirrors_failures(count):
    successes, n = count
    low, high = wilson(successes, n)
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts, st.integers(2, 9))
def test_more_cases_at_the_same_share_narrow_both_bounds(count, times):
    successes, n = count
    few, many = wilson(successes, n), wilson(times * successes, times * n)
    assert many[1] - many[0] < few[1] - few[0]
    if successes < n:
        few_upper = clopper_pearson_upper(successes, n)
        assert clopper_pearson_upper(times * successes, times * n) < few_upper


@given(counts, st.floats(0.5, 0.999))
def test_at_the_clopper_pearson_bound_so_few_successes_have_the_remaining_probability(count, level):
    successes, n = count
    if successes < n:
        bound = clopper_pearson_upper(successes, n, level)
        assert bdtr(successes, n, bound) == pytest.approx(1 - level, rel=1e-6)


@pytest.mark.parametrize("estimate", [wilson, clopper_pearson_upper])
@pytest.mark.parametrize(
    ("successes", "n", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (0, -1, 0.95), (1, 2, 1.0)]
)
def test_impossible_counts_and_levels_are_refused_in_one_line(estimate, successes, n, level):
    with pytest.raises(ValueError, match=r"\A(successes|level): .+\Z"):
        estimate(successes, n, level)
