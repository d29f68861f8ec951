"""Corrections of a wording as a reader sees them: each with the difference from the one before."""

from typing import Any

from commitments.models import Commitment, Correction, Passage

from ..differences import pieces


def corrections_of(row: Commitment | Passage) -> list[dict[str, Any]]:
    """The versions of the words after the first, the newest first, each with what changed."""
    return [told(one) for one in reversed(row.corrections.all())]


def told(one: Correction) -> dict[str, Any]:
    """A correction with its differences as marked text."""
    lead_in = pieces(one.lead_in_before, one.lead_in) if one.lead_in != one.lead_in_before else []
    return {"correction": one, "lead_in": lead_in, "text": pieces(one.text_before, one.text)}
