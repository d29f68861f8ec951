"""How a statement's text falls into parts: proposed by its numbering, and held against its words.

Pure: no database, no clock. Runs of white space count as one space everywhere; nothing else of
the text is touched. A person looks at every proposal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

NUMBER = r"[A-Z0-9]{1,3}[a-z]?"  # what follows the statement's code in a reference
LONGEST = 40  # letters between two parts that may be a number; what is longer is words
SHORT = 90  # letters of a line without a full stop that is read as a heading

_BULLET = r"[-\u2010-\u2015\u2022\u00b7*\u25aa\u25cf\u25e6\u2043]"
_MARKER = re.compile(
    rf"(?P<bullet>{_BULLET})\s+"
    r"|\(?(?P<dotted>[0-9]{1,2}(?:\.[0-9]{1,2})+)[.):]?\s+"
    r"|\(?(?P<digits>[0-9]{1,2})[.):]\s+"
    r"|\(?(?P<coded>[A-Z][0-9]{1,2})[.):]\s+"
    r"|\(?(?P<letter>[a-z]|[ivx]{2,4})[.)]\s+"
    r"|\(?(?P<capital>[A-Z])[.)]\s+"
)
# What may stand between two parts without being a word of the text: one number and its signs.
_BETWEEN = re.compile(
    rf"(?:{_BULLET}|[()\[\].:\s])*(?:[0-9]{{1,2}}(?:\.[0-9]{{1,2}})*|[A-Z]?[0-9]{{0,2}}|[a-z]|[ivx]{{2,4}})"
    r"[().:\]\s]*"
)
_SIGNED = re.compile(
    r"(?:[\w ]{0,30}\b(?:endorsed|agreed|signed|adopted|supported) by\b|signatories\b)",
    re.IGNORECASE,
)
_ENDS = (".", ";", ",", ":", "!", "?", "\u2026")


@dataclass
class Proposed:
    """One part as its place and numbering suggest it; the last four are a clause's own."""

    what: str
    text: str
    number: str = ""
    section: str = ""
    under: str = ""
    lead_in: str = ""


@dataclass
class Fit:
    """How parts and text agree: words in no part, and the numbers (from 0) of parts that do not
    stand in the text, or not after the part before them."""

    left: list[str] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    misplaced: list[int] = field(default_factory=list)


def flat(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def stands_in(words: str, text: str) -> bool:
    """Do these words stand in the text, letter by letter?"""
    return flat(words) in flat(text)


def fit(text: str, pieces: Iterable[str]) -> Fit:
    """How the pieces, in their order, account for the text."""
    whole, found, cursor = flat(text), Fit(), 0
    for index, piece in enumerate(map(flat, pieces)):
        at = whole.find(piece, cursor) if piece else -1
        if at < 0:
            (found.misplaced if piece and piece in whole else found.absent).append(index)
            continue
        _leave(whole[cursor:at], found)
        cursor = at + len(piece)
    _leave(whole[cursor:], found)
    return found


def _leave(gap: str, found: Fit) -> None:
    if len(gap) > LONGEST or not _BETWEEN.fullmatch(gap):
        found.left.append(gap.strip())


def names_in(piece: str) -> list[str]:
    """The names that the end of a text prints: one a line, or after "Agreed by" with commas."""
    first, *lines = (flat(line) for line in piece.split("\n"))
    over = _SIGNED.match(first)
    beside = re.split("[,;]", first[over.end() :].lstrip(" :")) if over else [first]
    return [name for name in (one.strip() for one in (*beside, *lines)) if name]


def propose(text: str, most: int = 1000) -> list[Proposed]:
    """The first `most` parts of a text: title, preamble, headings, lead-ins, clauses, notes, names.

    More than a person looks at are not read.
    """
    reading = _Reading()
    for lines in _paragraphs(text):
        reading.take(lines)
        if len(reading.parts) == most:
            break
    return reading.parts


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The lines of each paragraph; an empty line or a marker at its beginning starts a new one."""
    lines: list[str] = []
    for line in (flat(one) for one in text.split("\n")):
        if lines and (not line or _MARKER.match(line)):
            yield lines
            lines = []
        if line:
            lines.append(line)
    if lines:
        yield lines


@dataclass
class _Reading:
    """What is known while the paragraphs are read from first to last."""

    parts: list[Proposed] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    section: str = ""
    sections: int = 0
    lead_in: str = ""
    above: Proposed | None = None  # the last clause that stands under no other

    def take(self, lines: list[str]) -> None:
        words = flat(" ".join(lines))
        marker = _MARKER.match(words + " ")
        last = self.parts[-1] if self.parts else None
        if marker and words[marker.end() :]:
            self._clause(marker, words[marker.end() :])
        elif last and last.what == "signatories" and not words.endswith(_ENDS):
            last.text = "\n".join([last.text, *lines])
        elif _SIGNED.match(words) and last:
            self.parts.append(Proposed("signatories", "\n".join(lines)))
        else:
            self._passage(words)

    def _passage(self, words: str) -> None:
        if not self.parts:
            self.parts.append(Proposed("title", words))
        elif words.endswith(":"):
            self.lead_in = words
            self.parts.append(Proposed("lead_in", words))
        elif len(words) < SHORT and not words.endswith(_ENDS):
            self.section, self.lead_in, self.above = words[:80], "", None
            self.sections += 1
            self.parts.append(Proposed("heading", words))
        else:
            self.parts.append(Proposed("note" if self.used else "preamble", words))

    def _clause(self, marker: re.Match[str], words: str) -> None:
        kind, sign = str(marker.lastgroup), str(marker[str(marker.lastgroup)])
        below = kind in ("letter", "dotted") or (
            kind == "bullet" and self.above is not None and self.above.text.endswith(":")
        )
        over = self.above if below else None
        number = self._number_under(over, sign, kind) if over else self._number(sign, kind)
        self.used.add(number)
        lead_in = over.text if over and over.text.endswith(":") else self.lead_in
        section, under = self.section, over.number if over else ""
        clause = Proposed("clause", words, number, section, under, lead_in)
        self.parts.append(clause)
        if over is None:
            self.above = clause

    def _number_under(self, over: Proposed, sign: str, kind: str) -> str:
        below = sum(part.under == over.number for part in self.parts)
        own = sign if kind == "letter" and len(sign) == 1 else chr(ord("a") + below)
        return self._free([over.number + own]) if below < 26 else ""

    def _number(self, sign: str, kind: str) -> str:
        letter = chr(ord("A") + min(max(self.sections - 1, 0), 25))
        own = sign.upper().split(".")[0] if kind != "bullet" else ""
        plain = [own, letter + own] if own else []
        return self._free([*plain, *(f"{letter}{n}" for n in range(1, 100))])

    def _free(self, wanted: list[str]) -> str:
        """The first of these that no clause has and a reference can hold; else a person chooses."""
        for one in wanted:
            if one not in self.used and re.fullmatch(NUMBER, one):
                return one
        return ""
