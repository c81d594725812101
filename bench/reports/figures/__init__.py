"""Pictures of the sections: each a Vega-Lite specification with its data, a sentence, and a table twin."""
