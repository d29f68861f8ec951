"""Somebody is invited, follows the link of the mail, and is in; once, in time, and nobody else."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from members import actions
from members.events import broken_links
from members.models import Event, Invitation, Member, Message, Role, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
NEW = "invited@cast.example"
ANSWERS = {"name": "invited", "time_zone": "Africa/Accra", "password": "several unusual words"}


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def link(editor: User, member: Member, settings) -> str:
    """The path in the mail to a new focal point."""
    actions.invite(NEW, Role.Kind.FOCAL_POINT, member, by=editor, at=timezone.now())
    return path_in_the_last_mail(settings.SITE_URL)


def path_in_the_last_mail(site: str) -> str:
    mail = Message.objects.filter(subject="Invitation").latest("pk")
    assert f"{site}/invitations/" in mail.body
    return mail.body.split(site)[1].split()[0]


def test_an_editor_invites_by_the_form(client: Client, editor: User, member: Member) -> None:
    sign_in(client, editor)
    sent = {"email": "Invited@Cast.Example", "kind": "focal_point", "member": member.code}
    letter = {
        "nominated_by": "The ministry",
        "nominated_on": "2026-01-05",
        "nomination": "Letter 7",
    }
    for name in ("nominated_by", "nominated_on"):
        lacking = {key: value for key, value in letter.items() if key != name}
        refused = client.post("/secretariat/people/invite/", sent | lacking)
        assert refused.status_code == 400 and name in refused.context["form"].errors
    answer = client.post("/secretariat/people/invite/", sent | letter)
    assert answer.status_code == 302
    offer = Invitation.objects.get()
    assert (offer.email, offer.member, offer.nomination) == (NEW, member, "Letter 7")
    assert offer.expires_at - offer.invited_at == dt.timedelta(days=7)
    page = client.get("/secretariat/people/").content.decode()
    assert NEW in page and "The ministry, 5 January 2026, Letter 7" in page


def test_a_letter_of_tomorrow_is_refused(client: Client, editor: User, member: Member) -> None:
    sent = {"email": NEW, "kind": "focal_point", "member": member.code, "nominated_by": "x"}
    sent["nominated_on"] = str(timezone.now().date() + dt.timedelta(days=2))
    answer = sign_in(client, editor).post("/secretariat/people/invite/", sent)
    assert answer.status_code == 400 and "still to come" in answer.content.decode()


def test_the_secret_stands_in_the_mail_alone(link: str) -> None:
    secret = link.split("/")[2]
    assert len(secret) >= 43
    assert secret not in str(next(iter(Invitation.objects.values_list())))
    assert not Event.objects.filter(detail__icontains=secret).exists()


def test_an_invited_person_accepts_and_is_in(client: Client, link: str, member: Member) -> None:
    page = client.get(link)
    assert page.status_code == 200
    name = Member.objects.named(timezone.now().date()).get(pk=member.pk).display_name
    assert f"focal point for {name} (ALB)" in page.content.decode()
    assert f"focal point for {name} (ALB)" in Message.objects.earliest("pk").body
    answer = client.post(link, ANSWERS)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/second-factor/")
    user = User.objects.get(email=NEW)
    role = user.roles.get()
    assert (role.kind, role.member, role.until) == (Role.Kind.FOCAL_POINT, member, None)
    assert role.since == timezone.now().date()
    assert client.get("/accounts/").status_code == 200
    assert "this one" in client.get("/accounts/sessions/").content.decode()
    client.logout()
    client.post("/accounts/login/", {"login": NEW, "password": ANSWERS["password"]})
    assert client.get("/accounts/").status_code == 200


def test_opening_the_link_uses_nothing_up(client: Client, link: str) -> None:
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert Invitation.objects.get().accepted_at is None


def test_a_second_use_is_refused(client: Client, link: str) -> None:
    client.post(link, ANSWERS)
    client.logout()
    for answer in (client.get(link), client.post(link, ANSWERS)):
        assert answer.status_code == 410
        assert "used already" in answer.content.decode()
    assert User.objects.filter(email=NEW).count() == 1


def test_an_expired_link_is_refused(client: Client, link: str) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    answer = client.post(link, ANSWERS)
    assert answer.status_code == 410
    assert "expired" in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_revoked_link_is_refused(client: Client, link: str, editor: User) -> None:
    sign_in(client, editor)
    client.post(f"/secretariat/people/invitations/{Invitation.objects.get().pk}/revoke/")
    client.logout()
    answer = client.post(link, ANSWERS)
    assert answer.status_code == 410
    assert "taken it back" in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_an_unknown_secret_is_not_found(client: Client) -> None:
    assert client.get("/invitations/an-unknown-secret/").status_code == 404
    assert client.post("/invitations/an-unknown-secret/", ANSWERS).status_code == 404


def test_sent_again_the_old_link_is_dead_and_the_new_one_works(
    client: Client, link: str, editor: User, settings
) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    sign_in(client, editor)
    client.post(f"/secretariat/people/invitations/{Invitation.objects.get().pk}/resend/")
    client.logout()
    assert client.get(link).status_code == 404
    assert client.post(path_in_the_last_mail(settings.SITE_URL), ANSWERS).status_code == 302


def test_an_accepted_invitation_cannot_be_sent_again_or_revoked(
    client: Client, link: str, editor: User
) -> None:
    client.post(link, ANSWERS)
    sign_in(client, editor)
    for verb in ("resend", "revoke"):
        path = f"/secretariat/people/invitations/{Invitation.objects.get().pk}/{verb}/"
        assert client.post(path).status_code == 409


def test_a_wrong_person_with_the_link_gets_nothing(
    client: Client, link: str, outsider: User
) -> None:
    sign_in(client, outsider)
    for answer in (client.get(link), client.post(link, ANSWERS)):
        assert answer.status_code == 403
    assert outsider.roles.count() == 1
    assert Invitation.objects.get().accepted_at is None


def test_somebody_with_an_account_signs_in_and_accepts(
    client: Client, editor: User, analyst: User, member: Member, settings
) -> None:
    kind = Role.Kind.CONTRIBUTOR
    actions.invite(analyst.email, kind, member, by=editor, at=timezone.now())
    link = path_in_the_last_mail(settings.SITE_URL)
    page = client.get(link).content.decode()
    assert "sign in to accept" in page and "password" not in page
    assert client.post(link, ANSWERS).status_code == 200  # no second account, no new password
    sign_in(client, analyst)
    assert client.post(link)["Location"] == "/reporting/"
    assert analyst.roles.filter(kind=kind, member=member).exists()


def test_a_weak_password_is_refused_beside_its_field_and_nothing_typed_is_lost(
    client: Client, link: str
) -> None:
    for weak in ("short", "123456789012345", "invited@cast.example"):
        answer = client.post(link, ANSWERS | {"password": weak})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'href="#id_password"' in page and 'value="invited"' in page
    assert not User.objects.filter(email=NEW).exists()


def test_a_name_with_a_forbidden_character_is_refused(client: Client, link: str) -> None:
    assert client.post(link, ANSWERS | {"name": "a\u202eb"}).status_code == 400
    assert client.post(link, ANSWERS | {"name": "a\x00b"}).status_code == 400


def test_the_link_in_the_mail_does_not_follow_the_request(
    client: Client, editor: User, member: Member, settings
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://tracker.example", ["evil.example"]
    sent = {"email": NEW, "kind": "contributor", "member": member.code}
    sign_in(client, editor).post("/secretariat/people/invite/", sent, HTTP_HOST="evil.example")
    assert "evil.example" not in Message.objects.get().body
    assert path_in_the_last_mail("https://tracker.example")


def test_a_focal_point_needs_a_member_and_the_form_says_so(client: Client, editor: User) -> None:
    sent = {"email": NEW, "kind": "focal_point"}
    answer = sign_in(client, editor).post("/secretariat/people/invite/", sent)
    assert answer.status_code == 400
    assert 'href="#id_member"' in answer.content.decode()
    assert NEW in answer.content.decode()


def test_the_same_offer_twice_is_refused(client: Client, link: str, editor: User) -> None:
    sent = {"email": NEW, "kind": "focal_point", "member": Invitation.objects.get().member.code}
    answer = sign_in(client, editor).post("/secretariat/people/invite/", sent)
    assert answer.status_code == 400
    assert "Send the invitation again" in answer.content.decode()


def test_who_may_invite_whom(
    editor: User,
    administrator: User,
    reviewer: User,
    focal_point: User,
    contributor: User,
    member: Member,
    other_member: Member,
) -> None:
    def may(by: User, kind: str, of: Member | None = None) -> bool:
        try:
            actions.invite(NEW, kind, of, by=by, at=timezone.now())
        except PermissionDenied:
            return False
        return True

    focal, contributes = Role.Kind.FOCAL_POINT, Role.Kind.CONTRIBUTOR
    assert may(editor, focal, member) and may(administrator, focal, member)
    assert may(administrator, Role.Kind.REVIEWER) and may(administrator, Role.Kind.ADMINISTRATOR)
    assert not may(editor, Role.Kind.REVIEWER) and not may(editor, Role.Kind.ADMINISTRATOR)
    assert not may(reviewer, focal, member)
    assert may(focal_point, contributes, member)
    assert not may(focal_point, contributes, other_member)
    assert not may(focal_point, focal, member)
    assert not may(contributor, contributes, member)


def test_an_editor_cannot_offer_a_secretariat_role_by_the_form(
    client: Client, editor: User
) -> None:
    sent = {"email": NEW, "kind": "administrator"}
    assert sign_in(client, editor).post("/secretariat/people/invite/", sent).status_code == 400
    assert not Invitation.objects.exists()


def test_every_step_is_an_event_in_an_unbroken_chain(client: Client, link: str) -> None:
    client.post(link, ANSWERS)
    verbs = list(Event.objects.filter(chain="accounts").values_list("verb", flat=True))
    assert verbs == ["invited", "invitation accepted"]
    assert broken_links("accounts") == []
    assert NEW not in str(list(Event.objects.values_list("about", "detail")))


def test_the_inviter_is_told(client: Client, link: str, editor: User) -> None:
    client.post(link, ANSWERS)
    assert Message.objects.filter(to=editor.email, subject="Invitation accepted").count() == 1


# ---- in which language


def invite_by_form(client: Client, editor: User, **chosen: str) -> Message:
    sent = {"email": NEW, "kind": "contributor", "member": "ALB", **chosen}
    answer = sign_in(client, editor).post("/secretariat/people/invite/", sent)
    assert answer.status_code == 302
    client.logout()
    return Message.objects.latest("pk")


def test_an_invitation_is_written_in_the_language_chosen(client: Client, editor: User) -> None:
    mail = invite_by_form(client, editor, language="ar")
    assert mail.language == "ar" and "ألبانيا" in mail.body
    page = client.get(mail.body.split("http://localhost:8000")[1].split()[0])
    html = page.content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert '<option value="ar" selected>' in html or 'value="ar" checked' in html


def test_it_follows_the_colleagues_where_none_is_chosen(
    client: Client, editor: User, focal_point: User, contributor: User
) -> None:
    people = User.objects.filter(pk__in=[focal_point.pk, contributor.pk])
    people.update(language="fr")
    mail = invite_by_form(client, editor)
    assert mail.language == "fr" and "Albanie" in mail.body
    actions.resend(Invitation.objects.get(), by=editor, at=timezone.now())
    assert Message.objects.latest("pk").language == "fr"


def test_it_is_english_where_nobody_acts_for_the_member(client: Client, editor: User) -> None:
    assert invite_by_form(client, editor).language == "en"


def test_who_has_an_account_is_written_to_in_its_own_language(
    client: Client, editor: User, outsider: User
) -> None:
    User.objects.filter(pk=outsider.pk).update(language="fr")
    mail = invite_by_form(client, editor, email=outsider.email, language="ar")
    assert mail.language == "fr"


def test_a_language_that_is_not_spoken_is_refused(client: Client, editor: User) -> None:
    sent = {"email": NEW, "kind": "contributor", "member": "ALB", "language": "tlh"}
    answer = sign_in(client, editor).post("/secretariat/people/invite/", sent)
    assert answer.status_code == 400 and not Invitation.objects.exists()
