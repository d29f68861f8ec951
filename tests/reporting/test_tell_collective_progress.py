"""The secretariat tells what became of the clauses that the alliance owes as a whole."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from commitments.models import Commitment
from members.models import Event, PublicVersion, User
from reporting import actions
from reporting.models import CollectiveProgress, Cycle, PublishedAnswer, PublishedCollective
from reporting.workflow import WrongMoment
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
PAGE, SHOWN = "/secretariat/collective/2026/2012-S3/", "/commitments/2012-S3/"
NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
LINK = {"title": "The minutes", "url": "https://alliance.example.org/minutes"}
SAID = {"status": "in_progress", "narrative": "The forum met.", "evidence": [LINK]}
TYPED = {
    "status": "in_progress",
    "narrative": "The forum met.",
    "title_0": LINK["title"],
    "url_0": LINK["url"],
}


@pytest.fixture
def clause(cycle: Cycle) -> Commitment:
    """A clause that all owe together."""
    whole, _made = Commitment.objects.get_or_create(
        reference="2012-S3",
        defaults={
            "statement": Commitment.objects.first().statement,  # type: ignore[union-attr]
            "position": 90,
            "section": "Steps",
            "kind": "undertaking",
            "title": "A forum",
            "text": "We will meet;",
            "duty": "collective",
        },
    )
    return whole


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def write(clause: Commitment, cycle: Cycle, by: User, **more: Any) -> CollectiveProgress:
    facts = {"base_number": more.pop("base_number", 0), "by": by, "at": NOW}
    return actions.write_collective(clause, cycle, SAID | more, **facts)


def test_a_version_is_written_published_and_replaced_on_the_pages(
    client: Client, clause: Commitment, reviewer: User
) -> None:
    desk, stamp = sign_in(client, reviewer), PublicVersion.objects.get().number
    assert "2012-S3" in words(desk.get("/secretariat/collective/"))
    assert desk.post(PAGE, TYPED | {"base_number": "0"}).status_code == 302
    assert "The forum met." not in words(Client().get(SHOWN))
    assert PublicVersion.objects.get().number == stamp, "nobody may know yet"

    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert desk.post(f"{PAGE}publish/", {"number": "1", "on": today}).status_code == 302
    page = Client().get(SHOWN)
    assert "In progress" in words(page) and "The forum met." in words(page)
    assert "It is no member's answer" in page.content.decode().replace("&#x27;", "'")
    assert LINK["url"] in page.content.decode()
    assert not PublishedAnswer.objects.exists()

    later = TYPED | {"narrative": "It met twice.", "base_number": "1"}
    assert desk.post(PAGE, later).status_code == 302
    assert "The forum met." in words(Client().get(SHOWN))
    assert desk.post(f"{PAGE}publish/", {"number": "2", "on": today}).status_code == 302
    assert "It met twice." in words(Client().get(SHOWN))
    assert "The forum met." not in words(Client().get(SHOWN))
    verbs = Event.objects.filter(chain="collective").values_list("verb", flat=True)
    assert list(verbs) == ["write_collective", "publish_collective"] * 2


def test_what_was_published_is_taken_back_with_a_public_note_and_can_come_again(
    client: Client, clause: Commitment, cycle: Cycle, reviewer: User, editor: User
) -> None:
    desk, today = sign_in(client, reviewer), dt.datetime.now(dt.UTC).date()
    version = write(clause, cycle, editor)
    nothing = {"on": today.isoformat(), "because": "[Synthetic] Wrong."}
    assert desk.post(f"{PAGE}withdraw/", nothing).status_code == 409, "nothing is public"
    actions.publish_collective(version, by=reviewer, on=NOW.date())
    for wrong in ({"because": ""}, {"on": (NOW.date() - dt.timedelta(1)).isoformat()}):
        assert desk.post(f"{PAGE}withdraw/", nothing | wrong).status_code == 400
    assert "The forum met." in words(Client().get(SHOWN))
    with pytest.raises(PermissionDenied):
        actions.withdraw_collective(clause, cycle, by=editor, on=today, because="No.")
    assert desk.post(f"{PAGE}withdraw/", nothing).status_code == 302

    gone = words(Client().get(SHOWN))
    assert "[Synthetic] Wrong." in gone and "The forum met." not in gone
    before = words(Client().get(f"{SHOWN}?as_of={NOW.date()}"))
    assert "The forum met." in before and "Wrong." not in before
    assert "[Synthetic] Wrong." in words(desk.get(PAGE))
    assert Event.objects.filter(chain="collective").latest("number").verb == "withdraw_collective"
    with pytest.raises(ValidationError):
        actions.publish_collective(version, by=reviewer, on=NOW.date())
    actions.publish_collective(version, by=reviewer, on=today)
    again = words(Client().get(SHOWN))
    assert "The forum met." in again and "Wrong." not in again


def test_the_slower_writer_sees_both_and_what_is_wrong_stands_beside_its_field(
    client: Client, clause: Commitment, cycle: Cycle, editor: User, reviewer: User
) -> None:
    desk = sign_in(client, reviewer)
    write(clause, cycle, editor)
    late = desk.post(PAGE, TYPED | {"narrative": "Another text.", "base_number": "0"})
    assert late.status_code == 409
    assert "The forum met." in words(late) and "Another text." in late.content.decode()
    wrong = {"status": "great", "narrative": "", "title_0": "x", "url_0": "http://x.example.org"}
    refused = desk.post(PAGE, wrong | {"base_number": "1"})
    assert set(refused.context["form"].errors) == {"status", "narrative", "url_0"}
    tomorrow = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()
    early = desk.post(f"{PAGE}publish/", {"number": "1", "on": tomorrow})
    assert early.status_code == 400 and not PublishedCollective.objects.exists()
    old = actions.write_collective(
        clause, cycle, SAID | {"narrative": "x"}, base_number=1, by=editor, at=NOW
    )
    assert old.number == 2
    assert desk.post(f"{PAGE}publish/", {"number": "1", "on": "2026-03-01"}).status_code == 409


def test_who_may_not_and_what_is_no_collective_clause_is_refused(
    clause: Commitment, cycle: Cycle, editor: User, reviewer: User, focal_point: User
) -> None:
    with pytest.raises(PermissionDenied):
        write(clause, cycle, focal_point)
    with pytest.raises(ValidationError):
        write(Commitment.objects.get(reference="2012-T1"), cycle, editor)
    version = write(clause, cycle, editor)
    assert write(clause, cycle, editor, base_number=1) == version
    with pytest.raises(PermissionDenied):
        actions.publish_collective(version, by=editor, on=NOW.date())
    actions.publish_collective(version, by=reviewer, on=NOW.date())
    with pytest.raises(WrongMoment):
        actions.publish_collective(version, by=reviewer, on=NOW.date())


def test_the_database_keeps_what_was_written_and_published(
    clause: Commitment, cycle: Cycle, reviewer: User
) -> None:
    version = write(clause, cycle, reviewer)
    actions.publish_collective(version, by=reviewer, on=NOW.date())
    for change in (
        lambda: CollectiveProgress.objects.update(narrative="Other"),
        lambda: CollectiveProgress.objects.all().delete(),
        lambda: PublishedCollective.objects.update(row="{}"),
        lambda: PublishedCollective.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
