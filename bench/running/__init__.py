"""The doing: plan, run, limit, retry, journal, resume, cache."""
