"""Published rules as tables: each module names its source, clause or chart."""
