"""An analyst follows `next` to the end, and gets every row once, whatever the size of the pages."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Member

from .reading import HOST, RESOURCES, every_row, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
COUNTS = {
    "statements": 6,
    "commitments": 84,
    "members": 85,
    "signatures": 152,
    "cycles": 8,
    "reports": 10,
    "progress": 40,
    "indicators": 1,
    "observations": 7,
    "verdicts": 3,
}


@pytest.mark.parametrize("name", COUNTS)
def test_there_are_as_many_rows_as_the_texts_give(client: Client, name: str) -> None:
    assert len(every_row(client, name)) == COUNTS[name]


@pytest.mark.parametrize("name", RESOURCES)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(pages=st.integers(1, 12), more=st.integers(0, 3))
def test_pages_of_any_size_give_each_row_once(
    client: Client, name: str, pages: int, more: int
) -> None:
    rows = every_row(client, name)
    page_size = min(len(rows) // pages + more, 1000) or 1
    assert every_row(client, name, page_size=page_size) == rows


@pytest.mark.parametrize("name", [name for name in COUNTS if COUNTS[name] > 4])
def test_previous_leads_back_over_the_same_rows(client: Client, name: str) -> None:
    forth, back = [], []
    found: dict[str, Any] = page(client, name, page_size=COUNTS[name] // 7 or 1)
    assert found["previous"] is None
    while found["next"]:
        forth.append(found["results"])
        found = client.get(found["next"].removeprefix(HOST)).json()
    while found["previous"]:
        found = client.get(found["previous"].removeprefix(HOST)).json()
        back.append(found["results"])
    assert back[::-1] == forth
    assert found["next"]


def test_rows_that_appear_meanwhile_neither_repeat_nor_hide_others(client: Client) -> None:
    before = [row["code"] for row in every_row(client, "members")]
    first = page(client, "members", page_size=40)
    Member.objects.create(code="AAA", kind="government")
    rest = client.get(first["next"].removeprefix(HOST)).json()
    again = client.get(rest["next"].removeprefix(HOST)).json()
    pulled = [row["code"] for part in (first, rest, again) for row in part["results"]]
    assert pulled == before


def test_the_next_page_is_on_the_host_asked_and_keeps_every_parameter(client: Client) -> None:
    asked = {"kind": "government,civil_society", "as_of": "2023-01-01", "page_size": 7}
    first = client.get("/api/v1/members/", asked, headers={"Host": "localhost:8123"}).json()
    start = "http://localhost:8123/api/v1/members/?"
    assert first["next"].startswith(
        f"{start}kind=government,civil_society&as_of=2023-01-01&page_size=7&cursor="
    )


def test_a_page_ends_exactly_where_the_rows_end(client: Client) -> None:
    assert page(client, "statements", page_size=6)["next"] is None
    assert page(client, "statements", page_size=5)["next"]


def test_a_last_page_of_exactly_the_remaining_rows_has_no_next(client: Client) -> None:
    first = page(client, "statements", page_size=3)
    last = client.get(first["next"].removeprefix(HOST)).json()
    assert len(last["results"]) == 3
    assert last["next"] is None
