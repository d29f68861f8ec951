"""An analyst narrows a resource: each filter gives what picking from all rows by hand would."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.search import searchable
from members.text import fold

from .reading import RESOURCES, every_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
Row = dict[str, Any]
LEAVES = {"2014-GOV-C3": {"2014-GOV-C3a", "2014-GOV-C3b", "2014-GOV-C3c", "2014-GOV-C3d"}}


class Register:
    """What the plain twins of the filters know: the rows of the other resources."""

    def __init__(self, client: Client) -> None:
        self.members = {row["code"]: row for row in every_row(client, "members")}
        self.clauses = {row["reference"]: row for row in every_row(client, "commitments")}
        self.seen = {row["indicator"] for row in every_row(client, "observations")}

    def member(self, row: Row) -> Row:
        code = row["member"]["code"] if isinstance(row["member"], dict) else row["member"]
        return self.members[code]


def words_of(row: Row) -> list[str]:
    named = [name["name"] for name in row.get("names", [])]
    fields = ["code", "title", "lead_in", "text", "narrative", "next_steps", "obstacles"]
    links = [link["title"] for link in row.get("evidence", [])]
    return [*named, *links, *(row.get(name) or "" for name in fields)]


def has_words(row: Row, asked: str) -> bool:
    """Every word asked for, as one word of the text; endings are a matter of another test."""
    texts = [row.get("reference") or "", *words_of(row)]
    found = set(searchable(*texts).split())
    words = searchable(asked).split()
    return bool(words) and all(
        any(word.rstrip("s") == one.rstrip("s") for one in found) for word in words
    )


# What a filter means where it is not simply a field of the row with the value given.
MEANING: dict[str, Callable[[Register, Row, str], bool]] = {
    "commitments.theme": lambda known, row, value: value in row["themes"],
    "commitments.is_leaf": lambda known, row, value: row["is_leaf"] == (value == "true"),
    "commitments.q": lambda known, row, value: has_words(row, value),
    "members.q": lambda known, row, value: any(fold(value) in fold(w) for w in words_of(row)),
    "members.statement": lambda known, row, value: value in row["statements"],
    "members.group": lambda known, row, value: value in [p["group"] for p in row["groups"]],
    "obligations.commitment": lambda known, row, value: (
        row["commitment"] in LEAVES.get(value, {value})
    ),
    "reports.kind": lambda known, row, value: known.member(row)["kind"] == value,
    "reports.region": lambda known, row, value: known.member(row)["region"] == value,
    "progress.member": lambda known, row, value: row["member"]["code"] == value,
    "progress.kind": lambda known, row, value: known.member(row)["kind"] == value,
    "progress.region": lambda known, row, value: known.member(row)["region"] == value,
    "progress.theme": lambda known, row, value: value in known.clauses[row["commitment"]]["themes"],
    "progress.commitment": lambda known, row, value: (
        row["commitment"] in LEAVES.get(value, {value})
    ),
    "progress.q": lambda known, row, value: has_words(row, value),
    "indicators.member": lambda known, row, value: value in ("ALB", "BEL", "GBR"),
    "indicators.year": lambda known, row, value: value in ("2023", "2024", "2025"),
    "observations.year": lambda known, row, value: row["year"] == int(value),
    "verdicts.year": lambda known, row, value: row["year"] == int(value),
}
VALUES = {
    "q": ["INTERPOL", "awareness", "bosnia", "MOLDOVA", "loi", "ÉTÉ adoptée", "%", "_", "no such"],
    "is_leaf": ["true", "false"],
    "year": ["2024", "2025", "1999"],
    "member": ["ALB", "GBR", "GB-EAW", "INTERPOL", "ALB,BEL,NCMEC"],
    "commitment": ["2014-GOV-C3", "2014-GOV-C3a", "2012-T1", "2022-M1"],
}
FILTERS = [(name, one) for name, found in RESOURCES.items() for one in found.filter_names()]


@pytest.mark.parametrize(("name", "one"), FILTERS, ids=[".".join(pair) for pair in FILTERS])
def test_a_filter_picks_what_one_would_pick_by_hand(client: Client, name: str, one: str) -> None:
    known, rows = Register(client), every_row(client, name)
    declared = RESOURCES[name].filters.base_filters[one]
    values = VALUES.get(one) or list(declared.known())
    values += [",".join(values[:3])] if one not in ("q", "is_leaf", "member") else []
    is_meant = MEANING.get(f"{name}.{one}", lambda known, row, value: row[one] == value)
    for value in values:
        each = [value] if one == "q" else value.split(",")
        by_hand = [row for row in rows if any(is_meant(known, row, part) for part in each)]
        assert every_row(client, name, **{one: value}) == by_hand, f"{one}={value}"


def test_several_filters_hold_together(client: Client) -> None:
    rows = every_row(client, "progress", cycle="2026", member="ALB,BEL", statement="2014-GOV")
    assert [(row["member"]["code"], row["commitment"]) for row in rows] == [
        ("ALB", "2014-GOV-C3a"),
        ("ALB", "2014-GOV-C3b"),
        ("BEL", "2014-GOV-C3a"),
        ("BEL", "2014-GOV-C3b"),
    ]


def test_words_are_found_without_their_accents_and_in_any_case(client: Client) -> None:
    assert every_row(client, "progress", q="A ÉTÉ ADOPTEE") == every_row(client, "progress")
    assert [row["code"] for row in every_row(client, "members", q="turkiye")] == ["TUR"]
