"""Was it right: small pure scorers over one answer."""
