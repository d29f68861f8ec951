"""What an invited person sees behind the link of the mail."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import actions, rules
from ..access import access, anyone
from ..adapter import home_of
from ..emails import words_in_full
from ..forms import JoinForm
from ..models import Invitation, User


@access(anyone)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Tells what is offered and takes the acceptance; a closed invitation answers 410."""
    if limited := ratelimit.consume_or_429(request, action="accept_invitation"):
        return limited
    rows = Invitation.objects.with_secret(secret).select_related("member", "invited_by")
    offer = get_object_or_404(rows)
    if (state := offer.state_at(timezone.now())) != "open":
        return _closed(request, state)
    if request.user.is_authenticated:
        return _accept(request, offer)
    if User.objects.filter(email=offer.email).exists():
        return _show(request, offer, "invitation_sign_in")
    return _join(request, offer)


def _accept(request: HttpRequest, offer: Invitation) -> HttpResponse:
    """For a signed-in person: one button, and nothing for anybody but the one invited."""
    if not rules.can_take_up(request.user, offer):
        return _show(request, offer, "invitation_wrong_person", status=403)
    if request.method != "POST":
        return _show(request, offer, "invitation_accept")
    try:
        actions.accept_invitation(offer, by=request.user, at=timezone.now())
    except actions.Closed as closed:
        return _closed(request, closed.state)
    return redirect(home_of(request.user))


def _join(request: HttpRequest, offer: Invitation) -> HttpResponse:
    """For a person who is new here: name, time zone, password; then straight in."""
    initial = {"language": offer.language, "time_zone": "UTC"}
    person = User(email=offer.email)
    sent = request.POST if request.method == "POST" else None
    form = JoinForm(sent, instance=person, initial=initial)
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return _show(request, offer, "invitation_join", form=form, status=status)
    try:
        user = actions.join(offer, at=timezone.now(), **form.cleaned_data)
    except actions.Closed as closed:
        return _closed(request, closed.state)
    return perform_password_login(request, {"email": user.email}, Login(user=user))


def _show(
    request: HttpRequest, offer: Invitation, page: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"offer": offer, "what": words_in_full(offer), **more}
    return render(request, f"members/{page}.html", context, status=status)


def _closed(request: HttpRequest, state: str) -> HttpResponse:
    return render(request, "members/invitation_closed.html", {"state": state}, status=410)
