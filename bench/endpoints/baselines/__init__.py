"""Honest classical methods, one per kind of work: what a language model must beat."""
