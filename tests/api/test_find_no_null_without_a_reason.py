"""An analyst meets a null, and is told why: in every row of every resource, by one vocabulary."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from members.missing import REASONS
from members.models import Group, GroupMember, Member
from reporting.exports.datasets import DATASETS
from reporting.models import PublishedAnswer
from tests.opendata.reading import table

from .published import publish_answer, publish_report
from .reading import DATED, RESOURCES, every_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
DAYS = [None, "2013-01-01", "2026-08-01", "2030-01-01"]


@pytest.fixture(autouse=True, scope="module")
def _some_of_everything(published: None) -> None:
    """Withheld and empty answers, summaries, and a place in a group of which no day is known."""
    report = publish_report("AUT")
    publish_answer(report, "2012-T1", visibility="members")
    publish_answer(report, "2012-T2", narrative="", evidence=[], next_steps="More.")
    taskforce, member = Group.objects.get(code="taskforce"), Member.objects.get(code="ALB")
    GroupMember.objects.create(group=taskforce, member=member, role="member")
    call_command("build_summaries", verbosity=0)


def empty(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each null in a row by its path, with the object that it stands in."""
    if isinstance(value, dict):
        for name, part in value.items():
            if part is None:
                yield f"{path}{name}", value
            else:
                yield from empty(part, f"{path}{name}.")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from empty(part, f"{path}{place}.")


def explains_itself(path: str, beside: dict[str, Any]) -> bool:
    """A figure has its reason beside it; and a reason is null where there is nothing to explain."""
    if not path.startswith(("figures.", "rounds.")):
        return False
    if path.endswith(".reason"):
        return None not in (beside["numerator"], beside["denominator"])
    return beside["reason"] in REASONS


def days_of(name: str) -> list[dict[str, str]]:
    return [{"as_of": day} if day else {} for day in (DAYS if name in DATED else [None])]


@pytest.mark.parametrize("name", RESOURCES)
def test_every_null_has_a_reason(client: Client, name: str) -> None:
    for asked in days_of(name):
        for row in every_row(client, name, **asked):
            for path, beside in empty(row):
                why = row.get("missing", {}).get(path)
                assert why in REASONS or explains_itself(path, beside), (path, row)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_reason_stands_only_where_something_is_missing_and_is_in_the_dictionary(
    client: Client, name: str
) -> None:
    columns = {column.code: column for column in DATASETS[name]}
    for asked in days_of(name):
        for row in every_row(client, name, **asked):
            nulls = {path for path, _ in empty(row)}
            for path, why in row.get("missing", {}).items():
                assert path in nulls or row[path] in ("", [], {}), path
                assert why in (columns[path].missing if "." not in path else REASONS), path


def test_an_empty_list_has_a_reason_too(client: Client) -> None:
    known = [("members", "groups"), ("members", "statements"), ("commitments", "lineage")]
    for name, field in known:
        rows = [row for row in every_row(client, name) if row[field] == []]
        assert {row["missing"].get(field) for row in rows} == {"not_applicable"}, field
        lines = table(client, name)
        whys = {line[f"{field}_missing"] for line in lines if not line[field]}
        assert whys == {"not_applicable"}, field
        assert not {line[f"{field}_missing"] for line in lines if line[field]} - {""}
    rounds = {line["rounds_missing"] for line in table(client, "summaries") if not line["rounds"]}
    assert rounds == {"not_expected"}


def test_withheld_and_unsaid_words_are_told_apart(client: Client) -> None:
    said = {row["commitment"]: row for row in every_row(client, "progress", member="AUT")}
    names = ["narrative", "next_steps", "obstacles", "evidence"]
    assert said["2012-T1"]["missing"] == dict.fromkeys(names, "withheld")
    assert said["2012-T2"]["missing"] == dict.fromkeys(
        ["narrative", "obstacles", "evidence"], "not_reported"
    )


def test_rows_of_before_are_given_their_reasons(client: Client) -> None:
    rows = every_row(client, "progress")
    table = PublishedAnswer._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for answer in PublishedAnswer.objects.all():
            bare = {
                name: said
                for name, said in json.loads(answer.row).items()
                if name not in ("missing", "basis")
            }
            PublishedAnswer.objects.filter(pk=answer.pk).update(row=json.dumps(bare))
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert "missing" not in every_row(client, "progress")[0]
    migration = import_module(
        "reporting.migrations.0007_published_answers_say_why_words_are_missing"
    )
    migration.add_reasons(apps, connection.schema_editor())
    bases = import_module("reporting.migrations.0017_published_answers_say_what_they_were_owed_on")
    bases.add_bases(apps, connection.schema_editor())
    assert every_row(client, "progress") == rows


def test_every_count_says_what_it_is_counted_out_of(client: Client) -> None:
    for dataset in client.get("/api/v1/dictionary/").json()["datasets"]:
        columns = {column["code"]: column for column in dataset["columns"]}
        counts = [c for c in columns.values() if c["unit"] in ("members", "clauses")]
        totals = {c["out_of"] for c in counts}
        for column in counts:
            is_total = column["code"] in totals
            assert column["out_of"] or is_total, (dataset["code"], column["code"])
            assert column["out_of"] in {*columns, None} or " " in column["out_of"]
    for row in every_row(client, "statements"):
        assert row["signatory_count"] <= row["member_count"] == 85
        assert row["commitment_count"] <= row["clause_count"]
    for row in every_row(client, "cycles"):
        for kind, n in (row["expected"] or {}).items():
            assert n <= row["members"][kind]
            assert row["published"][kind] <= n
    for row in every_row(client, "verdicts"):
        assert row["arithmetic"].startswith(
            f"{row['members_counted']} of {row['members_observed']} members counted."
        )
    for row in every_row(client, "summaries"):
        for named in row["figures"].values():
            for figure in named.values():
                assert figure["reason"] or figure["numerator"] <= figure["denominator"]
