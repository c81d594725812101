"""The quality of a suite's data: copies, leaks, coverage, balance, personal data, age, difficulty."""
