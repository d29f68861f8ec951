"""Who is expected to report in a round, by when, and which rounds are collected."""

import datetime as dt

import pytest

from members.models import Member
from reporting.models import Cycle, Extension
from reporting.rounds import due_on_of, expected_members, is_expected

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", range(2014, 2029, 2))
def test_48_are_expected_up_to_2022_and_84_from_2024(code):
    expected = expected_members(Cycle.objects.get(code=code))
    assert expected.count() == (48 if code <= 2022 else 84)
    assert not expected.filter(code="GB-EAW").exists()


def test_up_to_2022_those_who_signed_in_2012_are_expected():
    expected = set(expected_members(Cycle.objects.get(code="2022")))
    assert expected == set(Member.objects.filter(signatures__statement__code="2012"))


def test_who_joins_on_the_opening_day_is_expected_and_who_joins_after_is_not():
    cycle, member = Cycle.objects.get(code="2026"), Member.objects.get(code="THORN")
    member.joined_on = cycle.opens_on
    member.save()
    assert is_expected(cycle, member)
    member.joined_on = cycle.opens_on + dt.timedelta(days=1)
    member.save()
    assert not is_expected(cycle, member)


def test_who_left_by_the_opening_day_is_not_expected_unless_it_signed():
    cycle = Cycle.objects.get(code="2026")
    Member.objects.filter(code__in=["THORN", "ALB"]).update(left_on=cycle.opens_on)
    found = {code: is_expected(cycle, Member.objects.get(code=code)) for code in ("THORN", "ALB")}
    assert found == {"THORN": False, "ALB": True}


def test_an_extension_moves_the_due_day_of_its_member_alone(member, other_member, reviewer):
    cycle = Cycle.objects.get(code="2026")
    facts = {"reason": "Asked for.", "decided_by": reviewer, "decided_on": dt.date(2026, 5, 1)}
    Extension.objects.create(cycle=cycle, member=member, due_on=dt.date(2026, 9, 1), **facts)
    Extension.objects.create(cycle=cycle, member=other_member, due_on=None, **facts)
    assert due_on_of(cycle, member) == dt.date(2026, 9, 1)
    assert due_on_of(cycle, other_member) == cycle.due_on == dt.date(2026, 7, 1)
    assert is_expected(cycle, other_member)


def test_rounds_are_collected_from_the_first_one_on(settings):
    settings.FIRST_CYCLE = 2022
    assert [c.code for c in Cycle.objects.collected()] == ["2022", "2024", "2026", "2028"]
    begun = Cycle.objects.begun(dt.date(2024, 1, 1))
    assert [c.code for c in begun] == ["2022", "2024"]


def test_the_data_page_prints_on_what_the_rounds_rest(client, settings):
    settings.CYCLE_BASIS = "Every second year, by decision of the alliance."
    assert settings.CYCLE_BASIS in client.get("/data/").content.decode()
