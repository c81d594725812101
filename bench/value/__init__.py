"""What it is worth: outcomes, ledger, estimates, gates, verdict."""
