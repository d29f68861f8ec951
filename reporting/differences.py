"""Differences between two texts of one answer, word by word, and a proposal that holds both."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from . import definition, words
from .models import Answer

LABELS = {name: field.heading for name, field in definition.FIELDS.items()}
Piece = tuple[str, str]


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one: ("", same), ("del", taken out), ("ins", added), in reading order."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("", "".join(old[a:b])))
            continue
        if a < b:
            found.append(("del", "".join(old[a:b])))
        if c < d:
            found.append(("ins", "".join(new[c:d])))
    return found


def marked(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The fields in which somebody said something new, each with both differences to the base."""
    return [
        {
            "label": label,
            "mine": pieces(as_text(field, base), as_text(field, mine)),
            "theirs": pieces(as_text(field, base), as_text(field, theirs)),
            "base": as_text(field, base),
        }
        for field, label in LABELS.items()
        if not base[field] == mine[field] == theirs[field]
    ]


def between(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The fields in which two answers differ, each as one marked text; none is a blank answer.

    A signature under "no change" is no field of its own: its words are compared.
    """
    old, new = before or words.BLANK, after or words.BLANK
    return [
        {"label": label, "pieces": pieces(as_text(field, old), as_text(field, new))}
        for field, label in LABELS.items()
        if old[field] != new[field] and as_text(field, old) != as_text(field, new)
    ]


def as_text(field: str, said: Mapping[str, Any]) -> str:
    """One field of an answer as words."""
    value = said[field]
    if field == "evidence":
        return "\n".join(f"{link['title']} <{link['url']}>" for link in value)
    if field == "status":
        return str(Answer.Status(value).label) if value else ""
    if field == "visibility":
        return str(Answer.Visibility(value).label)
    return str(value)


def together(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """A proposal: what only one changed is taken; where both wrote, both stand, mine first."""
    both = {}
    for field in words.BLANK:
        if mine[field] == base[field]:
            both[field] = theirs[field]
        elif theirs[field] in (base[field], mine[field]):
            both[field] = mine[field]
        else:
            both[field] = _both(field, mine[field], theirs[field])
    return both


def _both(field: str, mine: Any, theirs: Any) -> Any:
    if field in words.PROSE:
        return f"{mine}\n\n{theirs}".strip()
    if field == "evidence":
        return (mine + [link for link in theirs if link not in mine])[: words.EVIDENCE_LIMIT]
    return mine
