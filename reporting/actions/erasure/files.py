"""The kept zips that hold an erased text: taken away at once, and made anew without it."""

import datetime as dt
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def files_with(forms: Iterable[str]) -> list[str]:
    """The kept zips that hold one of these, as paths within BULK_DIR; reads every one of them."""
    wanted = {form.encode() for form in forms} | {
        form.replace('"', '""').encode() for form in forms
    }
    found = sorted(settings.BULK_DIR.rglob("*.zip")) if settings.BULK_DIR.exists() else []
    return [str(path.relative_to(settings.BULK_DIR)) for path in found if _holds(path, wanted)]


def _holds(path: Path, wanted: set[bytes]) -> bool:
    with zipfile.ZipFile(path) as kept:
        return any(
            form in body
            for body in (kept.read(name) for name in kept.namelist())
            for form in wanted
        )


def take_away(names: Iterable[str]) -> None:
    """Removes these zips and the digests beside them. May be repeated."""
    for name in names:
        path = settings.BULK_DIR / name
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)


def days_of(names: Iterable[str]) -> list[dt.date]:
    """The days whose kept zip is among these; those made on request are not made anew."""
    kept = [Path(name).stem for name in names if "/" not in name]
    return [dt.date.fromisoformat(stem[-10:]) for stem in kept]
