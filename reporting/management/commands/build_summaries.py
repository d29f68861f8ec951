from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members import lateness
from reporting import summaries


class Command(BaseCommand):
    help = "Builds the summaries whose figures changed, as the worker does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scopes", nargs="*", help="For example cycle-2026; all by default.")
        parser.add_argument(
            "--whole", action="store_true", help="Count every answer anew, as the night does."
        )

    def handle(self, **options: Any) -> None:
        try:
            written = summaries.build(
                options["scopes"] or None, now=timezone.now(), whole=options["whole"]
            )
        except (LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        if not options["scopes"]:
            lateness.mark(lateness.SUMMARIES)
        self.stdout.write(", ".join(row.scope for row in written) or "nothing changed")
