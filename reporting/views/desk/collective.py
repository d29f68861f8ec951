"""What became of the clauses that the alliance owes as a whole, by round."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Commitment
from members import rules
from members.access import access
from members.proof import fresh_factor
from members.typed import keeps_typed, put_back

from ... import actions
from ... import rules as reporting_rules
from ...forms import PublishForm, WithdrawForm
from ...forms.collective import CollectiveForm
from ...models import CollectiveProgress, Cycle, PublishedCollective
from ...workflow import WrongMoment
from ..moments import at_the_right_moment, person


@access(rules.in_secretariat)
@require_safe
def all_collective(request: HttpRequest) -> HttpResponse:
    """Every collective clause in every round that has opened, with what is written and shown."""
    clauses = list(_clauses())
    shown = {(p.cycle, p.commitment): p for p in PublishedCollective.objects.shown()}
    newest = {(v.cycle_id, v.commitment_id): v for v in CollectiveProgress.objects.all()}
    rounds = Cycle.objects.begun(timezone.now().date()).order_by("-code")
    groups = [
        (
            cycle,
            [
                (c, newest.get((cycle.pk, c.pk)), shown.get((cycle.code, c.reference)))
                for c in clauses
            ],
        )
        for cycle in rounds
    ]
    return render(request, "reporting/desk/all_collective.html", {"groups": groups})


@keeps_typed
@access(rules.in_secretariat)
@require_http_methods(["GET", "HEAD", "POST"])
def collective(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """One clause in one round; who is slower than another writer is shown both texts (409)."""
    cycle, clause = _found(code, reference)
    if request.method == "POST":
        return _save(request, cycle, clause, CollectiveForm(request.POST))
    last = _versions(cycle, clause).last()
    form = CollectiveForm(initial=CollectiveForm.initial_of(last))
    return _page(request, cycle, clause, put_back(request, form))


def _clauses() -> Any:
    return Commitment.objects.leaves().filter(duty="collective").select_related("statement")


def _found(code: str, reference: str) -> tuple[Cycle, Commitment]:
    cycle = get_object_or_404(Cycle.objects.begun(timezone.now().date()), code=code)
    return cycle, get_object_or_404(_clauses(), reference=reference)


def _versions(cycle: Cycle, clause: Commitment) -> Any:
    return CollectiveProgress.objects.filter(cycle=cycle, commitment=clause).order_by("number")


def _save(
    request: HttpRequest, cycle: Cycle, clause: Commitment, form: CollectiveForm
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, cycle, clause, form, status=400)
    facts = {"base_number": form.cleaned_data["base_number"], "synthetic": settings.DEMO}
    facts |= {"by": person(request), "at": timezone.now()}
    try:
        actions.write_collective(clause, cycle, form.said(), **facts)
    except actions.CollectiveChanged as changed:
        again = form.at_number(changed.theirs.number)
        return _page(request, cycle, clause, again, theirs=changed.theirs, status=409)
    messages.success(request, _("Saved. It is public once it is published."))
    return redirect("desk-collective", cycle.code, clause.reference)


@access(reporting_rules.can_announce)
@fresh_factor(gettext_lazy("Publish"))
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def publish_collective(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """Publishes the newest version from a day that is not in the future."""
    cycle, clause = _found(code, reference)
    if request.method != "POST":
        return redirect("desk-collective", cycle.code, clause.reference)
    version = _versions(cycle, clause).filter(number=_number(request)).first()
    if version is None:
        raise WrongMoment(_("There is no such version."))
    form = PublishForm(request.POST, auto_id="id_publish_%s")
    if form.is_valid() and _published(request, version, form):
        messages.success(request, _("Published."))
        return redirect("desk-collective", cycle.code, clause.reference)
    last = CollectiveForm(initial=CollectiveForm.initial_of(version))
    return _page(request, cycle, clause, last, publish=form, status=400)


@access(reporting_rules.can_announce)
@fresh_factor(gettext_lazy("Withdraw from publication"))
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_right_moment
def withdraw_collective(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """Ends what is public of the clause in this round, with a public note."""
    cycle, clause = _found(code, reference)
    if request.method != "POST":
        return redirect("desk-collective", cycle.code, clause.reference)
    form = WithdrawForm(request.POST, auto_id="id_withdraw_%s")
    if form.is_valid() and _withdrawn(request, cycle, clause, form):
        messages.success(request, _("Withdrawn."))
        return redirect("desk-collective", cycle.code, clause.reference)
    last = CollectiveForm(initial=CollectiveForm.initial_of(_versions(cycle, clause).last()))
    return _page(request, cycle, clause, last, withdraw=form, status=400)


def _withdrawn(request: HttpRequest, cycle: Cycle, clause: Commitment, form: Any) -> bool:
    try:
        actions.withdraw_collective(clause, cycle, by=person(request), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _number(request: HttpRequest) -> int:
    """The version that its reader saw."""
    number = request.POST.get("number", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def _published(request: HttpRequest, version: CollectiveProgress, form: Any) -> bool:
    try:
        actions.publish_collective(version, by=person(request), on=form.cleaned_data["on"])
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


def _page(
    request: HttpRequest,
    cycle: Cycle,
    clause: Commitment,
    form: CollectiveForm,
    *,
    theirs: CollectiveProgress | None = None,
    publish: Any = None,
    withdraw: Any = None,
    status: int = 200,
) -> HttpResponse:
    past = list(_versions(cycle, clause).select_related("written_by").order_by("-number"))
    key = {"cycle": cycle.code, "commitment": clause.reference}
    shown = PublishedCollective.objects.shown().filter(**key).first()
    unpublished = past and (shown is None or shown.version != past[0].number)
    may = reporting_rules.can_announce(request.user)
    context = {"cycle": cycle, "clause": clause, "form": form, "theirs": theirs, "past": past}
    context |= {"shown": shown, "last": past[0] if past else None}
    context |= {
        "publish": (publish or PublishForm(auto_id="id_publish_%s")) if may and unpublished else "",
        "withdraw": (withdraw or WithdrawForm(auto_id="id_withdraw_%s")) if may and shown else "",
        "withdrawn": _last_withdrawn(key) if not shown else None,
    }
    return render(request, "reporting/desk/collective.html", context, status=status)


def _last_withdrawn(key: dict[str, str]) -> PublishedCollective | None:
    """What was taken back last, where it is what was public last."""
    last = PublishedCollective.objects.filter(**key).order_by("shown_until", "pk").last()
    return last if last and last.withdrawn_because else None
