"""A deadline keeps what its text prints, recurs from its anchor, and ends last at UTC-12."""

import calendar
import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.deadlines import (
    end_of_day_anywhere,
    is_over,
    last_day,
    next_due,
    occurrence,
    printed_in,
)
from commitments.models import Commitment
from tests.registry_files import clauses

days = st.dates(dt.date(2012, 1, 1), dt.date(2100, 12, 31))
FIRST, LAST = dt.datetime(2012, 1, 1), dt.datetime(2100, 12, 31)  # noqa: DTZ001
moments = st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC))
precisions = st.sampled_from(["day", "month", "year"])
months = st.integers(1, 120)
LEAP_DAY = dt.date(2012, 2, 29)


@given(days, months, st.integers(0, 40))
@example(LEAP_DAY, 12, 1)
@example(dt.date(2022, 10, 31), 6, 1)
def test_an_occurrence_lies_exactly_so_many_months_after_the_anchor(anchor, every, n):
    day = occurrence(anchor, every, n)
    assert (day.year - anchor.year) * 12 + day.month - anchor.month == n * every
    assert day.day == min(anchor.day, calendar.monthrange(day.year, day.month)[1])


@given(days, months, st.integers(0, 40))
def test_a_later_occurrence_is_a_later_day(anchor, every, n):
    assert occurrence(anchor, every, n) < occurrence(anchor, every, n + 1)


def test_occurrences_are_counted_from_the_anchor_and_do_not_drift():
    halves = [occurrence(dt.date(2022, 10, 31), 6, n) for n in range(3)]
    assert halves == [dt.date(2022, 10, 31), dt.date(2023, 4, 30), dt.date(2023, 10, 31)]
    years = [occurrence(LEAP_DAY, 12, n) for n in range(5)]
    assert [day.day for day in years] == [29, 28, 28, 28, 29]


def test_reports_are_due_on_1_july_of_every_even_year():
    for reference in ("2012-S2", "2012-S2a", "2012-S2b", "2012-S2c"):
        clause = next(c for c in clauses("2012") if c["reference"] == reference)
        anchor = dt.date.fromisoformat(clause["due_on"])
        found = [occurrence(anchor, clause["every_months"], n) for n in range(44)]
        assert found == [dt.date(year, 7, 1) for year in range(2014, 2101, 2)]


def test_what_does_not_recur_has_one_date():
    assert occurrence(LEAP_DAY, None, 0) == LEAP_DAY
    with pytest.raises(ValueError):
        occurrence(LEAP_DAY, None, 1)


@given(days, precisions)
def test_an_inexact_date_is_due_on_its_last_day(day, precision):
    due = last_day(day, precision)
    after = due + dt.timedelta(days=1)
    shared = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[precision]
    assert due >= day
    assert due.strftime(shared) == day.strftime(shared) != after.strftime(shared)
    assert last_day(due, precision) == due


@pytest.mark.parametrize(
    ("day", "precision", "due"),
    [
        (dt.date(2016, 2, 1), "month", LEAP_DAY.replace(year=2016)),
        (dt.date(2100, 2, 1), "month", dt.date(2100, 2, 28)),
        (dt.date(2016, 3, 31), "month", dt.date(2016, 3, 31)),
        (dt.date(2015, 1, 1), "year", dt.date(2015, 12, 31)),
    ],
)
def test_february_and_year_ends(day, precision, due):
    assert last_day(day, precision) == due


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="week"):
        last_day(LEAP_DAY, "week")


@given(days)
@example(LEAP_DAY)
def test_a_day_ends_when_the_last_place_on_earth_is_through_with_it(day):
    end = end_of_day_anywhere(day)
    assert end.utcoffset() == dt.timedelta()
    assert end == dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC) + dt.timedelta(1)
    last_place = dt.timezone(dt.timedelta(hours=-12))
    assert (end - dt.timedelta(microseconds=1)).astimezone(last_place).date() == day
    assert not is_over(day, end - dt.timedelta(microseconds=1))
    assert is_over(day, end)


@given(days, moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=900)))
def test_what_is_over_stays_over(day, now, later):
    assert not is_over(day, now) or is_over(day, now + later)


@given(days, precisions, st.none() | months, moments)
@example(LEAP_DAY, "year", 1, dt.datetime(2013, 1, 1, 11, tzinfo=dt.UTC))
def test_the_next_due_day_is_the_first_that_is_not_over(anchor, precision, every, now):
    due = next_due(anchor, precision, every, now)
    if every is None:
        assert due in (None, last_day(anchor, precision))
        assert (due is None) == is_over(last_day(anchor, precision), now)
        return
    n = 0
    while is_over(last_day(occurrence(anchor, every, n), precision), now):
        n += 1
    assert due == last_day(occurrence(anchor, every, n), precision)


@given(days, precisions, months, moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=900)))
def test_the_next_due_day_never_moves_back(anchor, precision, every, now, later):
    assert next_due(anchor, precision, every, now) <= next_due(
        anchor, precision, every, now + later
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reference", "due"),
    [
        ("2012-S1", None),  # 1 April 2013, once
        ("2012-S2", dt.date(2028, 7, 1)),
        ("2012-S3", dt.date(2026, 12, 31)),
        ("2015-S1", None),  # by March 2016, once
        ("2015-S2", dt.date(2027, 11, 17)),  # counted from the adoption
        ("2022-M3", dt.date(2028, 7, 1)),  # with the rounds
        ("2022-M4", dt.date(2028, 7, 1)),
        ("2022-TF-F7", None),  # two in any twelve months, on no day of their own
        ("2012-G1", None),  # a yearly goal without a date
    ],
)
def test_the_next_due_day_of_a_clause_is_counted_from_its_text_or_the_setting(reference, due):
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    assert Commitment.objects.get(reference=reference).next_due(now) == due


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("By June 2027, adopt a law", ("2027-06-30", "month", "firm")),
        ("by the end of\n2028", ("2028-12-31", "year", "firm")),
        ("no later than 1 March 2031", ("2031-03-01", "day", "firm")),
        ("before March 15, 2027", ("2027-03-15", "day", "firm")),
        ("by the indicative date of 2015 to:", ("2015-12-31", "year", "indicative")),
        ("indicatively 2015", ("2015-12-31", "year", "indicative")),
        ("by 31 June 2027", None),
        ("drafted by 20 members in 2027", None),
        ("as agreed in Brussels on 5 December 2012", None),
    ],
)
def test_a_deadline_is_read_where_words_print_one(
    words: str, printed: tuple[str, str, str] | None
) -> None:
    found = printed_in(words)
    assert (found and (found.on.isoformat(), found.precision, found.modality)) == printed
