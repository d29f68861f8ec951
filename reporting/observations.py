"""Yearly figures of a member: which years are asked, what may be said, and how they travel.

A row as a submission carries it: {indicator, commitment, year, state, value, source, note}.
Zero is a value; not available is said with a reason; a year without a row was not given.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.languages import joined

from . import words
from .models import Answer, Cycle, Indicator, Observation, Report, Version
from .verdicts import Verdict, yearly_growth

State = Observation.State
BLANK: dict[str, Any] = {"state": "", "value": None, "source": "", "note": ""}
KEY = "figure-"
SMALL = range(1, 5)  # counts that are published as "fewer than 5"
MOST = 10**12  # more than there are people, and small enough for every sum


def years(cycle: Cycle, indicator: Indicator, today: dt.date) -> range:
    """The years that can be told, newest first: over by today, and before the round's own.

    The first is that of the text, the base of the first year that it judges.
    """
    newest = min(int(cycle.code), today.year) - 1
    return range(newest, indicator.commitment.statement.adopted_on.year - 1, -1)


def untold(cycle: Cycle, rows: Iterable[Mapping[str, Any]], today: dt.date) -> set[int]:
    """The years that the round adds, the two before its own as far as over, that no row tells of.

    Not available is told as well: its row says why.
    """
    added = range(int(cycle.code) - 2, min(int(cycle.code), today.year))
    return set(added) - {row["year"] for row in rows}


@dataclass(frozen=True)
class Year:
    """One year that a report may tell, and what stands for it: a blank row where nothing does."""

    indicator: Indicator
    year: int
    stands: Observation

    @property
    def key(self) -> str:
        return key_of(self.indicator.code, str(self.year))


def key_of(indicator: str, year: str) -> str:
    """What tells a year of an indicator from all others, and from the reference of a clause."""
    return f"{KEY}{indicator}-{year}"


def is_year(key: str) -> bool:
    """Is it a key of `key_of`, and no reference?"""
    return key.startswith(KEY)


def place_of(key: str) -> tuple[str, int]:
    """The indicator's code and the year of a key."""
    code, _dash, year = key.removeprefix(KEY).rpartition("-")
    return code, int(year)


def asked(report: Report, references: Iterable[str], today: dt.date) -> list[Year]:
    """Every year that the report may tell of these clauses, newest first, in two queries."""
    found = Indicator.objects.filter(commitment__reference__in=references)
    indicators = list(found.select_related("commitment__statement"))
    told = Observation.objects.filter(member=report.member, indicator__in=indicators)
    stands = {(one.indicator_id, one.year): one for one in told.select_related("saved_by")}
    return [
        Year(one, year, stands.get((one.pk, year)) or Observation(indicator=one, year=year))
        for one in indicators
        for year in years(report.cycle, one, today)
    ]


def clean(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a year, normalised. Raises ValidationError by field."""
    told, errors = {**BLANK, **said}, {}
    if foreign := set(said) - set(BLANK):
        raise ValidationError(_("Unknown fields: %(names)s") % {"names": joined(foreign)})
    for name in ("source", "note"):
        try:
            told[name] = words.clean_prose(told[name])
        except ValidationError as error:
            errors[name] = error.messages
    told["source"] = " ".join(told["source"].split()) if "source" not in errors else ""
    for name, problem in _problems(told).items():
        errors.setdefault(name, problem)
    if errors:
        raise ValidationError(errors)
    return told if told["state"] else dict(BLANK)


def _problems(told: dict[str, Any]) -> dict[str, str]:
    """What does not fit together, by field."""
    state, value, found = told["state"], told["value"], {}
    if state not in State.values:
        found["state"] = _("Choose one of these.")
    if state == State.VALUE and value is None:
        found["value"] = _("Give the number. 0 is a number; if there is none, choose so.")
    elif state != State.VALUE and value is not None:
        found["value"] = _("Leave the number out, or choose “A number”.")
    elif value is not None and (type(value) is not int or not 0 <= value <= MOST):
        found["value"] = _("Give a whole number from 0 on.")
    if state == State.VALUE and not told["source"]:
        found["source"] = _("Name the source of the number.")
    if len(told["source"]) > words.TITLE_LIMIT:
        length = {"n": words.TITLE_LIMIT}
        found["source"] = _("The title is too long (%(n)d characters).") % length
    if state == State.NOT_AVAILABLE and not told["note"]:
        found["note"] = _("Say why there is no number.")
    return found


def given(report: Report) -> list[dict[str, Any]]:
    """The rows that a submission of this report would carry now, by indicator and year."""
    found = Observation.objects.filter(member=report.member, year__lt=int(report.cycle.code))
    told = found.exclude(state="").select_related("indicator__commitment")
    return [
        {
            "indicator": one.indicator.code,
            "commitment": one.indicator.commitment.reference,
            "year": one.year,
            **one.said(),
        }
        for one in told.order_by("indicator__code", "year")
    ]


def carried(version: Version) -> list[dict[str, Any]]:
    """The rows of a submission; none in one from before figures were asked."""
    return list(json.loads(version.content).get("observations", []))


def public(version: Version) -> list[dict[str, Any]]:
    """The rows of a submission that go with its publication.

    Those whose clause is answered for everyone: a figure is no more public than the answer.
    """
    content = json.loads(version.content)
    open_to_all = {
        said["commitment"]
        for said in content["answers"]
        if said["visibility"] == Answer.Visibility.PUBLIC
    }
    return [row for row in content.get("observations", []) if row["commitment"] in open_to_all]


def readable(version: Version) -> dict[str, list[dict[str, Any]]]:
    """What everyone will read of a submission's figures, by clause: {year, value} without source.

    The value is None for a small count, which is published as "fewer than 5".
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in public(version):
        if row["state"] == State.VALUE:
            value = None if row["value"] in SMALL else row["value"]
            found.setdefault(row["commitment"], []).append({"year": row["year"], "value": value})
    return found


def by_clause(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The rows by the reference of the clause that they judge."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["commitment"], []).append(row)
    return found


def as_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows as words to compare, a line for each year."""
    lines = []
    for row in rows:
        is_value = row["state"] == State.VALUE
        told = str(row["value"]) if is_value else str(State(row["state"]).label)
        lines.append(
            "; ".join(filter(None, [f"{row['year']}: {told}", row["source"], row["note"]]))
        )
    return "\n".join(lines)


def series(rows: Iterable[Mapping[str, Any]]) -> dict[int, int | None]:
    """The numbers by year; a year that is not available stands in none."""
    return {row["year"]: row["value"] for row in rows if row["state"] == State.VALUE}


def fell(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Is one of the last two figures of a series, which a round adds, below the one before it?"""
    by_indicator: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_indicator[row["indicator"]].append(row)
    return any(
        later < before
        for told in by_indicator.values()
        for before, later in list(pairwise(_in_order(told)))[-2:]
    )


def _in_order(rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """The numbers of a series, the oldest year first."""
    return [value for _year, value in sorted(series(rows).items()) if value is not None]


def verdict(rows: Iterable[Mapping[str, Any]], year: int) -> Verdict:
    """The member's own verdict on a year. For the member and the secretariat only."""
    return yearly_growth(series(rows), year)
