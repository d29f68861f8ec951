"""What each summary says, against a plain count; what changed counted, against all of it."""

import datetime as dt
import html
import json
import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from commitments.models import Signature
from members.models import GroupMember, Member, Suspension, TreatyFact
from reporting import summaries, sums
from reporting.figures import Round, cycle_figures
from reporting.models import Cycle, PublishedReport, Receipt, Sum, Summary
from reporting.summaries.counting import OF_REPORTS
from reporting.summaries.telling import REASONS
from tests.cast import a_member
from tests.reporting.public import page, words
from tests.reporting.summing import (
    NOW,
    TODAY,
    fill,
    owed_by,
    plain,
    publish,
    receipt,
    round_of,
    some_answers,
    withdraw,
)

pytestmark = pytest.mark.django_db

SCOPES = [
    *("cycle-2026", "statement-2012", "statement-2014-GOV", "statement-2022"),
    *("commitment-2012-G1", "commitment-2014-GOV-C3b", "commitment-2014-GOV-C3"),
    *("theme-victims", "region-Europe", "group-EU", "group-taskforce"),
    *("member-ALB", "member-UNODC", "member-NCMEC"),
]


@pytest.fixture(autouse=True)
def from_2022(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


def said(scope: str) -> dict[str, Any]:
    return json.loads(Summary.objects.shown().get(scope=scope).row)


def pairs(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: {
            name: [f["numerator"], f["denominator"]]
            for name, f in names.items()
            if f["reason"] not in ("never_published", "no_data")
        }
        for kind, names in figures.items()
    }


@pytest.mark.parametrize("seed", [1])
def test_every_summary_says_what_a_plain_count_says(seed: int) -> None:
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), seed)
    cycle = round_of("2026", announced=dt.date(2027, 1, 30))
    fill(cycle, seed)

    summaries.build(now=NOW)

    for scope in SCOPES:
        assert pairs(said(scope)["figures"]) == plain(scope, "2026"), scope
    assert pairs(said("cycle-2026")["rounds"]["2024"]) == pairs(said("cycle-2024")["figures"])
    assert pairs(said("statement-2012")["rounds"]["2026"]) == plain("statement-2012", "2026")
    figures = said("cycle-2026")["figures"]
    for name, counted in cycle_figures(Round(cycle)).items():
        if name in OF_REPORTS:
            assert counted == {kind: figures[kind][name]["numerator"] for kind in figures}


def counts() -> set[tuple[Any, ...]]:
    return set(
        Sum.objects.values_list(
            *("cycle", "scope", "kind", "endorsed", "status", "obligations", "withheld"),
            *("support", "moved_on", "unchanged", "moved_back"),
        )
    )


def something_happens(chance: random.Random) -> None:
    """One thing that moves what is public, as dice have it."""
    cycle = Cycle.objects.get(code=chance.choice(["2022", "2024", "2026"]))
    code = chance.choice(sorted(Member.objects.counted().values_list("code", flat=True)))
    there = PublishedReport.objects.shown().filter(cycle=cycle.code, member=code).exists()
    what = chance.choice(["publish", "publish", "publish", "withdraw", "announce", "fact"])
    if what == "publish":
        withdraw(cycle, code)
        publish(cycle, code, some_answers(owed_by(cycle)[code], chance))
    elif what == "withdraw" and there:
        withdraw(cycle, code)
    elif what == "announce":
        Cycle.objects.filter(pk=cycle.pk).update(
            receipts_announced_on=cycle.closes_on + dt.timedelta(days=30)
        )
        if not Receipt.objects.shown().filter(cycle=cycle.code, member=code).exists():
            receipt(cycle, code, chance.choice(["excused", "on_time"]))
    elif what == "fact":
        name = chance.choice(list(Signature.objects.all()))
        name.withdrawn_on = dt.date(2023, 5, 1) if name.withdrawn_on is None else None
        name.withdrawal_source = "A letter." if name.withdrawn_on else ""
        name.save()


@pytest.mark.parametrize("seed", range(2))
def test_counting_what_changed_gives_what_counting_everything_gives(seed: int) -> None:
    """Not one build in this life counts everything unless the register changed."""
    chance = random.Random(seed)
    summaries.build(now=NOW)
    for _ in range(6):
        for _ in range(chance.randint(1, 4)):
            something_happens(chance)
        summaries.build(now=NOW)
    step_by_step = dict(Summary.objects.shown().values_list("scope", "row")), counts()

    assert summaries.build(now=NOW, whole=True) == []
    assert (dict(Summary.objects.shown().values_list("scope", "row")), counts()) == step_by_step


def test_one_report_is_counted_and_nobody_elses() -> None:
    fill(round_of("2026"), 1)
    rounds = [Round(cycle, TODAY) for cycle in Cycle.objects.collected().order_by("code")]
    summaries.build(now=NOW)
    withdraw(round_of(), "ALB")
    publish(round_of(), "ALB", ["implemented", "planned"])

    changed = sums.refresh(sums.units([Round(one.cycle, TODAY) for one in rounds]))

    assert changed == {("2026", "ALB"), ("2028", "ALB")}  # and as what 2028 is compared with
    kept = counts()
    sums.recount(sums.units([Round(one.cycle, TODAY) for one in rounds]), lambda *_: None)
    assert counts() == kept


def test_every_table_that_obligations_are_made_from_is_looked_at() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.view_table_usage WHERE view_name = %s",
            ["commitments_obligation"],
        )
        read = {table for (table,) in cursor.fetchall()}
    assert "members_suspension" in read
    assert read <= set(sums.FACTS)


def test_a_suspended_member_is_counted_anew() -> None:
    """What it owes by membership rests from that day on."""
    fill(round_of("2026"), 1)
    summaries.build(now=NOW)
    before = counts()
    Suspension.objects.create(member=a_member("ALB"), since=dt.date(2025, 1, 1), source="x")
    summaries.build(now=NOW)
    step_by_step = counts()
    assert step_by_step != before
    summaries.build(now=NOW, whole=True)
    assert counts() == step_by_step


def test_a_changed_register_is_counted_anew() -> None:
    fill(round_of("2026"), 1)
    summaries.build(now=NOW)
    place = GroupMember.objects.filter(group__code="EU", until=None).first()
    place.until = dt.date(2025, 1, 1)
    place.save()

    changed = {row.scope for row in summaries.build(now=NOW)}

    assert changed == {"group-EU"}


# ---- null has a reason


def test_a_round_that_has_not_opened_says_whom_it_expects_and_nothing_else() -> None:
    fill(round_of("2026"), 1)
    summaries.build(now=NOW)

    row = said("cycle-2028")
    for kind, figures in row["figures"].items():
        assert figures.pop("expected") == said("cycle-2026")["figures"][kind]["expected"]
        not_open = {"numerator": None, "denominator": None, "reason": "not_open"}
        assert all(figure == not_open for figure in figures.values()), kind
    assert row["missing"]["missed_by"] == "not_open"

    opened = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    summaries.build(now=opened)
    assert said("cycle-2028")["figures"]["government"]["unanswered"]["numerator"] == 2244


def test_nothing_is_counted_of_none() -> None:
    fill(round_of("2026", announced=dt.date(2027, 1, 30)), 1)
    summaries.build(now=NOW)
    why = set()
    for row in map(json.loads, Summary.objects.shown().values_list("row", flat=True)):
        for figures in row["rounds"].values():
            for figure in [one for names in figures.values() for one in names.values()]:
                if figure["denominator"] == 0:
                    assert figure["numerator"] is None
                    why.add(figure["reason"])
                assert (figure["numerator"] is None) == (figure["reason"] is not None)
    assert why == {"not_expected", "nothing_owed", "nothing_published", "nothing_to_compare"}


def test_the_page_of_a_round_that_has_not_opened_shows_no_silence(client: Client) -> None:
    fill(round_of("2026"), 1)
    summaries.build(now=NOW)
    for address in ("/cycles/2028/", "/summaries/cycle-2028/"):
        shown = words(page(client, address))
        assert "Expected to report 70 of 70" in shown and "Not open yet" in shown
        assert " 0 of " not in shown and "2,244" not in shown and "No answer" not in shown
    rounds = words(page(client, "/cycles/"))
    assert "None of" not in rounds


def test_who_missed_is_told_once_receipts_are_announced_and_not_before() -> None:
    cycle = round_of("2026")
    receipt(cycle, "ALB", "missed")
    summaries.build(now=NOW)
    before = said("region-Europe")
    round_of("2026", announced=dt.date(2027, 1, 30))
    publish(cycle, "BEL", ["planned"])
    summaries.build(now=NOW)
    after = said("region-Europe")

    assert before["missed_by"] is None
    assert before["missing"]["missed_by"] == "not_yet_published"
    assert "ALB" not in json.dumps(before)
    assert after["missed_by"] == ["ALB"] and "missed_by" not in after["missing"]
    assert said("region-Asia")["missed_by"] == []


def test_support_and_treaties_are_null_with_their_reason() -> None:
    publish(round_of(), "ALB", ["planned"] * 8)
    summaries.build(now=NOW)
    figures = said("cycle-2026")["figures"]["government"]

    for name, reason in [("support_requested", "never_published"), ("treaty_status", "no_data")]:
        assert figures[name] == {"numerator": None, "denominator": None, "reason": reason}
    assert Sum.objects.filter(scope="cycle-2026", support__gt=0).exists(), "kept for staff"


def test_who_is_recorded_as_bound_by_the_treaty_is_counted_of_the_governments() -> None:
    recorded = [
        ("ALB", "ratified", dt.date(2009, 4, 14)),
        ("BEL", "signed", dt.date(2007, 10, 25)),  # alone it tells nothing
        ("AUT", "similar_legislation", dt.date(2025, 3, 1)),  # after the round of 2024
    ]
    for code, stage, on in recorded:
        member = Member.objects.get(code=code)
        TreatyFact.objects.create(member=member, stage=stage, on=on, source="A register.")
    summaries.build(now=NOW)

    def met(scope: str, code: str, kind: str = "government") -> list[Any]:
        return list(said(scope)["rounds"][code][kind]["treaty_status"].values())

    assert met("region-Europe", "2024")[0] == 1
    assert met("region-Europe", "2026")[0] == 2
    assert met("cycle-2026", "2026") == [2, 70, None]
    assert met("member-BEL", "2026") == [0, 1, None]
    assert met("cycle-2026", "2026", "civil_society") == [None, None, "not_applicable"]


def test_a_part_that_reports_through_another_has_no_figures_of_its_own() -> None:
    summaries.build(now=NOW)
    figures = said("member-GB-EAW")["figures"]["government"]
    assert {f["reason"] for f in figures.values()} == {"reports_through_another"}


def test_a_verdict_is_the_alliances_and_a_members_own_is_not_told(client: Client) -> None:
    summaries.build(now=NOW)
    assert said("member-ALB")["verdicts"] == []
    assert said("member-ALB")["missing"]["verdicts"] == "of_the_alliance_alone"
    assert said("commitment-2012-G1")["missing"]["verdicts"] == "no_value"
    assert said("commitment-2012-T1")["missing"]["verdicts"] == "no_target"
    for scope in ("member-ALB", "commitment-2012-T1"):
        why = REASONS[said(scope)["missing"]["verdicts"]]
        assert f"Numeric targets {why}" in html.unescape(
            words(page(client, f"/summaries/{scope}/"))
        )


def test_the_texts_of_a_body_bind_nobody() -> None:
    summaries.build(now=NOW)
    assert said("statement-2022-TF")["figures"] == {}


@pytest.mark.parametrize("scope", ["theme-victims", "member-GB-EAW", "region-Africa", "group-EU"])
def test_a_summary_is_found_by_its_key(scope: str, client: Client) -> None:
    summaries.build(now=NOW)
    assert client.get(f"/api/v1/summaries/{scope}/").json()["scope"] == scope
    assert client.get(f"/api/v1/summaries/?scope={scope}").json()["results"][0]["scope"] == scope
