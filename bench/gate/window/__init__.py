"""The same suites run over time: what changed from one run to the next, and whether the model behind a name did."""
