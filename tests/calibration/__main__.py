"""Print every table: `python -m tests.calibration`, about ten minutes."""

import runpy

for name in ("coverage", "limits", "comparisons", "gate", "sequential_gate", "best", "speed"):
    runpy.run_module(f"tests.calibration.{name}", run_name="__main__")
