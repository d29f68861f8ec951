"""How a session has proved whose it is: with a second factor, and lately.

Whoever may write has proved both, password and second factor, before anything is written; and
for the gravest steps (`fresh_factor`) the second one within the last minutes. What was proved is
read from the session, where django-allauth records it, and costs no query. What a person had
begun is kept in the session meanwhile and offered again afterwards (`members.views.proof`).
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from . import rules
from .typed import is_secret

View = TypeVar("View", bound=Callable[..., Any])

BEGAN, SEEN = "began", "seen"
SESSION = dt.timedelta(hours=settings.SESSION_HOURS)
BEGUN = "begun_before_proof"
BEGUN_LIMIT = 60_000  # characters; more than any form of this site takes
READS = ("GET", "HEAD")
# What concerns one's own account alone; else nobody could ever set up a factor.
OWN = (rules.signed_in, rules.keeps_own_sign_in)


def session_ends(request: HttpRequest) -> dt.datetime | None:
    """When this session ends if nothing more is asked in it; None where it has not begun.

    However busy its person is it lasts SESSION_HOURS; unused, SESSION_IDLE_MINUTES.
    """
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if not began:
        return None
    ends = dt.datetime.fromisoformat(began) + SESSION
    idle = dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return min(ends, dt.datetime.fromisoformat(seen) + idle) if seen else ends


def use_session(request: HttpRequest, *, at: dt.datetime) -> None:
    """Keeps when the session was last used, to the minute: not every request writes a row."""
    seen = request.session.get(SEEN)
    if not seen or at - dt.datetime.fromisoformat(seen) > dt.timedelta(minutes=1):
        request.session[SEEN] = at.isoformat()


def begin_session(request: HttpRequest, *, at: dt.datetime, anew: bool = False) -> None:
    """Keeps when the session began; `anew` where its person has just proved itself again."""
    if anew or BEGAN not in request.session:
        request.session[BEGAN] = at.isoformat()


def fresh_factor(doing: Any) -> Callable[[View], View]:
    """Declares that what is posted to a view needs a fresh factor; `doing` names the step."""

    def declare(view: View) -> View:
        view.needs_fresh_factor = doing  # type: ignore[attr-defined]
        return view

    return declare


def is_required_of(person: Any) -> bool:
    """Whether the person needs a second factor: everyone who may write, but for the demonstration.

    Demonstration persons are shared and have no password either; they are there with DEMO=1 alone.
    """
    asked = settings.SECOND_FACTOR and rules.may_write(person)
    return asked and not person.is_demonstration


def is_lacking(request: HttpRequest) -> bool:
    """Whether this session still owes the second factor that its person needs."""
    person = getattr(request, "user", None)
    return is_required_of(person) and not any(_factors(request))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved itself within `FRESH_FACTOR_MINUTES`, as strictly as it has to."""
    if getattr(request.user, "is_demonstration", False):
        return True
    proofs = _factors(request) if is_required_of(request.user) else _records(request)
    return any(time.time() - one["at"] < settings.FRESH_FACTOR_MINUTES * 60 for one in proofs)


def begun(request: HttpRequest) -> dict[str, Any] | None:
    """What this person had begun before it proved itself; another person's is thrown away."""
    found = request.session.get(BEGUN)
    if found and found["of"] != request.user.pk:
        del request.session[BEGUN]
        return None
    return found


def has_factor(person: Any) -> bool:
    """Whether the person has set up an app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists()


def forget(request: HttpRequest) -> None:
    """Takes back what this session proved with a factor that is no more."""
    kept = [one for one in _records(request) if one["method"] != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def step_before(request: HttpRequest, view: Callable[..., Any], rule: Any) -> HttpResponse | None:
    """The way to what has to be proved before this view answers; None when nothing has.

    A member's people may read before they have a second factor. In the secretariat everybody's
    drafts and addresses can be read, so nothing is shown there without it.
    """
    grave = hasattr(view, "needs_fresh_factor") and request.method not in READS
    if is_owed(request, rule) or (grave and not is_fresh(request)):
        return _prove(request, view)
    return None


def is_owed(request: HttpRequest, rule: Any) -> bool:
    """Whether a second factor has to be proved before anything behind this rule answers."""
    if rule in OWN or not is_lacking(request):
        return False
    return request.method not in READS or rules.in_secretariat(request.user)


def _prove(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse:
    """Keeps what the person had begun, and leads to the page where it proves itself."""
    keep(request, getattr(view, "needs_fresh_factor", ""))
    back = reverse("go-on")
    if has_factor(request.user):
        return redirect_to_login(back, reverse("mfa_reauthenticate"))
    if is_required_of(request.user):
        return redirect("mfa_index")
    return redirect_to_login(back, reverse("account_reauthenticate"))


def keep(request: HttpRequest, doing: Any) -> None:
    """Keeps what was asked for or posted, for the person who did it and for nobody else."""
    # The forms of this site alone get here: their token has been asked for already.
    typed = [
        [name, text]
        for name, texts in request.POST.lists()
        for text in texts
        if not is_secret(name)
    ]
    begun = {"path": request.get_full_path(), "doing": str(doing), "posted": bool(request.POST)}
    begun["of"] = request.user.pk or getattr(request, "was_signed_in", None)
    if sum(len(name) + len(text) for name, text in typed) <= BEGUN_LIMIT:
        request.session[BEGUN] = begun | {"typed": typed}


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    person: Any = request.user
    return get_authentication_records(request, person)


def _factors(request: HttpRequest) -> list[dict[str, Any]]:
    return [one for one in _records(request) if one["method"] == "mfa"]
