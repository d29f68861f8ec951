"""Setting up and removing a second factor: django-allauth's pages, with our record of it."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import actions, proof, rules
from ..access import access
from ..adapter import home_of


def _set_up(request: HttpRequest, way: str) -> None:
    """Who has just used a new factor has proved it, in this session."""
    person: Any = request.user
    actions.record_factor("second factor set up", by=person, way=way, at=timezone.now())
    record_authentication(request, person, "mfa", type=way, reauthenticated=True)


def _removed(request: HttpRequest, way: str) -> None:
    """Without any factor left, no session has proved anything, and the others end."""
    person: Any = request.user
    now = timezone.now()
    actions.record_factor("second factor removed", by=person, way=way, at=now)
    if not proof.has_factor(person):
        proof.forget(request)
        actions.end_sessions(person, by=person, at=now, but=request.session.session_key or "")


class SetUpApp(ActivateTOTPView):
    """An authenticator app."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _set_up(self.request, "totp")
        return answer


class RemoveApp(DeactivateTOTPView):
    """The app goes."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _removed(self.request, "totp")
        return answer


class AddPasskey(AddWebAuthnView):
    """A passkey, or a key that is plugged in."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _set_up(self.request, "webauthn")
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """One passkey goes."""

    success_url = "/accounts/second-factor/"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _removed(self.request, "webauthn")
        return answer


@access(rules.signed_in)
@require_safe
@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """What a person had begun before it proved itself: on to the page, or one more press."""
    begun = proof.begun(request)
    home = home_of(request.user)  # type: ignore[arg-type]
    if begun is None:
        return redirect(home)
    if proof.is_lacking(request):
        return redirect("mfa_index")
    if not begun["posted"]:
        return redirect(begun["path"])
    return render(request, "members/go_on.html", {"begun": begun, "home": home})
