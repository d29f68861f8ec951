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
from .names import WHY, suggestions


@access(rules.keeps_reference_data)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new member; what it owes follows from the day it joined.

    Where its name may mean a member that is there, a person is asked first.
    """
    form = AdmitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (member := _admitted(request, form)):
        messages.success(request, _("Saved."))
        return redirect("record", member.code)
    like = suggestions(str(form["name"].value() or "")) if form.is_bound else []
    context = {"form": form, "like": [(one, WHY[one.why]) for one in like]}
    return render(request, "members/admit.html", context, status=400 if form.is_bound else 200)


def _admitted(request: HttpRequest, form: AdmitForm) -> Member | None:
    """The new member; none where its name may mean another and nobody has said it does not."""
    facts = dict(form.cleaned_data)
    code, name, apart = facts.pop("code"), facts.pop("name"), facts.pop("apart")
    if not apart and suggestions(name):
        form.add_error("apart", _("The register has a member that this name may mean."))
        return None
    try:
        return admit(code, name, facts, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except ValidationError as error:
        form.add_error(None, error)
        return None
