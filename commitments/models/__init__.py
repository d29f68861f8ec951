"""What was promised, under which texts, and where its members met."""

from .meetings import Meeting, Participation
from .register import (
    Commitment,
    Lineage,
    Obligation,
    Passage,
    Position,
    Signature,
    Statement,
    Theme,
    ThemeOfCommitment,
)

__all__ = [
    "Commitment",
    "Lineage",
    "Meeting",
    "Obligation",
    "Participation",
    "Passage",
    "Position",
    "Signature",
    "Statement",
    "Theme",
    "ThemeOfCommitment",
]
