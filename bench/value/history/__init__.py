"""Runs of one suite over time: what was, what changed, and where it is heading."""
