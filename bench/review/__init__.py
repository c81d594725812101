"""Learning from experts: review pages, labels, promotion into datasets. Empty until that work begins."""
