"""Filters that pages and the API share: codes separated by commas, a flag, a word searched for."""

import datetime as dt
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .languages import joined
from .models import Member
from .text import fold, normalise

Known = Callable[[], Collection[str]]
FEW, MANY, LONGEST = 12, 1000, 60  # codes, and characters of one


class DatedFilterSet(django_filters.FilterSet):
    """Filters over rows as they are on `day`; `at` is the instant in it, now unless given."""

    def __init__(
        self, data: Any, queryset: QuerySet, *, day: dt.date, at: dt.datetime | None = None
    ) -> None:
        super().__init__(data, queryset)
        self.day = day
        self.at = at or dt.datetime.now(dt.UTC)


class CodesField(forms.Field):
    """Codes separated by commas, each one known. Empty means that nothing was chosen."""

    def __init__(self, *, known: Known, **options: Any) -> None:
        super().__init__(**options)
        self.known = known

    def to_python(self, value: str | None) -> list[str]:
        if not value:
            return []
        codes = value.split(",")
        known = set(self.known())
        unknown = [code for code in codes if code not in known]
        if unknown:
            words = _("Not known here: %(codes)s.") % {"codes": joined(map(repr, unknown))}
            raise ValidationError(f"{words} {_known(unknown, known)}".strip(), code="unknown_code")
        return list(dict.fromkeys(codes))


def _known(unknown: list[str], known: Collection[str]) -> str:
    """What could have been meant: all codes where they are few, or else those that look alike.

    To look for these takes time: it is done for the first unknown code, and not among years.
    """
    if len(known) <= FEW:
        return _("Known: %(codes)s.") % {"codes": joined(sorted(known))} if known else ""
    folded = {fold(code): code for code in sorted(known)} if len(known) <= MANY else {}
    alike = get_close_matches(fold(unknown[0][:LONGEST]), folded)
    found = joined(folded[one] for one in alike)
    return _("Did you mean: %(codes)s?") % {"codes": found} if found else ""


class CodesFilter(django_filters.Filter):
    """Rows with any of the codes given.

    `known` is a fixed vocabulary, or a question to the database for the codes there are.
    """

    field_class = CodesField

    def __init__(
        self, field_name: str | None = None, *, known: Known | Collection[str], **options: Any
    ) -> None:
        options.setdefault("lookup_expr", "in")
        self.vocabulary = None if callable(known) else list(known)
        asked = known if callable(known) else lambda: known
        super().__init__(field_name, known=asked, **options)

    @property
    def known(self) -> Known:
        return self.extra["known"]


class FlagField(forms.Field):
    """`true` or `false`."""

    def to_python(self, value: str | None) -> bool | None:
        if not value:
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Say true or false."), code="invalid")
        return value == "true"


class FlagFilter(django_filters.Filter):
    """Rows for which something is true, or false."""

    field_class = FlagField


class WordsField(forms.CharField):
    """Words to look for, without regard to case and accents."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def to_python(self, value: str | None) -> str:
        return fold(normalise(super().to_python(value)))


class WordsFilter(django_filters.Filter):
    """Rows whose text holds the words as they stand, without regard to case and accents."""

    field_class = WordsField


class YearsField(CodesField):
    """Years of four digits, separated by commas; there need be nothing in them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(known=lambda: [f"{year:04}" for year in range(1, 10_000)], **options)


class YearsFilter(django_filters.Filter):
    """Rows of any of the years given."""

    field_class = YearsField

    def __init__(self, field_name: str | None = None, **options: Any) -> None:
        options.setdefault("lookup_expr", "in")
        super().__init__(field_name, **options)


def member_codes() -> Collection[str]:
    """The code of every member there ever was."""
    return Member.objects.values_list("code", flat=True)


KINDS: Collection[str] = Member.Kind.values
REGIONS: Collection[str] = Member.Region.values
