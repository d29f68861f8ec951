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

SAME, FOLDED, ARTICLE, TURNED, FORM, CODE, CLOSE = (
    *("same", "folded", "article", "turned", "form", "code", "close"),
)
LIKE = 0.84  # how alike two names must be, from 0 to 1, to be offered as a slip of the pen
SHORTEST = 4  # letters of a name that is compared for a slip of the pen

_ARTICLE = re.compile(r"^(the|la|le|les|el|los|las|il|der|die|das|o|a) ", re.IGNORECASE)
# Words of a form of government: with them, or without, the same member may be meant.
_FORM = re.compile(
    r"\b(the|republic|kingdom|federation|state|states|principality|sultanate|commonwealth|"
    r"grand duchy|duchy|confederation|union|democratic|people s|socialist|federal|islamic|"
    r"plurinational|bolivarian|hashemite|of|and)\b"
)


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

    Several members for one reason are all given: a person chooses. An empty list says that
    nothing in the register is like it.
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
    return [
        told for _rank, told in sorted(found.values(), key=lambda pair: (pair[0], pair[1].member))
    ]


def _why(printed: str, one: Known) -> str | None:
    for why, form in STEPS:
        if form(printed) == form(one.text) != "":
            return why
    if fold(printed) == fold(one.member):
        return CODE
    mine, theirs = _bare(printed), _bare(one.text)
    if min(len(mine), len(theirs)) >= SHORTEST and _alike(mine, theirs):
        return CLOSE
    return None


def _alike(mine: str, theirs: str) -> bool:
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= LIKE and matcher.ratio() >= LIKE


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
    """Without the words of a form of government, which stand before or after the name proper."""
    return " ".join(_FORM.sub(" ", _turned(text)).split())


STEPS: list[tuple[str, Callable[[str], str]]] = [
    (SAME, str.strip),
    (FOLDED, _folded),
    (ARTICLE, _without_article),
    (TURNED, _turned),
    (FORM, _bare),
]
ORDER = (SAME, CODE, FOLDED, ARTICLE, TURNED, FORM, CLOSE)
