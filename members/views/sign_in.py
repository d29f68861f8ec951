"""The doors: the way to the sign-in page, and the demonstration's own."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_login_redirect_url, passthrough_next_redirect_url
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..access import access, anyone
from ..asking import knows
from ..forms import WhoForm
from ..models import User


@access(anyone)
@knows("next")
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """The short address of the sign-in page; keeps where the person was going."""
    return redirect(passthrough_next_redirect_url(request, reverse("account_login"), "next"))


@access(anyone)
@knows("next")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def demonstration(request: HttpRequest) -> HttpResponse:
    """The demonstration persons by role; with POST the visitor becomes one. Only with DEMO=1."""
    if not settings.DEMO:
        raise Http404
    form = WhoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _become(request, form.cleaned_data["who"])
    people = User.objects.demonstration().prefetch_related("roles__member").order_by("pk")
    status = 400 if form.is_bound else 200
    context = {"people": people, "form": form, "next": request.GET.get("next", "")}
    return render(request, "members/demonstration.html", context, status=status)


def _become(request: HttpRequest, person: User) -> HttpResponse:
    """Signs in without a password, which a demonstration person does not have."""
    get_adapter().login(request, person)
    record_authentication(request, person, "demonstration", reauthenticated=True)
    return redirect(get_login_redirect_url(request))
