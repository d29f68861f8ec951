"""A page for the mails that the local catcher kept. Only in the demonstration."""

import hashlib
from base64 import b64encode
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.access import access, anyone

SHOWN = 200
HEADERS = ("From", "To", "Date", "Subject", "Message-ID")


@access(anyone)
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest caught mails."""
    newest = sorted(_folder().glob("*.eml"), reverse=True)[:SHOWN]
    mails = [{"name": path.stem, "headers": _headers(_read(path))} for path in newest]
    return render(request, "dev/mail_list.html", {"mails": mails})


@access(anyone)
def mail_shown(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its headers and its text, as plain text."""
    path = _folder() / f"{name}.eml"
    if not path.is_file():
        raise Http404
    mail = _read(path)
    entries = [
        part.get_content() for part in mail.walk() if part.get_content_subtype() == "calendar"
    ]
    facts = {"headers": mail.items(), "text": _part(mail, "plain"), "name": name}
    context = facts | {"has_html": bool(_part(mail, "html")), "entries": entries}
    return render(request, "dev/mail_shown.html", context)


@access(anyone)
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as a program that shows HTML would show it; only its own style may apply."""
    path = _folder() / f"{name}.eml"
    html = _part(_read(path), "html") if path.is_file() else ""
    if not html:
        raise Http404
    answer = HttpResponse(html)
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    answer._csp_update = {"style-src": [f"'sha256-{digest}'"]}  # type: ignore[attr-defined]
    return answer


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return body.get_content() if body else ""


def _folder() -> Path:
    if not settings.DEMO or settings.SMTP_GIVEN:
        raise Http404
    return settings.STATE_DIR / "mail"


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _headers(mail: EmailMessage) -> dict[str, str]:
    return {name: str(mail[name] or "") for name in HEADERS}
