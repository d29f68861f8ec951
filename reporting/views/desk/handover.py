"""The secretariat hands over for a focal point who left without doing it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from members import rules
from members.access import access
from members.models import Member
from members.proof import fresh_factor

from .. import handing_over


@access(rules.manages_people)
@fresh_factor(gettext_lazy("Hand over"))
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a focal point's place and what it held to a colleague of the same member."""
    member = get_object_or_404(Member.objects.named(timezone.now().date()), code=code)
    form = handing_over.form_for(member, request.POST if request.method == "POST" else None)
    if request.method == "POST" and handing_over.handed(request, member, form):
        return redirect("record-contacts", code)
    crumbs = [
        (reverse("desk-members"), _("Members")),
        (reverse("record-contacts", args=[code]), member.display_name),
    ]
    return handing_over.page(request, member, form, crumbs)
