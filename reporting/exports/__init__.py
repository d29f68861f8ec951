"""Whole datasets to take away: their columns in words, four formats, and a zip for each day."""
