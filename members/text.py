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


def fold(value: str) -> str:
    """The text as searches compare it: without case, accents and runs of spaces."""
    apart = unicodedata.normalize("NFKD", value.casefold())
    bare = "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
    return " ".join(bare.split())


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


# What hashes and encoded files look like in a text: long runs that no language has as words.
_TOKENS = re.compile(
    r"[0-9a-f]{32,}"  # hexadecimal
    r"|(?:[0-9a-f]{2}[ :-]){15,}[0-9a-f]{2}"  # the same in pairs
    r"|(?=[a-z0-9+=_]*[0-9])(?=[0-9+=_]*[a-z])[a-z0-9+=_]{32,}"  # base32, base64, base85
    r"|[a-z0-9+/]{30,}={1,2}"  # base64 with its padding
    r"|(?:[0-9]{1,3}[,;] ?){40,}"  # bytes as numbers
    r"|data:[a-z]+/[a-z0-9.+-]+[;,]",
    re.IGNORECASE | re.ASCII,
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def refuse_tokens(text: str) -> str:
    """The text as it was given.

    Raises ValidationError where it holds a hash-like token or a blob of data, also when written
    in full-width letters or broken up by invisible characters: neither may stand in this register.
    """
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if _TOKENS.search(seen):
        raise ValidationError(
            _(
                "The text holds something that looks like a hash or encoded data. "
                "Hashes of material must never be entered here. Please take it out."
            ),
            code="token",
        )
    return text
