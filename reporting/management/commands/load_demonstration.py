"""Makes the demonstration: invented reports over the real register."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reporting import demonstration


class Command(BaseCommand):
    help = (
        "Makes the demonstration: invented reports, all marked as synthetic, and people to sign "
        "in as. Only with DEMO=1. All or nothing; may be repeated, and then does nothing."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO=0: the demonstration is not made beside real reports.")
        try:
            made = demonstration.make(dt.datetime.now(dt.UTC))
        except demonstration.NotBesideReports:
            self.stderr.write("demonstration: left out, for there are reports nobody invented")
            return
        if not verbosity:
            return
        if made is None:
            self.stdout.write("demonstration: in place, nothing to do")
            return
        for cycle, reports in made.reports.items():
            self.stdout.write(f"demonstration: round {cycle}, {reports} synthetic reports")
        for cycle in made.left_out:
            self.stdout.write(f"demonstration: round {cycle} is before FIRST_CYCLE, left out")
