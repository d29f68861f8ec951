"""Whole datasets to take away: a dictionary, four formats, and a zip for each day."""
