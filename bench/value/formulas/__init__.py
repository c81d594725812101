"""The published arithmetic of business value: pure functions, one module an idea, imported directly."""
