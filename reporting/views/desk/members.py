"""The secretariat's list of members, and the same list as a file."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models import F as Field
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import knows
from members.models import Member, Name, Role, Suspension
from members.text import fold
from members.views.lists import paged

from ...forms.members import MembersForm
from ...tables.columns import Column
from .files import as_file

# The columns of the registry's own file come first, under the same names, so that a file that
# was taken out can be corrected and brought in again.
COLUMNS = [
    Column(code, label)
    for code, label in [
        ("code", _("Code")),
        ("kind", _("Kind")),
        ("region", _("Region")),
        ("region_source", _("Source of the region")),
        ("part_of", _("Part of")),
        ("reports_through", _("Reports through")),
        ("joined_on", _("Joined on")),
        ("joined_source", _("Source of the joining")),
        ("left_on", _("Left on")),
        ("left_source", _("Source of the leaving")),
        ("note", _("Note on the name")),
        ("name", _("Name")),
    ]
]
COPIED = [column.code for column in COLUMNS if column.code not in ("part_of", "reports_through")]


@access(rules.in_secretariat)
@knows(*MembersForm.base_fields)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The members asked for, a page at a time."""
    form = MembersForm(request.GET)
    status = 200 if form.is_valid() else 400
    return render(request, "reporting/desk/members.html", _page(request, form), status=status)


@access(rules.in_secretariat)
@knows(*MembersForm.base_fields)
@require_safe
def members_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """All the members asked for, in the form in which they can be imported."""
    form = MembersForm(request.GET)
    if not form.is_valid():
        return render(request, "reporting/desk/members.html", _page(request, form), status=400)
    lines = _lines(found_by(form, timezone.now().date()))
    return as_file("members", ending, lines, COLUMNS)


def found_by(form: MembersForm, day: dt.date) -> QuerySet[Member]:
    """The members that fit the form, in its order; none when it makes no sense."""
    if not form.is_valid():
        return Member.objects.none()
    asked, found = form.cleaned_data, Member.objects.named(day)
    for name in ("kind", "region"):
        if asked[name]:
            found = found.filter(**{name: asked[name]})
    if asked["group"]:
        places = asked["group"].places.in_force(day)
        found = found.filter(pk__in=places.values("member"))
    if asked["q"]:
        found = found.filter(pk__in=called(fold(asked["q"])))
    if asked["standing"]:
        found = STANDINGS[asked["standing"]](found, day)
    orders = {
        "": ("display_name",),
        "code": (),
        "joined": (Field("joined_on").desc(nulls_last=True),),
    }
    return found.order_by(*orders[asked["sort"]], "code")


def called(words: str) -> set[int]:
    """The members with a name, printed ones and former ones too, or a code that holds these words.

    Folded here, because the database has no rules for accents (one query, some names a member).
    """
    names = Name.objects.values_list("member_id", "text")
    codes = Member.objects.values_list("pk", "code")
    return {pk for pk, text in [*names, *codes] if words in fold(text)}


def _without(day: dt.date, kind: str) -> Exists:
    times = Suspension.objects.in_force(day).filter(kind=kind)
    return Exists(times.filter(member=OuterRef("pk")))


STANDINGS: dict[str, Callable[[Any, dt.date], Any]] = {
    "member": lambda found, day: found.on(day).exclude(pk__in=found.suspended(day)),
    "suspended": lambda found, day: found.on(day).suspended(day),
    "left": lambda found, day: found.gone(day),
    "unreachable": lambda found, day: found.unreachable(day),
}


def _page(request: HttpRequest, form: MembersForm) -> dict[str, Any]:
    day = timezone.now().date()
    held = Role.objects.in_force(day).filter(user__is_active=True).select_related("user")
    found = found_by(form, day).annotate(
        rests=_without(day, Suspension.Kind.RESTS), away=_without(day, Suspension.Kind.AWAY)
    )
    found = found.prefetch_related(Prefetch("people", held, to_attr="held"))
    there = paged(request, found, form.cleaned_data.get("page"))
    rows = [{"member": one, "standing": _standing(one, day)} for one in there["page"]]
    return {"form": form, "rows": rows, **there}


def _standing(member: Any, day: dt.date) -> Any:
    if member.away or (member.left_on and member.left_on <= day):
        return _("has left")
    return _("suspended") if member.rests else _("member")


def _lines(found: Iterable[Member]) -> Iterator[bytes]:
    for member in found.select_related("part_of", "reports_through"):  # type: ignore[attr-defined]
        row = {name: getattr(member, "display_name" if name == "name" else name) for name in COPIED}
        row |= {
            "part_of": member.part_of.code if member.part_of else "",
            "reports_through": member.reports_through.code if member.reports_through else "",
        }
        yield orjson.dumps({column.code: row[column.code] for column in COLUMNS})
