"""What is counted, and that a summary is complete or the one before."""

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Member, PublicVersion
from reporting import summaries
from reporting.figures import Round, cycle_figures
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Receipt, Summary
from reporting.rounds import expected_by_round, expected_members
from tests.at_once import at_once
from tests.database import Database
from tests.registry_files import rows

ROOT = Path(__file__).resolve().parents[2]
SIGNATURES = ROOT / "commitments/data/signatures.csv"
NOW = dt.datetime(2027, 3, 4, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
KINDS = ["government", "intergovernmental", "civil_society"]
# Under the text of 2015 and not under that of the governments of 2014.
ENDORSING = {row["member"] for row in rows(SIGNATURES) if row["statement"] == "2015"} - {
    row["member"] for row in rows(SIGNATURES) if row["statement"] == "2014-GOV"
}
STATUSES = ["not_started", "planned", "in_progress", "implemented", "nothing_to_report"]


def round_of(code: str = "2026", announced: dt.date | None = None) -> Cycle:
    Cycle.objects.filter(code=code).update(receipts_announced_on=announced)
    return Cycle.objects.get(code=code)


def publish(
    cycle: Cycle, code: str, statuses: list[str], on: dt.date = TODAY, **facts: Any
) -> PublishedReport:
    member = Member.objects.get(code=code)
    place = {"cycle": cycle.code, "member": code, "kind": member.kind, "shown_from": on}
    report = PublishedReport.objects.create(version=1, row="{}", **place, **facts)
    PublishedAnswer.objects.bulk_create(
        PublishedAnswer(
            report=report,
            commitment=f"C{number}",
            statement=["2012", "2014-GOV"][number % 2],
            status=status,
            withheld=number % 3 == 0,
            owed=number != 1,
            row="{}",
            line="-",
            **place,
            **facts,
        )
        for number, status in enumerate(statuses)
    )
    return report


def receipt(cycle: Cycle, code: str, timeliness: str, on: dt.date = TODAY) -> Receipt:
    came = dt.date(2026, 6, 1) if timeliness in ("on_time", "late", "voluntary") else None
    kind = Member.objects.get(code=code).kind
    return Receipt.objects.create(
        cycle=cycle.code,
        member=code,
        kind=kind,
        timeliness=timeliness,
        received_on=came,
        shown_from=on,
        row="{}",
    )


def fill(cycle: Cycle, seed: int) -> None:
    """Published reports and receipts of all sorts, as a seed has them."""
    chance = random.Random(seed)
    for code in Member.objects.values_list("code", flat=True):
        if chance.random() < 0.5:
            publish(cycle, code, chance.choices(STATUSES, k=chance.randint(0, 5)))
        if chance.random() < 0.8:
            receipt(cycle, code, chance.choice(["on_time", "late", "missed", "excused"]))


# ---- figures


def test_84_members_are_expected_from_2024_and_48_before(db: None, settings: Any) -> None:
    settings.FIRST_CYCLE = 2022

    assert cycle_figures(Round(round_of("2026")))["expected"] == {
        "government": 70,
        "intergovernmental": 4,
        "civil_society": 10,
    }
    assert sum(cycle_figures(Round(round_of("2022")))["expected"].values()) == 48


def test_a_round_before_the_first_one_has_no_figures(db: None) -> None:
    assert cycle_figures(Round(round_of("2014"))) == {
        "members": None,
        "expected": None,
        "received": None,
        "on_time": None,
        "published": None,
        "voluntary": None,
        "reason": "not_collected",
    }


def test_receipts_count_for_nothing_until_they_are_announced(db: None) -> None:
    cycle = round_of()
    publish(cycle, "ALB", ["planned"])
    receipt(cycle, "ALB", "on_time")

    figures = cycle_figures(Round(cycle))

    assert Round(cycle).receipts == {}
    assert figures["received"] is None and figures["on_time"] is None
    assert figures["reason"] == "not_yet_published"
    assert figures["published"] == {"government": 1, "intergovernmental": 0, "civil_society": 0}


def test_on_the_day_of_the_announcement_and_not_before(db: None) -> None:
    cycle = round_of(announced=dt.date(2027, 1, 30))
    receipt(cycle, "ALB", "on_time", on=dt.date(2027, 1, 30))
    receipt(cycle, "BEL", "late", on=dt.date(2027, 1, 30))

    before = cycle_figures(Round(cycle, dt.date(2027, 1, 29)))
    after = cycle_figures(Round(cycle, dt.date(2027, 1, 30)))

    assert before["received"] is None
    assert after["received"]["government"] == 2
    assert after["on_time"]["government"] == 1
    assert after["reason"] is None


def test_a_withdrawn_report_is_counted_on_the_days_it_was_shown(db: None) -> None:
    cycle = round_of()
    publish(cycle, "ALB", ["planned"], on=dt.date(2026, 9, 1), shown_until=dt.date(2026, 10, 1))

    def published_on(day: dt.date | None) -> int:
        return cycle_figures(Round(cycle, day))["published"]["government"]

    assert published_on(dt.date(2026, 8, 31)) == 0
    assert published_on(dt.date(2026, 9, 30)) == 1
    assert published_on(dt.date(2026, 10, 1)) == 0
    assert published_on(None) == 0


def test_a_voluntary_report_stands_outside_the_denominators(db: None, settings: Any) -> None:
    settings.FIRST_CYCLE = 2022
    cycle = round_of("2022")
    expected = set(expected_members(cycle).values_list("code", flat=True))
    assert "UNODC" not in expected
    publish(cycle, "UNODC", ["planned"])

    figures = cycle_figures(Round(cycle))

    assert figures["published"]["intergovernmental"] == 0
    assert figures["voluntary"]["intergovernmental"] == 1


@pytest.mark.parametrize("rounds", [1, 8])
def test_any_number_of_rounds_is_read_with_as_many_statements(
    client: Client, db: None, settings: Any, rounds: int
) -> None:
    settings.FIRST_CYCLE = 2014
    Cycle.objects.update(receipts_announced_on=dt.date(2029, 2, 1))
    with CaptureQueriesContext(connection) as captured:
        found = client.get(f"/api/v1/cycles/?page_size={rounds}").json()["results"]
    assert len(found) == rounds
    assert all(row["received"] for row in found)
    about_rounds = [q["sql"] for q in captured if "reporting_" in q["sql"]]
    assert len(about_rounds) <= 6, about_rounds


def test_who_is_expected_is_the_same_read_at_once_or_round_by_round(db: None) -> None:
    Member.objects.filter(code="ALB").update(left_on=dt.date(2024, 1, 1))
    Member.objects.filter(code="BEL").update(joined_on=dt.date(2024, 1, 1))
    cycles = Cycle.objects.all()
    together = expected_by_round(cycles)
    assert len(together) == 8
    for cycle in cycles:
        alone = dict(expected_members(cycle).values_list("code", "kind"))
        assert together[cycle.code] == alone
        assert alone


def plain(cycle: Cycle) -> dict[str, dict[str, list[int]]]:
    """Numerators and denominators counted row by row, without a thought for speed."""
    found = {}
    for kind in KINDS:
        codes = [m.code for m in expected_members(cycle) if m.kind == kind]
        told = {r.member: r for r in Receipt.objects.filter(cycle=cycle.code)}
        reports = [r for r in PublishedReport.objects.filter(cycle=cycle.code) if r.member in codes]
        said = {r.member: [a for a in r.answers.all() if a.owed] for r in reports}
        every = [answer for report in said.values() for answer in report]
        taken_on = [a for a in every if a.statement == "2014-GOV" and a.member in ENDORSING]
        answers = [a for a in every if a not in taken_on]
        of = len(codes)
        figures = {
            "expected": [of, len([m for m in Member.objects.counted() if m.kind == kind])],
            "received": [len([c for c in codes if c in told and told[c].received_on]), of],
            "published": [len(reports), of],
            "nothing_to_report": [
                len([1 for a in said.values() if {x.status for x in a} == {"nothing_to_report"}]),
                len(reports),
            ],
        }
        for ending, some in {"": answers, "_by_endorsement": taken_on}.items():
            withheld = len([a for a in some if a.withheld])
            figures[f"answers_withheld{ending}"] = [withheld, len(some)]
            for status in [*STATUSES, "not_applicable"]:
                n = len([a for a in some if a.status == status])
                figures[f"answers_{status}{ending}"] = [n, len(some)]
        for timeliness in ("on_time", "late", "missed", "excused"):
            n = len([c for c in codes if c in told and told[c].timeliness == timeliness])
            figures[timeliness] = [n, of]
        found[kind] = figures
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_summary_says_what_a_plain_count_says(seed: int, db: None) -> None:
    cycle = round_of(announced=dt.date(2027, 1, 30))
    fill(cycle, seed)

    [row] = summaries.build(["cycle-2026"], now=NOW)

    figures = json.loads(row.row)["figures"]
    found = {
        kind: {name: [f["numerator"], f["denominator"]] for name, f in names.items()}
        for kind, names in figures.items()
    }
    assert found == plain(cycle)
    totals = cycle_figures(Round(cycle))
    for name in ("expected", "received", "on_time", "published"):
        assert totals[name] == {kind: figures[kind][name]["numerator"] for kind in figures}


def test_every_figure_has_a_reason_when_it_is_missing(db: None) -> None:
    for row in summaries.build(now=NOW):
        for names in json.loads(row.row)["figures"].values():
            for figure in names.values():
                assert set(figure) == {"numerator", "denominator", "reason"}
                assert (figure["numerator"] is None) == (figure["reason"] is not None)


# ---- building


def test_a_second_build_of_the_same_facts_writes_nothing(db: None) -> None:
    first = summaries.build(now=NOW)
    assert [row.scope for row in first] == [f"cycle-{code}" for code in range(2014, 2029, 2)]

    assert summaries.build(now=NOW + dt.timedelta(days=1)) == []
    assert Summary.objects.shown().count() == 8


def test_only_what_changed_is_written_and_the_old_row_stays_for_its_days(db: None) -> None:
    summaries.build(now=NOW)
    publish(round_of(), "ALB", ["planned"], on=NOW.date() + dt.timedelta(days=1))

    assert summaries.build(now=NOW) == [], "not shown yet on that day"
    [row] = summaries.build(now=NOW + dt.timedelta(days=1))

    assert row.scope == "cycle-2026"
    old = Summary.objects.shown(NOW.date()).get(scope="cycle-2026")
    new = Summary.objects.shown(NOW.date() + dt.timedelta(days=1)).get(scope="cycle-2026")
    assert old.pk != new.pk == row.pk


def test_the_same_facts_give_the_same_bytes(db: None) -> None:
    fill(round_of(), 7)
    [one] = summaries.build(["cycle-2026"], now=NOW)
    Summary.objects.all().delete()
    [other] = summaries.build(["cycle-2026"], now=NOW)

    assert one.row == other.row


def test_figures_with_synthetic_reports_say_so(db: None) -> None:
    publish(round_of(), "ALB", ["planned"], synthetic=True)

    marked = {row.scope for row in summaries.build(now=NOW) if row.synthetic}

    assert marked == {"cycle-2026"}


def test_no_summary_is_slipped_in_before_one_of_a_later_day(db: None) -> None:
    summaries.build(now=NOW)

    with pytest.raises(ValueError, match="later day"):
        summaries.build(now=NOW - dt.timedelta(days=1))


def test_an_unknown_scope_is_refused(db: None) -> None:
    with pytest.raises(LookupError, match="cycle-1066"):
        summaries.build(["cycle-1066"], now=NOW)


def test_facts_that_never_keep_still_leave_the_summaries_alone(db: None, monkeypatch: Any) -> None:
    counting = summaries.figures_of

    def while_others_publish(seen: Any) -> Any:
        PublicVersion.objects.update(number=PublicVersion.objects.get().number + 1)
        return counting(seen)

    summaries.build(["cycle-2026"], now=NOW)
    monkeypatch.setattr(summaries, "figures_of", while_others_publish)

    with pytest.raises(summaries.NeverStill):
        summaries.build(["cycle-2026"], now=NOW)


def test_two_builds_at_once_make_one_generation(fresh_database: Database) -> None:
    written = at_once(lambda: summaries.build(now=NOW), 2)

    assert sorted(len(rows) for rows in written) == [0, 8]
    assert Summary.objects.count() == 8


DIES_BETWEEN_OLD_AND_NEW = """
import datetime, os, signal, django
django.setup()
from reporting import summaries
from reporting.models import Summary
from django.db.models import QuerySet
QuerySet.bulk_create = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
summaries.build(now=datetime.datetime(2027, 3, 4, 12, tzinfo=datetime.UTC))
"""


def test_a_build_killed_half_way_leaves_the_summaries_before_it(
    fresh_database: Database,
) -> None:
    summaries.build(now=NOW)
    before = list(Summary.objects.shown().order_by("scope").values_list("scope", "row"))
    publish(round_of(), "ALB", ["planned"])

    killed = subprocess.run(
        [sys.executable, "-c", DIES_BETWEEN_OLD_AND_NEW],
        env=os.environ
        | {"DATABASE_URL": fresh_database.url, "DJANGO_SETTINGS_MODULE": "alliance.settings"},
        timeout=20,
    )

    assert killed.returncode == -signal.SIGKILL
    after = list(Summary.objects.shown().order_by("scope").values_list("scope", "row"))
    assert after == before
    assert [row.scope for row in summaries.build(now=NOW)] == ["cycle-2026"]
