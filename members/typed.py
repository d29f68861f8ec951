"""What was typed while its writer was signed in no more: kept, and put back into its fields.

Somebody writes for an hour and the session has ended meanwhile. What is then posted to a view that
`keeps_typed` waits in the session of that browser until its writer has signed in. The page shows
it in its form again (`put_back`), and nothing is done with it before it is sent once more. It is
shown to the person who was signed in; where that is not known any more, because the session was
ended elsewhere, to whom the page itself lets in. Secrets, tokens and files are never kept.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

View = TypeVar("View", bound=Callable[..., Any])
Form = TypeVar("Form", bound=forms.Form)

TYPED = "typed_by_path"
LIMIT = 40_000  # characters, of all that waits; more than any form of this site takes
LASTS = dt.timedelta(hours=settings.SESSION_HOURS)
SECRETS = ("csrfmiddlewaretoken", "password", "otp", "secret")


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what is never kept nor shown again."""
    return any(part in name.lower() for part in SECRETS)


def keeps_typed(view: View) -> View:
    """Declares that a form gives back what was posted to this view after the session ended."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def keep(request: HttpRequest) -> None:
    """Keeps what was posted, if it is little; beside it the newest of what waits at other paths."""
    typed = {name: text for name, text in request.POST.items() if not is_secret(name)}
    # Whoever is not signed in stores something here, so it is little and not often.
    if _length(typed) > LIMIT or not ratelimit.consume(request, action="keep_typed"):
        return
    waits = request.session.get(TYPED, {})
    waits.pop(request.path, None)
    while sum(_length(one["typed"]) for one in waits.values()) + _length(typed) > LIMIT:
        del waits[next(iter(waits))]
    of, at = getattr(request, "was_signed_in", None), timezone.now().isoformat()
    request.session[TYPED] = waits | {request.path: {"typed": typed, "of": of, "at": at}}


def _length(typed: dict[str, str]) -> int:
    return sum(len(name) + len(text) for name, text in typed.items())


def waiting(request: HttpRequest, path: str = "") -> dict[str, str] | None:
    """What waits for the form that is posted to this path; what is old or another's goes."""
    waits = request.session.get(TYPED)
    if not waits:
        return None
    mine = {at: one for at, one in waits.items() if _is_for(request, one)}
    if mine != waits:
        _leave(request, mine)
    found = mine.get(path or request.path)
    return found["typed"] if found else None


def _is_for(request: HttpRequest, one: dict[str, Any]) -> bool:
    is_fresh = timezone.now() - dt.datetime.fromisoformat(one["at"]) < LASTS
    return is_fresh and one["of"] in (None, request.user.pk)


def put_back(request: HttpRequest, form: Form, path: str = "", **where: str) -> Form:
    """The form with what was typed into it before sign-in, where such a text waits.

    `where` names fields that tell this form from others that are posted to the same path. The
    page says so (`components/_error_summary.html`), and the form `is_kept`.
    """
    typed = None if form.is_bound else waiting(request, path)
    if typed is None or any(typed.get(name, "") != value for name, value in where.items()):
        return form
    form.initial.update({name: typed[name] for name in form.fields if name in typed})
    form.is_kept = True  # type: ignore[attr-defined]
    request.put_back = {"form": form, "texts": texts_in(typed)}  # type: ignore[attr-defined]
    return form


def texts_in(posted: Mapping[str, str]) -> list[str]:
    """What was written in words, to be copied where its form is not shown any more."""
    return [text for name, text in posted.items() if " " in text.strip() and not is_secret(name)]


def forget(request: HttpRequest) -> None:
    """Ends what waits at this path: it was sent, or its writer has another text now."""
    waits = request.session.get(TYPED, {})
    if request.path in waits:
        _leave(request, {at: one for at, one in waits.items() if at != request.path})


def _leave(request: HttpRequest, waits: dict[str, Any]) -> None:
    if waits:
        request.session[TYPED] = waits
    else:
        del request.session[TYPED]
