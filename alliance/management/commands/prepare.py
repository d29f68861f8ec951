"""Brings the database up to date."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Brings the database up to date: migrations, kept lines of CSV, the registry and, with "
        "DEMO=1, the demonstration. May be repeated; changes nothing that is in place already."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("write_lines", verbosity=options["verbosity"])
        call_command("load_registry", verbosity=options["verbosity"])
        if settings.DEMO:
            call_command("load_demonstration", verbosity=options["verbosity"])
        if role := os.environ.get("APP_ROLE"):
            call_command("grant_app_role", role)
