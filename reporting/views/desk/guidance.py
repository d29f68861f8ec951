"""What writers are told beside a question: the list of clauses, and the guidance on one."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import Commitment
from members import rules
from members.access import access
from members.typed import keeps_typed, put_back

from ... import actions
from ...forms.guidance import GuidanceForm
from ...models import Guidance
from ..moments import person


@access(rules.in_secretariat)
@require_safe
def all_guidance(request: HttpRequest) -> HttpResponse:
    """Every clause that can be asked about, by statement, with whether it has guidance."""
    written = {g.commitment_id: g for g in Guidance.objects.newest() if g.text}
    clauses = Commitment.objects.binding().select_related("statement")
    rows = [{"clause": c, "guidance": written.get(c.pk)} for c in clauses]
    grouped = groupby(rows, lambda row: row["clause"].statement)
    context = {
        "groups": [(str(s), list(of)) for s, of in grouped],
        "count": len(written),
        "own": sum(g.written_by_id is not None for g in written.values()),
        "of": len(rows),
    }
    return render(request, "reporting/desk/all_guidance.html", context)


@keeps_typed
@access(rules.in_secretariat)
@require_http_methods(["GET", "HEAD", "POST"])
def guidance(request: HttpRequest, reference: str) -> HttpResponse:
    """The guidance on one clause; who is slower than another writer is shown both texts (409)."""
    asked = Commitment.objects.binding().select_related("statement")
    clause = get_object_or_404(asked, reference=reference)
    if request.method == "POST":
        return _save(request, clause, GuidanceForm(request.POST))
    last = clause.guidance.last()
    there = {"text": last.text if last else "", "base_number": last.number if last else 0}
    return _page(request, clause, put_back(request, GuidanceForm(initial=there)))


def _save(request: HttpRequest, clause: Commitment, form: GuidanceForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, clause, form, status=400)
    facts = {**form.cleaned_data, "by": person(request), "at": timezone.now()}
    try:
        actions.write_guidance(clause, **facts)
    except actions.GuidanceChanged as changed:
        theirs = changed.theirs
        return _page(request, clause, form.at_number(theirs.number), theirs=theirs, status=409)
    messages.success(request, _("The guidance on %(clause)s is saved.") % {"clause": clause})
    return redirect("desk-guidance-of", clause.reference)


def _page(
    request: HttpRequest,
    clause: Commitment,
    form: GuidanceForm,
    *,
    theirs: Guidance | None = None,
    status: int = 200,
) -> HttpResponse:
    past = clause.guidance.select_related("written_by").order_by("-number")
    context = {"clause": clause, "form": form, "theirs": theirs, "past": past}
    return render(request, "reporting/desk/guidance.html", context, status=status)
