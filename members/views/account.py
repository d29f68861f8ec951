"""A person's own page."""

import qrcode
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathFillImage

from .. import rules
from ..access import access
from ..emails import words
from ..forms import PersonForm


@access(rules.signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone of the person; a shared demonstration person stays as it is."""
    keeps = rules.keeps_own_sign_in(request.user)
    sent = request.POST if keeps and request.method == "POST" else None
    form = PersonForm(sent, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    roles = [(words(role), role.since) for role in rules.roles(request.user)]
    status = 400 if form.is_bound else 200
    context = {"form": form, "keeps": keeps, "roles": roles}
    return render(request, "members/account.html", context, status=status)


@access(rules.keeps_own_sign_in)
@require_safe
@never_cache
def totp_code(request: HttpRequest) -> HttpResponse:
    """The picture that an authenticator app reads, for the secret that is being set up."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    url = get_adapter().build_totp_url(request.user, secret)
    picture = qrcode.make(
        url, image_factory=SvgPathFillImage
    )  # its ground is white, in the dark too
    return HttpResponse(picture.to_string(), content_type="image/svg+xml")
