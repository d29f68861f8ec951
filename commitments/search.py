"""Full-text search in clauses and in published words: one question, one reading, one engine.

Text is normalised here, in the same way when it is stored and when it is asked for; PostgreSQL
compares. Terms that changed over the years find each other, by the kept list in
`data/synonyms.csv`. docs/decisions/search.md says why so.
"""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db import connection
from django.db.models import QuerySet

from members.text import fold

CONFIG = "register"  # made by migration 0003: English and Arabic endings, no stop words
LIST = Path(__file__).parent / "data" / "synonyms.csv"
SHORTEST_STEM = 2  # letters before a star
MOST_PUT_RIGHT = 4  # words of a question for which the nearest known word is looked for

# Letters of Arabic script that are written in more than one way; the stretching sign is none.
_ONE_WAY = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "ـ": None})
# Scripts without spaces between words: each sign is a word, a run of them a phrase.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')

_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """Terms that find each other: the code of the group, and why they stand in one."""

    code: str
    terms: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Question:
    """What was asked, as PostgreSQL reads it; empty when no word is to be looked for."""

    tsquery: str
    widened: tuple[str, ...] = ()


def searchable(*texts: str) -> str:
    """The texts as they are searched: words without case, accents and signs, one space between."""
    return " ".join(token for text in texts for token in _tokens(text))


def read(text: str) -> Question:
    """What a person typed: words, "phrases", -excluded words, the beginning of a word*.

    All must be there, in any order. Words outside quotation marks are widened by the kept list;
    phrases and excluded words are taken as they stand. Nothing that can be typed is an error.
    """
    wanted: list[str] = []
    excluded: list[str] = []
    widened: list[str] = []
    run: list[str] = []
    for found in _TERM.finditer(text.translate(_QUOTES)):
        if found["word"] and not found["minus"]:
            run.append(found["word"])
            continue
        wanted += _widened(run, widened)
        run = []
        said = found["phrase"] if found["word"] is None else found["word"]
        (excluded if found["minus"] else wanted).append(_phrase(_tokens(said)))
    wanted += _widened(run, widened)
    if not any(wanted):
        return Question("")
    parts = [*filter(None, wanted), *(f"!{part}" for part in excluded if part)]
    return Question(" & ".join(parts), tuple(dict.fromkeys(widened)))


def holding(found: QuerySet, column: str, question: Question) -> QuerySet:
    """The rows whose `column`, which `searchable` has made, answers the question."""
    if not question.tsquery:
        return found.none()
    asked = SearchQuery(question.tsquery, config=CONFIG, search_type="raw")
    return found.filter(SearchVectorExact(SearchVector(column, config=CONFIG), asked))


def among(texts: Mapping[int, str], question: Question) -> list[int]:
    """The keys of the texts, few and nowhere stored, that answer the question."""
    if not question.tsquery:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM unnest(%s::bigint[], %s::text[]) AS given (key, words) "
            "WHERE to_tsvector(%s::regconfig, words) @@ to_tsquery(%s::regconfig, %s)",
            [list(texts), list(texts.values()), CONFIG, CONFIG, question.tsquery],
        )
        return [key for (key,) in cursor.fetchall()]


def put_right(text: str, texts: Iterable[str]) -> str:
    """What was typed, with each word that stands in none of the texts become the nearest that does.

    Empty where nothing is near. A long question is left alone: each word costs a look at them all.
    """
    asked = _tokens(text)
    if len(asked) > MOST_PUT_RIGHT:
        return ""
    known = {token for one in texts for token in _tokens(one)}
    right = [word if word in known else _nearest(word, known) for word in asked]
    return " ".join(right) if right != asked else ""


def _nearest(word: str, known: Collection[str]) -> str:
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.75)), word)


@cache
def synonyms() -> list[Synonyms]:
    """The kept list, group by group."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Synonyms(
            code,
            tuple(row["term"] for row in rows if row["group"] == code),
            next(row["why"] for row in rows if row["group"] == code and row["why"]),
        )
        for code in dict.fromkeys(row["group"] for row in rows)
    ]


@cache
def _groups() -> dict[Tokens, Synonyms]:
    """The group of each term, by its words without their plural."""
    return {_singular(_tokens(term)): group for group in synonyms() for term in group.terms}


def _widened(run: Sequence[str], widened: list[str]) -> list[str]:
    """The parts of the question for words that stand side by side, the longest term first."""
    longest = max(len(words) for words in _groups())
    parts, start = [], 0
    while start < len(run):
        for end in range(min(len(run), start + longest), start, -1):
            words = tuple(token for word in run[start:end] for token in _tokens(word))
            if group := _groups().get(_singular(words)):
                widened.append(group.code)
                parts.append(f"({' | '.join(_phrase(_tokens(term)) for term in group.terms)})")
                start = end
                break
        else:
            parts.append(_phrase(_tokens(run[start]), begins=run[start].endswith("*")))
            start += 1
    return parts


def _tokens(text: str) -> list[str]:
    folded = _UNSPACED.sub(r" \1 ", fold(text).translate(_ONE_WAY))
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return _WORD.findall("".join(digits))


def _phrase(tokens: Sequence[str], begins: bool = False) -> str:
    """The words one after the other; tokens hold letters and digits alone, so none is syntax."""
    if not tokens:
        return ""
    star = ":*" if begins and len(tokens[-1]) >= SHORTEST_STEM else ""
    quoted = " <-> ".join(f"'{token}'" for token in tokens)
    return f"({quoted}{star})"


def _singular(tokens: Sequence[str]) -> Tokens:
    return tuple(t[:-1] if len(t) > 3 and t.endswith("s") else t for t in tokens)
