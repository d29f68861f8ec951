from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from members import lateness, outbox


class Command(BaseCommand):
    help = "Sends what the outbox holds and is due, as the worker does."

    def handle(self, **options: Any) -> None:
        try:
            counts = outbox.drain()
            lateness.mark(lateness.DRAIN)
        except (InterfaceError, OperationalError) as error:
            away = "The database does not answer. What was not sent waits in it; run this again."
            raise CommandError(away) from error
        told = ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))
        self.stdout.write(told or "nothing was due")
