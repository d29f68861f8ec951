"""Filters that every template has without loading them: days and lists as the language has them.

Builtins in the settings. `date` stands in the place of Django's own, which knows neither that the
first of a month has a form of its own in some languages nor that the comma before an hour has.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import defaultfilters

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
