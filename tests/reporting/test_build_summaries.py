"""What is counted, and that a summary is complete or the one before."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Member, PublicVersion
from reporting import summaries
from reporting.figures import Round, cycle_figures
from reporting.models import Cycle, Printed, Summary
from reporting.printing import keeping
from reporting.rounds import expected_by_round, expected_members
from reporting.summaries.counting import Counted
from tests.at_once import at_once
from tests.database import Database
from tests.reporting.summing import NOW, fill, publish, receipt, round_of

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


def test_every_figure_has_a_reason_when_it_is_missing(db: None) -> None:
    for row in summaries.build(now=NOW):
        for names in json.loads(row.row)["figures"].values():
            for figure in names.values():
                assert set(figure) == {"numerator", "denominator", "reason"}
                assert (figure["numerator"] is None) == (figure["reason"] is not None)


# ---- building


def test_a_second_build_of_the_same_facts_writes_nothing(db: None) -> None:
    first = summaries.build(now=NOW)
    cycles = [row.scope for row in first if row.scope.startswith("cycle-")]
    assert cycles == [f"cycle-{code}" for code in range(2014, 2029, 2)]

    assert summaries.build(now=NOW + dt.timedelta(days=1)) == []
    assert summaries.build(now=NOW + dt.timedelta(days=1), whole=True) == []
    assert Summary.objects.shown().count() == len(first)


def test_only_what_changed_is_written_and_the_old_row_stays_for_its_days(db: None) -> None:
    summaries.build(now=NOW)
    publish(round_of(), "ALB", ["planned"], on=NOW.date() + dt.timedelta(days=1))

    assert summaries.build(now=NOW) == [], "not shown yet on that day"
    written = summaries.build(now=NOW + dt.timedelta(days=1))

    scopes = {row.scope for row in written}
    assert {"cycle-2026", "statement-2012", "member-ALB", "region-Europe"} <= scopes
    assert not {"cycle-2014", "member-AUS", "group-EU", "statement-2014-CSO"} & scopes
    old = Summary.objects.shown(NOW.date()).get(scope="cycle-2026")
    new = Summary.objects.shown(NOW.date() + dt.timedelta(days=1)).get(scope="cycle-2026")
    assert old.pk != new.pk and new in written


def test_the_same_facts_give_the_same_bytes(db: None) -> None:
    fill(round_of(), 7)
    [one] = summaries.build(["cycle-2026"], now=NOW)
    Summary.objects.all().delete()
    [other] = summaries.build(["cycle-2026"], now=NOW)

    assert one.row == other.row


def test_figures_with_synthetic_reports_say_so(db: None) -> None:
    publish(round_of(), "ALB", ["planned"], synthetic=True)

    marked = {row.scope for row in summaries.build(now=NOW) if row.synthetic}

    assert {"cycle-2026", "member-ALB", "statement-2012", "region-Europe"} <= marked
    assert not {"cycle-2014", "member-BEL", "statement-2014-CSO", "region-Asia"} & marked


def test_no_summary_is_slipped_in_before_one_of_a_later_day(db: None) -> None:
    summaries.build(now=NOW)

    with pytest.raises(ValueError, match="later day"):
        summaries.build(now=NOW - dt.timedelta(days=1))


def test_an_unknown_scope_is_refused(db: None) -> None:
    with pytest.raises(LookupError, match="cycle-1066"):
        summaries.build(["cycle-1066"], now=NOW)


def test_facts_that_never_keep_still_leave_the_summaries_alone(db: None, monkeypatch: Any) -> None:
    counting = Counted.figures

    def while_others_publish(self: Any, scope: Any) -> Any:
        PublicVersion.objects.update(number=PublicVersion.objects.get().number + 1)
        return counting(self, scope)

    summaries.build(["cycle-2026"], now=NOW)
    monkeypatch.setattr(Counted, "figures", while_others_publish)

    with pytest.raises(summaries.NeverStill):
        summaries.build(["cycle-2026"], now=NOW)


def test_two_builds_at_once_make_one_generation(fresh_database: Database) -> None:
    written = at_once(lambda: summaries.build(now=NOW), 2)

    assert sorted(len(rows) for rows in written) == [0, Summary.objects.count()]


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
    assert "cycle-2026" in {row.scope for row in summaries.build(now=NOW)}


def test_a_second_run_leaves_while_one_is_printing(fresh_database: Database) -> None:
    summaries.build(now=NOW)
    with psycopg2.connect(fresh_database.url) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('print reports', 0))")
        assert keeping.print_reports() == 0
    assert not Printed.objects.exists()
