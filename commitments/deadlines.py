"""When a promise is due. Dates in, dates out: this file knows neither Django nor the clock.

A printed deadline has a date, a precision (day, month, year), a modality (firm, indicative) and
perhaps a recurrence in months. A month or a year counts as due on its last day, and a day lasts
until it has ended everywhere on earth: at UTC-12.
"""

import calendar
import datetime as dt
import re
from typing import NamedTuple

ANYWHERE = dt.timezone(dt.timedelta(hours=-12), "UTC-12")
PRECISIONS = ("day", "month", "year")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(_MONTHS)
_PRINTED = re.compile(
    r"\b(?P<cue>by the indicative (?:date|deadline) of|by|before|until|(?:no|not) later than|"
    r"indicatively|preferably|ideally)"
    r"(?: the)?(?: end of| end)?(?: in)?[ -]"
    rf"(?:(?:(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)? )?(?P<month>{_MONTH})"
    r"(?: (?P<after>[0-3]?[0-9])(?:st|nd|rd|th)?,)? )?(?P<year>20[0-9]{2})\b"
)
_HOPED = ("indicative", "preferably", "ideally")


class Printed(NamedTuple):
    """A deadline as words print it: the last day that it counts until, how exact, how firm."""

    on: dt.date
    precision: str
    modality: str


def printed_in(words: str) -> Printed | None:
    """The first deadline that these English words print, such as "by March 2016".

    A proposal, for a person to look at; None where they print none, or no day that there is.
    """
    found = _PRINTED.search(" ".join(words.lower().split()))
    if not found:
        return None
    day, month = found["day"] or found["after"], _MONTHS.get(found["month"] or "", 1)
    precision = "day" if day else "month" if found["month"] else "year"
    try:
        on = last_day(dt.date(int(found["year"]), month, int(day or 1)), precision)
    except ValueError:
        return None
    return Printed(
        on, precision, "indicative" if any(word in found["cue"] for word in _HOPED) else "firm"
    )


def occurrence(anchor: dt.date, every_months: int | None, n: int) -> dt.date:
    """The n-th date of a deadline that recurs every so many months; number 0 is the anchor.

    Counted from the anchor and never from the date before, so that 31 October, 30 April,
    31 October does not drift to the 30th. A month too short for the anchor's day gives its last.
    Raises ValueError for another number than 0 when nothing recurs.
    """
    if n == 0:
        return anchor
    if not every_months:
        raise ValueError("A deadline that does not recur has the one date.")
    years, month = divmod(anchor.month - 1 + n * every_months, 12)
    year, month = anchor.year + years, month + 1
    return dt.date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


def last_day(day: dt.date, precision: str) -> dt.date:
    """The day on which a date of this precision is due: itself, or the end of its month or year."""
    if precision == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    if precision == "year":
        return dt.date(day.year, 12, 31)
    if precision == "day":
        return day
    raise ValueError(f"{precision!r} is none of {', '.join(PRECISIONS)}.")


def end_of_day_anywhere(day: dt.date) -> dt.datetime:
    """The instant (in UTC) at which `day` is over everywhere: noon UTC of the day after."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ANYWHERE)
    return midnight.astimezone(dt.UTC)


def is_over(day: dt.date, now: dt.datetime) -> bool:
    """Has a deadline on `day` passed? The instant at which the day ends is past it already."""
    return now >= end_of_day_anywhere(day)


def days_late(day: dt.date, now: dt.datetime) -> int:
    """How many days a deadline on `day` has passed, the first one counted; 0 while it has not."""
    return max((now - end_of_day_anywhere(day)).days + 1, 0)


def next_due(
    anchor: dt.date, precision: str, every_months: int | None, now: dt.datetime
) -> dt.date | None:
    """The first due day that is not over at `now`; None when the only one has passed."""
    if not every_months:
        only = last_day(anchor, precision)
        return None if is_over(only, now) else only
    # An occurrence more than 13 months back is over, however inexact: 11 months to the end of its
    # year, and less than two days until that day has ended everywhere.
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    n = max(0, (months - 13) // every_months)
    while is_over(due := last_day(occurrence(anchor, every_months, n), precision), now):
        n += 1
    return due
