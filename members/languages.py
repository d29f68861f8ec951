"""The languages of the site: who is spoken to in which, and our own words for data in each.

Words that are data (short titles of clauses, themes, names of members) are not in the catalogues:
a JSON file a language and app maps the English word to its translation. What is quoted from an
official text has no translation, and a word without one stays as it is.
"""

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import (
    get_language,
    get_language_bidi,
    get_language_info,
    gettext,
    gettext_noop,
    pgettext,
)

from .text import fold

if TYPE_CHECKING:
    from .models import Member, User


def choices() -> list[tuple[str, str]]:
    """The languages to choose from, each under its own name."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def language_of(reader: "User | None") -> str:
    """The reader's language, or the site's first where the site does not speak it."""
    known = reader is not None and reader.language in dict(settings.LANGUAGES)
    return reader.language if reader and known else settings.LANGUAGE_CODE


def asked_of(request: HttpRequest) -> str:
    """The language that the address asks for by `lang`, or nothing; no view sees the parameter.

    One that is not spoken here, or asked twice, stays in the address and is refused there.
    """
    parts = request.META.get("QUERY_STRING", "").split("&")
    asked = [part for part in parts if part.startswith("lang=")]
    language = asked[0].removeprefix("lang=") if len(asked) == 1 else ""
    if language not in dict(settings.LANGUAGES):
        return ""
    request.META["QUERY_STRING"] = "&".join(part for part in parts if part not in asked)
    return language


def asking_for(address: str, language: str) -> str:
    """The address of the same page in this language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def keep(answer: HttpResponse, language: str) -> None:
    """Lets the reader's browser ask for its next pages in this language."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def in_order(members: Iterable["Member"]) -> list["Member"]:
    """The members under their names in the language in force, as its readers look names up."""
    found = list(members)
    for member in found:
        member.display_name = said(member.display_name)
    return sorted(found, key=lambda member: fold(member.display_name))


def isolated(code: str) -> str:
    """A code for a sentence or a list of words: right to left, 2014-GOV would read GOV-2014."""
    return f"\u200e{code}\u200e" if get_language_bidi() else code


def long_date(day: dt.date, form: str = "j F Y") -> str:
    """A day as sentences have it in the language in force: "5 December 2012"."""
    return date_format(day, date_form(day, form))


def date_form(day: object, form: str) -> str:
    """A form of dates, in Django's letters, as the language in force writes this day.

    Some count the first of a month otherwise than the other days, some have a comma of their own.
    """
    if getattr(day, "day", 0) == 1:
        form = form.replace("j F", pgettext("how the first day of a month is written", "j F"))
    return form.replace(", ", gettext(", "))


COMMA, SEMICOLON = gettext_noop(", "), gettext_noop("; ")


def joined(parts: Iterable[object], between: str = COMMA) -> str:
    """Words in a row, with the comma or the semicolon of the language in force between them."""
    return gettext(between).join(str(part) for part in parts)


def said(word: str) -> str:
    """Our own word for data, in the language in force; in English where it has no translation."""
    return words(get_language() or settings.LANGUAGE_CODE).get(word, word)


def is_in_english(said_word: str) -> bool:
    """Whether a word for data, as `said` gave it, is English on a page of another language."""
    language = get_language() or settings.LANGUAGE_CODE
    return language != settings.LANGUAGE_CODE and said_word not in _translations(language)


@cache
def _translations(language: str) -> frozenset[str]:
    return frozenset(words(language).values())


@cache
def words(language: str) -> dict[str, str]:
    """All words for data that are translated: the English one to that of the language."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        for path in settings.BASE_DIR.glob(f"{app.label}/data/words/{language}.json"):
            for group in json.loads(path.read_text(encoding="utf-8")).values():
                found |= group
    return found
