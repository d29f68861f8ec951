"""The record of who did what: rows that are only added, chained by hash."""

import datetime as dt
import hashlib
import json
import secrets
from typing import Any

from django.db import connection, transaction

from .models import Event, User


def record(
    verb: str,
    *,
    by: User | None,
    about: str,
    chain: str,
    at: dt.datetime | None = None,
    **detail: Any,
) -> Event:
    """The new last event of `chain`. Call it in the transaction of the change that it records.

    `by` is None for what the application does by itself. `detail` holds codes, dates and
    numbers, never a report's text.
    """
    with transaction.atomic():
        _hold(chain)
        last = Event.objects.filter(chain=chain).order_by("number").last()
        event = Event(
            chain=chain,
            number=last.number + 1 if last else 1,
            at=at or dt.datetime.now(dt.UTC),
            actor=by,
            verb=verb,
            about=about,
            detail=detail,
            salt=secrets.token_hex(16),
            previous=last.digest if last else "",
        )
        event.digest = digest(event)
        event.save(force_insert=True)
    return event


def digest(event: Event) -> str:
    """SHA-256 over the event's facts and the digest before it; the time counts as its epoch."""
    facts = [
        event.previous,
        event.chain,
        str(event.number),
        str(int(event.at.timestamp() * 1_000_000)),
        str(event.actor_id or ""),
        event.verb,
        event.about,
        seal(event),
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def seal(event: Event) -> str:
    """The salted hash of what the event tells; kept in the row where words were erased from it."""
    body = json.dumps(event.detail, sort_keys=True, ensure_ascii=False)
    return event.sealed or hashlib.sha256((event.salt + body).encode()).hexdigest()


def erasure_of(event: Event) -> Event | None:
    """The event that says who erased words from this one; None where nobody did."""
    about = {"verb": "text erased", "about": f"erasure:{event.erasure}"}
    this = f"{event.chain} {event.number}"
    return Event.objects.filter(chain="accounts", detail__events__contains=this, **about).first()


def broken_links(chain: str) -> list[int]:
    """The numbers of the events of `chain` at which it does not hold; empty when it does.

    One from which words were erased holds by its seal, if the erasure that it names names it.
    """
    broken, before, expected = [], "", 1
    for event in Event.objects.filter(chain=chain).order_by("number"):
        whole = event.number == expected and event.previous == before
        told = not event.sealed or erasure_of(event) is not None
        if not whole or not told or event.digest != digest(event):
            broken.append(event.number)
        before, expected = event.digest, event.number + 1
    return broken


def _hold(chain: str) -> None:
    """Lets one transaction at a time add to a chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [chain])
