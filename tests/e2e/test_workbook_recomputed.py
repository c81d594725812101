"""Another program recomputes the workbook's formulas: they give the report's numbers, and follow its inputs."""

import io
import shutil
import subprocess

import openpyxl
import pytest

from bench.reports.workbook.workbook import workbook
from bench.suites.assumptions_file import OwnAssumptions
from bench.suites.model import Assumption
from bench.value.judge_run import judge_run
from tests.judged_run import answers_of, candidate_names, manifest_of, suites_of

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
RECOMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
"""Settings under which LibreOffice trusts no number that a file holds beside its formulas."""
CHANGED = {
    "wage_per_hour": 300.0,
    "loss.grave": 60_000.0,
    "cases_per_month": 777.0,
    "review.detects": 0.5,
}
"""Assumption -> what a reader writes into all three of its cells."""
LABELS = {
    "value_per_case": "Value of a case",
    "net_per_case": "Net value of a case",
    "value_per_month": "Value of a month",
}


def shaped(told):
    """Every shape of a range, a fixed cost, and errors of the human way."""
    business = told["business"]
    business["wage_per_hour"]["shape"] = "triangular"
    business["loss"]["grave"]["shape"] = "lognormal"
    business["review"]["minutes"]["shape"] = "uniform"
    business["monthly_cost"] = {"low": 100, "base": 700, "high": 2000, "source": "invented"}
    business["outcomes"][4]["minutes"] = {"low": 1, "base": 3, "high": 9, "source": "invented"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two suites and a function that judges two candidates on them under other assumptions."""
    suites = suites_of(tmp_path_factory.mktemp("suites"), 2, 16, change=shaped)
    names = candidate_names(2)
    answers = list(answers_of(suites, names))

    def judged(own=None):
        manifest = manifest_of(names).model_copy(update={"assumptions": own})
        return judge_run(suites, {each.name: each.items for each in suites}, manifest, answers)

    return judged


def edited(content):
    """The workbook as a reader leaves it who wrote `CHANGED` into the yellow cells of every suite."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Assumptions"]
    for name, place in book.defined_names.items():
        row = int(place.attr_text.rpartition("$")[2])
        for told, value in CHANGED.items():
            if name.endswith("_" + told.replace(".", "_")):
                for column in "DEF":
                    sheet[f"{column}{row}"] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def recomputed(run, tmp_path_factory):
    """File -> its values, all recomputed in one start of the program."""
    folder = tmp_path_factory.mktemp("workbooks")
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECOMPUTE)
    judged = run()
    contents = {name: workbook(judged, name) for name in ("zh", "en")}
    contents["edited"] = edited(contents["en"])
    for name, content in contents.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    sources = [str(folder / f"{name}.xlsx") for name in contents]
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [OFFICE, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(folder / "out"), *sources]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {
        name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True)
        for name in contents
    }


def checks(book, word):
    """The cells that say whether formulas and report agree."""
    return [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        if str(row[0].value).startswith(word)
        for cell in row[1:]
        if cell.value not in (None, "")
    ]


@pytest.mark.parametrize(("language", "word"), [("zh", "核对："), ("en", "Check: ")])
def test_every_check_of_the_untouched_workbook_is_fulfilled(recomputed, language, word):
    found = checks(recomputed[language], word)
    assert len(found) == 2 * 2 * 3
    assert set(found) == {"OK"}


def computed(book, suite):
    """Candidate position -> figure -> value, from the value sheet of a suite."""
    sheet = next(each for each in book if each.title == f"Value {suite.title.en}")
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    return [
        {name: rows[label][4 + 2 * at].value for name, label in LABELS.items()}
        for at in range(len(suite.candidates))
    ]


def expected(suite):
    """The same from a summary."""
    return [
        {name: getattr(candidate, name).value for name in LABELS}
        for candidate in suite.candidates.values()
    ]


def test_recomputed_values_are_those_of_the_report(recomputed, run):
    for suite in run().summary.suites.values():
        for found, wanted in zip(computed(recomputed["en"], suite), expected(suite), strict=True):
            assert found == pytest.approx(wanted, rel=1e-9)


def test_a_changed_input_gives_what_judging_under_it_gives(recomputed, run):
    first = run().summary
    changed = {name: Assumption(base=value, source="changed") for name, value in CHANGED.items()}
    values = dict.fromkeys(first.suites, changed)
    again = run(OwnAssumptions(file="own.yaml", values=values)).summary
    for key, suite in again.suites.items():
        found = computed(recomputed["edited"], suite)
        for told, wanted, before in zip(found, expected(suite), expected(first.suites[key]), strict=True):  # fmt: skip
            assert told == pytest.approx(wanted, rel=1e-9)
            assert all(abs(wanted[name] - before[name]) > 1 for name in wanted)
    assert not [each for each in checks(recomputed["edited"], "Check: ") if each == "OK"]
