"""Telling it: terminal, Markdown, HTML, JSON; Chinese and English."""
