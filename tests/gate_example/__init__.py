"""A change that a gate catches: the embedded model blessed, made hotter, and put back."""
