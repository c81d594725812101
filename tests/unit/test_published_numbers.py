"""Published and hand-computed numbers of the statistics, each by the call that yields it."""

import itertools

import numpy as np
import pytest

from bench.scoring.labels import Ordinal
from bench.scoring.overlap import rouge_l, rouge_n, tokens
from bench.scoring.reading import Reading
from bench.stats import (
    Range,
    clopper_pearson_upper,
    clustered_se,
    cohen_kappa,
    design_effect,
    evpi,
    evsi,
    mcnemar_exact,
    minimum_detectable_effect,
    non_inferiority,
    pass_hat_k,
    ppi_mean,
    rogan_gladen,
    sample_size,
    wilson,
)
from bench.types import Item
from bench.value.formulas.editing import edit_distance, edit_share
from bench.value.formulas.levels import level_rates, loss_per_case

# Four triage levels, the most urgent first: right by row, given by column; and what each pair costs.
TRIAGE = np.array([[18, 2, 0, 0], [3, 42, 5, 0], [0, 8, 70, 12], [0, 1, 9, 30]])
HARM = [[0, 60, 200, 400], [5, 0, 30, 120], [8, 3, 0, 10], [10, 5, 2, 0]]
# Miller (2024): variance of the items, and of one trial of either model.
VARIANCES = (1 / 9, 1 / 6, 1 / 6)
TOY, THREES = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0], np.repeat(np.arange(4), 3)
# People and judge on 40 rows: both yes 22, people only 2, judge only 6, both no 10.
PEOPLE = [1] * 24 + [0] * 16
JUDGE = [1] * 22 + [0] * 2 + [1] * 6 + [0] * 10
JUDGE_ALONE = [1] * 288 + [0] * 112
JUDGE_TABLE = np.array([[40, 10], [5, 45]])
OLD, NEW = [0] * 22 + [1] * 378, [1] * 22 + [0] * 26 + [1] * 352
REFERENCE, REPLY = "公司净利润同比增长百分之十", "公司利润同比上涨百分之十"
WANTED = ["公司", "净利润", "同比", "增长", "百分之十"]
TOLD = ["公司", "利润", "同比", "上涨", "百分之十"]


def columns(table):
    """The table's cases, one label of the row and one of the column each."""
    cells = [(i, j) for i, j in np.ndindex(*table.shape) for _ in range(table[i, j])]
    return [i for i, _ in cells], [j for _, j in cells]


def cases_needed(misses):
    """Fewest cases of which `misses` still prove a miss rate of at most 5 %."""
    return next(n for n in itertools.count(misses + 1) if clopper_pearson_upper(misses, n) <= 0.05)


def triage():
    return level_rates(TRIAGE, acute_levels=2)


def judged(**options):
    return ppi_mean(PEOPLE, JUDGE, JUDGE_ALONE, **options)


def gate():
    return non_inferiority(OLD, NEW, margin=0.05)


def char(measure, *rest):
    return measure(tokens(REFERENCE), tokens(REPLY), *rest)


PUBLISHED = {
    "triage: cases": (lambda: triage().n, 200),
    "triage: accuracy": (lambda: triage().right, 0.8),
    "triage: kappa": (lambda: cohen_kappa(*columns(TRIAGE)), 0.711087035030697),
    "triage: quadratic kappa": (
        lambda: cohen_kappa(*columns(TRIAGE), "quadratic"),
        0.8666666666666667,
    ),
    "triage: under": (lambda: triage().under, 0.095),
    "triage: over": (lambda: triage().over, 0.105),
    "triage: high acuity": (lambda: triage().acute, 70),
    "triage: high acuity missed": (lambda: triage().missed, 5),
    "triage: share missed": (lambda: triage().missed_share, 0.07142857142857142),
    "triage: over among flagged": (lambda: triage().over_share_of_flagged, 0.12162162162162163),
    "triage: level I recall": (lambda: triage().most_urgent_found, 0.9),
    "triage: harm a case": (lambda: loss_per_case(TRIAGE, HARM), 2.26),
    "exact bound 0/59": (lambda: clopper_pearson_upper(0, 59), 0.04950760988822693),
    "exact bound 0/60": (lambda: clopper_pearson_upper(0, 60), 0.04870291331009749),
    "exact bound 1/93": (lambda: clopper_pearson_upper(1, 93), 0.049993978387988317),
    "exact bound 2/124": (lambda: clopper_pearson_upper(2, 124), 0.04990017122831202),
    "exact bound 0/300": (lambda: clopper_pearson_upper(0, 300), 0.009936081944457708),
    "exact bound 5/70": (lambda: clopper_pearson_upper(5, 70), 0.1443326110905595),
    "cases needed": (lambda: [cases_needed(misses) for misses in range(4)], [59, 93, 124, 153]),
    "Wilson 29/150": (lambda: wilson(29, 150), (0.13811889169082348, 0.263862858195272)),
    "Wilson 75/150": (lambda: wilson(75, 150), (0.4209901202704631, 0.5790098797295369)),
    "Wilson 0/20": (lambda: wilson(0, 20), (0.0, 0.16112515811625733)),
    "McNemar 53/7": (lambda: mcnemar_exact(53, 7), 7.671918274276823e-10),
    "items for 0.03": (lambda: sample_size(0.03, *VARIANCES), 3875.9899922711543),
    "items for 0.03, ten repeats": (
        lambda: sample_size(0.03, *VARIANCES, repeats=10),
        1259.6967474881253,
    ),
    "effect of 198": (lambda: minimum_detectable_effect(198, *VARIANCES), 0.1327333278739942),
    "effect of 198, ten repeats": (
        lambda: minimum_detectable_effect(198, *VARIANCES, repeats=10),
        0.0756696392667773,
    ),
    "design effect": (lambda: design_effect(10, 0.2), 2.8),
    "effective 500": (lambda: 500 / design_effect(10, 0.2), 178.57142857142858),
    "clustered toy": (lambda: clustered_se(TOY, THREES), 0.18633899812498247),
    "toy, each its own": (lambda: clustered_se(TOY, range(12)), 0.14433756729740643),
    "toy, corrected": (
        lambda: clustered_se(TOY, range(12)) * np.sqrt(12 / 11),
        0.15075567228888181,
    ),
    "pass^4 of 6/8": (lambda: pass_hat_k(6, 8, 4), 0.21428571428571427),
    # Some of k succeed unless all k fail: the complement of pass^k of the failures.
    "pass@4 of 6/8": (lambda: 1 - pass_hat_k(2, 8, 4), 1.0),
    "pass@4 of 2/8": (lambda: 1 - pass_hat_k(6, 8, 4), 0.7857142857142857),
    "PPI: people alone": (lambda: ppi_mean(PEOPLE, JUDGE, []).value, 0.6),
    "PPI: people's error": (lambda: ppi_mean(PEOPLE, JUDGE, []).se, 0.07844645405527362),
    "PPI: the judge's offset": (lambda: judged().value - np.mean(JUDGE_ALONE), -0.1),
    "PPI": (lambda: judged().value, 0.62),
    "PPI: error": (lambda: judged().se, 0.07332842579579633),
    "PPI++: weight": (lambda: judged(tuned=True).weight, 0.5975227984211247),
    "PPI++": (lambda: judged(tuned=True).value, 0.6119504559684225),
    "PPI++: error": (lambda: judged(tuned=True).se, 0.06537006004307351),
    "Rogan-Gladen": (lambda: rogan_gladen(0.8, 0.95, 0.7), 0.7692307692307694),
    "judge: kappa": (lambda: cohen_kappa(*columns(JUDGE_TABLE)), 0.7),
    "judge: agreement": (lambda: level_rates(JUDGE_TABLE, 1).right, 0.85),
    "gate: difference": (lambda: gate().difference, -0.01),
    "gate: lower": (lambda: gate().low, -0.038477827346289954),
    "gate: upper": (lambda: gate().high, 0.018477827346289957),
    "gate: error": (
        lambda: (gate().high - gate().low) / 2 / 1.6448536269514722,
        0.017313289693180786,
    ),
    "EVPI": (lambda: evpi(20, 50), 11.52194184737265),
    "EVSI": (lambda: evsi(20, 50, 300, 100), 8.93245443280561),
    "EVSI as EVPI of the spread to come": (lambda: evpi(20, 42.87464628562721), 8.93245443280561),
    "triangular mean": (lambda: Range(0.5, 0.8, 0.9, "triangular").mean(), 0.7333333333333334),
    "PERT mean": (lambda: Range(0.5, 0.8, 0.9, "pert").mean(), 0.7666666666666667),
    "ROUGE-1, characters": (
        lambda: char(rouge_n, 1),
        (0.8333333333333334, 0.7692307692307693, 0.8),
    ),
    "ROUGE-2, characters": (
        lambda: char(rouge_n, 2),
        (0.6363636363636364, 0.5833333333333334, 0.6086956521739131),
    ),
    "ROUGE-L, characters": (
        lambda: char(rouge_l),
        (0.8333333333333334, 0.7692307692307693, 0.8),
    ),
    "ROUGE-1, words": (lambda: rouge_n(WANTED, TOLD, 1), (0.6, 0.6, 0.6)),
    "ROUGE-2, words": (lambda: rouge_n(WANTED, TOLD, 2), (0.0, 0.0, 0.0)),
    "ROUGE-L, words": (lambda: rouge_l(WANTED, TOLD), (0.6, 0.6, 0.6)),
    "characters": (lambda: (len(tokens(REFERENCE)), len(tokens(REPLY))), (13, 12)),
    "edit distance": (lambda: edit_distance(REPLY, REFERENCE), 3),
    "edit share": (lambda: edit_share(REPLY, REFERENCE), 0.23076923076923078),
}


@pytest.mark.parametrize(("found", "published"), PUBLISHED.values(), ids=PUBLISHED)
def test_the_published_number_comes_out(found, published):
    assert found() == pytest.approx(published, rel=1e-9, abs=1e-12)


def test_of_independent_trials_pass_hat_k_is_the_power_of_their_rate():
    assert pass_hat_k(900_000, 1_000_000, 8) == pytest.approx(0.4304672100000001, abs=1e-4)


def test_kappa_is_the_agreement_beyond_the_half_that_chance_gives_here():
    agreement, chance = level_rates(JUDGE_TABLE, 1).right, 0.5
    assert cohen_kappa(*columns(JUDGE_TABLE)) == pytest.approx((agreement - chance) / (1 - chance))


def test_the_margin_of_the_gate_decides_between_passing_and_measuring_more():
    assert gate().decision == "pass"
    assert non_inferiority(OLD, NEW, margin=0.03).decision == "inconclusive"


def test_five_missed_of_seventy_break_a_five_per_cent_gate_though_accuracy_is_eighty():
    rates = triage()
    assert rates.right == pytest.approx(0.8)
    assert clopper_pearson_upper(rates.missed, rates.acute) > 0.05


def test_the_scorer_of_levels_counts_under_and_over_as_the_table_does():
    names = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"]
    scorer = Ordinal(reference="level", levels={name: [] for name in names})
    labels = {"right": 0, "under": 0, "over": 0}
    for (right, given), cases in np.ndenumerate(TRIAGE):
        item = Item(id="a", cluster="a", input={}, reference={"level": names[right]})
        labels[scorer.score(item, Reading(names[given])).label] += int(cases)
    rates = triage()
    counted = [rates.right * 200, rates.under * 200, rates.over * 200]
    assert list(labels.values()) == pytest.approx(counted)
