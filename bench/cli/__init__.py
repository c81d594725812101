"""The command line: one module per verb; it parses, calls the library, prints."""
