"""The secretariat freezes a member: nobody of it writes or reads drafts, until it is lifted."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from members import actions
from members.events import broken_links
from members.models import Event, Freeze, Member, Message, PublicVersion, Role, User
from tests.cast import person, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/people/frozen/"


def frozen(member: Member, editor: User) -> Freeze:
    return actions.freeze(member, "An account was taken over.", by=editor, at=timezone.now())


def test_who_is_signed_in_is_stopped_at_the_next_request(
    client: Client, focal_point: User, contributor: User, member: Member, editor: User
) -> None:
    sign_in(client, focal_point)
    assert client.get("/reporting/").status_code == 200
    frozen(member, editor)
    assert client.get("/reporting/").status_code == 403
    assert client.post("/reporting/2026-ALB/start/").status_code == 403
    account = client.get("/accounts/").content.decode()
    assert "focal point for ALB" in account and "frozen by the secretariat" in account
    assert sign_in(client, contributor).get("/reporting/").status_code == 403


def test_who_is_stopped_reads_that_it_is_a_freeze_since_when_and_whom_to_ask(
    client: Client, focal_point: User, outsider: User, member: Member, editor: User
) -> None:
    made = frozen(member, editor)
    refused = sign_in(client, focal_point).get("/reporting/")
    page = refused.content.decode()
    assert refused.status_code == 403
    assert f"is frozen by the secretariat since {made.since:%-d %B %Y}" in page
    assert "mailto:secretariat@localhost" in page
    assert "your role does not include" not in page
    assert "taken over" not in page, "the reason is told by the secretariat alone"
    refused = sign_in(client, outsider).get("/secretariat/").content.decode()
    assert "your role does not include" in refused and "frozen" not in refused


def test_nobody_else_is_and_the_public_sees_nothing_of_it(
    client: Client, outsider: User, member: Member, editor: User
) -> None:
    pages = ["/members/ALB/", "/api/v1/members/?kind=government"]
    before = [client.get(page).content for page in pages]
    stamp = list(PublicVersion.objects.values())
    frozen(member, editor)
    assert [client.get(page).content for page in pages] == before
    assert list(PublicVersion.objects.values()) == stamp
    assert sign_in(client, outsider).get("/reporting/").status_code == 200


def test_one_who_serves_another_member_too_goes_on_with_that_one(
    client: Client, focal_point: User, member: Member, other_member: Member, editor: User
) -> None:
    kind = Role.Kind.FOCAL_POINT
    actions.give_role(focal_point, kind, other_member, by=editor, at=timezone.now())
    frozen(member, editor)
    focal_point = User.objects.get(pk=focal_point.pk)
    assert [role.member for role in focal_point.roles_now] == [other_member]
    page = sign_in(client, focal_point).get("/reporting/")
    assert page.status_code == 200
    assert "is frozen by the secretariat since" in page.content.decode()


def test_the_page_freezes_and_lifts_and_both_are_events(
    client: Client, focal_point: User, member: Member, editor: User
) -> None:
    sign_in(client, editor)
    answer = client.post(PAGE, {"member": "ALB", "because": "A dispute."})
    assert answer.status_code == 302
    assert "A dispute." in client.get(PAGE).content.decode()
    assert (
        "so that nobody of theirs can write: ALB"
        in client.get("/secretariat/people/").content.decode()
    )
    again = client.post(PAGE, {"member": "ALB", "because": "Once more."})
    assert again.status_code == 400 and "frozen already" in again.content.decode()
    client.post(f"{PAGE}{Freeze.objects.get().pk}/lift/")
    assert User.objects.get(pk=focal_point.pk).roles_now
    client.post(f"{PAGE}{Freeze.objects.get().pk}/lift/")  # twice changes nothing
    verbs = list(Event.objects.values_list("verb", "about"))
    assert verbs == [("member frozen", "member:ALB"), ("member unfrozen", "member:ALB")]
    assert broken_links("accounts") == []
    told = Message.objects.filter(person=focal_point).order_by("pk")
    assert [m.subject for m in told] == ["Your access is frozen", "Your access is open again"]
    assert not any("dispute" in m.body for m in told)


@pytest.mark.parametrize("sent", [{}, {"member": "ZZZ", "because": "x"}, {"member": "ALB"}])
def test_bad_input_is_named_and_freezes_nothing(
    client: Client, editor: User, member: Member, sent: dict[str, str]
) -> None:
    answer = sign_in(client, editor).post(PAGE, sent)
    assert answer.status_code == 400 and "error" in answer.content.decode()
    assert not Freeze.objects.exists()


def test_only_who_manages_people_freezes(member: Member, reviewer: User, focal_point: User) -> None:
    for by in (reviewer, focal_point):
        with pytest.raises(PermissionDenied):
            frozen(member, by)


def test_the_database_takes_one_freeze_at_a_time(member: Member, editor: User) -> None:
    frozen(member, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.create(member=member, because="x", by=editor, since=timezone.now())


def test_the_roles_of_a_frozen_member_still_count_where_the_last_one_is_protected(
    member: Member, focal_point: User, editor: User
) -> None:
    other = person(Role.Kind.FOCAL_POINT, of=member, name="second")
    frozen(member, editor)
    with pytest.raises(PermissionDenied):
        actions.end_role(focal_point.roles.get(), by=other, at=timezone.now())
