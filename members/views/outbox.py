"""The ledger of messages: what was sent to whom, and what could not be.

It shows envelopes and never the text: an invitation or a new password travels in one.
"""

from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import rules
from ..access import access
from ..asking import asking
from ..forms import STATES_OF_A_MESSAGE, LedgerForm
from ..models import Message

SHOWN = 200


@access(rules.in_secretariat)
@require_safe
@asking(LedgerForm)
def outbox(request: HttpRequest, form: LedgerForm) -> HttpResponse:
    """Messages by state, those that could not be delivered first; searchable by address."""
    found = _chosen(form.cleaned_data)
    context = {
        "form": form,
        "rows": [_row(message) for message in _in_order(found)[:SHOWN]],
        "total": found.count(),
        "shown": SHOWN,
        "states": _states(),
    }
    return render(request, "members/outbox.html", context)


def _chosen(asked: dict[str, str]) -> QuerySet[Message]:
    wanted = Q(to__icontains=asked["to"]) if asked["to"] else Q()
    if asked["state"]:
        wanted &= Q(state=asked["state"])
    return Message.objects.filter(wanted)


def _in_order(found: QuerySet[Message]) -> QuerySet[Message]:
    """Dead ones first, then those still to leave, then what is done; the newest of each first."""
    places = {Message.State.DEAD: 0, Message.State.SENT: 2, Message.State.DROPPED: 2}
    place = Case(*(When(state=s, then=Value(n)) for s, n in places.items()), default=Value(1))
    return found.order_by(place, "-created_at", "-id").defer("body")


def _row(message: Message) -> dict[str, Any]:
    return {"message": message, "state": STATES_OF_A_MESSAGE[Message.State(message.state)]}


def _states() -> list[tuple[Any, int]]:
    """Every state in words with its number of messages."""
    counts = dict(Message.objects.order_by().values_list("state").annotate(n=Count("id")))
    return [(words, counts.get(state, 0)) for state, words in STATES_OF_A_MESSAGE.items()]
