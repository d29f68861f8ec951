"""What django-allauth asks of this site: who may sign up, where people go, how mail leaves."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from . import languages, outbox, proof, rules
from .models import Message, User
from .readers import reading

# A cookie that says in which browsers a person has signed in before; it opens nothing.
DEVICES, DEVICES_KEPT, DEVICES_SECONDS = "devices", 10, 365 * 24 * 3600


def home_of(person: User) -> str:
    """The page where a person's work waits: the secretariat's desk, the reports, or the front."""
    if rules.in_secretariat(person):
        return "/secretariat/"
    return "/reporting/" if rules.writes_for_a_member(person) else "/"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed, links start with SITE_URL, and every mail goes through the outbox."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "This E-mail address and this password do not belong together. Check both."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where work waits; for a writer without a second factor, first where it is set up."""
        if proof.is_lacking(request):
            return reverse("mfa_index")
        return home_of(request.user)  # type: ignore[arg-type]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves itself with it; the password alone is not enough then."""
        ways = super().get_reauthentication_methods(user)
        return [way for way in ways if way["id"] != "reauthenticate"] or ways

    def get_reset_password_from_key_url(self, key: str) -> str:
        place = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=place)
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Nothing for a demonstration person, whom anyone may enter and nobody owns."""
        if not user.is_demonstration:
            super().send_password_reset_mail(user, email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queues the mail in the caller's transaction, in the language of its reader."""
        person = User.objects.filter(email=email.lower()).first()
        language = languages.language_of(person)
        with reading(person):
            facts = {"email": email, "site_url": settings.SITE_URL} | context
            mail = self.render_mail(template_prefix, email, facts)
        outbox.queue(
            kind=Message.Kind.ACCOUNT,
            to=email,
            subject=mail.subject,
            body=str(mail.body),
            person=person,
            language=language,
            about="account",
        )

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        """The pages in the person's language from now on; a mail to it when the browser is new."""
        answer = super().post_login(request, user, **facts)
        if proof.is_lacking(request):  # sets up a factor now, and has just typed the password
            record_authentication(request, user, "password", reauthenticated=True)
        if rules.keeps_own_sign_in(user):
            languages.keep(answer, languages.language_of(user))
        known = _known_here(request)
        if user.is_demonstration or (device := _device(user)) in known:
            return answer
        self.send_notification_mail("account/email/new_device", user, email=user.email)
        answer.set_signed_cookie(
            DEVICES,
            ".".join([device, *known][:DEVICES_KEPT]),
            salt=DEVICES,
            max_age=DEVICES_SECONDS,
            path="/accounts/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names what people see of their passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not the one. Wait for the next and type it."),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _device(user: User) -> str:
    """What stands for a person in the cookie of a browser; it names nobody."""
    return salted_hmac("members.device", str(user.pk)).hexdigest()[:32]


def _known_here(request: HttpRequest) -> list[str]:
    """The persons who have signed in with this browser; none where the cookie is not ours."""
    held = request.get_signed_cookie(DEVICES, "", salt=DEVICES, max_age=DEVICES_SECONDS)
    return held.split(".") if held else []
