"""Draws in two bytes each, and samples of them that keep what a verdict rests on."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.value.stored_draws import finer_below, packed, thinned, unpacked


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50), st.data())
def test_a_stored_draw_is_within_a_half_level_of_its_range(numbers, data):
    draws = np.array(numbers)
    gaps = data.draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers)))
    draws[np.array(gaps)] = np.nan
    if np.isnan(draws).all():
        draws[0] = 0.0
    again = unpacked(packed(draws), len(draws))
    known = ~np.isnan(draws)
    assert (np.isnan(again) == ~known).all()
    half = np.ptp(draws[known]) / 65_534 / 2
    assert np.abs(again - draws)[known].max() <= half * 1.001 + 1e-6 * half + 1e-12 * 1e9


def test_draws_that_do_not_vary_are_one_number():
    told = packed(np.full(1000, 0.1))
    assert (told.low, told.high, told.packed) == (0.1, 0.1, None)
    assert unpacked(told, 3).tolist() == [0.1, 0.1, 0.1]


@given(st.integers(0, 2**32), st.integers(200, 3000), st.integers(50, 199))
def test_a_thinned_sample_keeps_the_share_of_gains_of_every_key(seed, size, wanted):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0.5, 1, size), rng.normal(-0.3, 1, size)
    at = thinned([first > 0, second > 0, first], wanted)
    assert len(set(at.tolist())) == wanted
    for net, blocks in ((first, 1), (second, 2)):
        assert abs((net[at] > 0).mean() - (net > 0).mean()) <= blocks / wanted


@given(st.integers(0, 2**32), st.floats(-3, 3), st.integers(10, 120))
def test_draws_that_are_finer_below_stand_for_all_and_never_for_both_signs(seed, centre, wanted):
    net = np.random.default_rng(seed).normal(centre, 1, 2000)
    at, sizes, losing = finer_below(net, wanted)
    assert sizes.sum() == 2000
    assert len(at) == len(sizes) <= wanted + 1
    assert (np.diff(net[at]) >= 0).all()
    assert (net[at[:losing]] <= 0).all()
    assert (net[at[losing:]] > 0).all()
    assert sizes[:losing].sum() == (net <= 0).sum()
