"""Whether a numeric target or a treaty clause was met, with the arithmetic printed.

Pure: no Django, no clock.

The one numeric target is 2012-G1: identified victims in the ICSE database, a stock at 31
December, to grow "by at least 10% yearly". The text sets it for the alliance, so the public
verdict is the alliance's. A year is judged against the year before, over the members that gave
a value for both; the compound rate since the first year stands beside it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

GOAL_PERCENT = 10

MET, NOT_MET, CANNOT_TELL = "met", "not_met", "cannot_tell"
NO_VALUE, NO_BASE, GAP_YEAR, ZERO_BASE = "no_value", "no_base", "gap_year", "zero_base"
NO_RECORD, SIGNED_ALONE = "no_record", "signed_alone"

# The stages of a treaty record that each fulfil 2022-M6, in the order in which they are told.
FULFILS = {
    "ratified": "ratified",
    "in_force": "in force",
    "similar_legislation": "similar legislation in force",
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
    if value is None:
        return Verdict(CANNOT_TELL, NO_VALUE, f"There is no value for {year}.", None)
    if not earlier:
        words = f"{value} in {year}; there is no earlier year to compare with."
        return Verdict(CANNOT_TELL, NO_BASE, words, value)
    if base is None:
        words = f"{value} in {year}; {year - 1} is missing, the last before is {max(earlier)}."
        return Verdict(CANNOT_TELL, GAP_YEAR, words, value)
    if base == 0:
        words = f"{value} in {year} against 0 in {year - 1}: no percentage can be taken of 0."
        return Verdict(CANNOT_TELL, ZERO_BASE, words, value)
    met = value * 100 >= base * (100 + GOAL_PERCENT)
    words = (
        f"{value} in {year} against {base} in {year - 1}: {_percent(value, base)}; "
        f"the goal is at least +{GOAL_PERCENT}%.{_compound(series, min(earlier), year)}"
    )
    return Verdict(MET if met else NOT_MET, None, words, value)


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
    words = f"{len(counted)} of {len(members)} members counted. {found.arithmetic}"
    return Verdict(found.verdict, found.reason, words, found.value, len(counted), len(members))


def _gave(series: Series, year: int) -> bool:
    return series.get(year) is not None


def _percent(value: int, base: int) -> str:
    return f"{(value - base) / base * 100:+.1f}%"


def _compound(series: Series, first: int, year: int) -> str:
    start, end = series.get(first), series.get(year)
    if not start or end is None or year - first < 2:
        return ""
    rate = ((end / start) ** (1 / (year - first)) - 1) * 100
    return f" Compound since {first}: {rate:+.1f}% a year."


def of_treaty(stages: Mapping[str, dt.date], day: dt.date) -> Verdict:
    """The verdict on 2022-M6 at the end of `day`, from the day of each stage that is recorded.

    "Sign and ratify the Council of Europe Lanzarote Convention [for government members] or
    implement similar legislation": ratification, entry into force or similar legislation meets
    it. A signature alone does not, and nothing recorded does not say that nothing was done; the
    clause has no day by which it is due. So neither is "not met": it cannot be told.
    """
    reached = {stage: on for stage, on in stages.items() if on <= day}
    told = [f"{words} on {reached[stage]}" for stage, words in FULFILS.items() if stage in reached]
    signed = f"signed on {reached['signed']}" if "signed" in reached else ""
    words = "; ".join([signed, *told] if signed else told)
    if told:
        return Verdict(MET, None, f"Recorded: {words}.", None)
    if signed:
        more = "no ratification and no similar legislation is recorded."
        return Verdict(CANNOT_TELL, SIGNED_ALONE, f"Recorded: {words}; {more}", None)
    return Verdict(CANNOT_TELL, NO_RECORD, "Nothing is recorded.", None)
