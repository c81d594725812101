"""Is a suite worth trusting: its known answers, planted defects, gaming answers and the quality of its data."""
