"""What editors and readers are told of a price."""

import jsonschema
import pytest

from bench.cli.file_schemas import file_schemas
from bench.endpoints.price import Price
from bench.running.manifest import CandidateEntry
from bench.value.judge_run import run_info
from tests.small_run import manifest

TIER = {"up_to": 128_000, "input": 0.8, "output": 4.8}
NIGHT = {"from": "00:30", "to": "08:30", "zone": "Asia/Shanghai", "factor": 0.5}


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ({"input": 0.8, "output": 2}, "CNY 0.8 in / 2.0 out per 1,000,000 tokens (undated; no source)"),
        ({"machine_hour": 0.5, "as_of": "2026-11"}, "CNY 0.5 per machine hour (2026-11; no source)"),
        (
            {"input": 1, "output": 2, "reasoning": 4, "per": 1000, "machine_hour": 3, "source": "a list"},
            "CNY 1.0 in / 2.0 out (4.0 thought) per 1,000 tokens, 3.0 per machine hour (undated; a list)",
        ),
        (
            {"tiers": [TIER | {"cached_input": 0.08}, {"input": 2, "output": 12}], "hours": [NIGHT], "as_of": "2026-11-01"},
            ("CNY 0.8 in (0.08 cached) / 4.8 out up to 128,000, 2.0 in / 12.0 out per 1,000,000 tokens, "
             "x 0.5 from 00:30 to 08:30 Asia/Shanghai (2026-11-01; no source)"),
        ),
    ],
)  # fmt: skip
def test_a_report_tells_a_price_with_all_its_rates_and_its_day(price, words):
    made = manifest()
    kept = Price.model_validate({"currency": "CNY"} | price).model_dump()
    entry = CandidateEntry.model_validate(made.candidates["a"].model_dump() | {"price": kept})
    told = run_info(made.model_copy(update={"candidates": {"a": entry}}))
    assert told.prices == {"a": words}


def test_editors_know_what_a_price_holds():
    schema = file_schemas()["endpoints"]
    entry = {"adapter": "replay", "file": "a.jsonl"}

    def is_valid(**told):
        checked = {"endpoints": {"e": entry | {"price": {"currency": "CNY"} | told}}}
        return jsonschema.Draft202012Validator(schema).is_valid(checked)

    assert is_valid(
        tiers=[TIER, {"input": 2, "output": 12, "cached_input": 1, "reasoning": 9}], hours=[NIGHT]
    )
    assert is_valid(input=1, output=2, cached_input=0.1, reasoning=3, as_of="2026-11-01")
    assert not is_valid(tiers=[{"up_to": 5, "input": 1}])
    assert not is_valid(input=1, hours=[NIGHT | {"to": "8:30"}])
    assert not is_valid(as_of="last week")
