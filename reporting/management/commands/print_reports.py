import math
from typing import Any

from django.core.management.base import BaseCommand

from reporting.printing import keeping


class Command(BaseCommand):
    help = "Makes the reports on paper of all summaries that have none, as the worker does."

    def handle(self, **options: Any) -> None:
        self.stdout.write(str(keeping.print_reports(seconds=math.inf)))
