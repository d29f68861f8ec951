"""The queue of reports: which wait where, for how long, and who reviews them; also as a file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import orjson
from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import Question, asking
from members.languages import said
from members.models import Member
from members.text import fold, normalise
from members.views.lists import paged

from ...models import Cycle, Report
from ...tables.columns import Column
from .files import as_file
from .members import called

QUEUES = {
    "": gettext_lazy("All reports"),
    "waiting": gettext_lazy("To review"),
    "in_review": gettext_lazy("Under review"),
    "unconfirmed": gettext_lazy("Entered, not confirmed by the member"),
    "returned": gettext_lazy("Returned"),
    "previewed": gettext_lazy("Accepted, the member is looking"),
    "objected": gettext_lazy("Accepted, the member objects"),
    "publishable": gettext_lazy("To publish"),
    "withdrawn": gettext_lazy("Withdrawn from publication"),
}
REVIEWERS = {
    "": gettext_lazy("Anyone"),
    "mine": gettext_lazy("I review it"),
    "nobody": gettext_lazy("nobody yet"),
}
ORDERS = {
    "": gettext_lazy("longest waiting first"),
    "newest": gettext_lazy("newest first"),
    "code": gettext_lazy("by code"),
}
COLUMNS = [
    Column("report", gettext_lazy("Report")),
    Column("cycle", gettext_lazy("Round")),
    Column("member", gettext_lazy("Member")),
    Column("name", gettext_lazy("Name")),
    Column("state", gettext_lazy("State")),
    Column("state_in_words", gettext_lazy("State in words")),
    Column("since", gettext_lazy("Since")),
    Column("days", gettext_lazy("Days waited"), type="integer"),
    Column("reviewer", gettext_lazy("Reviewer")),
    Column("synthetic", gettext_lazy("Synthetic"), type="boolean"),
]


class QueueQuestion(Question):
    """Which reports to list."""

    q = forms.CharField(label=gettext_lazy("Name or code"), max_length=100, required=False)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label=gettext_lazy("Round"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All rounds"),
    )
    queue = forms.ChoiceField(
        label=gettext_lazy("Which"), required=False, choices=list(QUEUES.items())
    )
    reviewer = forms.ChoiceField(
        label=gettext_lazy("Reviewer"), required=False, choices=list(REVIEWERS.items())
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"), required=False, choices=list(ORDERS.items())
    )
    page = forms.IntegerField(
        min_value=1, max_value=10**6, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.begun(timezone.now().date())  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        return normalise(self.cleaned_data["q"])

    def reports(self, person: Any) -> Any:
        """The reports asked for with `since`, in the order asked for."""
        found = Report.objects.aged().select_related("cycle", "member", "reviewer")
        if queue := self.cleaned_data["queue"]:
            found = getattr(found, queue)(timezone.now())
        if cycle := self.cleaned_data["cycle"]:
            found = found.filter(cycle=cycle)
        if whose := self.cleaned_data["reviewer"]:
            found = found.of_reviewer(person) if whose == "mine" else found.of_nobody()
        if words := self.cleaned_data["q"]:
            found = found.filter(member__in=called(fold(words)))
        return found.order_by(*self._order(), "member__code")

    def _order(self) -> list[Any]:
        """Within a round by how long they wait, or over all rounds the newest first, or by code."""
        since = F("since")
        orders: dict[str, list[Any]] = {
            "": ["-cycle__code", since.asc(nulls_last=True)],
            "newest": [since.desc(nulls_last=True), "-cycle__code"],
            "code": ["member__code", "-cycle__code"],
        }
        return orders[self.cleaned_data["sort"]]


@access(rules.in_secretariat)
@require_safe
@asking(QueueQuestion)
def reviews(request: HttpRequest, form: QueueQuestion) -> HttpResponse:
    """The reports asked for with their state, how long they wait, and who reviews them."""
    there = paged(request, form.reports(request.user), form.cleaned_data["page"])
    context = {"form": form, "rows": rows_of(there["page"], timezone.now()), **there}
    return render(request, "reporting/desk/reviews.html", context)


@access(rules.in_secretariat)
@require_safe
@asking(QueueQuestion)
def reviews_file(request: HttpRequest, form: QueueQuestion, ending: str) -> HttpResponseBase:
    """The same reports as a file, all of them."""
    found = form.reports(request.user)
    lines, synthetic = _lines(found, timezone.now()), found.filter(synthetic=True).exists()
    return as_file("reviews", ending, lines, COLUMNS, synthetic=synthetic)


def _state(report: Any) -> Any:
    """The state of an `aged` report in a word, told apart where a reviewer does something else."""
    if report.state == Report.State.SUBMITTED and report.review_started_at:
        return _("Under review")
    if report.objected_at:
        return _("Accepted, the member objects")
    if _is_withdrawn(report):
        return _("Withdrawn from publication")
    return report.get_state_display()


def _is_withdrawn(report: Any) -> bool:
    return report.state == Report.State.ACCEPTED and bool(report.withdrawn_because)


def rows_of(found: Any, now: dt.datetime) -> list[dict[str, Any]]:
    """A row for each of these `aged` reports, with the days that it has waited where it is."""
    names = {m.pk: said(m.display_name) for m in Member.objects.named(now.date())}
    return [
        {
            "report": r,
            "name": names[r.member_id],
            "state": _state(r),
            "withdrawn": _is_withdrawn(r),
            "days": waited(r.since, now),
            "reviewer": r.reviewer
            or (_("nobody yet") if r.state == Report.State.SUBMITTED else "–"),
        }
        for r in found
    ]


def waited(since: dt.datetime | None, now: dt.datetime) -> int | None:
    """The whole days between; None where nothing waits."""
    return (now - since).days if since else None


def _lines(found: Any, now: dt.datetime) -> Iterator[bytes]:
    for row in rows_of(found, now):
        one = row["report"]
        yield orjson.dumps(
            {
                "report": one.code,
                "cycle": one.cycle.code,
                "member": one.member.code,
                "name": row["name"],
                "state": one.state,
                "state_in_words": str(row["state"]),
                "since": f"{one.since:%Y-%m-%d}" if one.since else "",
                "days": row["days"],
                "reviewer": str(one.reviewer or ""),
                "synthetic": one.synthetic,
            }
        )
