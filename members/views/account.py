"""A person's own page."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import actions, languages, proof, rules
from ..access import access
from ..asking import tampered
from ..emails import words
from ..forms import CalendarForm, PersonForm
from ..models import CalendarKey


@access(rules.signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone of the person; a shared demonstration person stays as it is."""
    keeps = rules.keeps_own_sign_in(request.user)
    sent = request.POST if keeps and request.method == "POST" else None
    form = PersonForm(sent, instance=request.user)
    if form.is_valid():
        return _saved(request, form)
    roles = [(words(role), role.since) for role in rules.roles(request.user)]
    status = 400 if form.is_bound else 200
    resting = request.user.roles.in_force(timezone.now().date()).resting()  # type: ignore[union-attr]
    rest = [words(role) for role in resting.select_related("member")]
    context = {"form": form, "keeps": keeps, "roles": roles, "rest": rest}
    context["kept_days"] = settings.CONTACT_DATA_DAYS
    context["speaks"] = rules.speaks_for_a_member(request.user)
    return render(request, "members/account.html", context, status=status)


def _saved(request: HttpRequest, form: PersonForm) -> HttpResponse:
    """The page anew, in the language that was just chosen."""
    spoken = languages.language_of(form.save())
    translation.activate(spoken)
    messages.success(request, _("Saved."))
    answer = redirect("account")
    languages.keep(answer, spoken)
    return answer


@access(rules.signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def calendar_key(request: HttpRequest) -> HttpResponse:
    """Makes the address of the person's own calendar, shown this once, or revokes it."""
    now, address = timezone.now(), ""
    form = CalendarForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not form.is_valid():
        return tampered(request, form)
    if form.is_bound and form.cleaned_data["do"] == "revoke":
        actions.revoke_calendar_key(by=request.user, at=now)
        messages.success(request, _("The calendar is closed."))
        return redirect("calendar-key")
    if form.is_bound:
        secret = actions.make_calendar_key(by=request.user, at=now)
        address = settings.SITE_URL + reverse("own-calendar", args=[secret])
    held = CalendarKey.objects.filter(user=request.user).first()
    return render(request, "members/calendar.html", {"key": held, "address": address})


@access(rules.may_write)
@require_http_methods(["GET", "HEAD", "POST"])
@proof.fresh_factor(gettext_lazy("Stay signed in"))
@never_cache
def still_here(request: HttpRequest) -> HttpResponse:
    """When the session ends; with POST, by who has just proved itself, it begins anew."""
    if request.method == "POST":
        proof.begin_session(request, at=timezone.now(), anew=True)
        return redirect("still-here")
    ends = proof.session_ends(request) or timezone.now()
    answer = render(request, "members/still_here.html", {"ends": ends})
    answer["Session-Left"] = str(max(0, int((ends - timezone.now()).total_seconds())))
    return answer


@access(rules.keeps_own_sign_in)
@require_safe
@never_cache
def totp_code(request: HttpRequest) -> HttpResponse:
    """The picture that an authenticator app reads, for the secret that is being set up."""
    import qrcode  # takes a while, and few people ever ask for it
    from qrcode.image.svg import SvgPathFillImage

    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    url = get_adapter().build_totp_url(request.user, secret)
    picture = qrcode.make(
        url, image_factory=SvgPathFillImage
    )  # its ground is white, in the dark too
    return HttpResponse(picture.to_string(), content_type="image/svg+xml")
