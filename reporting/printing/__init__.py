"""Summaries as reports on paper: tagged PDF that a screen reader can read out.

`matter` says what stands in one, `charts` draws it, `typesetting` makes the bytes, `keeping`
stores them beside the summary's generation. The libraries are loaded when the first is made.
"""
