"""What is asked: suites in YAML, loaded, checked and turned into prompts."""
