"""Is an acknowledgement genuine? Asked by whoever holds it; nobody else learns anything."""

import datetime as dt
import hmac

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.access import access, anyone
from members.text import normalise

from ...forms import VerifyForm
from ...models import PublishedReport, Report, Version

TIMES = ("%d %B %Y, %H:%M:%S", "%d %B %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
CURRENT, EARLIER, RECALLED, UNKNOWN = "current", "earlier", "recalled", "unknown"


@access(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and one of four answers. All that is not genuine gets the same one."""
    if request.method != "POST":
        return render(request, "reporting/verify.html", {"form": VerifyForm()})
    typed = {name: _plain(request.POST.get(name, "")) for name in VerifyForm.base_fields}
    context = {"form": VerifyForm(initial=typed), "verdict": verdict(**typed)}
    return render(request, "reporting/verify.html", context)


def verdict(reference: str, version: str, sha256: str) -> str:
    """current, earlier (a later version was submitted), recalled, or unknown for everything else.

    One query and one comparison at least, whether or not there is such a report.
    """
    versions = _versions(reference.upper())
    given = "".join(sha256.lower().split()).encode()
    genuine = [v for v in versions or [Version(sha256="")] if _same(v, given)]
    named = [v for v in genuine if _is_named(v, version)]
    if not named:
        return UNKNOWN
    if _is_recalled(versions[-1]):
        return _beside_a_recall(named[-1], versions)
    return CURRENT if named[-1] == versions[-1] else EARLIER


def _versions(code: str) -> list[Version]:
    """Every version of the report, each with `was_published`."""
    published = PublishedReport.objects.filter(
        cycle=OuterRef("report__cycle__code"),
        member=OuterRef("report__member__code"),
        version=OuterRef("number"),
    )
    found = Version.objects.filter(report__in=Report.objects.coded(code)).order_by("number")
    return list(found.annotate(was_published=Exists(published)).select_related("report"))


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


def _is_named(version: Version, typed: str) -> bool:
    """Is this the number of the version, or the second in which it was submitted?"""
    said = typed.lower().removeprefix("version").strip()
    if said == str(version.number):
        return True
    submitted = version.submitted_at.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
    return _time(said) == submitted


def _time(said: str) -> dt.datetime | None:
    said = said.removesuffix("utc").strip().removesuffix("z").removesuffix("+00:00").upper()
    for form in TIMES:
        try:
            return dt.datetime.strptime(said, form)  # noqa: DTZ007 - UTC, as the receipt says
        except ValueError:
            continue
    return None


def _plain(text: str) -> str:
    """The text in one line; empty where it holds what no acknowledgement does."""
    try:
        return " ".join(normalise(text[:200]).split())
    except ValidationError:
        return ""
