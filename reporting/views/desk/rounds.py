"""A round as the secretariat sees it: where each member stands, extensions, the announcement."""

import datetime as dt
from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from members import rules
from members.access import access
from members.models import Member
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ... import actions
from ... import rules as reporting_rules
from ...deadlines import timeliness
from ...forms.extensions import ExtensionForm
from ...models import Cycle, Extension, ExtensionRequest, Report
from ...rounds import expected_members
from ..moments import at_the_right_moment, done, person, posted


def _cycle(code: str) -> Cycle:
    return get_object_or_404(Cycle.objects.collected(), code=code)


@access(rules.in_secretariat)
@require_safe
def desk_rounds(request: HttpRequest) -> HttpResponse:
    """Every round collected here, the newest first, with how many reports of it stand where."""
    counts: dict[int, Counter[str]] = {}
    for row in Report.objects.values("cycle", "state").annotate(n=Count("pk")).order_by():
        counts.setdefault(row["cycle"], Counter())[row["state"]] = row["n"]
    states = [(state.value, state.label) for state in Report.State]
    rows = [
        (cycle, [(label, counts.get(cycle.pk, Counter())[state]) for state, label in states])
        for cycle in Cycle.objects.collected().order_by("-code")
    ]
    context = {"rows": rows, "states": states, "today": timezone.now().date()}
    return render(request, "reporting/desk/rounds.html", context)


@access(rules.in_secretariat)
@require_safe
def desk_round(request: HttpRequest, code: str) -> HttpResponse:
    """Every member of whom a report is expected or from whom one came, and how it stands."""
    cycle, now = _cycle(code), timezone.now()
    rows = _rows(cycle, now)
    context = {
        "cycle": cycle,
        "rows": rows,
        "standings": _both_ways(rows),
        **_announcement(request, cycle, now.date()),
        "can_extend": reporting_rules.can_announce(request.user),
    }
    return render(request, "reporting/desk/round.html", context)


def _announcement(request: HttpRequest, cycle: Cycle, on: dt.date) -> dict[str, Any]:
    """How far the announcement is: the members are told, and some days later everyone."""
    told, may = actions.told_on(cycle), reporting_rules.can_announce(request.user)
    return {
        "told_on": told,
        "announce_from": actions.announcement_from(cycle, told),
        "can_tell": may and actions.can_be_told(cycle, told, on),
        "can_announce": may and actions.can_be_announced(cycle, told, on),
        "announce_if_told": actions.announcement_from(cycle, on),
    }


def _rows(cycle: Cycle, now: dt.datetime) -> list[dict[str, Any]]:
    """One row a member, in four queries however many there are."""
    expected = set(expected_members(cycle).values_list("pk", flat=True))
    reports = {r.member_id: r for r in Report.objects.filter(cycle=cycle)}
    extensions = {e.member_id: e for e in Extension.objects.in_force().filter(cycle=cycle)}
    listed = expected | set(reports) | set(extensions)
    members = Member.objects.named(now.date()).filter(pk__in=listed)
    rows = [
        {
            "member": member,
            "report": reports.get(member.pk),
            "code": f"{cycle.code}-{member.code}",
            "extension": extensions.get(member.pk),
            "timeliness": _standing(cycle, member, expected, reports, extensions, now),
            "by_own_date": _standing(cycle, member, expected, reports, {}, now),
        }
        for member in members
    ]
    return sorted(rows, key=lambda row: row["member"].display_name.casefold())


def _both_ways(rows: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    """How many members of each kind stand how: by the dates decided, and by the round's own."""
    decided, own = (
        Counter((row["member"].kind, row[key]) for row in rows)
        for key in ("timeliness", "by_own_date")
    )
    return [(*group, decided[group], own[group]) for group in sorted(decided | own)]


def _standing(
    cycle: Cycle,
    member: Member,
    expected: set[int],
    reports: dict[int, Report],
    extensions: dict[int, Extension],
    now: dt.datetime,
) -> str:
    report, extension = reports.get(member.pk), extensions.get(member.pk)
    return timeliness(
        first_submitted_at=report.first_submitted_at if report else None,
        due_on=cycle.due_on,
        extended_due_on=extension.due_on if extension else None,
        closes_on=cycle.closes_on,
        excused=bool(extension and extension.due_on is None),
        expected=member.pk in expected,
        now=now,
    )


@access(reporting_rules.can_announce)
@posted("desk-round")
@at_the_right_moment
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """Tells each member what will be public of it, and from when."""
    on = timezone.now().date()
    actions.tell_members(_cycle(code), by=person(request), on=on, synthetic=settings.DEMO)
    words = _("The members are told by mail what will be public of round %(code)s.")
    return done(request, words % {"code": code}, "desk-round", code)


@access(reporting_rules.can_announce)
@fresh_factor(gettext_lazy("Announce the receipts"))
@posted("desk-round")
@at_the_right_moment
def announce(request: HttpRequest, code: str) -> HttpResponse:
    """Makes public who reported in the round, and whether in time."""
    on = timezone.now().date()
    actions.announce_receipts(_cycle(code), by=person(request), on=on, synthetic=settings.DEMO)
    words = _("The receipts of round %(code)s are announced.")
    return done(request, words % {"code": code}, "desk-round", code)


@keeps_typed
@access(reporting_rules.can_announce)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def extension(request: HttpRequest, code: str, member: str) -> HttpResponse:
    """Decides that a member reports later in this round, or is excused from it."""
    cycle, posts = _cycle(code), request.method == "POST"
    whom = get_object_or_404(Member.objects.named(timezone.now().date()), code=member)
    decided = Extension.objects.filter(cycle=cycle, member=whom).first()
    form = ExtensionForm(request.POST if posts else None, decided=decided, cycle=cycle)
    put_back(request, form)
    asks = form.is_valid() and form.is_excuse and "sure" not in request.POST
    if form.is_valid() and not asks and _decide(request, cycle, whom, form):
        words = _("The decision on %(member)s is recorded.")
        return done(request, words % {"member": whom.code}, "desk-round", code)
    facts = {"decided": decided, "asks": asks, "asked": _waiting(cycle, whom)}
    context = {"cycle": cycle, "member": whom, "form": form, **facts}
    status = 400 if form.errors else 200
    return render(request, "reporting/desk/extension.html", context, status=status)


def _waiting(cycle: Cycle, member: Member) -> ExtensionRequest | None:
    """What the member asks for and nobody has decided yet."""
    return ExtensionRequest.objects.filter(cycle=cycle, member=member, granted=None).first()


def _decide(request: HttpRequest, cycle: Cycle, member: Member, form: ExtensionForm) -> bool:
    """Whether the decision was kept; what the action refuses stands beside its field."""
    facts = {"by": person(request), "on": timezone.now().date(), "synthetic": settings.DEMO}
    facts["reason"] = form.cleaned_data["reason"]
    try:
        if form.takes_back:
            actions.take_back_extension(cycle, member, **facts)
        else:
            due_on = form.cleaned_data["due_on"]
            actions.decide_extension(cycle, member, due_on=due_on, **facts)
    except forms.ValidationError as error:
        form.add_error(None, error)
        return False
    return True
