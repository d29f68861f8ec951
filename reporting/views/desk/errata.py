"""Where the secretariat says what was published wrong."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.access import access
from members.typed import keeps_typed, put_back

from ... import actions, rules
from ...forms import ErratumForm
from ...models import Erratum
from ..moments import person


@keeps_typed
@access(rules.can_publish_errata)
@require_http_methods(["GET", "HEAD", "POST"])
def errata(request: HttpRequest) -> HttpResponse:
    """The form of an entry, and the entries that are public."""
    form = put_back(request, ErratumForm(request.POST if request.method == "POST" else None))
    if request.method == "POST" and form.is_valid() and (entry := _publish(request, form)):
        return redirect(f"{reverse('errata')}#e{entry.number}")
    entries = Erratum.objects.select_related("corrects").prefetch_related("corrected_by")
    context: dict[str, Any] = {"form": form, "entries": entries}
    status = 400 if request.method == "POST" else 200
    return render(request, "reporting/desk/errata.html", context, status=status)


def _publish(request: HttpRequest, form: ErratumForm) -> Erratum | None:
    """The entry; or None, and what the action refuses stands beside its field."""
    on, synthetic = timezone.now().date(), settings.DEMO
    try:
        return actions.publish_erratum(
            by=person(request), on=on, synthetic=synthetic, **form.said()
        )
    except forms.ValidationError as error:
        form.add_error(None, error)
        return None
