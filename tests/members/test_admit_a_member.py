"""An editor admits a new member; a name that may be another's is asked about first."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Event, FormerCode, Member, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, editor: User, member: Member) -> Client:
    return sign_in(client, editor)


NEW = {
    "code": "zzz",
    "name": "A new member",
    "kind": "government",
    "region": "Oceania",
    "joined_on": "2026-03-01",
    "joined_source": "A letter",
}


def test_a_new_member_owes_from_the_day_it_joined(desk: Client) -> None:
    assert "/secretariat/members/new/" in desk.get("/secretariat/members/").content.decode()
    assert desk.post("/secretariat/members/new/", NEW)["Location"] == "/secretariat/members/ZZZ/"
    member = Member.objects.named(dt.date(2026, 4, 1)).get(code="ZZZ")
    assert (member.display_name, member.joined_on) == ("A new member", dt.date(2026, 3, 1))
    assert member.names.get().since == member.joined_on
    assert Event.objects.filter(chain="member:ZZZ", verb="admitted").exists()


def test_a_new_member_under_the_name_of_another_is_asked_about_first(desk: Client) -> None:
    twin = NEW | {"name": "The Republic of Albania"}
    asked = desk.post("/secretariat/members/new/", twin)
    assert asked.status_code == 400 and "apart" in asked.context["form"].errors
    told = asked.content.decode()
    assert "/secretariat/members/ALB/" in told and "words such as “Republic of”" in told
    assert not Member.objects.filter(code="ZZZ").exists()
    assert desk.post("/secretariat/members/new/", twin | {"apart": "on"}).status_code == 302
    assert Member.objects.filter(code="ZZZ").exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "Z1", "such a code"),
        ("code", "alb", "already exists"),
        ("code", "OLD", "record that was merged"),
        ("joined_on", "", "required"),
        ("joined_source", "", "required"),
        ("kind", "state", "valid choice"),
    ],
)
def test_what_is_wrong_with_a_new_member_is_said_beside_its_field(
    desk: Client, administrator: User, member: Member, field: str, value: str, words: str
) -> None:
    facts = {"key": 0, "member": member, "merged_by": administrator, "because": "Twice."}
    FormerCode.objects.create(code="OLD", merged_at=timezone.now(), **facts)
    before = Member.objects.count()
    answer = desk.post("/secretariat/members/new/", NEW | {field: value})
    assert answer.status_code == 400 and words in str(answer.context["form"].errors[field])
    assert Member.objects.count() == before
