"""Where a round stands on a day, and whether a report came in time."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.deadlines import state, timeliness

ROUND = SimpleNamespace(
    code="2026",
    opens_on=dt.date(2026, 1, 1),
    due_on=dt.date(2026, 7, 1),
    closes_on=dt.date(2026, 12, 31),
)
DUE_ENDS = dt.datetime(2026, 7, 2, 12, tzinfo=dt.UTC)
CLOSE_ENDS = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
FIRST, LAST = dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1)  # noqa: DTZ001
moments = st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC))
extended = st.none() | st.dates(dt.date(2026, 7, 1), dt.date(2027, 3, 1))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (dt.datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC), "planned"),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "open"),
        (dt.datetime(2026, 7, 1, 23, 59, 59, 999999, tzinfo=dt.UTC), "open"),
        (DUE_ENDS - TICK, "open"),
        (DUE_ENDS, "overdue"),
        (CLOSE_ENDS - TICK, "overdue"),
        (CLOSE_ENDS, "closed"),
    ],
)
def test_a_round_moves_on_when_its_days_are_over_everywhere(now, expected):
    assert state(ROUND, now, 2026) == expected


@given(moments)
def test_a_round_before_the_first_is_not_collected_on_any_day(now):
    assert state(ROUND, now, 2028) == "not_collected"


@given(moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=900)))
def test_a_round_never_goes_back(now, later):
    order = ["planned", "open", "overdue", "closed"]
    assert order.index(state(ROUND, now, 2026)) <= order.index(state(ROUND, now + later, 2026))


def told(came=None, *, extended=None, excused=False, expected=True, now=CLOSE_ENDS):
    return timeliness(came, ROUND.due_on, extended, ROUND.closes_on, excused, expected, now)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"now": DUE_ENDS - TICK}, "expected"),
        ({"now": DUE_ENDS}, "overdue"),
        ({"now": CLOSE_ENDS - TICK}, "overdue"),
        ({}, "missed"),
        ({"came": DUE_ENDS - TICK}, "on_time"),
        ({"came": DUE_ENDS}, "late"),
        ({"came": CLOSE_ENDS - TICK}, "late"),
        ({"came": CLOSE_ENDS}, "missed"),
        ({"extended": dt.date(2026, 9, 1), "now": DUE_ENDS}, "expected"),
        ({"extended": dt.date(2026, 9, 1), "came": DUE_ENDS}, "on_time"),
        ({"extended": dt.date(2027, 2, 1)}, "expected"),
        ({"extended": dt.date(2027, 2, 1), "now": CLOSE_ENDS.replace(month=3)}, "missed"),
        ({"excused": True}, "excused"),
        ({"excused": True, "came": DUE_ENDS}, "excused"),
        ({"excused": True, "came": DUE_ENDS - TICK}, "on_time"),
        ({"expected": False}, "not_expected"),
        ({"expected": False, "came": DUE_ENDS}, "voluntary"),
    ],
)
def test_whether_a_report_came_in_time(facts, expected):
    assert told(**facts) == expected


@given(moments, moments, extended, st.booleans(), st.booleans())
def test_what_comes_after_the_day_asked_for_is_not_known_that_day(
    came, now, extended, excused, expected
):
    """`as_of` a day shows what was known then: a report that comes later changes nothing."""
    facts = {"extended": extended, "excused": excused, "expected": expected, "now": now}
    if came > now:
        assert told(came, **facts) == told(None, **facts)


@given(moments, moments, extended, st.timedeltas(dt.timedelta(), dt.timedelta(days=900)))
def test_what_is_known_of_a_report_that_came_stays(came, now, extended, later):
    if came <= now:
        assert told(came, extended=extended, now=now) == told(
            came, extended=extended, now=now + later
        )
