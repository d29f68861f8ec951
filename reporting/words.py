"""What may be said in an answer: its words made clean, and what is still missing in them."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.languages import joined
from members.text import normalise, refuse_tokens

from .models import Answer

PROSE = ("narrative", "next_steps", "obstacles", "support_requested", "not_applicable_because")
PROSE_LIMIT = 5000
EVIDENCE_LIMIT = 5
TITLE_LIMIT = 200
URL_LIMIT = 500
PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home", ".corp", ".onion", ".arpa")

BLANK: dict[str, Any] = {
    "status": "",
    **dict.fromkeys(PROSE, ""),
    "evidence": [],
    "no_change": False,
    "visibility": Answer.Visibility.PUBLIC.value,
}


def clean(said: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of an answer, each normalised; a field that was not given is blank.

    Raises ValidationError by field for a foreign field or value, a text that is too long, holds
    a hash-like token, or an evidence link that is no public https address. Links are read as
    text and never fetched.
    """
    errors: dict[str, Any] = {}
    if foreign := set(said) - set(BLANK):
        raise ValidationError(_("Unknown fields: %(names)s") % {"names": joined(foreign)})
    result = {**BLANK, **said}
    for field in BLANK:
        try:
            result[field] = _CLEANERS.get(field, clean_prose)(result[field])
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return result


def clean_prose(value: object) -> str:
    """A text of the member's own: normalised, not too long, without hash-like tokens."""
    if not isinstance(value, str):
        raise ValidationError(_("This must be a text."))
    text = normalise(value).strip()
    if len(text) > PROSE_LIMIT:
        words = {"limit": PROSE_LIMIT, "length": len(text)}
        raise ValidationError(
            _("The text has %(length)d characters; %(limit)d are allowed.") % words
        )
    return refuse_tokens(text)


def clean_evidence(value: object) -> list[dict[str, str]]:
    """Titled links as [{title, url}]."""
    if not isinstance(value, list):
        raise ValidationError(_("Evidence is a list of titled links."))
    if len(value) > EVIDENCE_LIMIT:
        raise ValidationError(_("At most %(n)d links can be given.") % {"n": EVIDENCE_LIMIT})
    links = []
    for link in value:
        if not isinstance(link, dict) or set(link) != {"title", "url"}:
            raise ValidationError(_("Each link has a title and an address."))
        links.append({"title": clean_title(link["title"]), "url": clean_link(link["url"])})
    return links


def clean_title(value: object) -> str:
    """The title of a link: one line, never empty."""
    title = refuse_tokens(" ".join(normalise(str(value)).split()))
    if not title:
        raise ValidationError(_("Give the link a title."))
    if len(title) > TITLE_LIMIT:
        raise ValidationError(_("The title is too long (%(n)d characters).") % {"n": TITLE_LIMIT})
    return title


def clean_link(value: object) -> str:
    """An address on the public web, read as text: https, no name or password, no private host."""
    url = normalise(str(value)).strip()
    if len(url) > URL_LIMIT:
        raise ValidationError(_("The link is too long (%(n)d characters).") % {"n": URL_LIMIT})
    if not url.startswith("https://"):
        raise ValidationError(_("The link must begin with https://"))
    if any(c.isspace() or c in '<>"\\^`{|}' for c in url):
        raise ValidationError(_("The link holds a character that no address may hold."))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        _port = parts.port
    except ValueError:
        raise ValidationError(_("This is not an address on the web.")) from None
    if "@" in parts.netloc:
        raise ValidationError(_("The link must not hold a user name or password."))
    if not _is_public(host):
        raise ValidationError(_("The link must lead to a public site, by its name."))
    return url


def _is_public(host: str) -> bool:
    """A host with a dotted name outside the private endings; addresses by number are refused."""
    name = host.lower()
    if "." not in name or ".." in name or name.endswith(PRIVATE_ENDINGS):
        return False
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        # Old spellings of numbers (0x7f.1, 017700000001) end in a label that begins with a digit.
        return name.rsplit(".", 1)[1][:1].isalpha()
    return False


def clean_status(value: object) -> str:
    """One of the possible statuses, or empty."""
    if value != "" and value not in Answer.Status.values:
        raise ValidationError(_("This is not one of the possible answers."))
    return str(value)


def clean_visibility(value: object) -> str:
    """Who may read the words."""
    if value not in Answer.Visibility.values:
        raise ValidationError(_("Choose who may read the answer."))
    return str(value)


_CLEANERS: dict[str, Any] = {
    "status": clean_status,
    "visibility": clean_visibility,
    "evidence": clean_evidence,
    "no_change": bool,
}


def of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The words of an answer alone, by field, wherever it was kept."""
    return {field: said[field] for field in BLANK}


NO_STATUS = gettext_lazy("Not answered yet.")
NO_REASON = gettext_lazy("Say why the clause does not apply.")


def lacks(said: Mapping[str, Any]) -> list[Any]:
    """What keeps an owed answer from being complete, in words; empty when nothing does."""
    if not said["status"]:
        return [NO_STATUS]
    if said["status"] == Answer.Status.NOT_APPLICABLE and not said["not_applicable_because"]:
        return [NO_REASON]
    return []


def begun(said: Mapping[str, Any]) -> bool:
    """Has anything at all been said?"""
    return any(said[field] for field in BLANK if field != "visibility")
