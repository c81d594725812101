"""Speed and cost under review: the published figures of GDPval, through the engine.

GDPval (arXiv 2510.04374): a task takes an expert 404 minutes, a review 109; the model is 90 times as fast and
38.8 % of its work is as good as the expert's. That is 1.12 times as fast when it tries once, 1.27 times with three
tries, 1.38 times if it tries until one is good (paper: 1.39), and pays from 28.09 % on. In money 361, 86 and 361 / 474:
1.61 times as cheap (paper: 1.63).
"""

import pytest

from bench.value.review import review_aware
from tests.small_parts import answers, parts, supposed
from tests.small_run import suite_of

GOOD = ["accept"] * 97 + ["redo"] * 153


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    """Two hundred and fifty tasks, of which 97 are 38.8 %."""
    return suite_of(tmp_path_factory.mktemp("tasks"), items=250)


def reviewed(suite, kinds, **told):
    about, found = parts(suite, answers(kinds, **told))
    return review_aware(about, found["a"])


def test_gdpvals_times_faster(tasks):
    suite = supposed(tasks, {"done_today_by.minutes": 404, "review.minutes": 109})
    found = reviewed(suite, GOOD, latency=404 / 90 * 60)
    assert found.usable == pytest.approx(0.388)
    assert found.tries == [1, 3, None]
    assert found.minutes == pytest.approx([360.737, 318.056, 292.497], abs=1e-3)
    assert found.speed_up == pytest.approx([1.1199, 1.2702, 1.3812], abs=1e-4)
    assert found.break_even_usable == pytest.approx(0.2809, abs=1e-4)


def test_gdpvals_times_cheaper(tasks):
    """A minute costs 1: 361 by hand, 86 a review, 361 / 474 a call."""
    told = {"done_today_by.minutes": 361, "review.minutes": 86, "wage_per_hour": 60}
    found = reviewed(supposed(tasks, told), GOOD, cost=361 / 474)
    assert found.cost[-1] == pytest.approx((86 + 361 / 474) / 0.388)
    assert found.cost_ratio[-1] == pytest.approx(1.6144, abs=1e-4)


def test_what_is_edited_is_usable_and_what_harms_is_not(tasks):
    found = reviewed(tasks, ["accept"] * 100 + ["edit"] * 50 + ["harm"] * 75 + ["grave"] * 25)
    assert found.usable == pytest.approx(150 / 250)


def test_where_nothing_is_usable_every_try_is_lost_on_top_of_the_work_by_hand(tasks):
    """44 minutes by hand, 6 of review, one of waiting; trying until one is good never ends."""
    found = reviewed(tasks, ["redo"] * 250, latency=60.0)
    assert found.minutes == [pytest.approx(44 + 7), pytest.approx(44 + 3 * 7), None]
    assert found.speed_up[-1] == 0


@pytest.mark.parametrize("harmful", [1, 4, 5, 10, 11])
def test_nothing_usable_is_none_at_all_however_floats_add_up(tasks, harmful):
    """Shares of 15 answers: 1 - 11/15 - 4/15 is 5.6e-17, and trying until one is good would take 10^16 minutes."""
    found = reviewed(tasks, ["redo"] * (15 - harmful) + ["harm"] * harmful, latency=60.0)
    assert found.usable == 0
    assert found.minutes[-1] is None


def test_a_review_that_takes_longer_than_the_work_never_pays(tasks):
    found = reviewed(supposed(tasks, {"review.minutes": 45}), ["accept"] * 250)
    assert found.break_even_usable is None
    assert max(found.speed_up) < 1


def test_no_speed_is_told_of_answers_that_nobody_timed(tasks):
    assert reviewed(tasks, GOOD, latency=None) is None
    assert reviewed(tasks, ["failed"] * 250) is None
