"""The secretariat's page of members that are frozen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions, rules
from ..access import access
from ..forms import FreezeForm
from ..models import Freeze
from ..proof import fresh_factor

SHOWN = 50


@access(rules.manages_people)
@fresh_factor(gettext_lazy("Freeze the member"))
@require_http_methods(["GET", "HEAD", "POST"])
def freezes(request: HttpRequest) -> HttpResponse:
    """Which members are frozen, or were, and a form that freezes one."""
    form = FreezeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.freeze(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("%(code)s is frozen.") % {"code": made.member.code})
            return redirect("freezes")
        except actions.Closed:
            form.add_error("member", _("This member is frozen already."))
    rows = Freeze.objects.select_related("member", "by", "lifted_by")
    context = {
        "form": form,
        "frozen": rows.filter(until__isnull=True),
        "before": rows.filter(until__isnull=False)[:SHOWN],
    }
    return render(request, "members/freezes.html", context, status=400 if form.errors else 200)


@access(rules.manages_people)
@fresh_factor(gettext_lazy("Lift the freeze"))
@require_POST
def unfreeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets the people of a member write again."""
    lifted = actions.unfreeze(get_object_or_404(Freeze, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("%(code)s is free again.") % {"code": lifted.member.code})
    return redirect("freezes")
