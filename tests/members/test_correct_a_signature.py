"""A day or source of an accession or a withdrawal was typed wrong: it is corrected, and told."""

from typing import Any

import pytest
from django.test import Client

from commitments.models import Obligation, Signature
from members.models import Event, Member, User
from tests.cast import a_member, sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/members/AUS/signatures/"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


def send(desk: Client, do: str, **typed: str) -> Any:
    version = str(desk.get(PATH).context["version"])
    return desk.post(PATH, {"do": do, "version": version, "source": "A letter"} | typed)


def refused(answer: Any, field: str) -> str:
    assert answer.status_code == 400
    return str(answer.context["form"].errors[field])


def owed_since() -> set[tuple[str, str]]:
    lines = Obligation.objects.filter(member__code="AUS", statement__code="2012")
    return {(str(line.since), str(line.until)) for line in lines}


@pytest.fixture
def first(desk: Client) -> Signature:
    """The signature of 2012, from which it withdrew on a day typed wrong."""
    held = a_member("AUS").signatures.get(statement__code="2012")
    assert send(desk, "withdraw", signature=str(held.pk), on="2024-03-01").status_code == 302
    return held


@pytest.fixture
def second(desk: Client, first: Signature) -> Signature:
    """Its accession after that, on another such day."""
    facts = {"statement": "2012", "printed": "Australia again", "on": "2025-01-01"}
    assert send(desk, "accede", **facts).status_code == 302
    return a_member("AUS").signatures.get(statement__code="2012", withdrawn_on=None)


def test_a_withdrawal_is_corrected_and_what_is_owed_follows(
    desk: Client, first: Signature, editor: User
) -> None:
    facts = {"signature": str(first.pk), "source": "The right letter"}
    assert send(desk, "correct-withdrawal", **facts, on="2024-05-01").status_code == 302
    assert owed_since() == {("2012-12-05", "2024-05-01")}
    page = desk.get("/secretariat/members/AUS/history/")
    changes = [change for entry in page.context["entries"] for change in entry.changes]
    assert ("Withdrawn on", "2024-03-01", "2024-05-01") in changes
    assert ("Source of the withdrawal", "A letter", "The right letter") in changes
    event = Event.objects.filter(chain="member:AUS").latest("number")
    assert (event.verb, event.actor) == ("withdrawal corrected", editor)


def test_a_withdrawal_recorded_by_mistake_is_taken_back(desk: Client, first: Signature) -> None:
    again = send(desk, "withdraw", signature=str(first.pk), on="2024-06-01")
    assert again.status_code == 400, "that would overwrite the first unsaid"
    typed = {"signature": str(first.pk), "on": "", "source": ""}
    assert send(desk, "correct-withdrawal", **typed).status_code == 302
    first.refresh_from_db()
    assert (first.withdrawn_on, first.withdrawal_source) == (None, "")
    assert owed_since() == {("2012-12-05", "None")}


def test_not_where_it_has_acceded_again_since(
    desk: Client, first: Signature, second: Signature
) -> None:
    for day in ("", "2025-02-01"):
        answer = send(desk, "correct-withdrawal", signature=str(first.pk), on=day)
        assert "from 1 January 2025" in refused(answer, "on")
    early = send(desk, "correct-withdrawal", signature=str(first.pk), on="2012-01-01")
    assert "before it signed" in refused(early, "on")


def test_an_accession_is_corrected_with_the_day_of_its_name(
    desk: Client, second: Signature
) -> None:
    facts = {"signature": str(second.pk), "source": "The right letter"}
    answer = send(desk, "correct-accession", **facts, on="2024-02-01")
    assert "by another signature" in refused(answer, "on")
    assert "adopted" in refused(send(desk, "correct-accession", **facts, on="2012-01-01"), "on")
    assert send(desk, "correct-accession", **facts, on="2024-09-01").status_code == 302
    second.refresh_from_db()
    assert (str(second.signed_on), second.source_note) == ("2024-09-01", "The right letter")
    assert (str(second.name.since), second.name.source) == ("2024-09-01", "The right letter")
    assert second.name.text == "Australia again"
    assert owed_since() == {("2012-12-05", "2024-03-01"), ("2024-09-01", "None")}


def test_a_name_under_the_text_as_adopted_has_no_day_to_correct(
    desk: Client, member: Member
) -> None:
    first = a_member("AUS").signatures.get(statement__code="2012")
    answer = send(desk, "correct-accession", signature=str(first.pk), on="2013-01-01")
    assert refused(answer, "signature")
    answer = send(desk, "correct-withdrawal", signature=str(first.pk), on="2024-01-01")
    assert refused(answer, "signature"), "it has not withdrawn"


def test_two_who_correct_at_once_see_each_other(desk: Client, first: Signature) -> None:
    seen = str(desk.get(PATH).context["version"])
    typed = {"signature": str(first.pk), "on": "2024-05-01"}
    assert send(desk, "correct-withdrawal", **typed).status_code == 302
    late = send(desk, "correct-withdrawal", **typed | {"on": "2024-06-01"}, version=seen)
    assert late.status_code == 409 and "2024-05-01" in late.content.decode()
