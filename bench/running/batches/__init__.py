"""Asking by the file: a Batch API at the price of that."""
