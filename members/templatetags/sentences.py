"""Filters that every template has without loading them: days, lists and our own words for data.

Builtins in the settings. `date` stands in the place of Django's own, which knows neither that the
first of a month has a form of its own in some languages nor that the comma before an hour has.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from .. import languages

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """A day or a moment in this form; nothing where there is none."""
    return defaultfilters.date(value, languages.date_form(value, form) if form else form)


@register.filter
def joined(parts: Iterable[object], between: str = languages.COMMA) -> str:
    """Words in a row, with the comma (or another sign) of the language between them."""
    return languages.joined(parts, between)


@register.filter
def own_name(name: str, shown: str = "") -> SafeString:
    """A name or another word as it was said; what has no translation is marked as English."""
    form = '<span lang="en" dir="ltr">{}</span>' if languages.is_in_english(name) else "{}"
    return format_html(form, shown or name)


@register.filter
def our_words(words: str) -> SafeString:
    """Words of our own in the data (a note, a role) in the reader's language, or marked."""
    return own_name(languages.said(words))


@register.filter
def our_sentence(words: str) -> SafeString:
    """The same as a sentence of its own, with a capital and a full stop."""
    told = languages.said(words)
    return own_name(told, f"{capfirst(told).removesuffix('.')}.")
