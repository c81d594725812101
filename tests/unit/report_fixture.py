"""A summary of four suites and three candidates with invented numbers, one for each decision.

The states that reports must tell in words are in it: a missing price, coverage below the floor, a value
without an interval, a single item, a metric that was not measured, failures, open and broken gates.
"""

from bench.types import Estimate, Text
from bench.value.across.records import (
    Across,
    Choice,
    Corner,
    CurrencyPortfolio,
    GateCounts,
    GroupValue,
    Hosting,
    Ladder,
    Narrowing,
    OneForAll,
    Portfolio,
    PrivacyCost,
    ProfileRow,
    Profiles,
    Rung,
    Shift,
    Step,
    SuiteChoice,
    Triangle,
)
from bench.value.candidate_summary import (
    BetterAssumption,
    BusinessMetric,
    CandidateSummary,
    CandidateVerdict,
    Flow,
    GateResult,
    HorizonValue,
    Information,
    Latency,
    LossShare,
    MoreItems,
    NextStage,
    Outcomes,
    Reason,
    ReviewAware,
    Sensitivity,
    SliceValue,
    Tail,
    TechnicalMetric,
    Trials,
    Usage,
)
from bench.value.data_card import DataCard, TagCount, ValueCount
from bench.value.selective import CalibrationBin, ConfidenceCalibration, Selective, SelectivePoint
from bench.value.summary import (
    AssumptionEntry,
    CascadeResult,
    Change,
    DriveTest,
    Origin,
    PairResult,
    RunInfo,
    SuiteSummary,
    SuiteVerdict,
    Summary,
    TodaySummary,
)

HELD, OPEN, BROKEN = True, None, False
CANDIDATES = ("flagship+direct", "industry-tuned+few_shot", "small-270m+direct")


def money(value, low, high, n=60):
    return Estimate(value=value, low=low, high=high, level=0.9, n=n, method="bootstrap")


def spread(low, high):
    """Twenty values as a bell between the ends of a 90 % range."""
    steps = (-1.04, -0.88, -0.75, -0.62, -0.5, -0.4, -0.3, -0.22, -0.13, -0.05)
    shape = (*steps, *(-each for each in reversed(steps)))
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle + half * each for each in shape]


def metric(pillar, unit, better, zh, en, value, low, high, today=None, n=60):
    told = money(value, low, high, n).model_dump()
    return BusinessMetric(
        **told, pillar=pillar, unit=unit, better=better, title=Text(zh=zh, en=en), today=today
    )


def metrics(value, accept, n=60):
    """The figures of the three values; one of them was not measured."""
    cost, new, feel = "cost", "innovation", "experience"
    return {
        "net_value_per_case": metric(
            cost, "money", "higher", "每件净收益", "Net value per case",
            value.value, value.low, value.high, 0.0,
        ),
        "straight_through_rate": metric(
            cost, "share", "higher", "直通率（不改即用）", "Straight-through rate (used as it is)",
            accept, accept - 0.09, accept + 0.08,
        ),
        "minutes_saved_per_case": metric(
            cost, "minutes", "higher", "每件节省人工分钟", "Minutes of a person saved per case",
            11.4, 8.2, 13.9, 0.0,
        ),
        "escaped_error_rate": metric(
            cost, "share", "lower", "错误外流率", "Escaped-error rate", 0.0031, 0.0008, 0.0074, 0.01,
        ),
        "served_share_of_unserved": metric(
            new, "share", "higher", "今天无人处理的事项中可办比例",
            "Share of cases unserved today that it serves", 0.67, 0.45, 0.83, 0.0, 12,
        ),
        "supply_multiplier": metric(
            new, "times", "higher", "同样人时的产出倍数", "Output of a person's hour against today",
            2.43, 1.91, 3.02, 1.0,
        ),
        "within_sla": metric(
            feel, "share", "higher", "时限内答复比例", "Share answered within the time limit",
            0.97, 0.92, 0.99,
        ),
        "latency_p95": metric(
            feel, "seconds", "lower", "答复时间 95 分位", "Time to the answer, 95th percentile",
            4.2, 3.1, 7.9,
        ),
        "pass_hat_k": metric(
            feel, "share", "higher", "重复作答全部可用的比例", "Share usable in every repeat",
            None, None, None, None, 0,
        ),
    }  # fmt: skip


def gate(zh, en, events, n, bound, limit, held, more=None, hard=True, side="upper"):
    return GateResult(
        metric=en.replace(" ", "_"),
        title=Text(zh=zh, en=en),
        limit=limit,
        bound=bound,
        opposite_bound=max(0.0, events / n - (bound - events / n)) if n else 0.0,
        side=side,
        events=events,
        n=n,
        clusters=min(n, 24),
        hard=hard,
        held=held,
        more_items=more,
        source="proposed",
    )


def usage(cost, scale=1.0):
    return Usage(
        input_tokens=int(84_210 * scale),
        output_tokens=int(9_318 * scale),
        estimated=scale < 1,
        cost=cost,
        currency="CNY",
        requests=62,
        retries=3,
        cached=0,
    )


def sensitivity(base, detects_flips=True):
    """Four assumptions; the reviewers' catch may turn the result around."""
    return [
        Sensitivity(
            assumption="review.detects", low=0.6, base=0.8, high=0.9, placeholder=True,
            value_low=-3.0 if detects_flips else base * 0.5, value_high=base * 1.4,
            break_even=0.64 if detects_flips else 0.24,
        ),
        Sensitivity(
            assumption="loss.wrong_number", low=500.0, base=2000.0, high=9000.0, placeholder=True,
            value_low=base * 1.2, value_high=base * 0.35, break_even=12_700.0,
        ),
        Sensitivity(
            assumption="wage_per_hour", low=70.0, base=96.0, high=130.0, placeholder=False,
            value_low=base * 0.7, value_high=base * 1.35, break_even=None,
        ),
        Sensitivity(
            assumption="done_today_by.minutes", low=14.0, base=18.0, high=22.0, placeholder=False,
            value_low=base * 0.8, value_high=base * 1.15, break_even=2.5,
        ),
        Sensitivity(
            assumption="loss.unsupported", low=10.0, base=50.0, high=200.0, placeholder=True,
            value_low=base, value_high=base, break_even=None,
        ),
        Sensitivity(
            assumption="horizon.ramp_up_months", of="horizon", low=1.0, base=3.0, high=6.0, placeholder=True,
            value_low=base * 190_000, value_high=base * 160_000, break_even=438.0,
        ),
        Sensitivity(
            assumption="horizon.discount_rate", of="horizon", low=0.02, base=0.04, high=0.08, placeholder=False,
            value_low=base * 184_000, value_high=base * 169_000, break_even=53.0,
        ),
    ]  # fmt: skip


def flows(net, harm=0.4):
    """The parts of a net value per case; what is done again makes them add up to it."""
    parts = [
        ("today_work", None, max(28.8, net + 8.0), ["done_today_by.minutes", "wage_per_hour"], []),
        ("today_errors", None, 20.0, ["done_today_by.error_rate", "loss.wrong_number"], ["loss.wrong_number"]),
        ("review", None, -2.4, ["review.minutes", "wage_per_hour"], []),
        ("edit", None, -1.12, ["edit.minutes", "wage_per_hour"], []),
        ("noticed", None, -harm * 2, ["review.detects", "done_today_by.minutes"], ["review.detects"]),
        ("escaped", "wrong_number", -harm, ["review.detects", "loss.wrong_number"],
         ["review.detects", "loss.wrong_number"]),
        ("calls", None, -0.012, [], []),
        ("fixed", None, -1.0, ["monthly_cost", "cases_per_month"], ["cases_per_month"]),
    ]  # fmt: skip
    redo = net - sum(each[2] for each in parts)
    parts.append(("redo", None, redo, ["done_today_by.minutes", "wage_per_hour"], []))
    return [
        Flow(code=code, error_class=error, per_case=amount, rests_on=on, placeholders=guessed)
        for code, error, amount, on, guessed in parts
    ]


def horizons(value):
    """Money of the three periods, growing with the months; the pilot need not have paid back."""
    told = []
    for name, months, factor, cost in (
        ("pilot", 3, 8_000, 40_000),
        ("year", 12, 55_000, 40_000),
        ("horizon", 36, 170_000, 40_000),
    ):
        ends = [None if each is None else each * factor - cost for each in value[:3]]
        told.append(
            HorizonValue(name=name, months=months, value=money(*ends, *value[3:]), p_positive=0.8)
        )
    return told


def information(spend, items=6_200.0, assumptions=21_400.0, cost=15_000.0):
    return Information(
        cases=67_200.0,
        perfect=max(items, assumptions) * 1.6,
        perfect_items=items * 1.4,
        perfect_assumptions=assumptions,
        more_items=[
            MoreItems(items=60, worth=items),
            MoreItems(items=180, worth=items * 1.2),
            MoreItems(items=540, worth=items * 1.3),
        ],
        by_assumption=[
            BetterAssumption(assumption="review.detects", worth=assumptions * 0.7),
            BetterAssumption(assumption="loss.wrong_number", worth=assumptions * 0.2),
            BetterAssumption(assumption="cases_per_month", worth=0.0),
        ],
        next_round_cost=cost,
        spend_next=spend,
    )


def review_aware(usable):
    minutes = [18.0 * (1 - usable) + 2.1, 3.4, 2.6]
    cost = [each * 1.6 for each in minutes]
    return ReviewAware(
        usable=usable,
        tries=[1, 3, None],
        minutes=minutes,
        speed_up=[18.0 / each for each in minutes],
        cost=cost,
        cost_ratio=[28.8 / each for each in cost],
        break_even_usable=0.12,
    )


def selective(value, gain):
    """Four thresholds; the second has the most value, as choosing on all items would have it."""
    points = []
    for at, (threshold, share, risk) in enumerate(
        [(None, 0.0, None), (0.9, 0.41, 0.004), (0.7, 0.68, 0.011), (0.4, 0.9, 0.017)]
    ):
        told = money(None, None, None, 0) if risk is None else money(risk, risk / 3, risk * 2.4)
        points.append(
            SelectivePoint(
                threshold=threshold,
                coverage=share,
                risk=told,
                value=money(value * (0, 0.7, 1.1, 1.0)[at], value * 0.2 * (at > 0), value * 1.9 * (at > 0)),
            )
        )  # fmt: skip
    return Selective(
        points=tuple(points),
        best_threshold=0.7,
        value_chosen=money(value * 1.05, value * 0.3, value * 1.8),
        gain=money(*gain),
        aurc=money(0.011, 0.004, 0.021),
        excess_aurc=money(0.005, 0.001, 0.012),
        calibration=ConfidenceCalibration(
            answers=54,
            expected_error=money(0.124, None, None, 54),
            brier=money(0.16, 0.12, 0.2, 54),
            bins=(CalibrationBin(low=0.8, high=0.9, answers=54, confidence=0.86, usable=0.74),),
        ),
    )


def drives():
    def test(technical, metric, association, with_value, agreement, finding):
        return DriveTest(
            technical=technical,
            drives=metric,
            association=money(*association),
            with_value=money(*with_value),
            rank_agreement=agreement,
            candidates=3,
            finding=finding,
        )

    none = (None, None, None, 60)
    return [
        test("figure", "escaped_error_rate", (0.71, 0.55, 0.83), (0.64, 0.48, 0.77), 1.0, "moves"),
        test(
            "rouge", "net_value_per_case", (0.02, -0.07, 0.11), (0.01, -0.09, 0.1), 0.5, "nothing"
        ),
        test("length", "within_sla", (-0.31, -0.44, -0.17), (-0.2, -0.31, -0.09), -0.5, "moves"),
        test(
            "evidence", "right_first_time", (0.15, -0.12, 0.4), (0.1, -0.2, 0.39), None, "unclear"
        ),
        test("compliance", "escaped_loss_per_case", none, none, None, "constant"),
    ]


def candidate(
    value,
    month,
    outcomes,
    gates,
    decision,
    *,
    p=0.9,
    coverage=1.0,
    failed=0,
    cost=0.31,
    slices=(),
    quantiles=None,
    losses=(0.012, 0.61),
    rank=(1, 3),
    spend="assumptions",
    chosen=None,
    stage="growth",
    unmet=(),
):
    accept, edit, redo, harm = outcomes or (0.0, 0.0, 0.0, 0.0)
    per_case = money(*value)
    planned = per_case.n + failed if coverage == 1.0 else 60
    answered = round(planned * coverage) if coverage < 1 else planned - failed
    ends = None not in value[1:3]
    return CandidateSummary(
        trials=Trials(
            planned=planned,
            answered=answered,
            refused=0,
            truncated=0,
            failed=failed,
            not_run=planned - answered - failed,
        ),
        coverage=coverage,
        items=per_case.n,
        outcomes=Outcomes(accept=accept, edit=edit, redo=redo, harm=harm) if outcomes else None,
        value_per_case=per_case,
        value_per_month=money(*month),
        spread={"items": 3.1, "assumptions": 4.4} if ends else {"items": None, "assumptions": None},
        quantiles=quantiles if quantiles is not None else (spread(*value[1:3]) if ends else []),
        p_positive=p if ends else None,
        p_best=0.62 if ends else None,
        payback_months=money(2.1, 1.2, 6.8) if (value[0] or 0) > 0 and ends else money(None, None, None),
        break_even_acceptance=0.38 if ends else None,
        evpi_per_case=0.42 if ends else None,
        metrics=metrics(per_case, accept) if ends else {},
        technical={
            "figure.value": TechnicalMetric(
                **money(0.8123, 0.7211, 0.8901).model_dump(), drives="escaped_error_rate"
            ),
            "rouge.rouge_l_f": TechnicalMetric(**money(0.4312, 0.4011, 0.4711).model_dump()),
        }
        if ends
        else {},
        gates=gates,
        losses=[
            LossShare(
                error_class="wrong_number",
                title=Text(zh="错数外流", en="wrong figure"),
                rate=losses[0],
                expected_loss=losses[1],
                rate_upper=losses[0] + 0.03,
                expected_loss_upper=losses[1] + 1.5,
            ),
            LossShare(
                error_class="unsupported",
                title=Text(zh="无出处", en="no source given"),
                rate=0.021,
                expected_loss=0.09,
                rate_upper=0.058,
                expected_loss_upper=0.25,
            ),
            LossShare(
                error_class="leak",
                title=Text(zh="泄露客户资料", en="client data disclosed"),
                rate=0.0,
                expected_loss=0.0,
                rate_upper=0.117,
                expected_loss_upper=46.8,
            ),
        ]
        if outcomes
        else [],
        slices=[
            SliceValue(
                slice="difficulty=easy", title=Text(zh="难度：易", en="difficulty: easy"),
                known_before=True, items=24, clusters=11,
                value_per_case=money(per_case.value * 1.2, per_case.low, per_case.high * 1.3, 24),
                p_positive=0.97,
            ),
            SliceValue(
                slice="difficulty=hard", title=Text(zh="难度：难", en="difficulty: hard"),
                known_before=True, items=9, clusters=5,
                value_per_case=money(-2.4, -9.8, 4.4, 9), p_positive=0.31,
            ),
        ]
        if ends
        else [],
        sensitivity=sensitivity(per_case.value) if ends else [],
        usage=usage(cost),
        latency_s=Latency(p50=1.24 if ends else None, p95=4.2 if ends else None),
        failures={"timeout": failed - 1, "server": 1} if failed > 1 else {},
        rank=rank if ends else None,
        net_per_case=money(*(None if each is None else each - 1.0 for each in value[:3]), *value[3:]),
        horizons=horizons(value),
        flows=flows(per_case.value - 1.0) if outcomes else [],
        placeholder_share=0.38 if outcomes else None,
        tail=Tail(draws=value[1] - 3.0 if ends else None, cases=-410.0 if outcomes else None),
        review=review_aware(accept + edit) if ends else None,
        information=information(spend) if ends else None,
        selective=selective(per_case.value, chosen) if chosen else None,
        next_stage=NextStage(stage=stage, unmet=list(unmet)) if ends else None,
        verdict=CandidateVerdict(decision=decision, reasons=[], slices=list(slices)),
    )  # fmt: skip


def pair(a, b, value, low, high, p_better, mde=8.0):
    return PairResult(
        a=CANDIDATES[a],
        b=CANDIDATES[b],
        difference=money(value, low, high),
        p_value=0.04,
        p_b_better=p_better,
        method="paired bootstrap",
        mde=mde,
    )


def cascade(small, big, gain, low, high, saving=0.57):
    return CascadeResult(
        small=CANDIDATES[small],
        big=CANDIDATES[big],
        routed_up=0.31,
        items=60,
        cost_per_case=0.004,
        saving=saving,
        value_per_case=money(16.4, 5.0, 23.9),
        gain_over_big=money(gain, low, high),
    )


def ground(code, zh, en):
    return Reason(code=code, text=Text(zh=zh, en=en))


def change(kind, name, start, to, zh, en):
    return Change.model_validate(
        {"kind": kind, "name": name, "from": start, "to": to, "text": {"zh": zh, "en": en}}
    )


ASSUMPTIONS = [
    AssumptionEntry(
        name="done_today_by.minutes", low=14, base=18, high=22,
        source="两周工时记录", as_of="2026-09-30", placeholder=False,
    ),
    AssumptionEntry(
        name="wage_per_hour", low=70, base=96, high=130,
        source="国家统计局 2025 年平均工资", as_of="2026-05-16", placeholder=False,
    ),
    AssumptionEntry(
        name="cases_per_month", low=4000, base=5600, high=7000, source=None, as_of=None, placeholder=True,
    ),
    AssumptionEntry(
        name="review.detects", low=0.6, base=0.8, high=0.9, source=None, as_of=None, placeholder=True,
    ),
    AssumptionEntry(
        name="loss.wrong_number", low=500, base=2000, high=9000, source=None, as_of=None, placeholder=True,
    ),
]  # fmt: skip


CARD = DataCard(
    data_class="internal",
    whole=72,
    twins=0,
    chinese=54,
    unserved=12,
    references=60,
    rationales=48,
    tags=[
        TagCount(
            tag="difficulty",
            title=Text(zh="难度", en="difficulty"),
            known_before=True,
            values=[
                ValueCount(value="easy", title=Text(zh="易", en="easy"), items=44),
                ValueCount(value="hard", title=Text(zh="难", en="hard"), items=9),
            ],
            untagged=7,
        )
    ],
    examples=4,
    calibration=20,
    planted=9,
    adapted=False,
    readme="finance_qa/README.md",
    digests={"items": "5999465b945d2c85", "prompt": "4956cc4031144e24"},
    vary=None,
)


def suite(title, about, case, cases, role, minutes, cost, candidates, verdict, pairs=(), **more):
    return SuiteSummary(
        version=1,
        title=Text(zh=title[0], en=title[1]),
        about=Text(zh=about[0], en=about[1]),
        case=Text(zh=case[0], en=case[1]),
        cases=Text(zh=cases[0], en=cases[1]),
        currency=more.get("currency", "CNY"),
        industry="finance",
        chain_link="service",
        stage="acceleration",
        grows_from=[
            Origin(
                id="principle-value-cost",
                text=Text(zh="第一类价值是省成本", en="The first value is lower cost"),
                documents=["一文看遍"],
            )
        ],
        items=60,
        clusters=24,
        cases_per_month=5600,
        coverage_floor=0.8,
        today=TodaySummary(
            role=Text(zh=role[0], en=role[1]),
            minutes=minutes,
            cost_per_case=cost,
            error_rate=more.get("error_rate", 0.01),
            expected_loss=0.4,
        ),
        candidates=dict(zip(CANDIDATES, candidates, strict=False)),
        pairs=list(pairs),
        cascades=list(more.get("cascades", ())),
        drives=more.get("drives", []),
        information=more.get("information"),
        headline=more.get("headline", "net_value_per_case"),
        assumptions=more.get("assumptions", ASSUMPTIONS),
        verdict=verdict,
        card=more.get("card", CARD),
    )


def finance():
    figure, source = ("错数外流", "wrong figures"), ("引用出处", "source cited")
    return suite(
        ("财务问答", "Finance Q&A"),
        ("根据披露文件回答财务问题。", "Financial questions answered from filings."),
        ("一题", "one question"),
        ("题", "questions"),
        ("财务分析员", "analysts"),
        18,
        28.8,
        [
            candidate(
                (12.13, 0.4, 20.9), (70_100, 2_300, 121_000), (0.75, 0.16, 0.08, 0.017),
                [
                    gate(*figure, 5, 300, 0.0349, 0.03, OPEN, 74),
                    gate(*source, 288, 300, 0.937, 0.9, HELD, side="lower", hard=False),
                ],
                "iterate", p=0.953, failed=2,
            ),
            candidate(
                (16.02, 5.1, 23.2), (89_300, 24_000, 132_000), (0.81, 0.12, 0.06, 0.01),
                [
                    gate(*figure, 3, 300, 0.0257, 0.03, HELD),
                    gate(*source, 291, 300, 0.949, 0.9, HELD, side="lower", hard=False),
                ],
                "deploy", p=0.981, rank=(1, 1), chosen=(1.6, 0.4, 3.1),
                unmet=[
                    ground("not_surely_best", "最优的把握不到 80%", "chance of being the best below 80%"),
                    ground("too_slow", "时限内答复不到 90%", "fewer than 90% answered within the time limit"),
                ],
            ),
            candidate(
                (2.2, -14.1, 13.8), (13_000, -78_000, 77_000), (0.64, 0.19, 0.14, 0.03),
                [
                    gate(*figure, 9, 300, 0.0518, 0.03, OPEN, 180),
                    gate(*source, 270, 300, 0.868, 0.9, OPEN, 40, side="lower", hard=False),
                ],
                "iterate", p=0.66, failed=5, cost=None,
            ),
        ],
        SuiteVerdict(
            decision="deploy",
            candidate=CANDIDATES[1],
            confidence=0.981,
            reasons=[
                ground("best", f"{CANDIDATES[1]} 的结论最好", f"{CANDIDATES[1]} has the best verdict"),
                ground("sure", "好于现状的把握 98%，达到 90%", "chance of beating today 98%, at least 90%"),
                ground("resting", "这笔账里有 38% 的金额以占位假设为依据", "38% of the money rests on placeholders"),
            ],
            would_change=[
                change("assumption", "review.detects", 0.8, 0.64, "x", "x"),
                change("assumption", "loss.wrong_number", 2000.0, 12_700.0, "x", "x"),
            ],
            placeholder_share=0.38,
            decisive_placeholders=["review.detects"],
        ),
        [
            pair(0, 1, 3.9, 0.3, 7.6, 0.964),
            pair(0, 2, -9.9, -18.2, -2.1, 0.012),
            pair(1, 2, -13.8, -21.0, -5.5, 0.004, None),
        ],
        cascades=[cascade(2, 1, 0.4, -2.1, 1.2), cascade(0, 1, 1.9, 0.6, 3.3, saving=-0.08)],
        drives=drives(),
        information=information("assumptions"),
        headline="minutes_saved_per_case",
    )  # fmt: skip


def documents():
    basis = ("编造依据", "invented basis")
    return suite(
        ("公文起草", "Official documents"),
        ("按要点起草公文。", "Official documents drafted from notes."),
        ("一件", "one document"),
        ("件", "documents"),
        ("文秘人员", "clerks"),
        95,
        133.0,
        [
            candidate(
                (52.4, 28.0, 76.1), (42_000, 22_000, 61_000), (0.34, 0.41, 0.233, 0.017),
                [gate(*basis, 0, 120, 0.0247, 0.03, HELD)],
                "pilot", p=0.996, slices=["kind=通知", "kind=函"],
            ),
            candidate(
                (43.3, 20.2, 66.7), (34_700, 16_100, 53_500), (0.30, 0.40, 0.275, 0.025),
                [gate(*basis, 1, 120, 0.0389, 0.03, OPEN, 36)],
                "iterate", p=0.99, failed=1,
            ),
            candidate(
                (13.1, -18.3, 39.0), (10_500, -14_600, 31_000), (0.18, 0.33, 0.448, 0.042),
                [gate(*basis, 3, 120, 0.0632, 0.03, OPEN, 139)],
                "iterate", p=0.80, coverage=0.62, failed=4,
            ),
        ],
        SuiteVerdict(
            decision="pilot",
            candidate=CANDIDATES[0],
            confidence=0.996,
            reasons=[
                ground("best", f"{CANDIDATES[0]} 的结论最好", f"{CANDIDATES[0]} has the best verdict"),
                ground("sure", "好于现状的把握 >99%，达到 90%", "chance of beating today >99%, at least 90%"),
                ground(
                    "placeholder",
                    "结论依赖未经证实的假设：review.detects，至多试点",
                    "the verdict rests on placeholder assumptions (review.detects): a pilot at most",
                ),
            ],
            would_change=[change("assumption", "review.detects", 0.8, 0.64, "x", "x")],
            placeholder_share=1.0,
        ),
        [pair(0, 1, -9.1, -20.0, 2.2, 0.09), pair(0, 2, -39.0, -60.0, -19.0, 0.001)],
        information=information("items", 18_300.0, 2_100.0, None),
    )  # fmt: skip


def summaries():
    unsupported = ("无出处数字", "unsupported numbers")
    few = money(None, None, None, 0)
    return suite(
        ("长文摘要", "Summaries"),
        ("把长文压缩成要点。", "Long texts condensed to their points."),
        ("一篇", "one text"),
        ("篇", "texts"),
        ("业务人员", "staff"),
        25,
        32.5,
        [
            candidate(
                (9.2, -3.1, 18.2), (26_200, -9_000, 55_000), (0.52, 0.25, 0.213, 0.017),
                [gate(*unsupported, 0, 60, 0.0487, 0.02, OPEN, 89)],
                "iterate", p=0.91,
            ),
            candidate(
                (6.0, None, None, 1), (11_000, None, None, 1), (1.0, 0.0, 0.0, 0.0),
                [gate(*unsupported, 0, 1, 0.95, 0.02, OPEN, 148)],
                "iterate",
            ),
            candidate(
                (few.value, None, None, 0), (None, None, None, 0), None,
                [gate(*unsupported, 0, 0, 1.0, 0.02, OPEN, 149)],
                "iterate", coverage=0.0, failed=60,
            ),
        ],
        SuiteVerdict(
            decision="iterate",
            candidate=None,
            confidence=0.91,
            reasons=[
                ground("no_candidate", "没有候选达标，继续现行做法", "no candidate qualifies: keep the present way"),
                ground("sure", "好于现状的把握 91%，达到 90%", "chance of beating today 91%, at least 90%"),
                ground(
                    "gate_unproven",
                    "底线未证实：无出处数字，60 件中 0 件，但至多可能 4.9%，高于 2.0%；再评 89 件且无一出错才可证实",
                    "limit not proven: unsupported numbers, 0 of 60, could be as high as 4.9%, above 2.0%; "
                    "89 more without an event would settle it",
                ),
            ],
            would_change=[
                change(
                    "gate", "unsupported_numbers", 60.0, 149.0,
                    "再评 89 件且无出处数字无一发生", "89 more items without one event of: unsupported numbers",
                ),
            ],
        ),
        [
            PairResult(
                a=CANDIDATES[0], b=CANDIDATES[1], difference=money(-3.0, None, None, 1),
                p_value=None, p_b_better=None, method="too few", mde=None,
            )
        ],
        error_rate=None,
    )  # fmt: skip


def triage():
    missed = ("急症漏判", "missed emergencies")
    return suite(
        ("门诊分诊", "Outpatient triage"),
        ("给出急缓分级和科室。", "Urgency and department for a patient."),
        ("一人次", "one visit"),
        ("人次", "visits"),
        ("分诊护士", "nurses"),
        6,
        7.2,
        [
            candidate(
                (-35.2, -88.0, -5.1), (-695_000, -1_740_000, -101_000), (0.83, 0.07, 0.082, 0.018),
                [gate(*missed, 7, 400, 0.0327, 0.005, BROKEN)],
                "stop", p=0.012, failed=1,
            ),
            candidate(
                (-41.4, -100.2, -6.0), (-825_000, -1_990_000, -119_000), (0.85, 0.06, 0.07, 0.02),
                [gate(*missed, 8, 400, 0.0358, 0.005, BROKEN)],
                "stop", p=0.004,
            ),
            candidate(
                (-70.3, -140.0, -20.1), (-1_332_000, -2_800_000, -400_000), (0.74, 0.08, 0.15, 0.03),
                [gate(*missed, 12, 400, 0.0481, 0.005, BROKEN)],
                "stop", p=0.001, failed=3, quantiles=[*spread(-140.0, -20.1)[1:], -900.0],
            ),
        ],
        SuiteVerdict(
            decision="stop",
            candidate=None,
            confidence=0.012,
            reasons=[
                ground("no_candidate", "没有候选达标，继续现行做法", "no candidate qualifies: keep the present way"),
                ground(
                    "not_worth",
                    "好于现状的把握只有 1%，继续试验的预期所得低于花费",
                    "chance of beating today only 1%, and learning more costs more than it is worth",
                ),
            ],
            would_change=[],
        ),
        information=information("nothing", 0.0, 0.0),
        drives=drives()[:1],
    )  # fmt: skip


def corner(usable, beyond, economy, *, front=None, frequency=None, lacks=(), shifts=()):
    general = (
        money(None, None, None, 0) if beyond is None else money(beyond, beyond - 0.1, beyond + 0.08)
    )
    return Corner(
        speciality=money(usable, usable - 0.09, usable + 0.07),
        generality=general,
        economy=money(economy, economy * 0.7, economy * 1.4),
        normalised={"speciality": usable / 0.93, "generality": beyond, "economy": economy / 9},
        other_suites=[] if beyond is None else ["triage"],
        shifts=list(shifts),
        in_pareto=front,
        frequency=frequency,
        lacks=list(lacks),
    )


def triangle(*, complete=True):
    shift = Shift(
        tag="province", title=Text(zh="省份", en="province"), values=["Hainan", "Gansu"],
        in_distribution=money(0.95, 0.9, 0.98, 48), shifted=money(0.83, 0.66, 0.94, 12),
        gap=money(0.12, 0.01, 0.29, 60),
    )  # fmt: skip
    first = corner(0.91, 0.74, 5.2, front=False, frequency=0.12)
    second = corner(0.93, 0.81, 7.4, front=True, frequency=0.88, shifts=[shift])
    third = corner(0.83, None, 9.1, lacks=["generality"])
    return Triangle(
        axes=["speciality", "generality", "economy"],
        candidates=dict(zip(CANDIDATES, (first, second, third) if complete else (first,), strict=False)),
        narrowings=[
            Narrowing(
                candidate=CANDIDATES[1], against=CANDIDATES[0],
                gain=money(0.02, 0.01, 0.04), loss=money(-0.07, -0.11, -0.03),
            )
        ] if complete else [],
    )  # fmt: skip


def ladder():
    def step(value, net, p, verdict, effort, unknown=()):
        return Step(
            below=CANDIDATES[0], above=CANDIDATES[1], value=money(*value), running_cost=money(0.02, 0.01, 0.03),
            latency_p50_s=money(0.8, 0.2, 1.4), effort=money(effort, None, None, 0), months=36,
            gain=money(96_000.0, 4_000.0, 190_000.0), net=money(*net), p_gains=0.97, p_pays=p,
            unknown=list(unknown), verdict=verdict,
        )  # fmt: skip

    return Ladder(
        endpoint="flagship",
        rungs=[
            Rung(strategy="direct", candidate=CANDIDATES[0], net_per_case=money(11.13, -0.6, 19.9)),
            Rung(
                strategy="few_shot", candidate=CANDIDATES[1], net_per_case=money(15.02, 4.1, 22.2)
            ),
        ],
        steps=[
            step((3.9, 0.3, 7.6), (93_000.0, 1_000.0, 187_000.0), 0.96, "climb", 3_000.0),
            step((1.1, -0.9, 3.2), (None, None, None), None, "open", None, ["effort"]),
        ],
        top=CANDIDATES[1],
        best=CANDIDATES[0],
    )


def portfolio():
    nothing = Estimate(value=0.0, low=0.0, high=0.0, n=60, method="today's way")
    chosen = {
        "finance_qa": (finance(), 1),
        "official_documents": (documents(), 0),
        "triage": (triage(), None),
    }
    suites = [
        SuiteChoice(
            suite=key, title=each.title, chain_link=each.chain_link, stage=each.stage, currency="CNY",
            decision=each.verdict.decision,
            candidate=None if at is None else CANDIDATES[at],
            candidate_decision=None if at is None else each.candidates[CANDIDATES[at]].verdict.decision,
            value_per_month=nothing if at is None else each.candidates[CANDIDATES[at]].value_per_month,
            cost_known=at != 0,
        )
        for key, (each, at) in chosen.items()
    ]  # fmt: skip
    total = money(131_300.0, 61_000.0, 178_000.0, 180)
    nobody = money(None, None, None, 0)
    links = ("research", "production", "marketing", "service", "management")
    return Portfolio(
        suites=suites,
        currencies=[
            CurrencyPortfolio(
                currency="CNY",
                total=total,
                links=[
                    GroupValue(name=name, suites=list(chosen) if name == "service" else [],
                               adopting=2 if name == "service" else 0, value=total if name == "service" else nobody)
                    for name in links
                ],
                stages=[GroupValue(name="acceleration", suites=list(chosen), adopting=2, value=total)],
                one_for_all=Choice(
                    singles=[
                        OneForAll(candidate=CANDIDATES[1], value=money(124_000.0, 40_100.0, 185_500.0, 180), barred_in=[]),
                        OneForAll(candidate=CANDIDATES[0], value=money(-582_900.0, -1_600_000.0, 81_000.0, 180),
                                  barred_in=["triage"]),
                    ],
                    single=CANDIDATES[1],
                    difference=money(7_300.0, 1_200.0, 15_600.0, 180),
                    p_near=0.71,
                ),
            )
        ],
    )  # fmt: skip


def profiles():
    nothing = money(None, None, None, 0)
    return Profiles(
        rows=[
            ProfileRow(
                profile="public", candidates=[CANDIDATES[0], CANDIDATES[1]], best=CANDIDATES[1],
                value_per_case=money(16.02, 5.1, 23.2), p_positive=0.981, latency_p50_s=money(1.24, 1.1, 1.4),
                latency_p95_s=money(4.2, 3.1, None), cost_per_case=money(0.0052, 0.004, 0.0061),
                gates=GateCounts(held=2, open=0, broken=0), decision="deploy",
            ),
            ProfileRow(
                profile="edge", candidates=[CANDIDATES[2]], best=CANDIDATES[2],
                value_per_case=money(2.2, -14.1, 13.8), p_positive=0.66, latency_p50_s=money(3.1, 2.6, 3.9),
                latency_p95_s=money(9.4, 7.2, 14.1), cost_per_case=nothing,
                gates=GateCounts(held=0, open=2, broken=0), decision="iterate",
            ),
            ProfileRow(
                profile="private", candidates=["own"], best=None, value_per_case=nothing, p_positive=None,
                latency_p50_s=nothing, latency_p95_s=nothing, cost_per_case=nothing, gates=None, decision=None,
            ),
        ],
        privacy=[
            PrivacyCost(profile="edge", public=CANDIDATES[1], closer=CANDIDATES[2],
                        difference=money(13.8, 5.5, 21.0), p_public_better=0.996),
        ],
    )  # fmt: skip


def hosting():
    """The small model on a machine of one's own, against both others that are paid by tokens."""
    small = CANDIDATES[2]
    return [
        Hosting(
            own=small, api=api, cases_per_month=5600.0, machines=1, utilisation=0.024, own_cost_per_month=365.0,
            api_cost_per_month=cost, own_cost_per_million_tokens=41.3, break_even_cases_per_month=even,
        )
        for api, cost, even in ((CANDIDATES[0], 29.1, 70_300.0), (CANDIDATES[1], 2.4, None))
    ]  # fmt: skip


def across():
    """Views across the suites; only one of them has a ladder, and kinds of deployment to compare."""
    keys = ("triage", "finance_qa", "summaries", "official_documents")
    return Across(
        triangle={key: triangle(complete=key == "finance_qa") for key in keys},
        ladders={key: [ladder()] if key == "finance_qa" else [] for key in keys},
        portfolio=portfolio(),
        hosting={key: hosting() if key == "finance_qa" else [] for key in keys},
        profiles={key: profiles() if key == "finance_qa" else Profiles(rows=[], privacy=[]) for key in keys},
    )  # fmt: skip


def price(read, written, day):
    return {
        "currency": "CNY",
        "per": 1_000_000,
        "rates": [{"input": read, "output": written}],
        "as_of": day,
        "source": "price list",
    }


def run_info(**changed):
    told = {
        "id": "20261120-080000-a1b2",
        "started": "2026-11-20T08:00:00+00:00",
        "finished": "2026-11-20T08:41:12+00:00",
        "seed": 7,
        "repeats": 1,
        "limit": None,
        "commit": "0123abc",
        "version": "0.1.0",
        "complete": True,
        "host": "Linux x86_64",
        "candidates": {
            CANDIDATES[0]: {
                "adapter": "openai", "model": "flagship-2026-10", "strategy": "direct",
                "residency": "CN", "deployment": "public",
            },
            CANDIDATES[1]: {
                "adapter": "openai", "model": "industry-tuned-3", "strategy": "few_shot", "deployment": "private",
            },
            CANDIDATES[2]: {
                "adapter": "llamacpp", "model": "small-270m", "strategy": "direct",
                "residency": "here", "deployment": "edge",
            },
        },
        "models_that_answered": {
            CANDIDATES[0]: ["flagship-2026-10-14"],
            CANDIDATES[1]: ["industry-tuned-3"],
        },
        "prices": {
            CANDIDATES[0]: price(2.4, 9.6, "2026-11-18"),
            CANDIDATES[1]: price(0.8, 2.0, "2026-06-30"),
            CANDIDATES[2]: None,
        },
    }  # fmt: skip
    return RunInfo.model_validate(told | changed)


def summary(**changed):
    """The whole run; keywords change what is said of the run."""
    return Summary(
        run=run_info(**changed),
        suites={
            "triage": triage(),
            "finance_qa": finance(),
            "summaries": summaries(),
            "official_documents": documents(),
        },
        across=across(),
    )
