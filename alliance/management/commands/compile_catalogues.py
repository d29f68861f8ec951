"""Compiles the translations, without msgfmt."""

import os
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles each locale/*/LC_MESSAGES/*.po that is newer than its .mo beside it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                compiled = source.with_suffix(".mo")
                fresh = source.with_suffix(f".{os.getpid()}.mo")  # two may do it at once
                if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                    continue
                with source.open("rb") as text, fresh.open("wb") as made:
                    write_mo(made, read_po(text, locale=source.parts[-3]))
                fresh.replace(compiled)
