"""The languages that a report can be written in, by their codes."""

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext, gettext_lazy

# Django knows names of some hundred languages; regional forms of one are not told apart here.
CODES = sorted(code for code, facts in LANG_INFO.items() if "name" in facts and "-" not in code)
CHINESE: str | Promise = gettext_lazy("Chinese")


def is_language(code: str) -> bool:
    """Whether a report can be marked as written in it."""
    return code == "zh" or code in CODES


def name_of(code: str) -> str:
    """The language's name in the reader's language; the code itself for one that is unknown."""
    if code == "zh":
        return str(CHINESE)
    return get_language_info(code)["name_translated"] if code in CODES else code


def choices() -> list[tuple[str, str]]:
    """Every language with its name, in the order of the names."""
    return sorted(((code, name_of(code)) for code in [*CODES, "zh"]), key=lambda one: one[1])


def in_words(code: str, unofficial_translation: bool) -> str:
    """How a report says what it is written in; nothing for English of the member's own."""
    words = "" if code == "en" else gettext("in %(language)s") % {"language": name_of(code)}
    translated = gettext("unofficial translation") if unofficial_translation else ""
    return gettext(", ").join(part for part in (words, translated) if part)
