"""What the tests of the API find: the registry, and a few published rows beside it."""

import pytest

from .published import observe, publish_some


@pytest.fixture
def published(db: None) -> None:
    """Reports, answers and observations of a few members."""
    publish_some()
    for year, value in [(2023, 100), (2024, 120), (2025, 126)]:
        observe("ALB", year, value, synthetic=True)
        observe("BEL", year, value * 2)
    observe("GBR", 2025, None)


@pytest.fixture(autouse=True)
def _no_limit(settings: object) -> None:
    """Hundreds of requests a second are no abuse here."""
    settings.API_REQUESTS_PER_MINUTE = 0  # type: ignore[attr-defined]
