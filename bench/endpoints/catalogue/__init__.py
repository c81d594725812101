"""Who can be asked: every system that the seed documents name, and how each is reached, as data."""
