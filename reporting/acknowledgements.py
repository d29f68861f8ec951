"""Acknowledgements: what one says, and whether one that somebody holds is genuine."""

import datetime as dt
import email
import email.policy
import hashlib
import hmac
import html
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from members.languages import said
from members.text import fold

from .models import PublishedReport, Report, Version
from .serializers import received_of

# What a time is written as, once a month in words is a number and punctuation is a space.
TIMES = ("%d %m %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
Said = TypeVar("Said")
Names = Mapping[str, Collection[str]]  # of the member, and by whom

CURRENT, EARLIER, RECALLED, UNKNOWN = "current", "earlier", "recalled", "unknown"
# Marks of direction come along when a reference is taken out of a page in Arabic.
DIRECTIONS = dict.fromkeys((0x200E, 0x200F, 0x061C))
REFERENCE = re.compile(r"\b(20\d\d-[A-Z][A-Z-]{1,11}[A-Z])\b")
PRINTED = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d[ T]|\d{1,2}\s+[^\W\d]+\s+\d{4}[,\u060c]?\s+)\d\d:\d\d:\d\d\b"
)
FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b", re.IGNORECASE)


def as_text(version: Version, member: str) -> str:
    """The acknowledgement of a submission as a text to keep; `verify_acknowledgement` reads it."""
    known = facts(version)
    lines = [
        (_("Reference"), f"{known['reference']}, version {known['number']}"),
        (_("Member"), member),
        (_("Submitted"), known["at"]),
        (_("By"), str(version.submitted_by or "")),
        *_came(version),
        ("SHA-256", version.sha256),
    ]
    title = _("Acknowledgement of a submitted report")
    return "\n".join([title, "", *(f"{name}: {said}" for name, said in lines), ""])


def _came(version: Version) -> list[tuple[str, str]]:
    """How and when it came, where the secretariat entered it."""
    if not (came := received_of(version)):
        return []
    said = f"{came['how']}, {came['received_on']}"
    return [(_("Came"), said), (_("Entered by"), came["entered_by"])]


def facts(version: Version) -> dict[str, str]:
    """What the register itself says of a submission, for whoever proved to hold its receipt."""
    said = f"{_second(version):%Y-%m-%d %H:%M:%S} UTC"
    return {"reference": version.report.code, "number": str(version.number), "at": said}


def read(content: bytes) -> dict[str, str] | None:
    """The reference, version and fingerprint that a file holds; nothing when one is missing.

    The file is an acknowledgement as text, page or mail, or the submitted report itself, whose
    fingerprint is then computed.
    """
    if report := _report(content):
        return report
    text = _text(content)
    found = [pattern.search(text) for pattern in (REFERENCE, _numbered(), FINGERPRINT)]
    if not all(found):
        return None
    reference, number, sha256 = (match.group(match.lastindex or 0) for match in found if match)
    return {"reference": reference, "version": number, "sha256": sha256}


def _report(content: bytes) -> dict[str, str] | None:
    try:
        said: Any = json.loads(content)
        reference = f"{said['cycle']}-{said['member']}"
        version = str(said["version"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sha256 = hashlib.sha256(content.rstrip(b"\r\n")).hexdigest()
    return {"reference": reference, "version": version, "sha256": sha256}


def _text(content: bytes, *, between: str = " ") -> str:
    """The words of a text, of a saved page (`between` stands for its tags), or of a mail."""
    if re.match(rb"[A-Za-z-]+: [^\n]*\r?\n([A-Za-z-]+: |[ \t])", content):
        mail = email.message_from_bytes(content, policy=email.policy.default)
        body = mail.get_body(("plain", "html")) if mail.get("MIME-Version") else None
        if body is not None:
            content = f"{mail['Subject']}\n{body.get_content()}".encode()
    words = html.unescape(re.sub(r"<[^>]*>", between, content.decode(errors="replace")))
    return words.translate(DIRECTIONS)


def times(content: bytes) -> set[dt.datetime] | None:
    """The moments (UTC) that a receipt prints to the second, in any language of the site.

    None for a report itself: what it tells of times is under its fingerprint.
    """
    if _report(content):
        return None
    printed = {_time(found.lower()) for found in PRINTED.findall(_text(content))}
    return {at for at in printed if at}


def names(content: bytes) -> Names | None:
    """The names that a receipt prints of the member and of who declared, folded.

    Where one should stand and does not, it is the empty name, which nobody has. A mail names
    nobody but the member. None for a report itself.
    """
    if _report(content):
        return None
    text, found = _text(content, between="\n"), dict[str, set[str]]()
    for place, patterns in _places_of_names().items():
        found[place] = {fold(name) for one in patterns for name in one.findall(text)}
    by = found["by"] or (set() if found["mail"] else {""})
    return {"member": found["member"] | found["mail"] or {""}, "by": by}


def judged(
    reference: str,
    version: str,
    sha256: str,
    printed: Collection[dt.datetime] | None = None,
    named: Names | None = None,
) -> tuple[str, Version | None]:
    """current, earlier (a later version was submitted), recalled, or unknown for everything else;
    and the version meant, which is None where it is unknown.

    Of a receipt, what it has `printed` must hold the time of the submission: one that was changed
    or cut short would date the report back. Names that it has (`named`) must be those that the
    register knows. One query and one comparison at least, whether or not there is such a report.
    """
    code, also = _as_printed(reference)
    versions = _versions(code)
    given = "".join(sha256.lower().split()).encode()
    genuine = [v for v in versions or [Version(sha256="")] if _same(v, given)]
    meant = [v for v in genuine if all(_is_meant(v, said) for said in (version, *also))]
    if not meant or (printed is not None and _second(meant[-1]) not in printed):
        return UNKNOWN, None
    if not _are_known(meant[-1], named or {}):
        return UNKNOWN, None
    if _is_recalled(versions[-1]):
        return _beside_a_recall(meant[-1], versions), meant[-1]
    return CURRENT if meant[-1] == versions[-1] else EARLIER, meant[-1]


def fingerprint_of_name(sha256: str, name: str) -> str:
    """What is kept of the name that a receipt prints: it proves the name and does not tell it.

    A person may take another name, or be forgotten; the receipt of before stays genuine, and one
    that is printed later has the name of then.
    """
    return hashlib.sha256(f"{sha256}\n{fold(name)}".encode()).hexdigest()


def _as_printed(reference: str) -> tuple[str, list[str]]:
    """The code of the report; and the version, where both were copied: 2026-ALB, version 1."""
    said = reference.upper()
    found = REFERENCE.match(said)
    if found is None:
        return said, []
    version = said[found.end() :].strip(" ,\u060c")
    return found.group(), [version] if version else []


def _are_known(version: Version, named: Names) -> bool:
    """Are these names of the member, in any language, and of who submitted, then or now?"""
    member, now = version.report.member, str(version.submitted_by or "")
    if named.get("member"):
        own = {member.code, *member.names.values_list("text", flat=True)}
        told = _in_every_language(lambda: [fold(said(name)) for name in own])
        if not set(named["member"]).issubset(chain.from_iterable(told)):
            return False
    by = {fingerprint_of_name(version.sha256, name) for name in named.get("by", ())}
    return by <= {version.name_sha256, fingerprint_of_name(version.sha256, now)}


def _versions(code: str) -> list[Version]:
    """Every version of the report, each with `was_published`."""
    published = PublishedReport.objects.filter(
        cycle=OuterRef("report__cycle__code"),
        member=OuterRef("report__member__code"),
        version=OuterRef("number"),
    )
    found = Version.objects.filter(report__in=Report.objects.coded(code)).order_by("number")
    return list(
        found.annotate(was_published=Exists(published)).select_related(
            "report__member", "submitted_by"
        )
    )


def _is_recalled(last: Version) -> bool:
    """Did the member take its last version back? A draft over a published one was reopened."""
    return last.report.state == Report.State.DRAFT and not last.was_published  # type: ignore[attr-defined]


def _beside_a_recall(named: Version, versions: list[Version]) -> str:
    """The last version was recalled: what stands is the one published last, where there is one."""
    if named == versions[-1]:
        return RECALLED
    published = [v for v in versions if v.was_published]  # type: ignore[attr-defined]
    return CURRENT if published and named == published[-1] else EARLIER


def _same(version: Version, given: bytes) -> bool:
    same = hmac.compare_digest(version.sha256.encode(), given)
    return same and bool(version.sha256)


def _is_meant(version: Version, typed: str) -> bool:
    """Is this the number of the version, or the second in which it was submitted?"""
    said = typed.lower().strip()
    numbered = _numbered().fullmatch(said)
    if (numbered.group(numbered.lastindex or 0) if numbered else said) == str(version.number):
        return True
    return _time(said) == _second(version)


def _second(version: Version) -> dt.datetime:
    return version.submitted_at.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)


def _time(said: str) -> dt.datetime | None:
    """The time as it was printed, with the month in any language of the site."""
    said = said.removesuffix("utc").strip().removesuffix("z").removesuffix("+00:00")
    named = (_months().get(fold(word), word) for word in re.split(r"[\s,\u060c]+", said))
    said = " ".join(named).upper()
    for form in TIMES:
        try:
            return dt.datetime.strptime(said, form)  # noqa: DTZ007 - UTC, as the receipt says
        except ValueError:
            continue
    return None


@cache
def _months() -> dict[str, str]:
    """The number of each month by its name, in every language that the site speaks."""
    named = _in_every_language(lambda: [(str(name), str(n)) for n, name in MONTHS.items()])
    return {fold(name): number for names in named for name, number in names}


@cache
def _numbered() -> re.Pattern[str]:
    """How the number of a version is said, in every language that the site speaks."""
    said = {re.escape(one) for one in _in_every_language(lambda: _("version %(n)s") % {"n": "9"})}
    forms = (one.replace("9", r"(\d{1,4})").replace(r"\ ", r"\s+") for one in sorted(said))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})\b", re.IGNORECASE)


@cache
def _places_of_names() -> dict[str, list[re.Pattern[str]]]:
    """Where a receipt has its names, in every language: on text and page, and in a mail's title."""
    found: dict[str, list[re.Pattern[str]]] = {"member": [], "by": [], "mail": []}
    for lines in _in_every_language(_lines_of_names):
        for place, line in lines:
            form = re.escape(line).replace("0000", r"20\d\d").replace("NAME", r"([^\n]+?)")
            form = form.replace("\\\n", r"\s*\n\s*")
            found[place].append(re.compile(rf"^\s*{form}\s*$", re.MULTILINE))
    return found


def _lines_of_names() -> list[tuple[str, str]]:
    """The lines with a NAME of a receipt in the language in force, and whose name it is."""
    about = _("Report {cycle}, {member}").format(cycle="0000", member="NAME")
    events = (_("received"), _("entered, please confirm"))
    return [
        ("member", f"{_('Member')}: NAME"),
        ("member", f"NAME\n{_('The report is submitted')}"),
        ("by", f"{_('By')}: NAME"),
        ("by", f"{_('By')}\nNAME"),
        *(("mail", _("%(about)s: %(what)s") % {"about": about, "what": what}) for what in events),
    ]


def _in_every_language(said: Callable[[], Said]) -> Iterator[Said]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield said()
