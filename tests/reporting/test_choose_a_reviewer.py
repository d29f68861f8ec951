"""A report is taken, given back, assigned; and Today counts what the pages behind it show."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from members import actions as people
from members.models import Event, Message, Role, User
from reporting import actions
from reporting.models import Build, Report
from reporting.summaries import progress
from reporting.workflow import WrongMoment
from tests.cast import person, sign_in

from .conftest import OPENED

pytestmark = pytest.mark.django_db
DESK = "/secretariat/reports/2026-ALB/"
Bring = Callable[[str], Report]


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def listed(client: Client, query: str) -> bool:
    return "2026-ALB" in words(client.get(f"/secretariat/reviews/?{query}"))


def test_a_reviewer_takes_a_report_and_gives_it_back(
    client: Client, bring: Bring, reviewer: User
) -> None:
    report = bring("submitted")
    desk = sign_in(client, reviewer)
    assert listed(desk, "reviewer=nobody") and not listed(desk, "reviewer=mine")
    assert desk.post(f"{DESK}take/").status_code == 302
    assert listed(desk, "reviewer=mine") and not listed(desk, "reviewer=nobody")
    assert "I review it (1)" in words(desk.get("/secretariat/"))
    assert desk.post(f"{DESK}give-back/").status_code == 302
    report.refresh_from_db()
    assert report.reviewer is None
    verbs = Event.objects.filter(chain="report:2026-ALB").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["take_review", "give_back_review"]


def test_what_another_has_taken_is_neither_taken_nor_begun_nor_given_back(
    bring: Bring, reviewer: User, client: Client
) -> None:
    report, other = bring("submitted"), person(Role.Kind.REVIEWER, name="other")
    actions.take_review(report, by=reviewer, at=OPENED)
    for act in (actions.take_review, actions.start_review, actions.give_back_review):
        with pytest.raises(WrongMoment):
            act(report, by=other, at=OPENED)
    assert "Start review" not in words(sign_in(client, other).get(DESK))
    Role.objects.filter(user=reviewer).update(until=dt.date(2021, 1, 1))
    actions.take_review(report, by=other, at=OPENED)  # who reviews no more holds nothing up


def test_an_administrator_assigns_to_those_who_may_review_and_to_no_others(
    client: Client, bring: Bring, reviewer: User, administrator: User, focal_point: User
) -> None:
    report, desk = bring("submitted"), sign_in(client, administrator)
    assert desk.post(f"{DESK}reviewer/", {"to": reviewer.pk}).status_code == 302
    report.refresh_from_db()
    assert report.reviewer == reviewer
    focal_point.roles.create(kind="reviewer", since=dt.date(2020, 1, 1))
    for who in (focal_point, administrator):
        assert desk.post(f"{DESK}reviewer/", {"to": who.pk}).status_code == 400
        with pytest.raises(ValidationError):
            actions.assign_review(report, to=who, by=administrator, at=OPENED)
    with pytest.raises(PermissionDenied):
        actions.assign_review(report, to=reviewer, by=reviewer, at=OPENED)
    assert desk.post(f"{DESK}reviewer/", {"to": ""}).status_code == 302
    report.refresh_from_db()
    assert report.reviewer is None


def test_a_returned_report_comes_again_to_its_reviewer_and_is_as_old_as_the_return(
    bring: Bring, reviewer: User
) -> None:
    report = bring("returned")
    assert report.reviewer == reviewer
    assert Report.objects.aged().get().since == OPENED
    with pytest.raises(WrongMoment):
        actions.take_review(report, by=reviewer, at=OPENED)


def _counts(page: str) -> dict[str, int]:
    """The counts of Today by the address that each leads to."""
    rows = re.findall(r'class="queue" href="([^"]+)"><b>(\d+)</b>', page)
    return {url.replace("&amp;", "&"): int(count) for url, count in rows}


def test_each_count_of_today_is_what_its_page_shows(
    client: Client, report: Report, bring: Bring, reviewer: User, editor: User, focal_point: User
) -> None:
    now = timezone.now()
    people.invite("new@cast.example", Role.Kind.ANALYST, None, by=editor, at=now)
    Message.objects.create(kind="workflow", to="gone@cast.example", subject="x", state="dead")
    asked = {"wanted_until": None, "reason": "A fire."}
    actions.ask_extension(report.cycle, report.member, **asked, by=focal_point, at=now)
    bring("submitted")
    Build.objects.all().delete()
    desk = sign_in(client, reviewer)
    counts = _counts(desk.get("/secretariat/").content.decode())
    shown = {
        url: len(
            re.findall(
                r"<tr>|<tr ",
                desk.get(url).content.decode().split("<tbody>")[1].split("</tbody>")[0],
            )
        )
        - ("None." in words(desk.get(url)) or "No report." in words(desk.get(url)))
        for url in counts
        if url != "/secretariat/operations/builds/"
    }
    builds = words(desk.get("/secretariat/operations/builds/"))
    shown["/secretariat/operations/builds/"] = int("Summaries out of date" in builds)
    assert counts == shown
    assert len(counts) == 13 and sum(counts.values()) >= 6


def test_summaries_are_stale_once_they_had_their_turns(db: None) -> None:
    now = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    facts = {"job": "summaries", "whole": False, "public_version": -1}
    Build.objects.all().delete()
    assert progress.stale_since(now) is not None
    Build.objects.create(**facts, started_at=now, finished_at=now)
    assert progress.stale_since(now) is None
    assert progress.stale_since(now + dt.timedelta(hours=12)) == now
