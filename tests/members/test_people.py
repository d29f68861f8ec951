"""The secretariat looks after people: roles given and ended, persons disabled."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from members import actions
from members.models import Event, Member, Message, Role, User
from tests.cast import person, sign_in

pytestmark = pytest.mark.django_db


def end(role: Role, by: User) -> bool:
    try:
        actions.end_role(role, by=by, at=timezone.now())
    except PermissionDenied:
        return False
    return True


def test_a_role_ended_is_over_today_and_its_holder_is_told(
    client: Client, editor: User, focal_point: User
) -> None:
    role = focal_point.roles.get()
    sign_in(client, editor).post(f"/secretariat/people/{focal_point.pk}/roles/{role.pk}/end/")
    role.refresh_from_db()
    assert role.until == timezone.now().date()
    assert User.objects.get(pk=focal_point.pk).roles_now == []
    assert Message.objects.filter(to=focal_point.email, subject="Your role has ended").exists()
    assert Event.objects.get().verb == "role ended"


def test_the_last_focal_point_cannot_be_removed_by_its_own_people(
    focal_point: User, member: Member, editor: User
) -> None:
    own = focal_point.roles.get()
    assert not end(own, by=focal_point)
    second = person(Role.Kind.FOCAL_POINT, of=member, name="second")
    assert end(own, by=second)
    assert not end(second.roles.get(), by=second)
    assert end(second.roles.get(), by=editor)


def test_a_disabled_colleague_does_not_count_as_another_focal_point(
    focal_point: User, disabled: User
) -> None:
    assert not end(focal_point.roles.get(), by=focal_point)


def test_a_focal_point_ends_roles_of_its_own_member_alone(
    focal_point: User, contributor: User, outsider: User, former: User
) -> None:
    assert not end(outsider.roles.get(), by=focal_point)
    assert not end(contributor.roles.get(), by=outsider)
    assert not end(contributor.roles.get(), by=former)
    assert end(contributor.roles.get(), by=focal_point)


def test_the_last_administrator_stays(administrator: User, editor: User) -> None:
    assert not end(administrator.roles.get(), by=administrator)
    assert not end(administrator.roles.get(), by=editor)
    person(Role.Kind.ADMINISTRATOR, name="another")
    assert end(administrator.roles.get(), by=administrator)


def test_an_editor_gives_a_role_for_a_member_but_none_of_the_secretariat(
    client: Client, editor: User, analyst: User, member: Member
) -> None:
    path = f"/secretariat/people/{analyst.pk}/roles/"
    sign_in(client, editor)
    assert client.post(path, {"kind": "administrator"}).status_code == 400
    given = {"kind": "contributor", "member": member.code}
    assert client.post(path, given).status_code == 302
    assert client.post(path, given).status_code == 302
    kinds = sorted(analyst.roles.values_list("kind", flat=True))
    assert kinds == ["analyst", "contributor"]


def test_an_administrator_disables_and_enables_but_never_itself(
    client: Client, administrator: User, focal_point: User
) -> None:
    sign_in(client, administrator)
    client.post(f"/secretariat/people/{focal_point.pk}/active/", {"active": "no"})
    assert not User.objects.get(pk=focal_point.pk).is_active
    client.post(f"/secretariat/people/{focal_point.pk}/active/", {"active": "yes"})
    assert User.objects.get(pk=focal_point.pk).is_active
    own = f"/secretariat/people/{administrator.pk}/active/"
    assert client.post(own, {"active": "no"}).status_code == 403


def test_a_person_is_found_by_name_address_and_member(
    client: Client, editor: User, focal_point: User, outsider: User, member: Member
) -> None:
    sign_in(client, editor)
    for words in ("focal-point@", "FOCAL P", member.code):
        page = client.get("/secretariat/people/", {"q": words}).content.decode()
        assert focal_point.email in page
        assert outsider.email not in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_the_same_number_of_queries(
    client: Client, editor: User, member: Member, many: int, django_assert_num_queries
) -> None:
    for n in range(many):
        person(Role.Kind.CONTRIBUTOR, of=member, name=f"person{n}")
        actions.invite(f"n{n}@cast.example", "contributor", member, by=editor, at=timezone.now())
    sign_in(client, editor)
    client.get("/secretariat/people/")
    with django_assert_num_queries(11):
        client.get("/secretariat/people/")


def test_rights_are_half_open_a_role_until_today_is_over(analyst: User) -> None:
    today = dt.datetime.now(dt.UTC).date()
    role = Role.objects.create(user=analyst, kind=Role.Kind.EDITOR, since=today, until=None)
    assert User.objects.get(pk=analyst.pk).is_staff
    Role.objects.filter(pk=role.pk).update(until=today)
    assert not User.objects.get(pk=analyst.pk).is_staff


def test_a_disabled_person_holds_no_role_whoever_asks(disabled: User, contributor: User) -> None:
    assert disabled.roles_now == []
    assert not end(contributor.roles.get(), by=disabled)


def test_an_address_that_refuses_our_mail_is_marked_until_mail_gets_through(
    client: Client, editor: User, analyst: User
) -> None:
    words = "Mail to this address could not be delivered"
    sign_in(client, editor)
    pages = ["/secretariat/people/", f"/secretariat/people/{analyst.pk}/"]
    assert not [page for page in pages if words in client.get(page).content.decode()]

    facts = {"kind": "workflow", "to": analyst.email, "subject": "-"}
    dead = Message.objects.create(**facts, state="dead")
    assert [client.get(page).content.decode().count(words) for page in pages] == [1, 1]

    Message.objects.create(**facts, state="sent", sent_at=dead.created_at)
    assert [client.get(page).content.decode().count(words) for page in pages] == [0, 0]
