"""Builds the zip of a day."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reporting.exports import bulk


class Command(BaseCommand):
    help = (
        "Builds the zip of all that is published, as shown at the end of a day (UTC; today "
        "without one). A finished day that has its zip already keeps it unless --again is said."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--again", action="store_true", help="replace a final zip")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = now.astimezone(dt.UTC).date()
        day = options["day"] or today
        if day > today:
            raise CommandError("That day has not come yet.")
        there = {one.day: one for one in bulk.kept()}.get(day)
        if there is None or not there.is_final or options["again"]:
            there = bulk.build(day, now=now)
        self.stdout.write(str(there.path))
