"""Loads the registry's data files into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import commitments.registry_files
import members.registry_files
import reporting.registry_files
from members.loading import Outcome, Refused, load

KEYS_SHOWN = 8
WORDS_SHOWN = 80
DATASETS = [
    *members.registry_files.DATASETS,
    *commitments.registry_files.DATASETS,
    *reporting.registry_files.DATASETS,
]


class Command(BaseCommand):
    help = (
        "Loads members, statements, clauses, signatures and rounds from the data files, all or "
        "nothing. May be repeated. What a person has edited or removed in the register is kept, "
        "and so is what a file no longer holds; both are told."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--root",
            type=Path,
            default=settings.BASE_DIR,
            help="a folder with members/data, commitments/data and reporting/data",
        )

    def handle(self, *args: Any, root: Path, verbosity: int, **options: Any) -> None:
        try:
            outcomes = load(DATASETS, root)
        except Refused as refused:
            raise CommandError("Nothing was loaded.\n" + "\n".join(refused.problems)) from None
        for outcome in outcomes:
            for line in told(outcome, everything=verbosity > 1):
                if verbosity:
                    self.stdout.write(line)


def told(outcome: Outcome, *, everything: bool = False) -> list[str]:
    """What loading did to one dataset, a line for each thing worth knowing."""
    quiet = "" if outcome.wrote else ", nothing new"
    lines = [f"{outcome.dataset}: {outcome.rows} in the file{quiet}"]
    keys = None if everything else KEYS_SHOWN
    if outcome.added:
        lines.append(f"  added {len(outcome.added)}: {_some(outcome.added, keys)}")
    changed = [f"{key} ({', '.join(fields)})" for key, fields in outcome.changed.items()]
    if changed:
        lines.append(f"  changed {len(changed)}: {_some(changed, None)}")
    for kept in outcome.kept:
        values = f"{_short(kept.kept)} stays, the file says {_short(kept.in_file)}"
        lines.append(f"  edited here, kept: {kept.row}, field {kept.field}: {values}")
    for key in outcome.removed_here:
        lines.append(f"  removed here, not added again: {key}")
    for key in outcome.gone_from_file:
        lines.append(f"  no longer in the file, kept: {key}")
    return lines


def _some(keys: list[str], most: int | None) -> str:
    more = len(keys) - len(keys[:most])
    return ", ".join(keys[:most]) + (f", ... and {more} more" if more else "")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 4] + " ..."
