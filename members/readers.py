"""How one is written to: in one's language, with times in one's time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from .languages import language_of
from .models import User


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name, or UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


@contextmanager
def reading(reader: User | None) -> Iterator[None]:
    """Speaks the reader's language and tells times in its zone, for as long as the block lasts."""
    zone = zone_of(reader.time_zone if reader else "UTC")
    with translation.override(language_of(reader)), timezone.override(zone):
        yield
