"""A person's own tokens of the API."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .. import actions, rules
from ..access import access
from ..forms.tokens import TokenForm
from ..models import ApiToken
from ..proof import fresh_factor


@access(rules.may_hold_tokens)
@fresh_factor(gettext_lazy("Make the token"))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the person, and the form for a new one, whose secret is shown this once."""
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            facts = {"by": request.user, "at": timezone.now()}
            _made, secret = actions.make_token(**form.cleaned_data, **facts)
            form = TokenForm()
        except actions.Closed as closed:
            form.is_closed(closed.state)
    rows = ApiToken.objects.filter(user=request.user)
    told = [(token, token.state_at(timezone.now())) for token in rows]
    context = {"form": form, "secret": secret, "tokens": told}
    status = 400 if form.is_bound else 200
    return render(request, "members/tokens.html", context, status=status)


@access(rules.may_hold_tokens)
@require_POST
@never_cache
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Revokes one of the person's own tokens."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    actions.revoke_token(token, by=request.user, at=timezone.now())
    messages.success(request, _("The token is revoked."))
    return redirect("tokens")
