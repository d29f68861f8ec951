"""Builds the zip of a day."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members import events
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
        if there is not None and there.is_final and options["again"]:
            there = self._replaced(there, now)
        elif there is None or not there.is_final:
            there = bulk.build(day, now=now)
        self.stdout.write(str(there.path))

    def _replaced(self, before: bulk.Kept, now: dt.datetime) -> bulk.Kept:
        """The zip built anew; that papers may quote the one before is put on record."""
        old = before.sha256
        after = bulk.build(before.day, now=now)
        if after.sha256 != old:
            about, given = str(before.day), {"old": old, "new": after.sha256}
            events.record("replace_zip", by=None, about=about, chain="zips", at=now, **given)
            self.stderr.write("Its bytes are others now: say why at /secretariat/errata/.")
        return after
