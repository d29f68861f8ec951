"""Health check of a container: are these parts ready?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance import health


class Command(BaseCommand):
    help = "Ends with 0 when each of the named parts of /readyz is ready; names those that are not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        # Without `choices`: argparse would look for the empty list among them (Python 3.11).
        parser.add_argument("parts", nargs="*", metavar=f"{{{','.join(health.CHECKS)}}}")

    def handle(self, *args: Any, **options: Any) -> None:
        parts = options["parts"] or list(health.CHECKS)
        if unknown := set(parts) - set(health.CHECKS):
            raise CommandError(f"No such part: {', '.join(sorted(unknown))}.")
        told = health.told(parts)
        if missing := [f"{part}: {why}" for part, why in told.items() if why != health.READY]:
            raise CommandError("; ".join(missing))
