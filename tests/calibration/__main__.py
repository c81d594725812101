"""Print every table: `python -m tests.calibration`, about a minute and a half."""

import runpy

for name in ("coverage", "limits", "comparisons", "best", "speed"):
    runpy.run_module(f"tests.calibration.{name}", run_name="__main__")
