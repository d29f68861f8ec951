"""Handing over a focal point's place: one form, for the member's own people and the secretariat."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from members.models import Member, Role, User

from .. import actions
from ..forms.handover import HandOverForm
from .moments import person


def people_of(member: Member, *kinds: str) -> QuerySet[User]:
    """Who acts for the member today in one of these roles and may sign in, by name."""
    held = Role.objects.in_force(timezone.now().date()).filter(member=member)
    held = held.filter(kind__in=kinds or Role.OF_A_MEMBER)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "email")


def form_for(member: Member, sent: Any = None, **initial: Any) -> HandOverForm:
    """The form with the people of the member to choose from; who is disabled may leave too."""
    held = Role.objects.in_force(timezone.now().date()).filter(member=member)
    speak = held.filter(kind=Role.Kind.FOCAL_POINT)
    leaving = User.objects.filter(pk__in=speak.values("user")).order_by("name", "email")
    return HandOverForm(sent, leaving=leaving, colleagues=people_of(member), initial=initial)


def handed(request: HttpRequest, member: Member, form: HandOverForm) -> bool:
    """Hands over as the form says; False, with the reason in the form, where it cannot be done."""
    if not form.is_valid():
        return False
    try:
        n = actions.hand_over(member, **form.cleaned_data, by=person(request), at=timezone.now())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = ngettext(
        "Handed over, with %(n)d question that was asked.",
        "Handed over, with %(n)d questions that were asked.",
        n,
    )
    messages.success(request, words % {"n": n})
    return True


def page(
    request: HttpRequest, member: Member, form: HandOverForm, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    """The page with the form; 400 when it was sent and could not be done."""
    facts = {"member": member, "form": form, "crumbs": crumbs}
    status = 400 if form.is_bound else 200
    return render(request, "reporting/hand_over.html", facts, status=status)
