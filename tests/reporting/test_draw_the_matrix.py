"""The thousands of squares of the matrix are read by member and drawn in Python.

A plain twin stands here: it takes the obligations one by one, and has the template draw them.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from commitments.models import Commitment, Signature
from members.models import Member, User
from members.templatetags.look import STATUS_WORDS
from reporting.figures import Round
from reporting.models import Cycle, PublishedAnswer
from reporting.tallies import Bound, Line, answers, apart, outcome
from reporting.views.public.matrix import _drawn
from reporting.views.public.register import counted, members_by_code, owed_words

from .public import page, publish
from .test_tell_silence_apart import announce, excuse

STATUSES = [None, *STATUS_WORDS]
TODAY = dt.datetime.now(dt.UTC).date()


def test_each_square_is_the_one_that_the_template_draws() -> None:
    order = [(f"C{n}", n % 2 == 1) for n in range(2 * len(STATUSES))]
    said = {reference: STATUSES[n // 2] for n, (reference, _gap) in enumerate(order)}
    said = {reference: status for reference, status in said.items() if status}
    member = Member(code="M")
    member.display_name = "Member & <Co>"
    by_name = {reference for n, (reference, _gap) in enumerate(order) if n % 4 < 2}
    endorsed = said.keys() - by_name
    cells = [
        {"status": said.get(reference), "gap": gap, "endorsed": reference in endorsed}
        for reference, gap in order
    ]
    row = {"name": member.display_name, "url": "/members/M/", "cells": cells}
    nothing = {"label": "Table", "columns": [], "rows": []}
    by_python = render_to_string(
        "components/_heat.html", nothing | {"drawn": _drawn([(member, said, endorsed)], order)}
    )
    assert by_python == render_to_string("components/_heat.html", nothing | {"rows": [row]})
    assert by_python.count("<td class=") == len(order) + 1


@pytest.fixture
def register_with_everything(administrator: User, settings: Any) -> None:
    """Answers to some clauses, silence of each kind, a voluntary answer, two bases for a clause."""
    settings.FIRST_CYCLE = 2022
    for code in ("ALB", "AUT", "MEX", "UNODC", "NCMEC", "BEL"):
        publish(code)
    publish("ALB", cycle="2022")
    Signature.objects.filter(member__code="AUT").update(
        withdrawn_on=dt.date(2023, 1, 1), withdrawal_source="a test"
    )
    Signature.objects.filter(member__code="AUT", statement__code="2014-GOV").update(
        signed_on=dt.date(2016, 1, 1)
    )
    PublishedAnswer.objects.filter(member="AUT").exclude(status="planned").update(shown_until=TODAY)
    excuse("DEU", administrator, dt.date(2024, 6, 2))
    announce()


FILTERS: list[dict[str, str]] = [
    {},
    {"kind": "government"},
    {"kind": "civil_society"},
    {"region": "Europe"},
    {"statement": "2014-GOV"},
    {"statement": "2022", "kind": "intergovernmental"},
    {"theme": "cooperation"},
    {"theme": "victims", "statement": "2014-GOV", "region": "Europe"},
]
LOOKUPS = {"statement": "statement__code", "theme": "commitment__themes__code"}


@pytest.mark.django_db
@pytest.mark.parametrize("cycle", ["2014", "2022", "2024", "2026"])
def test_the_page_shows_what_each_obligation_says_by_itself(
    client: Client, register_with_everything: None, cycle: str
) -> None:
    for asked in FILTERS:
        _compare(client, cycle, asked)


def _compare(client: Client, cycle: str, asked: dict[str, str]) -> None:
    where = {LOOKUPS[name]: one for name, one in asked.items() if name in LOOKUPS}
    query = "&".join(f"{name}={one}" for name, one in asked.items())
    html = page(client, f"/matrix/?cycle={cycle}&{query}")
    seen = Round(Cycle.objects.get(code=cycle))
    members = [
        member
        for member in members_by_code(TODAY).values()
        if asked.get("kind", member.kind) == member.kind
        and asked.get("region", member.region) == member.region
    ]
    bound = [
        line
        for line in Bound(**where).on(seen.cycle.opens_on)
        if line.member in {m.code for m in members}
    ]
    assert _table(members, bound, seen) in html
    for who, owed in _sums(bound):
        assert f"{who}: {owed}." in html


def _table(members: list[Member], bound: list[Line], seen: Round) -> str:
    said = answers(seen)
    cells = {line.key: outcome(line, said, seen) for line in bound}
    endorsed = {line.key for line in apart(bound)[1]}
    of_these = {clause for _member, clause in cells}
    clauses = list(Commitment.objects.filter(reference__in=of_these).select_related("statement"))
    columns: dict[str, list[dict[str, str]]] = {}
    for clause in clauses:
        code, reference = clause.statement.code, clause.reference
        column = {"code": reference.removeprefix(f"{code}-"), "title": clause.title}
        columns.setdefault(code, []).append(column | {"url": f"/commitments/{reference}/"})
    rows = [
        {
            "name": member.display_name,
            "url": f"/members/{member.code}/",
            "cells": list(_cells(member, clauses, cells, endorsed)),
        }
        for member in members
        if any(code == member.code for code, _clause in cells)
    ]
    heads = [
        {"name": code, "id": f"of-{code}", "clauses": of_one} for code, of_one in columns.items()
    ]
    context = {"label": "Members by clauses", "columns": heads, "rows": rows}
    return render_to_string("components/_heat.html", context) if rows else ""


def _cells(
    member: Member,
    clauses: list[Commitment],
    cells: dict[tuple[str, str], str],
    endorsed: set[tuple[str, str]],
) -> Iterator[dict[str, Any]]:
    for n, clause in enumerate(clauses):
        gap, key = (
            n > 0 and clauses[n - 1].statement != clause.statement,
            (member.code, clause.reference),
        )
        yield {"status": cells.get(key), "gap": gap, "endorsed": key in endorsed}


def _sums(bound: list[Line]) -> Iterator[tuple[str, str]]:
    for kind in Member.Kind.values:
        if lines := [line for line in bound if line.in_counts and line.kind == kind]:
            own, by_endorsement = apart(lines)
            members = {line.member for line in lines}
            yield counted(kind, len(members)), owed_words(len(own), len(by_endorsement))


@pytest.mark.django_db
def test_the_lead_is_true_of_silence_and_empty_cells(client: Client) -> None:
    publish("ALB")
    html = page(client, "/matrix/?cycle=2024")
    assert "a dot or a pale square is one that is owed" in html
    assert "Where the cell is empty, nothing is owed." in html
    assert '<td class="s-off">' in html
    assert "Framed: owed by endorsement" in html
    assert "Framed" not in page(client, "/matrix/?cycle=2024&statement=2012")
    assert '<a href="#of-2022">2022</a>' in html and 'id="of-2022"' in html
