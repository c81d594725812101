"""Files that people write: YAML and JSON Lines read with the place of every value."""
