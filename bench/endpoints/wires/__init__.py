"""Wires that are a vendor's own: signed requests, exchanged tokens, envelopes and frames."""
