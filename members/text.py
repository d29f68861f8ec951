"""One normaliser for every text a person can type, used by forms, models and importers."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# Tab and newline are the only control characters that text may hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def normalise(value: str) -> str:
    """The text in Unicode NFC with newlines as "\\n".

    Raises ValidationError for control characters, NUL, lone surrogates and bidirectional
    overrides, which can make a text read differently from what it is. Joiners and the
    left-to-right and right-to-left marks stay: several scripts need them.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    bad = _FORBIDDEN.search(text)
    if bad:
        raise ValidationError(
            _("The text holds a character that cannot be stored (U+%(code)s). Please remove it."),
            code="forbidden_character",
            params={"code": f"{ord(bad.group()):04X}"},
        )
    return text


class _Normalised:
    """Mixin of the two text fields: normalises on validation and again on the way to the store."""

    def to_python(self, value: object) -> object:
        value = super().to_python(value)  # type: ignore[misc]
        return normalise(value) if isinstance(value, str) else value

    def get_prep_value(self, value: object) -> object:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return normalise(value) if isinstance(value, str) else value


class LineField(_Normalised, models.CharField):
    """A short text of one line."""


class ProseField(_Normalised, models.TextField):
    """A text of any length, newlines allowed."""
