"""What django-allauth asks of this site: who may sign up, where people go, how mail leaves."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from . import outbox, rules
from .models import Message, User


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
        return home_of(request.user)  # type: ignore[arg-type]

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
        language = person.language if person else settings.LANGUAGE_CODE
        with translation.override(language):
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
