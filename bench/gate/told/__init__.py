"""Telling people and CI servers what a gate found."""
