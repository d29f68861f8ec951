"""The ledger of messages: what was sent to whom, and what could not be.

It shows envelopes. The text of a reminder has a page, for it is ours alone; no other text has: an
invitation or a new password travels in one, or what a member's people write to each other.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from members import rules
from members.access import access
from members.asking import knows
from members.languages import joined
from members.models import Message

from ...forms.ledger import STATES, LedgerForm, kind_of
from ...reminders import words_of_kinds
from ...tables.columns import Column
from .files import as_file

SHOWN = 100
COLUMNS = [
    Column(code, label)
    for code, label in [
        ("state", _("State")),
        ("state_in_words", _("State in words")),
        ("to", _("Address")),
        ("name", _("Name")),
        ("kind", _("Kind")),
        ("subject", _("Subject")),
        ("about", _("About")),
        ("milestones", _("Milestones")),
        ("language", _("Language")),
        ("written_at", _("Written (UTC)")),
        ("sent_at", _("Sent (UTC)")),
        ("attempts", _("Attempts")),
        ("last_error", _("Last answer of the mail server")),
        ("perhaps_twice", _("Perhaps sent twice")),
        ("message_id", _("Message-ID")),
        ("synthetic", _("Synthetic")),
    ]
]


@access(rules.in_secretariat)
@knows(*LedgerForm.base_fields)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Messages a page at a time, those that could not be delivered first."""
    form = LedgerForm(request.GET)
    status = 200 if form.is_valid() else 400
    return render(request, "reporting/desk/ledger.html", _page(request, form), status=status)


@access(rules.in_secretariat)
@knows(*LedgerForm.base_fields)
@require_safe
def ledger_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The same messages as a file, all of them."""
    form = LedgerForm(request.GET)
    if not form.is_valid():
        return render(request, "reporting/desk/ledger.html", _page(request, form), status=400)
    found = form.found()
    synthetic = found.filter(synthetic=True).exists()
    return as_file("messages", ending, _lines(found), COLUMNS, synthetic=synthetic)


@access(rules.in_secretariat)
@require_safe
def sent_reminder(request: HttpRequest, number: int) -> HttpResponse:
    """A reminder as its reader got it, or will."""
    message = get_object_or_404(Message, pk=number, kind=Message.Kind.REMINDER)
    context = {"message": message, "state": STATES[Message.State(message.state)]}
    context["spoken"] = dict(settings.LANGUAGES).get(message.language, message.language)
    return render(request, "reporting/desk/sent_reminder.html", context)


def _page(request: HttpRequest, form: LedgerForm) -> dict[str, Any]:
    pages = Paginator(_in_order(form.found()), SHOWN)
    page = pages.get_page(form.cleaned_data.get("page") or 1)
    return {
        "form": form,
        "rows": _rows(page),
        "total": pages.count,
        "states": _states(),
        "files": [(ending, _url(request, ending=ending)) for ending in ("csv", "xlsx")],
        "previous_url": _url(request, page.previous_page_number()) if page.has_previous() else "",
        "next_url": _url(request, page.next_page_number()) if page.has_next() else "",
    }


def _in_order(found: QuerySet[Message]) -> QuerySet[Message]:
    """Dead ones first, then those still to leave, then what is done; the newest of each first."""
    places = {Message.State.DEAD: 0, Message.State.SENT: 2, Message.State.DROPPED: 2}
    place = Case(*(When(state=s, then=Value(n)) for s, n in places.items()), default=Value(1))
    rows = found.select_related("person").prefetch_related("reminders")
    return rows.order_by(place, "-created_at", "-id").defer("body", "calendar")


def _rows(messages: Iterable[Message]) -> list[dict[str, Any]]:
    words = words_of_kinds()
    return [
        {
            "message": message,
            "state": STATES[Message.State(message.state)],
            "kind": kind_of(message),
            "about": _shortened(message.about.split()),
            "milestones": "; ".join(words.get(kind, kind) for kind in _milestones(message)),
        }
        for message in messages
    ]


def _shortened(codes: list[str]) -> str:
    return joined(codes[:4]) + (" …" if len(codes) > 4 else "")


def _milestones(message: Message) -> list[str]:
    return sorted({row.milestone for row in message.reminders.all()})


def _lines(found: QuerySet[Message]) -> Iterator[bytes]:
    """Each message as a line of JSON, without its text; read from the database bit by bit."""
    messages: Iterable[Message] = _in_order(found).iterator(chunk_size=1000)
    for message in messages:
        yield orjson.dumps(
            {
                "state": message.state,
                "state_in_words": str(STATES[Message.State(message.state)]),
                "to": message.to,
                "name": message.person.name if message.person else "",
                "kind": message.kind,
                "subject": message.subject,
                "about": message.about,
                "milestones": " ".join(_milestones(message)),
                "language": message.language,
                "written_at": f"{message.created_at:%Y-%m-%dT%H:%M:%SZ}",
                "sent_at": f"{message.sent_at:%Y-%m-%dT%H:%M:%SZ}" if message.sent_at else "",
                "attempts": message.attempts,
                "last_error": message.last_error,
                "perhaps_twice": message.maybe_twice,
                "message_id": message.message_id,
                "synthetic": message.synthetic,
            }
        )


def _url(request: HttpRequest, page: int = 0, *, ending: str = "") -> str:
    """This question on another page, or as a file."""
    asked = request.GET.copy()
    asked.pop("page", None)
    if page:
        asked["page"] = str(page)
    return f"{f'messages.{ending}' if ending else ''}?{asked.urlencode()}"


def _states() -> list[tuple[Any, int]]:
    """Every state that a message is in, in words with their number."""
    counts = dict(Message.objects.order_by().values_list("state").annotate(n=Count("id")))
    return [(words, counts[state]) for state, words in STATES.items() if state in counts]
