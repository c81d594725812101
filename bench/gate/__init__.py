"""Holding the line in CI: a run against a blessed run."""
