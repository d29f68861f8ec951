"""An analyst asks about any day at all; today is what is told without one."""

import pytest
from django.test import Client
from django.utils import timezone

from .reading import DATED, every_row, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
TODAY = timezone.now().date().isoformat()


@pytest.mark.parametrize("name", DATED)
def test_without_a_day_the_answer_is_that_of_today(client: Client, name: str) -> None:
    assert every_row(client, name) == every_row(client, name, as_of=TODAY)


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize(
    "day", ["0001-01-01", "1999-12-31", "2024-02-29", "2100-01-01", "9999-12-31"]
)
def test_any_day_that_exists_can_be_asked_about(client: Client, name: str, day: str) -> None:
    assert set(page(client, name, as_of=day)) == {"next", "previous", "results"}
