"""Brings a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alliance import backups


class Command(BaseCommand):
    help = (
        "Puts a backup into the empty database, or with --replace into one that is given up. "
        "Stop the site first. What waited to be sent is held back; nobody stays signed in."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Give up what is there.")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            with backups.reachable():
                done = backups.restore(file, replace=replace, at=timezone.now())
        except backups.Refused as refusal:
            raise CommandError(f"Nothing was changed. {refusal}") from refusal
        self.stdout.write(f"Restored {file}; messages held back: {done.held_back}.")
        if done.broken:
            broken = ", ".join(f"{chain} at {at}" for chain, at in done.broken.items())
            raise CommandError(f"The record of events does not hold: {broken}.")
        self.stdout.write(f"The record of events holds ({done.chains} chains).")
