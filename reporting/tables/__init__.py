"""Datasets as tables: their columns in words, and cells that are exact and safe."""
