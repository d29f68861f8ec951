"""Importing rows of a kind, all of them or none; a trial is the same, undone at the end.

Each row is what one action does, so an import can do nothing that a person could not do at the
desk, and the history and the events say so. A row that says what the register says already
changes nothing, so a file may be imported twice.
"""

from .kinds import ADDED, CHANGED, KINDS, SAME, Doing, Kind
from .trial import Trial, bring, digest

__all__ = ["ADDED", "CHANGED", "KINDS", "SAME", "Doing", "Kind", "Trial", "bring", "digest"]
