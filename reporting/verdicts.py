"""Whether a numeric target or a treaty clause was met, with the arithmetic printed.

Pure: it knows no database and no clock. Its sentences are in the language in force, which is
English wherever a verdict is kept or sent to a program.

The one numeric target is 2012-G1: identified victims in the ICSE database, a stock at 31
December, to grow "by at least 10% yearly". The text sets it for the alliance, so the public
verdict is the alliance's. A year is judged against the year before, over the members that gave
a value for both; the compound rate since the first year stands beside it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from members.languages import SEMICOLON, joined, long_date

GOAL_PERCENT = 10
MOST_DECIMALS = 9

MET, NOT_MET, CANNOT_TELL = "met", "not_met", "cannot_tell"
NO_VALUE, NO_BASE, GAP_YEAR, ZERO_BASE = "no_value", "no_base", "gap_year", "zero_base"
NO_RECORD, SIGNED_ALONE = "no_record", "signed_alone"

# The stages of a treaty record that each fulfil 2022-M6, in the order in which they are told.
FULFILS = {
    "ratified": gettext_noop("ratified on %(day)s"),
    "in_force": gettext_noop("in force on %(day)s"),
    "similar_legislation": gettext_noop("similar legislation in force on %(day)s"),
}

# A member's values by year; None is a published "fewer than 5", which no sum can use.
Series = Mapping[int, int | None]


@dataclass(frozen=True)
class Verdict:
    """met, not_met or cannot_tell; `reason` says why it cannot be told, and is None otherwise.

    `value` sums up `members_counted` of the `members_observed`.
    """

    verdict: str
    reason: str | None
    arithmetic: str
    value: int | None
    members_counted: int = 1
    members_observed: int = 1


def yearly_growth(series: Series, year: int) -> Verdict:
    """The verdict on one series for `year` against the year before."""
    value, base = series.get(year), series.get(year - 1)
    earlier = [y for y, v in series.items() if y < year and v is not None]
    facts = {"value": _grouped(value), "year": year, "base": _grouped(base), "before": year - 1}
    if value is None:
        return Verdict(CANNOT_TELL, NO_VALUE, _("There is no value for %(year)s.") % facts, None)
    if not earlier:
        words = _("%(value)s in %(year)s; there is no earlier year to compare with.") % facts
        return Verdict(CANNOT_TELL, NO_BASE, words, value)
    if base is None:
        words = _("%(value)s in %(year)s; %(before)s is missing, the last before is %(last)s.")
        return Verdict(CANNOT_TELL, GAP_YEAR, words % {**facts, "last": max(earlier)}, value)
    if base == 0:
        words = _("%(value)s in %(year)s against 0 in %(before)s: no percentage can be taken of 0.")
        return Verdict(CANNOT_TELL, ZERO_BASE, words % facts, value)
    met = value * 100 >= base * (100 + GOAL_PERCENT)
    words = _(
        "%(value)s in %(year)s against %(base)s in %(before)s: %(growth)s; the goal is at least "
        "%(goal)s."
    ) % {**facts, "growth": _percent(value, base), "goal": _of_hundred(f"+{GOAL_PERCENT}")}
    told = " ".join(filter(None, (words, _compound(series, min(earlier), year))))
    return Verdict(MET if met else NOT_MET, None, told, value)


def of_alliance(members: Mapping[str, Series], year: int) -> Verdict:
    """The alliance's verdict: over the members that gave a usable value for both years.

    Where no member did, the sum over those that gave one for `year` says what is missing.
    """
    both = [s for s in members.values() if _gave(s, year) and _gave(s, year - 1)]
    counted = both or [s for s in members.values() if _gave(s, year)]
    years = {y for series in counted for y in series if _gave(series, y)}
    if both:
        years = {y for y in years if all(_gave(series, y) for series in both)}
    summed = {y: sum(series.get(y) or 0 for series in counted) for y in years}
    found = yearly_growth(summed, year)
    counts = {"n": len(counted), "of": len(members)}
    words = ngettext(
        "%(n)s of %(of)s members counted.", "%(n)s of %(of)s members counted.", counts["n"]
    )
    told = f"{words % counts} {found.arithmetic}"
    return Verdict(found.verdict, found.reason, told, found.value, len(counted), len(members))


def _gave(series: Series, year: int) -> bool:
    return series.get(year) is not None


def _percent(value: int, base: int) -> str:
    """To one decimal; +9.97% where +10.0% would be told of what does not reach the goal."""
    percent = (value - base) / base * 100
    missed = value * 100 < base * (100 + GOAL_PERCENT)
    decimals = 1
    while missed and float(f"{percent:.{decimals}f}") >= GOAL_PERCENT and decimals < MOST_DECIMALS:
        decimals += 1
    return _signed(percent, decimals)


def _grouped(number: int | None) -> str:
    return number_format(number or 0, force_grouping=True)


def _signed(percent: float, decimals: int = 1) -> str:
    """+0.8%, with the decimal sign of the language."""
    words = f"{percent:+.{decimals}f}"
    return _of_hundred(f"{words[0]}{number_format(words[1:], decimals)}")


def _of_hundred(number: str) -> str:
    """With the sign as the language sets it: French parts it from the number."""
    return _("%(number)s%%") % {"number": number}


def _compound(series: Series, first: int, year: int) -> str:
    start, end = series.get(first), series.get(year)
    if not start or end is None or year - first < 2:
        return ""
    rate = ((end / start) ** (1 / (year - first)) - 1) * 100
    facts = {"first": first, "rate": _signed(rate)}
    return _("Compound since %(first)s: %(rate)s a year.") % facts


def of_treaty(stages: Mapping[str, dt.date], day: dt.date) -> Verdict:
    """The verdict on 2022-M6 at the end of `day`, from the day of each stage that is recorded.

    "Sign and ratify the Council of Europe Lanzarote Convention [for government members] or
    implement similar legislation": ratification, entry into force or similar legislation meets
    it. A signature alone does not, and nothing recorded does not say that nothing was done; the
    clause has no day by which it is due. So neither is "not met": it cannot be told.
    """
    reached = {stage: on for stage, on in stages.items() if on <= day}
    told = [
        _(words) % {"day": long_date(reached[s])} for s, words in FULFILS.items() if s in reached
    ]
    signed = (
        [_("signed on %(day)s") % {"day": long_date(reached["signed"])}]
        if "signed" in reached
        else []
    )
    words = {"facts": joined([*signed, *told], SEMICOLON)}
    if told:
        return Verdict(MET, None, _("Recorded: %(facts)s.") % words, None)
    if signed:
        more = _("Recorded: %(facts)s; no ratification and no similar legislation is recorded.")
        return Verdict(CANNOT_TELL, SIGNED_ALONE, more % words, None)
    return Verdict(CANNOT_TELL, NO_RECORD, _("Nothing is recorded."), None)
