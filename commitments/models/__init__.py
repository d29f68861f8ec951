"""What was promised, under which texts, and where its members met."""

from .corrections import Correction
from .drafts import Draft, DraftName, DraftPart
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
    "Correction",
    "Draft",
    "DraftName",
    "DraftPart",
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
