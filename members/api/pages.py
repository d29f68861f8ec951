"""Pages that follow the rows' natural key, so that none is skipped or seen twice.

A cursor holds the key of the row beside the page, signed for one resource, its filters and its
day. docs/decisions/api-cursor.md says why.
"""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest

from .parameters import Asked
from .problems import Fault, Refused

Key = Sequence[Any]


@dataclass(frozen=True)
class Page:
    """Rows in the order of their key, and the cursors of the pages beside them."""

    objects: list[Any]
    next: str | None
    previous: str | None


def page_of(
    found: QuerySet, *, key: Sequence[str], key_of: Callable[[Any], Key], asked: Asked, name: str
) -> Page:
    """The page that was asked for, by one query. Raises Refused (400) for a foreign cursor.

    `key` is in the order asked for: what it begins with need not be unique, the whole is.
    """
    signer = _signer(name, asked)
    way, beside = _read(signer, asked.cursor)
    falling = asked.ordering.startswith("-")
    objects = list(_ordered(found, key, way, beside, falling)[: asked.page_size + 1])
    more = len(objects) > asked.page_size
    objects = objects[: asked.page_size]
    if way == "before":
        objects.reverse()
    has_next, has_previous = (True, more) if way == "before" else (more, way == "after")

    def cursor(way: str, thing: Any) -> str:
        return signer.sign_object([way, *map(_plain, key_of(thing))])

    if not objects:
        return Page([], None, None)
    return Page(
        objects,
        cursor("after", objects[-1]) if has_next else None,
        cursor("before", objects[0]) if has_previous else None,
    )


def page_url(request: HttpRequest, cursor: str | None) -> str | None:
    """The absolute address, on the request's own host, of the page at `cursor`."""
    if cursor is None:
        return None
    parameters = {**request.GET.dict(), "cursor": cursor}
    address = request.build_absolute_uri(request.path)
    return f"{address}?{urlencode(parameters, safe=',:')}"


def _ordered(found: QuerySet, key: Sequence[str], way: str, beside: Key, falling: bool) -> QuerySet:
    """The rows beyond the key in the direction of reading; compared as one row of values."""
    columns = Tuple(*(F(name) for name in key))
    backwards = (way == "before") is not falling
    if beside:
        beyond = TupleLessThan if backwards else TupleGreaterThan
        found = found.filter(beyond(columns, tuple(beside)))
    return found.order_by(*(f"-{name}" if backwards else name for name in key))


def _plain(value: Any) -> Any:
    """The value as JSON can hold it; the database reads a day from its text."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _signer(name: str, asked: Asked) -> signing.Signer:
    filters = sorted(asked.filters.items())
    bound_to = json.dumps([name, str(asked.as_of), filters, asked.ordering])
    return signing.Signer(salt=f"api.cursor:{bound_to}")


def _read(signer: signing.Signer, cursor: str | None) -> tuple[str, Key]:
    if cursor is None:
        return "from the start", ()
    try:
        way, *beside = signer.unsign_object(cursor)
    except (signing.BadSignature, ValueError):
        detail = "This cursor was not issued here for these parameters. Follow `next` as it stands."
        raise Refused(400, Fault("cursor", "not_issued_here", detail)) from None
    return way, beside
