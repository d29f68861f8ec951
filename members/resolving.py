"""Which member a printed name may stand for. Suggests and says why; never decides.

Pure: no database, no clock. A name is compared in steps, each of which forgives one thing more,
and the first step at which two names agree is the reason that is told.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from .text import fold

SAME, CODE, FOLDED, ARTICLE, TURNED, FORM, SHORT, INITIALS, PART, CLOSE = ORDER = (
    *("same", "code", "folded", "article", "turned", "form", "short", "initials", "part", "close"),
)
LIKE = 0.84  # how alike two names must be, from 0 to 1, to be offered as a slip of the pen
SHORTEST = 4  # letters of a name that is compared for a slip of the pen

_ARTICLE = re.compile(r"^(the|la|le|les|el|los|las|il|der|die|das|o|a) ", re.IGNORECASE)
# What short forms stand for; the letters of a name's own words are read in `_initials`.
_SHORT = {"rep": "republic", "fed": "federation", "dem": "democratic", "utd": "united"}
# Words of a form of government: with them, or without, the same member may be meant.
_FORM = re.compile(
    r"\b(the|republic|kingdom|federation|state|states|principality|sultanate|commonwealth|"
    r"grand duchy|duchy|confederation|union|democratic|people s|socialist|federal|islamic|"
    r"plurinational|bolivarian|hashemite|of|and)\b"
)
_OFTEN_MISTYPED = ("republic", "kingdom", "federation", "democratic", "principality", "union")
_SMALL = {"of", "and", "the", "on", "for", "to"}


@dataclass(frozen=True)
class Known:
    """A name that the register holds for a member; `former` when a newer one is shown."""

    member: str
    text: str
    former: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A member that a printed name may mean, by which of its names, and for which reason."""

    member: str
    name: str
    why: str
    former: bool


def suggest(printed: str, known: Iterable[Known]) -> list[Suggestion]:
    """The members that the name may stand for, the best reason first; each member once.

    Several members for one reason are all given: a person chooses. That a name is a part of
    another says little, and is told only where nothing better is found. An empty list says
    that nothing in the register is like it.
    """
    found: dict[str, tuple[int, Suggestion]] = {}
    if not fold(printed):
        return []
    for one in known:
        why = _why(printed, one)
        if why is None:
            continue
        rank = ORDER.index(why)
        if one.member not in found or rank < found[one.member][0]:
            found[one.member] = (rank, Suggestion(one.member, one.text, why, one.former))
    told = sorted(found.values(), key=lambda pair: (pair[0], pair[1].member))
    surely = bool(told) and told[0][0] < ORDER.index(PART)
    return [one for _rank, one in told if not (surely and one.why == PART)]


def _why(printed: str, one: Known) -> str | None:
    for why, form in STEPS:
        if form(printed) == form(one.text) != "":
            return why
    if fold(printed) == fold(one.member):
        return CODE
    if _letters(printed) in _initials(one.text):
        return INITIALS
    theirs, mended = _bare(one.text), _mended(printed)
    if mended == theirs != "":
        return CLOSE
    if _holds(one.text, printed) or _holds(printed, one.text):
        return PART
    return CLOSE if any(_alike(mine, theirs) for mine in {_bare(printed), mended}) else None


def _holds(whole: str, part: str) -> bool:
    """Do the words of one name stand together in the other?"""
    words = f" {_turned(whole)} "
    parts = {_bare(part), _turned(part)} if _bare(part) else set()
    return any(len(one) >= SHORTEST and f" {one} " in words for one in parts)


def _alike(mine: str, theirs: str) -> bool:
    shorter, together = min(len(mine), len(theirs)), len(mine) + len(theirs)
    if shorter < SHORTEST or 2 * shorter < LIKE * together:  # they cannot have enough in common
        return False
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.quick_ratio() >= LIKE and matcher.ratio() >= LIKE


@lru_cache(maxsize=4096)  # a long list of names is compared with the same register
def _folded(text: str) -> str:
    """Without case, accents and punctuation; "&" is "and", "St." is "Saint"."""
    text = re.sub(r"\bst\b\.?", "saint", fold(text).replace("&", " and "))
    return " ".join(re.sub(r"[^\w,]+", " ", text).split())


@lru_cache(maxsize=4096)
def _without_article(text: str) -> str:
    return _ARTICLE.sub("", _folded(text))


@lru_cache(maxsize=4096)
def _turned(text: str) -> str:
    """ "Korea, Republic of" as "republic of korea"; in other names the comma is dropped."""
    first, comma, rest = _without_article(text).partition(",")
    turned = f"{rest} {first}" if comma else first
    return _ARTICLE.sub("", " ".join(turned.replace(",", " ").split()))


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """Without the words of a form of government, which stand before or after the name proper.

    "United" alone names nobody: of such a name all words stay.
    """
    bare = " ".join(_FORM.sub(" ", _turned(text)).split())
    return _turned(text) if bare == "united" else bare


@lru_cache(maxsize=4096)
def _written_out(text: str) -> str:
    """With "Rep." and the like written out, and without the words of a form of government."""
    return _bare(" ".join(_SHORT.get(word, word) for word in _turned(text).split()))


@lru_cache(maxsize=4096)
def _mended(text: str) -> str:
    """Without the words of a form of government either, where these are mistyped."""
    words = _bare(text).split()
    kept = [word for word in words if not any(_alike(word, one) for one in _OFTEN_MISTYPED)]
    return " ".join(kept)


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    """ "U.K." as "uk"; empty where it is no short form: those are written in capitals."""
    bare = re.sub(r"[^\w]", "", text)
    return fold(bare) if 2 <= len(bare) <= 8 and bare.isupper() else ""


@lru_cache(maxsize=4096)
def _initials(text: str) -> frozenset[str]:
    """The first letters of the words of a name, with small words such as "of" and without."""
    words = _without_article(re.sub(r"[’']s\b", "", text)).replace(",", " ").split()
    large = [word for word in words if word not in _SMALL]
    if len(large) < 2:
        return frozenset()
    return frozenset({"".join(word[0] for word in some) for some in (words, large)})


STEPS: list[tuple[str, Callable[[str], str]]] = [
    (SAME, str.strip),
    (FOLDED, _folded),
    (ARTICLE, _without_article),
    (TURNED, _turned),
    (FORM, _bare),
    (SHORT, _written_out),
]
