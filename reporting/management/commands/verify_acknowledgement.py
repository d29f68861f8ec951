import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from members.text import normalise
from reporting import acknowledgements

LIMIT = 20_000_000  # bytes; no report comes near it
GENUINE, NOT_GENUINE, OUTDATED = 0, 1, 2
SAID = {
    acknowledgements.CURRENT: ("genuine", GENUINE),
    acknowledgements.EARLIER: ("outdated: genuine, but a later version was submitted", OUTDATED),
    acknowledgements.RECALLED: ("outdated: genuine, but the member took it back", OUTDATED),
    acknowledgements.UNKNOWN: ("not genuine", NOT_GENUINE),
}


class Command(BaseCommand):
    help = (
        "Says whether an acknowledgement (text, saved page or mail), or a report as it was "
        "submitted, is genuine, its names too, and what the register says of it. "
        "Ends with 0 when it is, 1 when not, 2 when it is outdated."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        content = _content(file)
        said, verdict, version = acknowledgements.read(content), acknowledgements.UNKNOWN, None
        if said and _is_plain(said):
            printed = acknowledgements.times(content)
            named = acknowledgements.names(content)
            verdict, version = acknowledgements.judged(**said, printed=printed, named=named)
        words, status = SAID[verdict]
        self.stdout.write(words)
        if version:
            told = acknowledgements.as_text(version, version.report.member.code)
            self.stdout.write(f"The register says:\n{told}")
        if status:
            sys.exit(status)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    if len(content) > LIMIT:
        raise CommandError(f"{file}: too large for an acknowledgement")
    return content


def _is_plain(said: dict[str, str]) -> bool:
    try:
        return all(normalise(value) == value and len(value) <= 200 for value in said.values())
    except ValidationError:
        return False
