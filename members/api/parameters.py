"""What a request asks for, read strictly: an unknown or a repeated parameter is an error."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from .problems import Fault, Refused

PAGE_SIZE, LARGEST_PAGE = 100, 1000
UNKNOWN = {
    "fields": "unknown_field",
    "include": "unknown_inclusion",
    "ordering": "unknown_ordering",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """The parameters of one request, each given once."""

    as_of: dt.date | None = None
    page_size: int = PAGE_SIZE
    cursor: str | None = None
    filters: dict[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    ordering: str = ""


@dataclass(frozen=True)
class Moment:
    """When a request is answered, and for which day: today, or the one it asked for."""

    now: dt.datetime
    as_of: dt.date | None = None

    @property
    def day(self) -> dt.date:
        """The day in UTC at whose end the rows are those in force."""
        return self.as_of or self.now.astimezone(dt.UTC).date()

    @property
    def at(self) -> dt.datetime:
        """The instant at which the rows hold: now, or the last one of the day asked for."""
        if self.as_of is None:
            return self.now
        return dt.datetime.combine(self.as_of, dt.time.max, tzinfo=dt.UTC)


def read(
    query: QueryDict,
    *,
    own: Collection[str],
    filters: Collection[str] = (),
    choices: Mapping[str, Collection[str]] | None = None,
) -> Asked:
    """The request's parameters. `own` names those of this module that the address takes, and
    `choices` those of `fields`, `include` and `ordering` that it takes, with what can be chosen.

    Raises Refused (400) with one fault per bad parameter. Whether the codes given to a filter
    are known is the filter's own question.
    """
    choices = choices or {}
    taken = {*own, *filters, *choices}
    faults = [
        *(_unknown(name, taken) for name in query if name not in taken),
        *(_said_twice(name) for name, values in query.lists() if len(values) > 1),
        *(_unusable(name) for name in query if name in taken and not _is_text(query[name])),
    ]
    if faults:
        raise Refused(400, *dict.fromkeys(faults))
    return Asked(
        as_of=_day(query["as_of"]) if "as_of" in query else None,
        page_size=_page_size(query["page_size"]) if "page_size" in query else PAGE_SIZE,
        cursor=query.get("cursor"),
        filters={name: query[name] for name in query if name in filters},
        **{name: _chosen(name, query[name], choices[name]) for name in query if name in choices},
    )


def _unknown(name: str, taken: Collection[str]) -> Fault:
    known = ", ".join(sorted(taken)) or "none"
    return Fault(name, "unknown_parameter", f"There is no parameter {name!r} here. Known: {known}.")


def _said_twice(name: str) -> Fault:
    detail = f"{name} is given more than once. Separate several values with commas."
    return Fault(name, "repeated_parameter", detail)


def _is_text(value: str) -> bool:
    """Not empty, without NUL, and without the sign that stands for bytes that were not UTF-8."""
    return bool(value) and "\0" not in value and "\N{REPLACEMENT CHARACTER}" not in value


def _unusable(name: str) -> Fault:
    return Fault(name, "invalid", f"{name} has no value, or one that is not text.")


def _chosen(name: str, text: str, known: Collection[str]) -> tuple[str, ...] | str:
    """What was chosen, each once; `ordering` is one choice, the others are several."""
    chosen = [text] if name == "ordering" else text.split(",")
    if unknown := [one for one in chosen if one not in known]:
        detail = f"{name}: not known here: {', '.join(map(repr, unknown))}."
        detail += f" Known: {', '.join(known)}."
        raise Refused(400, Fault(name, UNKNOWN[name], detail))
    return text if name == "ordering" else tuple(dict.fromkeys(chosen))


def _day(text: str) -> dt.date:
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(400, Fault("as_of", "invalid", "as_of is a day that exists, as YYYY-MM-DD."))


def _page_size(text: str) -> int:
    if _NUMBER.fullmatch(text) and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    detail = f"page_size is a whole number from 1 to {LARGEST_PAGE}."
    raise Refused(400, Fault("page_size", "out_of_range", detail))
