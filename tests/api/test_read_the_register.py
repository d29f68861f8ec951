"""An analyst reads the register: every field as the files of the registry give it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from .reading import every_row

pytestmark = pytest.mark.django_db
COMMITMENTS = Path(settings.BASE_DIR) / "commitments" / "data"
MEMBERS = Path(settings.BASE_DIR) / "members" / "data"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def clauses() -> dict[str, dict[str, Any]]:
    statements = json.loads((COMMITMENTS / "statements.json").read_text("utf-8"))
    return {
        clause["reference"]: clause | {"statement": statement["code"], "position": position}
        for statement in statements
        for position, clause in enumerate(
            json.loads((COMMITMENTS / f"{statement['code']}.json").read_text("utf-8"))["clauses"], 1
        )
    }


def test_every_clause_is_there_as_in_the_files(client: Client) -> None:
    files, served = clauses(), every_row(client, "commitments")
    assert [row["reference"] for row in served] == sorted(files)
    parents = {clause["parent"] for clause in files.values()}
    links: dict[str, list[dict[str, str]]] = {}
    for link in table(COMMITMENTS / "lineage.csv"):
        target = {"kind": link["kind"], "target": link["target"]}
        links.setdefault(link["source"], []).append(target)
    for row in served:
        reference = row["reference"]
        expected = files[reference] | {
            "lead_in": files[reference]["lead_in"] or None,
            "themes": sorted(files[reference]["themes"]),
            "lineage": sorted(links.get(reference, []), key=lambda link: tuple(link.values())),
            "is_leaf": reference not in parents,
        }
        del row["missing"]
        assert row == {name: expected[name] for name in row}


def test_every_statement_is_there_with_its_counts(client: Client) -> None:
    names = {row["code"]: row["signatory_count"] for row in every_row(client, "statements")}
    assert names == {
        "2012": 48,
        "2014-CSO": 10,
        "2014-GOV": 51,
        "2015": 43,
        "2022": 0,
        "2022-TF": 0,
    }
    leaves = [row for row in every_row(client, "commitments") if row["is_leaf"]]
    assert len(leaves) == 79
    for row in every_row(client, "statements"):
        assert row["commitment_count"] == len([x for x in leaves if x["statement"] == row["code"]])
    by_code = {row["code"]: row for row in every_row(client, "statements")}
    assert by_code["2015"]["endorses"] == "2014-GOV"
    assert by_code["2014-GOV"]["act_as_printed"] is None
    assert by_code["2012"]["act_as_printed"] == "Declaration endorsed by"


def test_every_signature_is_there_as_printed(client: Client) -> None:
    files = [
        {
            "member": row["member"],
            "statement": row["statement"],
            "name_as_printed": row["name_as_printed"],
            "signed_on": row["signed_on"],
            "signed_on_inferred": row["signed_on_inferred"] == "true",
            "withdrawn_on": None,
            "source_note": row["source_note"] or None,
        }
        for row in table(COMMITMENTS / "signatures.csv")
    ]
    files.sort(key=lambda row: (row["member"], row["statement"]))
    served = every_row(client, "signatures")
    for row in served:
        del row["missing"]
    assert served == files


def test_every_member_is_there_with_its_names_and_statements(client: Client) -> None:
    served = {row["code"]: row for row in every_row(client, "members")}
    files = {row["code"]: row for row in table(MEMBERS / "members.csv")}
    assert list(served) == sorted(files)
    fields = ["code", "kind", "region", "part_of", "reports_through", "joined_on", "left_on"]
    signed: dict[str, set[str]] = {}
    for row in table(COMMITMENTS / "signatures.csv"):
        signed.setdefault(row["member"], set()).add(row["statement"])
    for code, row in served.items():
        assert {name: row[name] for name in fields} == {
            name: files[code][name] or None for name in fields
        }
        assert set(row["statements"]) == signed.get(code, set())
        own = [name for name in row["names"] if name["statement"] is None]
        assert row["name"] == max(own, key=lambda name: name["since"] or "")["name"]
    names = {(row["member"], row["text"], row["statement"]) for row in table(MEMBERS / "names.csv")}
    assert {
        (code, name["name"], name["statement"] or "")
        for code, row in served.items()
        for name in row["names"]
    } == names
    assert served["INTERPOL"]["region"] is None
    assert served["GB-EAW"]["reports_through"] == "GBR"


def test_an_obligation_says_why_since_when_and_through_what(client: Client) -> None:
    rows = every_row(client, "obligations")
    assert len({(row["member"], row["commitment"]) for row in rows}) == len(rows)
    assert rows == sorted(rows, key=lambda row: (row["member"], row["commitment"]))
    for row in rows:
        assert row["reason"]
        assert row["bases"][0] == row["basis"]
        assert (row["via"] is None) == (row["basis"] != "endorsement")
        assert row["statement"] == row["commitment"].rpartition("-")[0]
    bases = {row["basis"] for row in rows}
    assert bases == {"signature", "endorsement", "membership"}
    endorsed = every_row(client, "obligations", member="ALB", commitment="2014-GOV-A1")
    assert [(row["basis"], row["via"], row["since"]) for row in endorsed] == [
        ("endorsement", "2015", "2015-11-17")
    ]
    assert "reading of the 2015 text" in endorsed[0]["reason"]
    assert every_row(client, "obligations", statement="2022-TF") == []
    assert every_row(client, "obligations", basis="participation") == []
