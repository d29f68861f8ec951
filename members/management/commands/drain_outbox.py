from typing import Any

from django.core.management.base import BaseCommand

from members import lateness, outbox


class Command(BaseCommand):
    help = "Sends what the outbox holds and is due, as the worker does."

    def handle(self, **options: Any) -> None:
        counts = outbox.drain()
        lateness.mark(lateness.DRAIN)
        told = ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))
        self.stdout.write(told or "nothing was due")
