"""Brings the database up to date."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Brings the database up to date: migrations, the registry and, with DEMO=1, the "
        "demonstration. May be repeated; changes nothing that is in place already."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        steps = ["load_registry", *(["load_demonstration"] if settings.DEMO else [])]
        call_command("migrate", verbosity=0, interactive=False)
        for step in steps:
            if step in get_commands():
                call_command(step, verbosity=options["verbosity"])
