"""A focal point ends the roles of its own member's people, but never the last focal point's."""

import pytest
from django.test import Client
from django.utils import timezone

from members import actions
from members.models import Event, Member, Role, User
from tests.cast import person, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/people/"


def test_the_page_lists_them_and_nobody_elses(
    client: Client, focal_point: User, contributor: User, outsider: User
) -> None:
    page = sign_in(client, focal_point).get(PAGE).content.decode()
    assert "focal point (you)" in page and contributor.name in page
    assert outsider.name not in page


def test_a_contributor_goes_and_it_is_an_event(
    client: Client, focal_point: User, contributor: User
) -> None:
    role = contributor.roles.get()
    assert sign_in(client, focal_point).post(f"{PAGE}{role.pk}/end/").status_code == 302
    role.refresh_from_db()
    assert role.until == timezone.now().date()
    assert Event.objects.get().verb == "role ended"


def test_the_last_focal_point_stays(client: Client, focal_point: User, contributor: User) -> None:
    role = focal_point.roles.get()
    page = sign_in(client, focal_point).get(PAGE).content.decode()
    assert f"{PAGE}{role.pk}/end/" not in page, "no button that is refused"
    assert "The last focal point stays" in page
    assert f"{PAGE}{contributor.roles.get().pk}/end/" in page
    answer = sign_in(client, focal_point).post(f"{PAGE}{role.pk}/end/")
    assert answer.status_code == 403 and "last focal point" in answer.content.decode()
    role.refresh_from_db()
    assert role.until is None


def test_with_another_one_there_it_may_go(
    client: Client, focal_point: User, member: Member
) -> None:
    second = person(Role.Kind.FOCAL_POINT, of=member, name="second")
    page = sign_in(client, focal_point).get(PAGE).content.decode()
    for role in (*focal_point.roles.all(), *second.roles.all()):
        assert f"{PAGE}{role.pk}/end/" in page
    answer = sign_in(client, focal_point).post(f"{PAGE}{focal_point.roles.get().pk}/end/")
    assert answer["Location"] == "/accounts/"
    assert not User.objects.get(pk=focal_point.pk).roles_now


def test_people_of_another_member_are_not_there(
    client: Client, focal_point: User, outsider: User
) -> None:
    theirs = outsider.roles.get()
    assert sign_in(client, focal_point).post(f"{PAGE}{theirs.pk}/end/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.until is None


def test_who_serves_two_members_sees_both_by_name_and_can_go_to_each(
    client: Client, focal_point: User, other_member: Member, editor: User
) -> None:
    kind = Role.Kind.FOCAL_POINT
    actions.give_role(focal_point, kind, other_member, by=editor, at=timezone.now())
    sign_in(client, focal_point)
    for page in (PAGE, "/accounts/"):
        assert all(code in client.get(page).content.decode() for code in ("ALB", "BEL"))
