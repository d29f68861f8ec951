"""An analyst orders rows by a published column, and still gets each row once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from reporting.exports.dictionary import key_columns

from .published import observe, publish_answer, publish_report
from .reading import HOST, RESOURCES, every_row, faults, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
ORDERS = [
    (name, order)
    for name, found in RESOURCES.items()
    for order in found.choices().get("ordering", ())
]


@pytest.fixture(autouse=True, scope="module")
def _rows_that_differ(published: None) -> None:
    """Reports of several days and versions, a withheld value, and an early day in a text."""
    report = publish_report("AUT", shown_from=dt.date(2026, 7, 20), version=3)
    publish_answer(report, "2012-T2")
    publish_answer(publish_report("USA", shown_from=dt.date(2026, 7, 1)), "2014-GOV-A1")
    observe("AUT", 2022, 5)
    Commitment.objects.filter(reference="2015-S1").update(
        due_on="2016-01-01", due_precision="day", due_modality="firm"
    )


# Where an empty column is put: no day after all days, a withheld count before all counts.
EMPTY = {"due_on": "9999-12-31", "joined_on": "9999-12-31", "value": -1, "region": ""}


def place(row: dict[str, Any], name: str, column: str) -> tuple[Any, ...]:
    """Where the plain twin puts a row: by the column, then by the key."""
    plain = {
        field: value["code"] if field == "member" and isinstance(value, dict) else value
        for field, value in row.items()
    }
    value = EMPTY[column] if plain[column] is None else plain[column]
    return (value, *(plain[part] for part in key_columns(RESOURCES[name])))


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_rows_stand_in_the_order_asked_for_and_ties_in_that_of_the_key(
    client: Client, name: str, order: str
) -> None:
    rows, column = every_row(client, name), order.removeprefix("-")
    by_hand = sorted(rows, key=lambda row: place(row, name, column), reverse=order.startswith("-"))
    assert every_row(client, name, ordering=order) == by_hand


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_pages_in_that_order_give_each_row_once_there_and_back(
    client: Client, name: str, order: str
) -> None:
    rows = every_row(client, name, ordering=order)
    size = len(rows) // 5 + 1
    forth, back = [], []
    found = page(client, name, ordering=order, page_size=size)
    while found["next"]:
        forth.append(found["results"])
        found = client.get(found["next"].removeprefix(HOST)).json()
    assert [row for part in [*forth, found["results"]] for row in part] == rows
    while found["previous"]:
        found = client.get(found["previous"].removeprefix(HOST)).json()
        back.append(found["results"])
    assert back[::-1] == forth


@pytest.mark.parametrize("name", RESOURCES)
def test_only_published_columns_that_are_listed_can_be_ordered_by(
    client: Client, name: str
) -> None:
    code = "unknown_ordering" if RESOURCES[name].orders else "unknown_parameter"
    for value in ("id", "pk", "row", "words", "report__id", "--code", "name,kind", "?", "-"):
        assert faults(client, f"/api/v1/{name}/?ordering={value}") == [("ordering", code)]


def test_a_cursor_goes_with_its_order_alone(client: Client) -> None:
    following = page(client, "members", ordering="name", page_size=2)["next"]
    cursor = following.split("cursor=")[1]
    refused = [("cursor", "not_issued_here")]
    for other in ("", "&ordering=-name", "&ordering=kind"):
        assert faults(client, f"/api/v1/members/?cursor={cursor}{other}") == refused
    assert client.get(f"/api/v1/members/?cursor={cursor}&ordering=name").status_code == 200


def test_a_single_row_and_a_file_take_no_order(client: Client) -> None:
    refused = [("ordering", "unknown_parameter")]
    assert faults(client, "/api/v1/members/ALB/?ordering=name") == refused
    assert faults(client, "/api/v1/exports/members.csv?ordering=name") == refused
