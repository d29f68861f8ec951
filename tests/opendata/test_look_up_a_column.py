"""An analyst looks up what a column means; none is left out, none told that is not there."""

import json
from collections import defaultdict
from typing import Any

import pytest
from django.test import Client
from rest_framework import serializers

from members.missing import REASONS
from reporting.exports.datasets import DATASETS
from tests.api.published import publish_answer, publish_report
from tests.api.reading import RESOURCES, every_row

from .reading import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
JSON_TYPES = {
    "string": str,
    "date": str,
    "datetime": str,
    "integer": int,
    "boolean": bool,
    "list": list,
    "objects": list,
    "object": dict,
}


@pytest.fixture
def datasets(client: Client) -> dict[str, dict[str, Any]]:
    told = client.get("/api/v1/dictionary/").json()
    return {dataset["code"]: dataset for dataset in told["datasets"]}


def fields(dataset: dict[str, Any], form: str) -> list[dict[str, Any]]:
    return [column for column in dataset["columns"] if form in column["formats"]]


def test_every_dataset_is_there_once(datasets: dict[str, Any]) -> None:
    assert list(datasets) == list(RESOURCES) == list(DATASETS)


@pytest.mark.parametrize("name", RESOURCES)
def test_every_field_of_a_row_is_told_and_no_other(
    client: Client, datasets: dict[str, Any], name: str
) -> None:
    told = {column["code"]: column for column in fields(datasets[name], "json")}
    described = RESOURCES[name].row().fields
    assert set(told) == set(described)
    withheld = publish_report("AUT")
    publish_answer(withheld, "2012-T1", visibility="members")
    for row in every_row(client, name):
        assert set(row) == set(told)
        for code, value in row.items():
            assert value is not None or told[code]["nullable"], code
            assert value is None or type(value) is JSON_TYPES[told[code]["type"]], code
    for code, field in described.items():
        assert told[code]["nullable"] == field.allow_null, code
        if isinstance(field, serializers.ChoiceField):
            assert {value["code"] for value in told[code]["values"]} == set(field.choices), code


@pytest.mark.parametrize("name", RESOURCES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_column_of_a_table_is_told_in_its_order(
    client: Client, datasets: dict[str, Any], name: str, form: str
) -> None:
    rows = table(client, name, form)
    told = [column["code"] for column in fields(datasets[name], form)]
    assert list(rows[0] if rows else told) == told


@pytest.mark.parametrize("name", RESOURCES)
def test_every_value_and_every_reason_is_told(
    client: Client, datasets: dict[str, Any], name: str
) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for row in table(client, name):
        for code, value in row.items():
            seen[code].add(value)
    for column in fields(datasets[name], "csv"):
        if column["values"] and column["type"] == "string":
            words = {value["code"]: value["label"] for value in column["values"]}
            assert seen[column["code"]] <= {*words, ""}, column["code"]
            assert all(words.values())
        assert set(column["missing"]) <= set(REASONS)
        if column["missing"]:
            reasons = seen[f"{column['code']}_missing"]
            assert reasons <= {*column["missing"], ""}


@pytest.mark.parametrize("name", RESOURCES)
def test_each_column_has_words_and_a_version(datasets: dict[str, Any], name: str) -> None:
    keys = {column["code"] for column in fields(datasets[name], "json")}
    assert set(datasets[name]["key"]) <= keys
    for column in datasets[name]["columns"]:
        assert column["label"]
        assert column["since"] == "1"
        assert column["deprecated"] is None
    codes = [column["code"] for column in datasets[name]["columns"]]
    assert len(set(codes)) == len(codes)


def test_the_key_names_each_row_once(client: Client, datasets: dict[str, Any]) -> None:
    for name, dataset in datasets.items():
        keys = [
            json.dumps([row[code] for code in dataset["key"]]) for row in every_row(client, name)
        ]
        assert len(set(keys)) == len(keys), name


def test_the_dictionary_says_what_an_obligation_is(datasets: dict[str, Any]) -> None:
    basis = next(c for c in datasets["obligations"]["columns"] if c["code"] == "basis")
    assert "A political commitment, not a legal one." in basis["about"]


# Code lists


@pytest.fixture
def lists(client: Client) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in client.get("/api/v1/dictionary/").json()["code_lists"]}


def test_every_vocabulary_is_one_code_list(datasets: dict[str, Any], lists: dict[str, Any]) -> None:
    for name, dataset in datasets.items():
        for column in dataset["columns"]:
            place = f"{name}.{column['code']}"
            named = [code for code, one in lists.items() if place in one["columns"]]
            assert named == ([column["code_list"]] if column["code_list"] else []), place
            if not column["values"]:
                continue
            assert named, place
            codes = {value["code"] for value in column["values"]}
            known = {value["code"] for value in lists[named[0]]["values"]}
            assert codes == known or (named == ["missing"] and codes <= known), place


def test_every_code_of_every_row_is_in_its_list(client: Client, lists: dict[str, Any]) -> None:
    nested = {"commitments.lineage": "kind", "members.groups": "group"}
    for code, one in lists.items():
        known = {value["code"] for value in one["values"]}
        assert one["values"], code
        for value in one["values"]:
            assert value["label"]
            assert (value["since"], value["deprecated"]) == ("1", None)
        for place in one["columns"]:
            name, column = place.split(".")
            if code == "missing":
                seen = {
                    why
                    for row in every_row(client, name)
                    for why in row.get("missing", {}).values()
                }
            else:
                values = [row[column] for row in every_row(client, name)]
                seen = set(_codes(values, nested.get(place)))
            assert seen <= known, place


def _codes(values: list[Any], part: str | None) -> list[str]:
    """The codes in these cells, whatever their shape; figures of a summary by their names."""
    found: list[str] = []
    for value in values:
        if isinstance(value, dict):
            found += [name for figures in value.values() for name in figures]
        elif isinstance(value, list):
            found += [one[part] if part else one for one in value]
        elif value is not None:
            found.append(value)
    return found


def test_the_figures_of_summaries_are_told_in_words(lists: dict[str, Any]) -> None:
    from reporting.summaries.counting import NAMES

    assert [value["code"] for value in lists["figure"]["values"]] == list(NAMES)
