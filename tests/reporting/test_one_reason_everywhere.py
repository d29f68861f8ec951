"""Whoever asks why a figure is missing is told the same by every resource and on every page."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import translation

from members.models import Member, User
from reporting import summaries
from reporting.deadlines import STATES
from reporting.figures import Reading
from reporting.models import Cycle, Extension, Summary
from reporting.printing.matter import matter
from reporting.summaries.telling import UNTIL_ANNOUNCED
from tests.api.reading import every_row
from tests.reporting.public import page, words
from tests.reporting.summing import fill, publish, round_of
from tests.reporting.test_tell_silence_apart import told

pytestmark = pytest.mark.django_db
FIGURES = ("expected", "received", "on_time", "published")
ALL = "cycle-2022,cycle-2024,cycle-2026,cycle-2028,cycle-2020"
OPEN, OVERDUE = "2026-05-01", "2026-09-01"


@pytest.fixture(autouse=True, scope="module")
def summed_up(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rounds of all states, summed up while 2026 is open and again when it is overdue.

    An excuse of 2026 is public before the receipts: its member has published a report.
    """
    first = override_settings(FIRST_CYCLE=2022)
    with django_db_blocker.unblock(), first, transaction.atomic():
        fill(round_of("2022", announced=dt.date(2023, 1, 30)), 1)
        fill(round_of("2024"), 1)
        cycle = round_of("2026")
        for code, clause in (("ALB", "2012-G1"), ("BEL", "2012-T1")):
            publish(cycle, code, {clause: "planned"}, on=dt.date(2026, 4, 1))
        Extension.objects.create(
            cycle=cycle,
            member=Member.objects.get(code="ALB"),
            reason="An earthquake.",
            decided_by=User.objects.create(email="administrator@example.org"),
            decided_on=dt.date(2026, 3, 1),
            published_on=dt.date(2026, 4, 1),
        )
        for day in (OPEN, OVERDUE):
            now = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
            summaries.build([*ALL.split(","), "member-ALB"], now=now)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", [OPEN, OVERDUE])
def test_rounds_and_figures_tell_one_thing(client: Client, day: str) -> None:
    """A count of a kind of which nobody is expected is 0 of 0, and that share has no number."""
    asked = {"scope": ALL, "as_of": day, "figure": ",".join(FIGURES)}
    shares = every_row(client, "figures", **asked)
    found = {(r["cycle"], r["kind"], r["figure"]): r for r in shares}
    seen = set()
    for row in every_row(client, "cycles", as_of=day):
        seen.add(row["state"])
        for name in FIGURES:
            kinds = [
                kind for cycle, kind, figure in found if (cycle, figure) == (row["code"], name)
            ]
            assert kinds or row["code"] < "2020"
            for kind in kinds:
                figure = found[row["code"], kind, name]
                assert figure["out_of"] == ("members" if name == "expected" else "expected")
                if row["state"] == "planned" and name != "expected":
                    assert figure["missing"]["numerator"] == "not_open"
                    assert (row[name] or {kind: 0})[kind] == 0
                elif name != "expected" and row["expected"] and not row["expected"][kind]:
                    untold = "not_expected"
                    assert figure["missing"]["numerator"] == untold
                    assert row[name] is None or row[name][kind] == 0
                else:
                    count = row[name] and row[name][kind]
                    assert count == figure["numerator"], (row["code"], kind, name)
                    assert row["missing"].get(name) == figure["missing"].get("numerator")
    expected = {"not_collected", "planned", "closed", "open" if day == OPEN else "overdue"}
    assert seen == expected <= set(STATES)


def test_a_round_that_is_not_open_waits_for_the_act_as_the_design_says(client: Client) -> None:
    row = client.get(f"/api/v1/cycles/2028/?as_of={OPEN}").json()
    assert row["reason"] == "not_yet_published"
    assert (row["expected"]["government"], row["published"]["government"]) == (70, 0)
    assert row["missing"] == dict.fromkeys(("received", "on_time"), "not_yet_published")


def test_who_is_excused_is_no_number_before_the_receipts(client: Client) -> None:
    """Not even of those whose excuse is public already: it would pass for all of them."""
    figures = json.loads(Summary.objects.shown().get(scope="cycle-2026").row)["figures"]
    of = figures["government"]
    for name in ("excused", "unanswered_excused", "unanswered_excused_by_endorsement"):
        assert (of[name]["numerator"], of[name]["reason"]) == (None, "not_yet_published")
    names = [name for name in of if name.startswith(("answers_", "unanswered"))]
    for ending in ("", "_by_endorsement"):
        parts = [
            of[name]["numerator"] or 0
            for name in names
            if name.endswith("_by_endorsement") == bool(ending) and "withheld" not in name
        ]
        assert sum(parts) == of[f"unanswered{ending}"]["denominator"]
    shown = words(page(client, "/summaries/cycle-2026/"))
    assert "No answer, the member is excused not yet published" in shown
    assert "Excused not yet published" in shown
    assert str(UNTIL_ANNOUNCED) in shown
    assert str(UNTIL_ANNOUNCED) not in words(page(client, "/summaries/cycle-2022/"))


def test_nor_in_what_is_drawn_of_it(client: Client) -> None:
    """The page of the member alone tells its own excuse."""
    with translation.override("en"):
        paper = matter(Summary.objects.shown().get(scope="cycle-2026"))
    heads = {row[0][0] for chart in paper["sections"][-1]["charts"] for row in chart["rows"]}
    assert "Not yet published" in heads
    assert any(str(UNTIL_ANNOUNCED) in part["note"] for part in paper["parts"])
    assert Reading([Cycle.objects.get(code="2026")]).excuses == {"2026": {"ALB"}}
    row = told(client, "2012-T1", "2026", "signature")
    assert row.get("Excused", 0) == 0
    assert row["Not yet published"] == row["Bound"] - row["Planned"] > 0
    assert "excused" in words(page(client, "/members/ALB/"))
