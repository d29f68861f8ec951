"""An analyst takes a whole dataset in one request, in the format that suits."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from members.api.schema import REFUSALS
from tests.api.published import publish_answer, publish_report
from tests.api.reading import RESOURCES, every_row, faults

from .reading import FORMS, export, json_rows, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

FILTERED = [
    ("statements", {"binding": "membership"}),
    ("commitments", {"q": "hotline"}),
    ("members", {"kind": "intergovernmental", "as_of": "2014-01-01"}),
    ("signatures", {"member": "ALB,BEL"}),
    ("obligations", {"commitment": "2014-GOV-C3", "as_of": "2015-01-01"}),
    ("cycles", {"state": "planned", "as_of": "2027-12-31"}),
    ("reports", {"cycle": "2026", "kind": "government"}),
    ("progress", {"theme": "victims", "status": "implemented,planned"}),
    ("progress", {"q": "bruxelles", "as_of": "2026-07-10"}),
    ("progress", {"as_of": "2026-07-09"}),
    ("observations", {"year": "2025"}),
]


@pytest.mark.parametrize("form", ["ndjson", "json"])
@pytest.mark.parametrize("name", RESOURCES)
def test_the_rows_are_those_of_all_pages(client: Client, name: str, form: str) -> None:
    assert json_rows(client, name, form) == every_row(client, name)


@pytest.mark.parametrize(("name", "asked"), FILTERED)
def test_the_filters_are_those_of_the_resource(
    client: Client, name: str, asked: dict[str, str]
) -> None:
    if "theme" in asked:
        asked = asked | {"theme": next(iter(known_themes()))}
    assert json_rows(client, name, **asked) == every_row(client, name, **asked)


def known_themes() -> list[str]:
    from commitments.models import Theme

    return list(
        Theme.objects.filter(commitments__reference="2012-T1").values_list("code", flat=True)
    )


@pytest.mark.parametrize("name", RESOURCES)
def test_both_tables_hold_the_same_rows_in_the_same_order(client: Client, name: str) -> None:
    rows = every_row(client, name)
    found = table(client, name)
    assert len(found) == len(rows)
    assert found == table(client, name, "xlsx")
    for row, cells in zip(rows, found, strict=True):
        assert {*row} - {"missing"} <= {*cells}
        for path, why in row.get("missing", {}).items():
            if "." not in path:  # a table has no column for the fields of an entry of a list
                assert cells[f"{path}_missing"] == why
        for field, value in row.items():
            if isinstance(value, str | int | bool):
                assert cells[field] == (
                    str(value).lower() if isinstance(value, bool) else str(value)
                )
            elif value is None:
                assert cells[field] == ""
                assert cells[f"{field}_missing"] != ""


def test_nested_fields_become_columns(client: Client) -> None:
    row = table(client, "progress", member="ALB", cycle="2026", commitment="2012-T1")[0]
    assert (row["member"], row["member_name"]) == ("ALB", "Albania")
    assert row["evidence"] == "Law <https://example.org/law>"
    bases = {row["bases"] for row in table(client, "obligations", member="ALB")}
    assert {"signature"} <= bases
    cycle = next(row for row in table(client, "cycles") if row["code"] == "2026")
    assert cycle["expected"].splitlines()[0] == f"government: {cycle['expected_government']}"


def test_a_missing_value_says_why(client: Client, settings: Any) -> None:
    settings.FIRST_CYCLE = 2026
    report = publish_report("AUT", shown_from=dt.date(2026, 7, 11))
    publish_answer(report, "2012-T1", visibility="secretariat")
    (withheld,) = table(client, "progress", member="AUT")
    assert (withheld["narrative"], withheld["narrative_missing"]) == ("", "withheld")
    assert (withheld["evidence"], withheld["evidence_missing"]) == ("", "withheld")
    said = table(client, "progress", member="ALB")[0]
    assert (said["narrative"] != "", said["narrative_missing"]) == (True, "")
    assert (said["next_steps"], said["next_steps_missing"]) == ("", "not_reported")
    cycles = {row["code"]: row for row in table(client, "cycles")}
    assert cycles["2014"]["expected_missing"] == "not_collected"
    assert cycles["2026"]["received_missing"] == "not_yet_published"
    assert cycles["2026"]["received_government_missing"] == "not_yet_published"
    assert cycles["2026"]["expected_private_sector_missing"] == "no_members"
    (few,) = table(client, "observations", member="GBR")
    assert (few["value"], few["value_missing"]) == ("", "fewer_than_5")


def test_nothing_found_is_a_file_without_rows(client: Client) -> None:
    asked = {"as_of": "2020-01-01"}
    assert export(client, "progress", "ndjson", **asked) == b""
    assert json_rows(client, "progress", "json", **asked) == []
    assert export(client, "progress", "csv", **asked).count(b"\r\n") == 1
    assert table(client, "progress", "xlsx", **asked) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_file_has_a_name_and_says_that_it_is_synthetic(client: Client, form: str) -> None:
    answer = client.get(f"/api/v1/exports/progress.{form}?member=ALB&as_of=2026-08-01")
    assert answer["X-Data"] == "synthetic"
    named = f'attachment; filename="synthetic-progress-2026-08-01.{form}"'
    assert answer["Content-Disposition"] == named
    real = client.get(f"/api/v1/exports/progress.{form}?member=BEL&as_of=2026-08-01")
    assert "X-Data" not in real
    assert real["Content-Disposition"] == f'attachment; filename="progress-2026-08-01.{form}"'


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["progress", "members"])
def test_who_holds_the_file_is_told_so(client: Client, name: str, form: str) -> None:
    address = f"/api/v1/exports/{name}.{form}"
    first = client.get(address)
    assert first["Last-Modified"]
    assert first["ETag"].startswith("W/") == (form == "xlsx")
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publish_report("AUT", synthetic=True)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_head_gives_the_headers_alone(client: Client, form: str) -> None:
    address = f"/api/v1/exports/progress.{form}"
    asked, told = client.get(address), client.head(address)
    assert told.status_code == 200
    assert told.getvalue() == b""
    for header in ("ETag", "Content-Type", "Content-Disposition", "X-Data"):
        assert told[header] == asked[header]


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("progress.csv?page_size=5", ("page_size", "unknown_parameter")),
        ("progress.csv?cursor=x", ("cursor", "unknown_parameter")),
        ("progress.csv?member=XXX", ("member", "unknown_code")),
        ("progress.csv?member=ALB&member=BEL", ("member", "repeated_parameter")),
        ("progress.csv?as_of=yesterday", ("as_of", "invalid")),
        ("statements.csv?as_of=2026-01-01", ("as_of", "unknown_parameter")),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, address: str, fault: tuple[str, str]) -> None:
    assert fault in faults(client, f"/api/v1/exports/{address}")


@pytest.mark.parametrize(
    "file", ["progress.pdf", "answers.csv", "progress", "progress.CSV", "a.b.c"]
)
def test_an_unknown_file_is_not_there(client: Client, file: str) -> None:
    assert faults(client, f"/api/v1/exports/{file}", 404)[0][0] == "address"


def test_more_rows_than_a_sheet_holds_are_refused_by_name(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.exports.views.MOST_ROWS_OF_A_SHEET", 3)
    assert faults(client, "/api/v1/exports/progress.xlsx") == [("address", "too_many_rows")]
    assert len(table(client, "progress")) == 40


@pytest.mark.parametrize("name", RESOURCES)
def test_each_file_is_described_with_its_filters_and_without_pages(
    client: Client, name: str
) -> None:
    described = client.get("/api/v1/schema/").json()["paths"][f"/api/v1/exports/{name}.{{form}}"]
    told = {one["name"]: one for one in described["get"]["parameters"]}
    dated = {"as_of"} if RESOURCES[name].dated else set()
    assert set(told) == {"form", *RESOURCES[name].filter_names(), *dated}
    assert told["form"]["schema"]["enum"] == FORMS
    answers = described["get"]["responses"]
    refusals = {"403", "404", *map(str, REFUSALS)}
    assert set(answers) == {"200", "304", *refusals}
    media = {client.head(f"/api/v1/exports/{name}.{form}")["Content-Type"] for form in FORMS}
    assert {one.partition(";")[0] for one in media} == set(answers["200"]["content"])
