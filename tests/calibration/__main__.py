"""Print every table: `python -m tests.calibration`, about twenty minutes."""

import runpy

for name in (
    "coverage",
    "limits",
    "comparisons",
    "gate",
    "gate_runs",
    "sequential_gate",
    "best",
    "speed",
):
    runpy.run_module(f"tests.calibration.{name}", run_name="__main__")
