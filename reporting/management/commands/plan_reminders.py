from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from members import lateness
from reporting import actions, reminders


class Command(BaseCommand):
    help = "Queues the reminders that are due, as the worker does."

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        counts = reminders.plan(now=now)
        actions.remind_of_dates(at=now)
        lateness.mark(lateness.PLAN)
        self.stdout.write(", ".join(f"{n} {what}" for what, n in counts.items()))
