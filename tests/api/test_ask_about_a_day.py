"""An analyst asks what held on a day: by the dated facts, or by what was shown that day."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Signature
from members.models import Group, GroupMember, Member, Name
from reporting.models import Cycle, PublishedAnswer, PublishedReport, Summary

from .published import publish_answer, publish_report
from .reading import DATED, RESOURCES, every_row, faults

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date().isoformat()


def codes(client: Client, **parameters: Any) -> set[str]:
    return {row["code"] for row in every_row(client, "members", **parameters)}


def row(client: Client, address: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/{address}/", parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("name", [name for name in RESOURCES if name not in DATED])
def test_what_has_no_days_refuses_one(client: Client, name: str) -> None:
    assert faults(client, f"/api/v1/{name}/?as_of=2026-01-01") == [("as_of", "unknown_parameter")]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        *(("2012-12-04", 0), ("2012-12-05", 48), ("2014-12-10", 48), ("2014-12-11", 109)),
        *(("2015-11-16", 109), ("2015-11-17", 152), ("2099-01-01", 152)),
    ],
)
def test_signatures_stand_from_their_day_on(client: Client, day: str, names: int) -> None:
    assert len(every_row(client, "signatures", as_of=day)) == names


def test_a_withdrawn_signature_ends_with_the_day_before(client: Client) -> None:
    signed = Signature.objects.filter(member__code="ALB", statement__code="2012")
    signed.update(withdrawn_on="2020-06-01", withdrawal_source="A letter")
    asked = {"member": "ALB", "statement": "2012"}
    last_day = every_row(client, "signatures", as_of="2020-05-31", **asked)
    assert [found["withdrawn_on"] for found in last_day] == ["2020-06-01"]
    assert every_row(client, "signatures", as_of="2020-06-01", **asked) == []
    assert row(client, "members/ALB", as_of="2020-05-31")["statements"] == ["2012", "2015"]
    assert row(client, "members/ALB", as_of="2020-06-01")["statements"] == ["2015"]
    assert "ALB" not in codes(client, statement="2012")
    owed = every_row(client, "obligations", as_of="2020-05-31", **asked)
    assert {found["until"] for found in owed} == {"2020-06-01"}
    assert every_row(client, "obligations", as_of="2020-06-01", **asked) == []


def test_a_member_belongs_from_its_first_day_to_the_day_before_it_leaves(client: Client) -> None:
    Member.objects.filter(code="THORN").update(joined_on="2023-03-01", left_on="2024-03-01")
    days = ["2023-02-28", "2023-03-01", "2024-02-29", "2024-03-01"]
    assert ["THORN" in codes(client, as_of=day) for day in days] == [False, True, True, False]
    assert faults(client, "/api/v1/members/THORN/", 404) == [("address", "not_found")]
    assert row(client, "members/THORN", as_of="2023-03-01")["left_on"] == "2024-03-01"
    owed = [len(every_row(client, "obligations", member="THORN", as_of=day)) > 0 for day in days]
    assert owed == [True, True, True, True]  # its signature of 2014 stays
    bound = [
        every_row(client, "obligations", member="THORN", statement="2022", as_of=d) for d in days
    ]
    assert [len(lines) > 0 for lines in bound] == [False, True, True, False]
    assert {line["since"] for line in bound[1]} == {"2023-03-01"}


@pytest.mark.parametrize(
    ("day", "there", "not_yet_or_no_more"),
    [
        *(("2013-06-30", "GBR", "HRV"), ("2013-07-01", "HRV", "USA"), ("2020-01-30", "GBR", "USA")),
        *(("2020-01-31", "FRA", "GBR"), (TODAY, "HRV", "GBR")),
    ],
)
def test_a_group_is_what_it_was_that_day(
    client: Client, day: str, there: str, not_yet_or_no_more: str
) -> None:
    union = codes(client, group="EU", as_of=day)
    assert there in union
    assert not_yet_or_no_more not in union
    places = [place["group"] for place in row(client, f"members/{there}", as_of=day)["groups"]]
    assert "EU" in places


def test_a_place_in_a_group_says_its_role_and_its_dates(client: Client) -> None:
    assert row(client, "members/GBR", as_of="2015-01-01")["groups"] == [
        {"group": "EU", "role": "member", "since": "1973-01-01", "until": "2020-01-31"}
    ]
    taskforce = Group.objects.get(code="taskforce")
    member = Member.objects.get(code="ALB")
    facts = {"since": dt.date(2030, 1, 1), "until": dt.date(2030, 1, 2)}
    GroupMember.objects.create(group=taskforce, member=member, role="chair", **facts)
    assert row(client, "members/ALB")["groups"] == []
    assert row(client, "members/ALB", as_of="2030-01-01")["groups"][0]["role"] == "chair"
    assert row(client, "members/ALB", as_of="2030-01-02")["groups"] == []


def test_a_name_is_the_newest_known_that_day(client: Client) -> None:
    member = Member.objects.get(code="ALB")
    Name.objects.create(member=member, text="A new name", source="S", since=dt.date(2027, 5, 1))
    for day, name in [("2027-04-30", "Albania"), ("2027-05-01", "A new name")]:
        found = row(client, "members/ALB", as_of=day)
        assert found["name"] == name
        assert ("A new name" in [one["name"] for one in found["names"]]) == (name == "A new name")
        assert ("ALB" in codes(client, q="a new name", as_of=day)) == (name == "A new name")


def test_printed_names_are_known_from_their_statement_on(client: Client) -> None:
    early = row(client, "members/ALB", as_of="2013-01-01")["names"]
    assert [name["statement"] for name in early] == [None, "2012"]


def test_a_report_is_the_version_shown_that_day(client: Client) -> None:
    first = publish_report("ALB", shown_from=dt.date(2026, 7, 10))
    publish_answer(first, "2012-T1", narrative="First.")
    PublishedReport.objects.update(shown_until="2026-08-01")
    PublishedAnswer.objects.update(shown_until="2026-08-01")
    second = publish_report("ALB", shown_from=dt.date(2026, 8, 1), version=2)
    publish_answer(second, "2012-T1", narrative="Second.")
    shown = {
        day: (
            [one["version"] for one in every_row(client, "reports", as_of=day)],
            [one["narrative"] for one in every_row(client, "progress", as_of=day)],
            client.get(f"/api/v1/reports/2026-ALB/?as_of={day}").status_code,
        )
        for day in ("2026-07-09", "2026-07-10", "2026-07-31", "2026-08-01", "2031-01-01")
    }
    assert shown == {
        "2026-07-09": ([], [], 404),
        "2026-07-10": ([1], ["First."], 200),
        "2026-07-31": ([1], ["First."], 200),
        "2026-08-01": ([2], ["Second."], 200),
        "2031-01-01": ([2], ["Second."], 200),
    }
    assert [one["version"] for one in every_row(client, "reports")] == [2]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        *(("2025-12-31", "planned"), ("2026-01-01", "open"), ("2026-07-01", "open")),
        *(("2026-07-02", "overdue"), ("2026-12-31", "overdue"), ("2027-01-01", "closed")),
    ],
)
def test_a_round_stands_where_it_stood_at_the_end_of_the_day(
    client: Client, day: str, state: str
) -> None:
    assert row(client, "cycles/2026", as_of=day)["state"] == state
    assert "2026" in {one["code"] for one in every_row(client, "cycles", as_of=day, state=state)}
    assert row(client, "cycles/2014", as_of=day)["state"] == "not_collected"


def test_a_round_counts_what_was_published_by_that_day(client: Client) -> None:
    publish_report("ALB", shown_from=dt.date(2026, 7, 10))
    before, after = (row(client, "cycles/2026", as_of=f"2026-07-{day:02}") for day in (9, 10))
    assert (before["published"]["government"], after["published"]["government"]) == (0, 1)
    assert before["received"] is None
    assert before["reason"] == "not_yet_published"


def test_who_reported_is_told_from_the_day_of_the_announcement_on(client: Client) -> None:
    Cycle.objects.filter(code="2026").update(receipts_announced_on="2027-02-01")
    early, later = (row(client, "cycles/2026", as_of=d) for d in ("2027-01-31", "2027-02-01"))
    assert early["received"] is None
    assert later["received"]["government"] == 0
    assert later["reason"] is None


def test_a_summary_is_the_one_shown_that_day(client: Client) -> None:
    for shown_from, shown_until in [("2026-07-01", "2026-07-05"), ("2026-07-05", None)]:
        Summary.objects.create(
            scope="cycle-2026",
            built_at=f"{shown_from}T01:00:00Z",
            public_version=1,
            shown_from=shown_from,
            shown_until=shown_until,
            row=f'{{"scope":"cycle-2026","built_at":"{shown_from}T01:00:00Z","figures":{{}}}}',
        )
    found = [every_row(client, "summaries", as_of=f"2026-07-{day:02}") for day in (4, 5)]
    assert [one["built_at"][:10] for (one,) in found] == ["2026-07-01", "2026-07-05"]
    assert row(client, "summaries/cycle-2026", as_of="2026-07-04")["built_at"][:10] == "2026-07-01"
    before = "/api/v1/summaries/cycle-2026/?as_of=2026-06-30"
    assert faults(client, before, 404) == [("as_of", "before_first_build")]
    assert "the first was built on 2026-07-01" in client.get(before).json()["detail"]
    never = "/api/v1/summaries/cycle-1999/?as_of=2026-06-30"
    assert faults(client, never, 404) == [("address", "not_found")]
