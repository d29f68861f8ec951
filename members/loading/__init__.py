"""Loading the registry's files: read strictly, compared with what stands, written as one."""

from .datasets import Column, Dataset
from .files import Files, Problems, Record, Refused
from .store import Kept, Outcome, load

__all__ = [
    "Column",
    "Dataset",
    "Files",
    "Kept",
    "Outcome",
    "Problems",
    "Record",
    "Refused",
    "load",
]
