from tests.e2e.command import complaint, summary, together


def test_a_report_is_headed_by_a_business_metric_or_a_rate_and_by_no_technical_score(bench, mine):
    before = (mine / "r" / "summary.json").read_bytes()
    technical, unknown = together(
        lambda: bench("report", "r", "--headline", "right.value"),
        lambda: bench("report", "r", "--headline", "number.value"),
    )
    told = complaint(technical)
    assert told.startswith("--headline: suite 'small': 'right.value' is a technical score; ")
    assert "net_value_per_case" in told
    told = complaint(unknown)
    assert told.startswith("--headline: suite 'small': no business metric is called 'number.value'")
    assert (mine / "r" / "summary.json").read_bytes() == before
    rate = bench("report", "r", "--headline", "wrong_rate", "--lang", "en")
    assert rate.returncode == 0, rate.stderr
    found = summary(mine / "r")["suites"]["small"]
    assert found["headline"] == "wrong_rate"
    assert found["candidates"]["stub"]["metrics"]["wrong_rate"]["value"] == 0.0
    assert "Share wrong" in (mine / "r" / "report.md").read_text(encoding="utf-8")
