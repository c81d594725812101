"""Industry Bench: which language model, asked in which way, is worth putting into a piece of work.

The nouns are in `bench.types`; data walks through the rooms suites, endpoints, strategies,
running, scoring, value, reports, in that order.
"""

__version__ = "0.1.0"
