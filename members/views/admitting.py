"""A new member of the alliance, entered at the desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import rules
from ..access import access
from ..actions.records import admit
from ..forms.records import AdmitForm
from ..models import Member


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new member; what it owes follows from the day it joined."""
    form = AdmitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (member := _admitted(request, form)):
        messages.success(request, _("Saved."))
        return redirect("record", member.code)
    status = 400 if form.is_bound else 200
    return render(request, "members/admit.html", {"form": form}, status=status)


def _admitted(request: HttpRequest, form: AdmitForm) -> Member | None:
    facts = dict(form.cleaned_data)
    code, name = facts.pop("code"), facts.pop("name")
    try:
        return admit(code, name, facts, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except ValidationError as error:
        form.add_error(None, error)
        return None
