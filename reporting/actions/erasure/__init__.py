"""Erasing a text everywhere it stands, by two administrators: one asks, another one confirms.

docs/decisions/erasure.md says how it reaches what the application itself cannot change.
"""

import datetime as dt
import json
import uuid
from functools import reduce
from operator import or_
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from structlog import get_logger

from commitments.search import searchable
from members import events, rules
from members.actions import CHAIN
from members.models import Erasure, Event, Message, User
from members.text import normalise

from ...models import (
    Erratum,
    Printed,
    PublishedAnswer,
    PublishedObservation,
    PublishedReport,
)
from ...summaries import rebuild_when_committed
from ..errata import publish_erratum
from ..lines import write_lines_anew
from .files import files_with, take_away
from .places import escapes, is_kept, places_of

__all__ = ["Changed", "ask_erasure", "drop_erasure", "erase", "files_made_anew", "unfinished"]
log = get_logger(__name__)
LEAST = 4
PUBLIC = {
    m._meta.db_table for m in (PublishedReport, PublishedAnswer, PublishedObservation, Erratum)
}


class Changed(Exception):
    """The text stands elsewhere than was previewed: whoever confirms would not know what."""


@transaction.atomic
def ask_erasure(text: str, reason: str, *, by: User, at: dt.datetime) -> Erasure:
    """What is to be erased, with every place where it stands now; nothing is changed yet.

    Raises ValidationError by field: for a text that is too short or stands nowhere, for one that
    stands in an official text or is the address of an account, and for a reason that holds it.
    """
    _demand(rules.administers(by))
    text = normalise(text).strip()
    _refuse("text", len(text) < LEAST, _("Give at least four characters."))
    _refuse("reason", text in reason, _("The reason stays: it must not hold the text."))
    folded = searchable(text)
    places = places_of(text, folded)
    _refuse("text", not places and not _beside(text), _("This text stands nowhere."))
    kept = [f"{one['table']}.{one['column']}" for one in places if is_kept(one)]
    said = _("It stands in an official text, or is the address of an account: %(where)s")
    _refuse("text", bool(kept), said % {"where": ", ".join(kept)})
    facts = {"reason": reason, "asked_by": by, "asked_at": at, "places": places}
    asked = Erasure.objects.create(text=text, folded=folded, **facts)
    _record("erasure asked for", asked, by=by, at=at)
    return asked


@transaction.atomic
def drop_erasure(erasure: Erasure, *, by: User, at: dt.datetime) -> Erasure:
    """The erasure, given up, without its text. Dropping twice changes nothing."""
    _demand(rules.administers(by))
    erasure = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if erasure.state == "asked":
        erasure.text = erasure.folded = ""
        erasure.dropped_at = at
        erasure.save(update_fields=["text", "folded", "dropped_at"])
        _record("erasure dropped", erasure, by=by, at=at)
    return erasure


@transaction.atomic
def erase(erasure: Erasure, *, confirmed_by: User, at: dt.datetime) -> Erasure:
    """The erasure, done: the text is nowhere any more, a mark stands in its place.

    Raises PermissionDenied unless two administrators are of one mind, and Changed where the text
    stands elsewhere than the preview said; then nothing is changed. Done twice it is done once.
    """
    _demand(rules.administers(confirmed_by))
    it = Erasure.objects.select_for_update().get(pk=erasure.pk)
    if it.state != "asked":
        return it
    _demand(it.asked_by_id != confirmed_by.pk and rules.administers(it.asked_by))
    if _where(places_of(it.text, it.folded)) != _where(it.places):
        raise Changed
    text, forms = it.text, {it.text, escapes(it.text)}
    files = files_with(forms)
    sealed = _seals(forms)
    _scrub_beside(text, forms)
    done = _call(it, confirmed_by, {str(event.pk): seal for event, seal in sealed})
    Printed.objects.all().delete()  # nobody reads in a PDF; all are made anew
    write_lines_anew()
    it.refresh_from_db()
    it.files, it.files_at = files, None if files else at
    it.erratum = _tell_the_public(it, done, by=confirmed_by, at=at)
    it.save(update_fields=["files", "files_at", "erratum"])
    told = {"asked_by": it.asked_by_id, "places": done}
    told["events"] = [f"{event.chain} {event.number}" for event, _seal in sealed]
    _record("text erased", it, by=confirmed_by, at=at, **told)
    transaction.on_commit(lambda: take_away(files))
    transaction.on_commit(lambda: current_app.send_task("reporting.tasks.build_bulk"), robust=True)
    rebuild_when_committed()
    log.info("text_erased", erasure=it.pk, places=len(done), files=len(files))
    return it


def unfinished() -> list[Erasure]:
    """The erasures whose kept files have not been made anew yet."""
    return list(Erasure.objects.filter(done_at__isnull=False, files_at__isnull=True))


def files_made_anew(erasure: Erasure, *, at: dt.datetime) -> None:
    """Keeps that the files of this erasure are there again, without the text."""
    Erasure.objects.filter(pk=erasure.pk, files_at__isnull=True).update(files_at=at)


def _call(it: Erasure, confirmed_by: User, seals: dict[str, str]) -> list[dict[str, Any]]:
    """What the database's own function did: rows changed, by table and column."""
    with connection.cursor() as cursor:
        given = [it.pk, confirmed_by.pk, json.dumps(seals)]
        cursor.execute("SELECT erase_text(%s, %s, %s::jsonb)", given)
        found = cursor.fetchone()[0]
    return json.loads(found) if isinstance(found, str) else found


def _where(places: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["table"], one["column"]) for one in places}


def _seals(forms: set[str]) -> list[tuple[Event, str]]:
    """The events whose detail holds the text, with what their digest was made of instead of it."""
    found = Event.objects.annotate(said=Cast("detail", TextField()))
    held = found.filter(reduce(or_, (Q(said__contains=form) for form in forms)))
    return [(event, events.seal(event)) for event in held]


def _holds(value: Any, forms: set[str]) -> bool:
    said = json.dumps(value, ensure_ascii=False, default=str)
    return any(form in said for form in forms)


def _beside(text: str) -> bool:
    """Whether the text stands in a session or a calendar entry that waits in the outbox."""
    return bool(_sessions_with({text, escapes(text)}) or _calendars_with(text))


def _sessions_with(forms: set[str]) -> list[Session]:
    return [one for one in Session.objects.all() if _holds(one.get_decoded(), forms)]


def _calendars_with(text: str) -> list[Message]:
    """The messages whose calendar entry holds the text, in which lines are broken anywhere."""
    escaped = (
        text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    )
    sent = Message.objects.exclude(calendar="")
    return [m for m in sent if escaped in m.calendar.replace("\r\n ", "").replace("\n ", "")]


def _scrub_beside(text: str, forms: set[str]) -> None:
    for session in _sessions_with(forms):
        kept = {k: v for k, v in session.get_decoded().items() if not _holds(v, forms)}
        session.session_data = session.get_session_store_class()().encode(kept)
        session.save(update_fields=["session_data"])
    Message.objects.filter(pk__in=[m.pk for m in _calendars_with(text)]).update(calendar="")


def _tell_the_public(
    it: Erasure, done: list[dict[str, Any]], *, by: User, at: dt.datetime
) -> int | None:
    """The number of the erratum that says that published words were taken out, if any were."""
    if not it.files and not any(one["table"] in PUBLIC for one in done):
        return None
    what = "Words were taken out of what was published; a mark stands in their place."
    where = "Published answers, and the files of the days that held them, which were made anew."
    facts = {"what": what, "published_in": where, "corrected_on": at.date()}
    facts |= {"key": uuid.uuid4(), "synthetic": settings.DEMO}
    return publish_erratum(by=by, on=at.date(), **facts).number


def _demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _refuse(field: str, wrong: bool, why: str) -> None:
    if wrong:
        raise ValidationError({field: why})


def _record(verb: str, it: Erasure, *, by: User, at: dt.datetime, **detail: Any) -> None:
    events.record(verb, by=by, about=f"erasure:{it.pk}", chain=CHAIN, at=at, **detail)
