"""Says what is wrong with the set-up."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from alliance import doctor


class Command(BaseCommand):
    help = "Examines the set-up, a line for each part. Ends with 1 when something is wrong."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for finding in doctor.examine():
            wrong += finding.mark == doctor.WRONG
            self.stdout.write(f"{finding.mark:6}{finding.part:14} {finding.words}")
        self.stdout.write(f"{wrong} wrong" if wrong else "Nothing is wrong.")
        if wrong:
            sys.exit(1)
