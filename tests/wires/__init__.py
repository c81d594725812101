"""Simulations of the vendors' own wires, and what our adapters do against them."""
