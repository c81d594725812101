"""What heads a report: a business metric, never a technical score."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bench.errors import UserError
from bench.registry import did_you_mean
from bench.suites.metric_names import BUSINESS_METRICS
from bench.suites.model import SuiteFile

if TYPE_CHECKING:
    from bench.suites.load import Suite


def headline_problem(file: SuiteFile, name: str) -> str | None:
    """Why a report of the suite cannot be headed by `name`; None when it can."""
    business = file.business
    known = [*BUSINESS_METRICS, *business.rates]
    if name in known:
        return None
    if name.partition(".")[0] in file.scorers:
        return (
            f"'{name}' is a technical score; a report is headed by a business metric "
            f"(net_value_per_case, ...): say under drives which one the score moves"
        )
    return f"no business metric is called '{name}'{did_you_mean(name, known)}"


def headed_by(suite: "Suite", name: str | None) -> "Suite":
    """The suite with another headline; None leaves its own. Raises UserError for a technical one."""
    if name is None:
        return suite
    problem = headline_problem(suite.file, name)
    if problem is not None:
        raise UserError(f"--headline: suite '{suite.name}': {problem}")
    business = suite.file.business.model_copy(update={"headline": name})
    return replace(suite, file=suite.file.model_copy(update={"business": business}))
