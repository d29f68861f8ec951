"""Requests that nobody would write by hand, made by machines in great number."""
