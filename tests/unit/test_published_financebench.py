"""FinanceBench as released: 150 questions on 32 companies, answered by seven configurations.

Counts of right answers by company, from the human labels of github.com/patronus-ai/financebench at commit
cc39aeb (arXiv 2311.11944).
"""

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from bench.stats import clustered_se, mcnemar_exact, paired_difference
from bench.value.formulas.answering import (
    Fates,
    hallucination_rate,
    penalised_score,
    precision_when_answered,
)

# Company, its questions, and those that each configuration of PUBLISHED gets right, in that order.
COUNTS = """
3M                    8  1 1 2  5 5 1 2
AES Corporation       3  0 0 0  1 2 1 1
AMD                   8  2 3 6  8 8 4 4
Activision Blizzard   2  0 0 0  2 2 0 0
Adobe                 5  0 1 2  4 3 0 1
Amazon                3  0 2 2  3 3 1 1
Amcor                 9  1 3 4  8 8 3 3
American Express      7  1 2 2  6 4 2 3
American Water Works  3  0 1 1  2 2 0 1
Best Buy              8  0 1 3  6 6 0 3
Block                 3  0 0 2  3 3 0 1
Boeing                8  3 3 6  8 6 4 4
CVS Health            4  0 2 2  4 2 3 3
Coca-Cola             3  0 0 3  3 3 0 2
Corning               4  0 0 2  1 2 0 0
Costco                1  0 0 1  1 1 0 1
Foot Locker           2  1 0 2  2 2 0 1
General Mills         4  0 0 1  2 4 0 1
JPMorgan              5  1 0 2  5 3 1 1
Johnson & Johnson     9  1 3 4  9 9 4 5
Kraft Heinz           1  0 0 1  1 1 0 0
Lockheed Martin       3  0 0 2  3 3 0 1
MGM Resorts           7  0 0 5  6 5 0 4
Microsoft             2  0 0 0  2 2 0 0
Netflix               2  0 1 1  2 2 1 0
Nike                  4  0 0 3  4 4 0 2
Paypal                1  0 1 0  0 0 0 0
PepsiCo              11  0 4 8 11 8 3 9
Pfizer                6  0 0 2  5 4 0 2
Ulta Beauty           6  2 0 2  4 4 0 3
Verizon               5  1 1 2  4 5 1 2
Walmart               3  0 0 2  3 2 0 1
"""

CLOSED_BOOK = "GPT-4 Turbo, closed book"
SHARED, SINGLE = "GPT-4 Turbo, shared store", "GPT-4 Turbo, single store"
ORACLE, LONG = "GPT-4 Turbo, oracle pages", "GPT-4 Turbo, long context, evidence first"
LLAMA_SHARED, LLAMA_SINGLE = "Llama 2, shared store", "Llama 2, single store"

# Right, wrong, declined; accuracy, precision when answered, hallucination rate, right less wrong;
# standard error of independent questions and of questions clustered by company.
PUBLISHED = {
    CLOSED_BOOK: (
        (14, 5, 131),
        (0.09333333333333334, 0.7368421052631579, 0.03333333333333333, 0.06),
        (0.023831373802832907, 0.02493963081493359),
    ),
    SHARED: (
        (29, 20, 101),
        (0.19333333333333333, 0.5918367346938775, 0.13333333333333333, 0.06),
        (0.03235245865324255, 0.03406399206721895),
    ),
    SINGLE: (
        (75, 17, 58),
        (0.5, 0.8152173913043478, 0.11333333333333333, 0.38666666666666666),
        (0.04096159602595203, 0.04136557881996952),
    ),
    ORACLE: (
        (128, 22, 0),
        (0.8533333333333334, 0.8533333333333334, 0.14666666666666667, 0.7066666666666667),
        (0.028982238897535085, 0.03432653654406617),
    ),
    LONG: (
        (118, 26, 6),
        (0.7866666666666666, 0.8194444444444444, 0.17333333333333334, 0.6133333333333333),
        (0.03356074550833633, 0.03246331262620416),
    ),
    LLAMA_SHARED: (
        (29, 104, 17),
        (0.19333333333333333, 0.21804511278195488, 0.6933333333333334, -0.5),
        (0.032352458653242544, 0.04098129654692085),
    ),
    LLAMA_SINGLE: (
        (62, 81, 7),
        (0.41333333333333333, 0.43356643356643354, 0.54, -0.12666666666666668),
        (0.040341569222180476, 0.04085312445551476),
    ),
}
ROWS = [line.rsplit(maxsplit=1 + len(PUBLISHED)) for line in COUNTS.strip().splitlines()]
COMPANIES = np.repeat([row[0] for row in ROWS], [int(row[1]) for row in ROWS])


def answers(configuration):
    """Right or not by question, the right ones of a company first."""
    column = 2 + list(PUBLISHED).index(configuration)
    verdicts = []
    for row in ROWS:
        questions, right = int(row[1]), int(row[column])
        verdicts += [1] * right + [0] * (questions - right)
    return np.array(verdicts)


def fates(configuration):
    right, wrong, declined = PUBLISHED[configuration][0]
    return Fates(right=right, wrong=wrong, declined=declined)


def spread(found, df):
    """The standard error behind an interval on `df` degrees of freedom."""
    return (found.high - found.low) / 2 / stdtrit(df, 0.975)


@pytest.mark.parametrize("configuration", PUBLISHED)
def test_the_released_labels_give_the_published_shares(configuration):
    counted, shares, _ = PUBLISHED[configuration]
    told = fates(configuration)
    accuracy = penalised_score(told, penalty=0)
    assert (told.n, int(answers(configuration).sum())) == (150, counted[0])
    assert (
        accuracy,
        precision_when_answered(told),
        hallucination_rate(told),
        penalised_score(told),
    ) == pytest.approx(shares, rel=1e-9)


@pytest.mark.parametrize("configuration", PUBLISHED)
def test_the_released_labels_give_the_published_errors(configuration):
    verdicts = answers(configuration)
    independent = clustered_se(verdicts, range(150)) * math.sqrt(150 / 149)
    published = PUBLISHED[configuration][2]
    assert len(set(COMPANIES)) == 32
    assert (independent, clustered_se(verdicts, COMPANIES)) == pytest.approx(published, rel=1e-9)


def test_the_same_accuracy_may_have_the_opposite_worth():
    gpt, llama = fates(SHARED), fates(LLAMA_SHARED)
    assert penalised_score(gpt, penalty=0) == penalised_score(llama, penalty=0)
    assert penalised_score(llama) < 0 < penalised_score(gpt)


def test_pairing_the_questions_narrows_the_error_of_the_difference():
    shared = [1] * 22 + [0] * 53 + [1] * 7 + [0] * 68
    single = [1] * 22 + [1] * 53 + [0] * 7 + [0] * 68
    found = paired_difference(shared, single)
    assert found.value == pytest.approx(0.30666666666666664, rel=1e-9)
    assert spread(found, 149) == pytest.approx(0.04531437950922138, rel=1e-9)
    assert found.p_value == pytest.approx(mcnemar_exact(53, 7))
    assert found.p_value == pytest.approx(7.671918274276823e-10, rel=1e-9)
    unpaired = math.hypot(PUBLISHED[SHARED][2][0], PUBLISHED[SINGLE][2][0])
    assert unpaired == pytest.approx(0.052197068211759345, rel=1e-9)
    assert spread(found, 149) < unpaired


def test_pairing_within_companies_gives_the_published_error_of_the_difference():
    # A clustered error knows only the sum of a company's differences, so their order does not matter.
    gaps = answers(SINGLE) - answers(SHARED)
    assert clustered_se(gaps, COMPANIES) == pytest.approx(0.04445955298753971, rel=1e-9)
    found = paired_difference(answers(SHARED), answers(SINGLE), COMPANIES)
    assert spread(found, 31) == pytest.approx(0.04445955298753971 * math.sqrt(32 / 31), rel=1e-9)
