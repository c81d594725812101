"""Views across the suites of a run; empty, so that `records` may be imported by the summary it belongs to."""
