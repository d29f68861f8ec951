"""What was withdrawn stands apart at the desk, and is published again only for a reason."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from members.models import Event, User
from reporting import actions
from reporting.models import Report
from tests.cast import sign_in

from .conftest import OPENED, answer_all
from .test_desk_pages import DESK, QUEUE, words

pytestmark = pytest.mark.django_db
TODAY = dt.datetime.now(dt.UTC).date()
WHY = "A child could be told from the second answer."


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    return sign_in(client, reviewer)


@pytest.fixture
def withdrawn(bring: Callable[[str], Report], reviewer: User) -> Report:
    """Accepted so long ago that without its withdrawal it could be published at once."""
    return actions.withdraw(bring("published"), by=reviewer, on=TODAY, because=WHY)


def test_it_has_a_queue_of_its_own_with_day_and_public_note(
    desk: Client, withdrawn: Report
) -> None:
    today = words(desk.get("/secretariat/"))
    assert "1 Reports withdrawn from publication" in today
    assert "0 Reports to publish" in today
    for queue in ("publishable", "previewed", "objected"):
        assert not desk.get(f"{QUEUE}{queue}").context["rows"]
    page = words(desk.get(f"{QUEUE}withdrawn"))
    assert "Withdrawn from publication" in page.partition("Waiting")[2]
    assert WHY in page
    assert f"{TODAY.day} {TODAY:%B %Y}" in page


def test_publishing_again_says_why_it_was_withdrawn_and_asks_for_a_reason(
    desk: Client, withdrawn: Report
) -> None:
    page = words(desk.get(DESK))
    assert "State Withdrawn from publication" in page
    assert "was withdrawn. The public note says:" in page
    assert WHY in page
    refused = desk.post(f"{DESK}publish/", {"on": TODAY.isoformat()})
    assert refused.status_code == 400
    assert 'id="id_publish_because_error"' in refused.content.decode()
    withdrawn.refresh_from_db()
    assert withdrawn.state == "accepted"
    again = {"on": TODAY.isoformat(), "because": "The note was about another report."}
    page = words(desk.post(f"{DESK}publish/", again, follow=True))
    assert "2026-ALB is published." in page
    assert "Published again because The note was about another report." in page
    told = Event.objects.filter(chain="report:2026-ALB", verb="publish").latest("number")
    assert told.detail["because"] == "The note was about another report."


def test_no_other_way_leads_past_the_reason(withdrawn: Report, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="Give a reason"):
        actions.publish(withdrawn, by=reviewer, on=TODAY)


def test_a_mended_version_is_published_like_any_other(
    desk: Client, withdrawn: Report, reviewer: User, focal_point: User
) -> None:
    actions.send_back(withdrawn, by=reviewer, because="Which child?", at=OPENED)
    answer_all(withdrawn, narrative="The law is in force since May.")
    actions.submit(withdrawn, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(withdrawn, by=reviewer, at=OPENED)
    actions.accept(withdrawn, by=reviewer, at=OPENED)
    assert not desk.get(f"{QUEUE}withdrawn").context["rows"]
    assert len(desk.get(f"{QUEUE}publishable").context["rows"]) == 1
    assert WHY in words(desk.get(DESK)), "whoever publishes knows what the first one was"
    assert desk.post(f"{DESK}publish/", {"on": TODAY.isoformat()}).status_code == 302
