"""The secretariat looks through the reports and the people, a page at a time and as files."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members import actions as accounts
from members.models import Member, Role, User
from members.views import lists
from reporting.models import Cycle, Report
from tests.cast import a_member, person, sign_in

from .conftest import OPENED

pytestmark = pytest.mark.django_db
REVIEWS, PEOPLE = "/secretariat/reviews", "/secretariat/people"


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    return sign_in(client, reviewer)


def rows(desk: Client, path: str, **asked: str) -> list[dict[str, str]]:
    """The rows of a file."""
    answer = desk.get(f"{path}.csv", asked)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode())))


def reports(desk: Client, **asked: str) -> list[str]:
    answer = desk.get(f"{REVIEWS}/", asked)
    assert answer.status_code == 200
    return [row["report"].code for row in answer.context["rows"]]


def begin(cycle: Cycle, *codes: str) -> None:
    Report.objects.bulk_create(Report(cycle=cycle, member=a_member(code)) for code in codes)


@pytest.fixture
def three(cycle: Cycle) -> None:
    begin(cycle, "BEL", "ALB", "DNK")


def test_reports_are_found_ordered_and_taken_out_as_a_file(desk: Client, three: None) -> None:
    assert reports(desk, sort="code") == ["2026-ALB", "2026-BEL", "2026-DNK"]
    assert reports(desk, q="albÁnia") == reports(desk, q="alb") == ["2026-ALB"]
    found = rows(desk, REVIEWS, sort="code", q="e")
    assert [row["report"] for row in found] == reports(desk, sort="code", q="e")
    assert found[0]["state"] == "draft" and found[0]["days"] == ""
    assert desk.get(f"{REVIEWS}.json").status_code == 404
    for asked in ({"sort": "x"}, {"page": "0"}, {"what": "x"}):
        assert desk.get(f"{REVIEWS}.csv", asked).status_code == 400


def test_a_page_of_reports_leads_to_the_next_and_keeps_the_question(
    desk: Client, three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SHOWN", 2)
    first = desk.get(f"{REVIEWS}/", {"cycle": "2026", "sort": "code"})
    assert first.context["total"] == 3 and len(first.context["rows"]) == 2
    last = desk.get(first.context["next_url"])
    assert [row["report"].code for row in last.context["rows"]] == ["2026-DNK"]
    assert last.context["previous_url"] == f"{REVIEWS}/?cycle=2026&sort=code&page=1"


@pytest.mark.parametrize("many", [1, 3])
def test_the_queue_takes_the_same_number_of_queries(
    desk: Client, cycle: Cycle, many: int, django_assert_num_queries: Any
) -> None:
    begin(cycle, *["BEL", "DEU", "DNK"][:many])
    desk.get(f"{REVIEWS}/")
    with django_assert_num_queries(9):
        desk.get(f"{REVIEWS}/", {"q": "e"})


def emails(desk: Client, **asked: str) -> set[str]:
    return {row["email"] for row in rows(desk, PEOPLE, **asked)}


def test_people_are_found_by_member_role_and_state(
    desk: Client, reviewer: User, focal_point: User, outsider: User, member: Member
) -> None:
    writer = person(Role.Kind.CONTRIBUTOR, of=member, name="writer")
    gone = person(Role.Kind.ANALYST, name="gone")
    Role.objects.filter(user=gone).update(until=timezone.now().date())
    assert emails(desk, member=member.code) == {focal_point.email, writer.email}
    assert emails(desk, member=member.code, role="contributor") == {writer.email}
    assert emails(desk, member=outsider.roles.get().member.code, role="contributor") == set()
    assert gone.email in emails(desk, state="without") - emails(desk, state="acting")
    User.objects.filter(pk=writer.pk).update(is_active=False)
    assert emails(desk, state="disabled") == {writer.email}
    assert writer.email not in emails(desk, state="acting") | emails(desk, state="without")
    (row,) = rows(desk, PEOPLE, member=member.code, role="focal_point")
    assert (row["roles"], row["members"]) == (f"focal point for {member.code}", member.code)
    assert desk.get(f"{PEOPLE}.csv", {"member": "XXX"}).status_code == 400


def test_invitations_follow_the_same_question(desk: Client, editor: User, member: Member) -> None:
    accounts.invite("new@cast.example", "contributor", member, by=editor, at=OPENED)
    for asked, shown in (({"role": "contributor"}, True), ({"role": "reviewer"}, False)):
        page = desk.get(f"{PEOPLE}/", asked).content.decode()
        assert ("new@cast.example" in page) is shown
