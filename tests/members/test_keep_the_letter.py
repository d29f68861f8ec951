"""The letter of nomination on which somebody was invited stays beside the role it gave."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members.actions import people
from members.models import Member, Role, User
from tests.cast import person, sign_in

pytestmark = pytest.mark.django_db
LETTER = {
    "nominated_by": "Minister",
    "nominated_on": dt.date(2026, 5, 1),
    "nomination": "Ref 2",
}
TOLD = "Minister, 1 May 2026, Ref 2"


@pytest.fixture
def nominated(editor: User, member: Member) -> User:
    """A colleague who was invited on the letter, and has accepted."""
    user, now = person("analyst", name="nominated"), timezone.now()
    offer = people.invite(user.email, "focal_point", member, by=editor, at=now, **LETTER)
    people.accept_invitation(offer, by=User.objects.get(pk=user.pk), at=now)
    return user


def test_it_is_told_wherever_the_person_is(client: Client, editor: User, nominated: User) -> None:
    desk = sign_in(client, editor)
    for page in (
        f"/secretariat/people/{nominated.pk}/",
        "/secretariat/people/?q=nominated",
        "/secretariat/members/ALB/contacts/",
    ):
        assert TOLD in desk.get(page).content.decode(), page
    told = b"".join(desk.get("/secretariat/people.csv?q=nominated")).decode()
    assert TOLD in told


def test_it_is_beside_its_own_role_alone(
    client: Client, editor: User, nominated: User, member: Member
) -> None:
    now = timezone.now()
    people.give_role(nominated, "contributor", member, by=editor, at=now)
    page = sign_in(client, editor).get(f"/secretariat/people/{nominated.pk}/")
    letters = {role.kind: letter for role, _what, _now, letter in page.context["roles"]}
    assert letters == {"focal_point": TOLD, "contributor": None, "analyst": None}


def test_a_later_letter_is_that_of_the_later_role(
    client: Client, editor: User, nominated: User, member: Member
) -> None:
    today = timezone.now()
    held = nominated.roles.get(kind="focal_point")
    Role.objects.filter(pk=held.pk).update(until=today.date())
    later, new = today + dt.timedelta(days=9), LETTER | {"nomination": "Ref 9"}
    offer = people.invite(nominated.email, "focal_point", member, by=editor, at=later, **new)
    people.accept_invitation(offer, by=User.objects.get(pk=nominated.pk), at=later)
    page = sign_in(client, editor).get(f"/secretariat/people/{nominated.pk}/")
    found = {role.pk: letter for role, _w, _n, letter in page.context["roles"] if letter}
    assert found[held.pk] == TOLD
    assert "Minister, 1 May 2026, Ref 9" in found.values()


def test_contacts_go_out_in_the_form_in_which_they_come(
    client: Client, editor: User, nominated: User
) -> None:
    desk = sign_in(client, editor)
    told = b"".join(desk.get("/secretariat/import/contacts.csv")).decode()
    head, *rows = told.splitlines()
    assert head.lstrip("\ufeff").split(",")[3:] == [*LETTER]
    [row] = [row for row in rows if nominated.email in row]
    assert row.endswith("Minister,2026-05-01,Ref 2")
