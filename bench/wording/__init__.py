"""The one catalogue of every sentence that a report prints, in both languages."""
