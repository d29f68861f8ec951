"""Whoever runs the server lets the first administrator in; after that, people invite people."""

import pytest
from django.core.management import CommandError, call_command

from members.models import Event, Invitation, Message, Role, User

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_invited_by_mail():
    call_command("invite_administrator", "Admin@Example.org")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.kind) == ("admin@example.org", "administrator")
    assert invitation.invited_by is None
    assert "/invitations/" in Message.objects.get(to="admin@example.org").body
    assert Event.objects.get(chain="accounts").actor is None


def test_a_site_with_an_administrator_refuses(administrator: User):
    with pytest.raises(CommandError, match="administrator already"):
        call_command("invite_administrator", "second@example.org")
    assert not Invitation.objects.exists()


def test_a_demonstration_administrator_is_nobody(administrator: User):
    User.objects.filter(pk=administrator.pk).update(is_demonstration=True)
    call_command("invite_administrator", "first@example.org")
    assert Role.objects.filter(kind="administrator").count() == 1
    assert Invitation.objects.count() == 1


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("invite_administrator", "nobody")
    assert not Message.objects.exists()
