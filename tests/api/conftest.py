"""What the tests of the API find: the registry, and a few published rows beside it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from .published import observe, publish_some


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Reports, answers and observations of a few members; undone after the last test of a file."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish_some()
        for year, value in [(2023, 100), (2024, 120), (2025, 126)]:
            observe("ALB", year, value, synthetic=True)
            observe("BEL", year, value * 2)
        observe("GBR", 2025, None)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_limit(settings: object) -> None:
    """Hundreds of requests a second are no abuse here."""
    settings.API_REQUESTS_PER_MINUTE = 0  # type: ignore[attr-defined]
