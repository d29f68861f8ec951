"""An analyst takes only the fields it needs, and the rows that they refer to along with them."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Member

from .published import publish_answer, publish_report
from .reading import HOST, RESOURCES, every_row, faults, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
WITH_INCLUDE = [(name, one) for name, resource in RESOURCES.items() for one in resource.includes]


def fields_of(name: str) -> list[str]:
    return list(RESOURCES[name].row().fields)


@pytest.mark.parametrize("name", RESOURCES)
def test_the_fields_asked_for_are_those_of_the_whole_rows(client: Client, name: str) -> None:
    names = fields_of(name)
    for chosen in (names[:1], names[1:4], names):
        rows = every_row(client, name, fields=",".join(reversed(chosen)))
        whole = every_row(client, name)
        for row, of in zip(rows, whole, strict=True):
            assert set(row) - {"missing"} == set(chosen) - {"missing"}
            assert list(row) == [field for field in of if field in row]
            assert all(row[field] == of[field] for field in set(chosen) - {"missing"})


def test_a_field_left_empty_brings_its_reason_and_no_other(client: Client) -> None:
    publish_answer(publish_report("AUT"), "2012-T1", visibility="members")
    (row,) = every_row(client, "progress", member="AUT", fields="narrative,status")
    assert row == {
        "missing": {"narrative": "withheld"},
        "narrative": None,
        "status": "implemented",
    }
    found = client.get("/api/v1/members/ALB/?fields=code,names").json()
    assert set(found["missing"]) == {
        path for path in client.get("/api/v1/members/ALB/").json()["missing"] if "names" in path
    }


@pytest.mark.parametrize("address", ["members/", "members/ALB/", "progress/", "cycles/2026/"])
def test_an_unknown_field_is_refused_by_name(client: Client, address: str) -> None:
    for value in ("nope", "code,nope", "row", "pk", "synthetic__id", ",", "code;name"):
        if value == "nope" or "members" in address:
            found = faults(client, f"/api/v1/{address}?fields={value}")
            assert found == [("fields", "unknown_field")]


@pytest.mark.parametrize(("name", "one"), WITH_INCLUDE)
def test_the_rows_referred_to_stand_beside_as_their_own_address_gives_them(
    client: Client, name: str, one: str
) -> None:
    rows = every_row(client, name, include=one)
    plain = every_row(client, name)
    resource = RESOURCES[name].includes[one].resource
    known = {next(iter(found.values())): found for found in every_row(client, resource.name)}
    assert len(rows) == len(plain)
    for row, without in zip(rows, plain, strict=True):
        included = row.pop("included")
        assert row == without
        code = row[one]["code"] if isinstance(row[one], dict) else row[one]
        assert included == {one: known[code]}


def test_several_can_be_included_and_fields_go_with_them(client: Client) -> None:
    address = "/api/v1/progress/?include=commitment,member&fields=status&page_size=1"
    (row,) = client.get(address).json()["results"]
    assert list(row) == ["missing", "status", "included"]
    assert list(row["included"]) == ["commitment", "member"]
    assert row["included"]["commitment"]["text"]
    assert "included" not in row["included"]["commitment"]


def test_a_former_member_is_included_too(client: Client) -> None:
    Member.objects.filter(code="ALB").update(left_on="2026-08-01")
    (row, *_) = every_row(client, "reports", member="ALB", include="member")
    assert row["included"]["member"]["left_on"] == "2026-08-01"


@pytest.mark.parametrize(("name", "one"), WITH_INCLUDE)
def test_what_is_included_costs_as_many_queries_for_many_rows_as_for_one(
    client: Client, name: str, one: str
) -> None:
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, name, include=one, page_size=size)
        return len(asked)

    page(client, name, include=one)
    assert queries(1) == queries(3) == queries(50)


@pytest.mark.parametrize("name", RESOURCES)
def test_only_what_is_listed_can_be_included(client: Client, name: str) -> None:
    code = "unknown_inclusion" if RESOURCES[name].includes else "unknown_parameter"
    for value in ("answers", "report__answers", "*", "user"):
        assert faults(client, f"/api/v1/{name}/?include={value}") == [("include", code)]


def test_next_keeps_what_was_chosen_and_each_choice_has_its_own_etag(client: Client) -> None:
    asked = {"fields": "status,member", "include": "member", "ordering": "-commitment"}
    answer = client.get("/api/v1/progress/", asked | {"page_size": 2})
    told: dict[str, Any] = parse_qs(urlsplit(answer.json()["next"]).query)
    assert {name: told[name] for name in asked} == {name: [asked[name]] for name in asked}
    following = client.get(answer.json()["next"].removeprefix(HOST)).json()["results"]
    assert all(set(row) == {"missing", "status", "member", "included"} for row in following)
    tags = {
        client.get("/api/v1/progress/", dict(some))["ETag"]
        for some in ([], asked.items(), list(asked.items())[:1], list(asked.items())[1:])
    }
    assert len(tags) == 4


def test_a_plain_page_is_still_the_stored_text_by_one_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/api/v1/progress/")
    assert len(asked) == 2
    assert '"row"' in asked.captured_queries[1]["sql"]
    assert "ordered_by" not in asked.captured_queries[1]["sql"]


@pytest.mark.parametrize("asked", ["fields=member", "include=member", "ordering=member"])
@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "xlsx"])
def test_a_file_has_all_columns_and_refuses_a_choice(client: Client, asked: str, form: str) -> None:
    found = faults(client, f"/api/v1/exports/progress.{form}?{asked}")
    assert found == [(asked.partition("=")[0], "unknown_parameter")]
    assert "a file has all columns" in client.get("/api/").content.decode()
