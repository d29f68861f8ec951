"""Lets the first administrator in."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from members.actions import Closed, invite_administrator


class Command(BaseCommand):
    help = "Invites the first administrator by mail. Refused once a site has an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            validate_email(email)
            invitation = invite_administrator(email, at=dt.datetime.now(dt.UTC))
        except ValidationError as error:
            raise CommandError(f"{email}: this is not an e-mail address.") from error
        except Closed as error:
            raise CommandError("There is an administrator already, who can invite.") from error
        self.stdout.write(f"Invited {email}, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")
