"""How an endpoint is asked: the exchanges that make one answer."""
