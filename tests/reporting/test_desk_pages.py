"""The secretariat's pages: what waits, reviewing, publishing, extending, announcing."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Event, Member, Message, User
from reporting import actions
from reporting.models import Cycle, Extension, PublishedReport, Report
from tests.cast import a_member, sign_in

from .conftest import OPENED, answer_all

pytestmark = pytest.mark.django_db
QUEUE = "/secretariat/reviews/?queue="
DESK = "/secretariat/reports/2026-ALB/"


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    return sign_in(client, reviewer)


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("state", "queue", "label"),
    [
        ("submitted", "waiting", "1 Reports to review"),
        ("returned", "returned", "1 Returned, the member is writing"),
        ("accepted", "previewed", "1 Accepted, the member is looking"),
    ],
)
def test_today_counts_what_waits_and_leads_to_the_same_rows(
    state: str, queue: str, label: str, desk: Client, bring: Callable[[str], Report]
) -> None:
    report = bring(state)
    if state == "accepted":
        now = dt.datetime.now(dt.UTC)
        Report.objects.filter(pk=report.pk).update(accepted_at=now)
    assert label in words(desk.get("/secretariat/"))
    page = desk.get(f"/secretariat/reviews/?queue={queue}&cycle=2026")
    assert "1 report." in words(page)
    assert "2026-ALB" in words(page)
    assert "2026-ALB" not in words(desk.get("/secretariat/reviews/?queue=in_review"))


def test_a_report_can_be_published_when_the_table_of_moves_says_so(
    bring: Callable[[str], Report], focal_point: User
) -> None:
    report = bring("accepted")
    nine, ten = (OPENED + dt.timedelta(days=n) for n in (9, 10))
    assert not Report.objects.publishable(nine).exists()
    assert Report.objects.previewed(nine).exists()
    assert Report.objects.publishable(ten).exists()
    assert not Report.objects.previewed(ten).exists()
    actions.agree(report, by=focal_point, at=OPENED)
    assert Report.objects.publishable(nine).exists()


def test_an_unknown_queue_or_round_is_refused_in_words(desk: Client, cycle: Cycle) -> None:
    for query in ("queue=mine", "cycle=1999", "cycle=x"):
        page = desk.get(f"/secretariat/reviews/?{query}")
        assert page.status_code == 400
        assert "Select a valid choice" in words(page)


def test_a_reviewer_reads_starts_and_returns_with_a_reason(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    report = bring("submitted")
    page = words(desk.get(DESK))
    assert "The law is in force." in page
    assert "Start review" in page
    assert "Return with a reason" not in page
    desk.post(f"{DESK}start-review/")
    page = words(desk.get(DESK))
    assert "Return with a reason" in page
    refused = desk.post(f"{DESK}return/", {"because": " "})
    assert refused.status_code == 400
    assert 'id="id_send_back_because_error"' in refused.content.decode()
    assert desk.post(f"{DESK}return/", {"because": "Which year?"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.returned_because) == ("returned", "Which year?")


def test_a_reviewer_never_reads_a_draft(
    desk: Client, bring: Callable[[str], Report], report: Report
) -> None:
    assert "Drafts are not shown here" in words(desk.get(DESK))
    bring("returned")
    answer_all(report, narrative="Not yet for anybody.")
    page = words(desk.get(DESK))
    assert "The law is in force." in page
    assert "Not yet for anybody." not in page


def test_a_reviewer_accepts_publishes_and_withdraws(
    desk: Client, bring: Callable[[str], Report], focal_point: User
) -> None:
    report = bring("submitted")
    desk.post(f"{DESK}start-review/")
    assert "Under review" in words(desk.get(f"{QUEUE}in_review")).partition("Waiting")[2]
    assert desk.post(f"{DESK}accept/").status_code == 302
    assert desk.post(f"{DESK}publish/", {"on": "2026-02-01"}).status_code == 409
    actions.agree(report, by=focal_point, at=dt.datetime.now(dt.UTC))
    today = dt.datetime.now(dt.UTC).date()
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    for day in ("", "32 May", tomorrow):
        refused = desk.post(f"{DESK}publish/", {"on": day})
        assert refused.status_code == 400
        assert 'id="id_publish_on_error"' in refused.content.decode()
    assert desk.post(f"{DESK}publish/", {"on": today.isoformat()}).status_code == 302
    assert PublishedReport.objects.shown().exists()
    gone = {"on": today.isoformat(), "because": "Sent by mistake."}
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=400)
    Report.objects.filter(pk=report.pk).update(accepted_at=long_ago)
    assert desk.post(f"{DESK}withdraw/", gone).status_code == 302
    assert not PublishedReport.objects.shown().exists()
    [row] = desk.get(f"{QUEUE}withdrawn").context["rows"]
    assert row["days"] == 0, "it waits since then"
    assert "Sent by mistake." in words(desk.get(DESK))


def test_a_day_before_the_acceptance_is_refused_beside_the_field_and_kept(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    bring("accepted")
    page = desk.post(f"{DESK}publish/", {"on": "2026-01-31"})
    html = page.content.decode()
    assert page.status_code == 400
    assert "There is a problem" in html
    assert 'id="id_publish_on_error"' in html
    assert "A report is not published before it was accepted." in html
    assert 'value="2026-01-31"' in html
    too_early = desk.post(f"{DESK}publish/", {"on": "2026-02-05"})
    assert "The member may look at it until 11 February 2026." in words(too_early)


def test_a_move_at_the_wrong_moment_is_a_409_that_says_why(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    bring("published")
    page = desk.post(f"{DESK}accept/")
    assert page.status_code == 409
    assert "cannot be done with a report that is published" in words(page)
    assert "Nothing was changed. The report 2026-ALB is published." in words(page)
    instead = "“Withdraw from publication”: reviewer or administrator who does not represent"
    assert instead in words(page)
    assert "“Accept”:" not in words(page)
    assert "quicker" not in words(page)


def test_a_day_that_has_not_come_is_no_matter_of_who_was_quicker(
    desk: Client, cycle: Cycle
) -> None:
    page = words(desk.post("/secretariat/rounds/2026/announce/"))
    assert "Receipts can be announced from 30 January 2027 on. Nothing was changed." in page
    assert "quicker" not in page


@pytest.mark.parametrize("person", ["editor", "administrator"])
def test_an_editor_or_administrator_reads_but_does_not_review(
    person: str,
    client: Client,
    bring: Callable[[str], Report],
    request: pytest.FixtureRequest,
) -> None:
    bring("submitted")
    sign_in(client, request.getfixturevalue(person))
    assert "Start review" not in words(client.get(DESK))
    assert client.post(f"{DESK}start-review/").status_code == 403


PAGES = ["", "reviews/", "reports/2026-ALB/", "rounds/2026/", "rounds/2026/extensions/BEL/"]
POSTS = [f"reports/2026-ALB/{move}/" for move in ("start-review", "return", "accept", "publish")]
POSTS += ["reports/2026-ALB/withdraw/", "rounds/2026/announce/", "rounds/2026/tell/"]
POSTS += ["rounds/2026/extensions/BEL/"]


@pytest.mark.parametrize("page", PAGES + POSTS)
@pytest.mark.parametrize(
    ("person", "status"),
    [("focal_point", 403), ("outsider", 403), ("analyst", 403), ("visitor", 302)],
)
def test_nobody_but_the_secretariat_comes_to_the_desk(
    page: str,
    person: str,
    status: int,
    bring: Callable[[str], Report],
    client: Client,
    request: pytest.FixtureRequest,
) -> None:
    bring("submitted")
    sign_in(client, request.getfixturevalue(person))
    assert client.get(f"/secretariat/{page}").status_code == status
    assert client.post(f"/secretariat/{page}").status_code == status
    assert Report.objects.get().state == "submitted"


@pytest.mark.parametrize("page", ["reports/2026-ZZZ/", "rounds/1999/", "rounds/2026/extensions/X/"])
def test_what_does_not_exist_is_not_found(page: str, desk: Client, cycle: Cycle) -> None:
    assert desk.get(f"/secretariat/{page}").status_code == 404


def test_the_round_lists_every_member_and_its_standing(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    bring("submitted")
    page = words(desk.get("/secretariat/rounds/2026/"))
    assert "This list is not public" in page
    assert "ALB submitted on time" in page


EXTEND = "/secretariat/rounds/2026/extensions/BEL/"
WRONG = {
    "nothing": {},
    "no decision": {"due_on": "2026-08-01", "reason": "x"},
    "a day before the round's": {"decision": "extend", "due_on": "2026-06-01", "reason": "x"},
    "no day": {"decision": "extend", "reason": "x"},
    "no such day": {"decision": "extend", "due_on": "soon", "reason": "x"},
    "no reason": {"decision": "excuse", "sure": "1"},
    "an excuse with a day": {
        "decision": "excuse",
        "due_on": "2026-08-01",
        "reason": "x",
        "sure": "1",
    },
    "nothing to take back": {"decision": "take_back", "reason": "x"},
}


@pytest.mark.parametrize("sent", WRONG.values(), ids=WRONG)
def test_a_decision_that_makes_no_sense_is_refused(sent: dict[str, str], desk: Client) -> None:
    assert desk.post(EXTEND, sent).status_code == 400
    assert not Extension.objects.exists()


def test_an_extension_is_decided_with_a_reason_and_the_round_keeps_its_date(
    desk: Client, cycle: Cycle, other_member: Member
) -> None:
    sent = {"decision": "extend", "due_on": "2026-08-01", "reason": "The focal point left."}
    assert desk.post(EXTEND, sent).status_code == 302
    assert Extension.objects.get().due_on == dt.date(2026, 8, 1)
    assert "1 August 2026 extended" in words(desk.get("/secretariat/rounds/2026/"))


def test_an_excuse_is_asked_once_more_before_it_is_decided(desk: Client, cycle: Cycle) -> None:
    sent = {"decision": "excuse", "reason": "An earthquake.\nEverything is shut."}
    asked = desk.post(EXTEND, sent)
    assert asked.status_code == 200 and not Extension.objects.exists()
    assert "Excuse Belgium from round 2026?" in words(asked)
    kept = dict(
        re.findall(
            r'type="hidden" name="(decision|reason)" value="([^"]*)"', asked.content.decode()
        )
    )
    assert kept == sent
    assert desk.post(EXTEND, kept | {"sure": "1"}).status_code == 302
    assert Extension.objects.get().due_on is None


def test_an_excuse_is_taken_back_with_a_reason_and_the_member_is_told(
    desk: Client, cycle: Cycle, other_member: Member, outsider: User
) -> None:
    desk.post(EXTEND, {"decision": "excuse", "reason": "An earthquake.", "sure": "1"})
    assert "BEL not begun excused" in words(desk.get("/secretariat/rounds/2026/"))
    back = {"decision": "take_back", "reason": "It was another member."}
    assert "The earlier decision is taken back" in words(desk.get(EXTEND))

    assert desk.post(EXTEND, back).status_code == 302
    assert Extension.objects.get().due_on == cycle.due_on
    round_page = words(desk.get("/secretariat/rounds/2026/"))
    assert re.search(r"BEL not begun [a-z ]+ 1 July 2026 Extend", round_page)
    assert Event.objects.filter(verb="take_back_extension", about="2026-BEL").count() == 1
    last = Message.objects.latest("pk")
    assert (last.to, last.about) == (outsider.email, "2026-BEL")
    assert "the report is due on 1 July 2026" in last.body
    assert desk.post(EXTEND, back).status_code == 400, "nothing is left to take back"


def test_after_the_announcement_no_decision_is_taken_back(
    desk: Client, cycle: Cycle, other_member: Member, reviewer: User
) -> None:
    facts = {"reason": "x", "by": reviewer, "on": dt.date(2026, 5, 1)}
    actions.decide_extension(cycle, other_member, due_on=None, **facts)
    Cycle.objects.filter(pk=cycle.pk).update(receipts_announced_on=dt.date(2027, 2, 1))
    assert desk.post(EXTEND, {"decision": "take_back", "reason": "x"}).status_code == 409
    assert Extension.objects.get().due_on is None


PER_ROW = ["", "reviews/", "rounds/2026/"]


@pytest.mark.parametrize("page", PER_ROW)
def test_the_desk_takes_as_many_queries_for_three_reports_as_for_one(
    page: str, desk: Client, bring: Callable[[str], Report], cycle: Cycle
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(f"/secretariat/{page}").status_code == 200
        return len(caught)

    bring("submitted")
    queries()
    for_one = queries()
    for code in ("AUT", "DNK"):
        Report.objects.create(cycle=cycle, member=a_member(code))
    assert queries() == for_one


def test_a_report_under_review_takes_no_query_per_question(
    desk: Client, bring: Callable[[str], Report], django_assert_max_num_queries: Any
) -> None:
    bring("submitted")
    with django_assert_max_num_queries(18):
        assert desk.get(DESK).status_code == 200
