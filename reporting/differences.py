"""Differences between two texts of one answer, word by word, and a proposal that holds both."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from . import definition, words
from .models import Answer

LABELS = {name: field.heading for name, field in definition.FIELDS.items()}
Piece = tuple[str, str]


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one: ("", same), ("del", taken out), ("ins", added), in reading order.

    Words are compared, each with the space after it: spaces of their own, which every text is full
    of, would take twenty times as long. What is the same stands with the spaces of `after`.
    """
    old, new = (re.findall(r"^\s+|\S+\s*", text) for text in (before, after))
    told, tells = ([word.strip() for word in text] for text in (old, new))
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, told, tells, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":  # a space before what was taken out stays
            found.append(("", "".join(new[c : d - 1]) + max(old[b - 1], new[d - 1], key=len)))
        else:
            found += _changed(gone, come)
    return [piece for piece in found if piece[1]]


def _changed(gone: str, come: str) -> list[Piece]:
    """What was taken out and what was added, without the space that follows both."""
    spaces = [text[len(text.rstrip()) :] for text in (gone, come)]
    if gone and come and spaces[0] == spaces[1]:
        return [("del", gone.rstrip()), ("ins", come.rstrip()), ("", spaces[0])]
    return [("del", gone), ("ins", come)]


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


def in_full(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    figures: tuple[str, str] = ("", ""),
) -> list[dict[str, Any]]:
    """As `between`, with the yearly figures before and after as words."""
    fields = between(before, after)
    if figures[0] != figures[1]:
        fields.append({"label": _("Yearly figures"), "pieces": pieces(*figures)})
    return fields


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
