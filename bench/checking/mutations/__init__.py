"""Named defects: each takes a good answer and spoils it in one way."""
