"""Keeps the whole database in a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alliance import backups


class Command(BaseCommand):
    help = "Writes the whole database into a new file in FOLDER, with its SHA-256 beside it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            with backups.reachable():
                path = backups.back_up(folder, at=timezone.now())
        except backups.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
