from typing import Any

from django.core.management.base import BaseCommand

from reporting.actions.lines import write_lines_anew


class Command(BaseCommand):
    help = (
        "Writes the lines of CSV beside published answers anew where a column has changed since. "
        "`prepare` does it at every start."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        written = write_lines_anew()
        if options["verbosity"] and written:
            self.stdout.write(f"{written} lines of published answers were written anew.")
