"""A contributor's text is kept apart from the answer until a focal point takes it over."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from commitments.models import Commitment
from members.models import Event, Role, User
from reporting import actions, checks, workflow
from reporting.models import Answer, AnswerVersion, Proposal, ProposalVersion, Report
from reporting.questions import questions, shown_to
from tests.cast import person, sign_in

from .conftest import OPENED, SAID, answer_all

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
T1 = f"{HOME}answers/2012-T1/"
PROPOSAL, VERSIONS = f"{T1}proposal/", f"{T1}versions/"
TYPED = {"status": "planned", "narrative": "A law is being written.", "visibility": "public"}
TAKE = {"do": "take", "proposed": "1", "base_version": "0"}


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


@pytest.fixture
def asked(report: Report, clause: Commitment, contributor: User, focal_point: User) -> Report:
    """The report with one answer asked of the contributor, whose text is kept apart."""
    actions.assign(report, [clause], to=contributor, due_on=None, by=focal_point, at=OPENED)
    return report


def save(report: Report, by: User, narrative: str, base: int) -> Any:
    clause = Commitment.objects.get(reference="2012-T1")
    said = {**SAID, "narrative": narrative}
    return actions.save_answer(report, clause, said=said, base_version=base, by=by, at=OPENED)


def answer_of(report: Report) -> Answer:
    return Answer.objects.get(report=report, commitment__reference="2012-T1")


def test_what_a_contributor_writes_changes_nothing_until_it_is_taken_over(
    client: Client, asked: Report, contributor: User, focal_point: User
) -> None:
    save(asked, focal_point, "As it stands.", 0)
    sign_in(client, contributor)
    page = client.get(T1)
    assert "As it stands." in page.content.decode()
    assert "What you write here is a proposal" in words(page)
    assert client.post(T1, {**TYPED, "base_version": "0"})["Location"] == T1
    assert "A law is being written." in client.get(T1).content.decode()
    assert answer_of(asked).narrative == "As it stands."
    sign_in(client, focal_point)
    assert "As it stands." in client.get(T1).content.decode()
    assert "a proposal waits" in words(client.get(HOME))
    assert "contributor 1 question, 1 answered" in words(client.get(HOME))
    page = client.get(PROPOSAL).content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert client.post(PROPOSAL, {**TAKE, "base_version": "1"})["Location"] == T1
    answer = answer_of(asked)
    assert (answer.narrative, answer.version, answer.saved_by) == (
        "A law is being written.",
        2,
        focal_point,
    )
    assert "a proposal waits" not in words(client.get(HOME))
    event = Event.objects.get(verb="take_over")
    assert event.detail == {"commitment": "2012-T1", "proposed": 1}
    listed = words(client.get(VERSIONS))
    assert "Version 2" in listed
    assert "taken over from a proposal" in listed
    assert "contributor" in listed.partition("Proposals")[2]


def test_taking_over_twice_is_one_version_and_what_comes_later_waits_anew(
    asked: Report, clause: Commitment, contributor: User, focal_point: User
) -> None:
    save(asked, contributor, "First.", 0)
    save(asked, contributor, "Second.", 1)
    facts: dict[str, Any] = {"by": focal_point, "at": OPENED, "base_version": 0}
    for _again in range(2):
        actions.take_over(asked, clause, proposed=1, **facts)
    assert answer_of(asked).narrative == "First."
    assert AnswerVersion.objects.count() == 1
    assert Event.objects.filter(verb="take_over").count() == 1
    assert Proposal.objects.get().waits


def test_who_wrote_the_answer_meanwhile_is_not_overwritten_by_a_proposal(
    client: Client, asked: Report, contributor: User, focal_point: User, member: Any
) -> None:
    second = person(Role.Kind.FOCAL_POINT, of=member, name="second")
    save(asked, contributor, "Proposed.", 0)
    save(asked, second, "Written meanwhile.", 0)
    sign_in(client, focal_point)
    late = client.post(PROPOSAL, TAKE)
    assert late.status_code == 409
    assert "Two people changed this answer" in words(late)
    assert "Proposed." in words(late)
    assert answer_of(asked).narrative == "Written meanwhile."
    assert Proposal.objects.get().waits
    assert not Event.objects.filter(verb="take_over").exists()


def test_two_contributors_on_one_proposal_see_both_texts(
    client: Client, asked: Report, contributor: User, member: Any
) -> None:
    second = person(Role.Kind.CONTRIBUTOR, of=member, name="second")
    save(asked, second, "Of the second.", 0)
    sign_in(client, contributor)
    late = client.post(T1, {**TYPED, "base_version": "0"})
    assert late.status_code == 409
    assert "Of the second." in words(late)
    assert client.post(T1, {**TYPED, "base_version": "1"}).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.version, proposal.saved_by) == (2, contributor)
    assert ProposalVersion.objects.count() == 2
    assert answer_of(asked).version == 0


def test_a_proposal_that_is_set_aside_waits_no_longer(
    client: Client, asked: Report, contributor: User, focal_point: User
) -> None:
    save(asked, contributor, "Proposed.", 0)
    sign_in(client, focal_point)
    assert client.post(PROPOSAL, {**TAKE, "do": "aside"}).status_code == 302
    assert not Proposal.objects.get().waits
    assert answer_of(asked).version == 0
    assert Event.objects.filter(verb="set_aside").count() == 1


def test_a_proposal_is_never_submitted(asked: Report, contributor: User, focal_point: User) -> None:
    answer_all(asked)
    save(asked, contributor, "Proposed and unseen.", 0)
    version = actions.submit(asked, by=focal_point, key=uuid.uuid4(), at=OPENED)
    assert "Proposed and unseen." not in version.content
    with pytest.raises(workflow.WrongMoment):
        save(asked, contributor, "Later.", 1)
    with pytest.raises(workflow.WrongMoment):
        clause = Commitment.objects.get(reference="2012-T1")
        facts: dict[str, Any] = {"by": focal_point, "at": OPENED}
        actions.take_over(asked, clause, proposed=1, base_version=0, **facts)


def test_only_the_focal_point_takes_over_and_only_what_there_is(
    client: Client, asked: Report, clause: Commitment, contributor: User, outsider: User
) -> None:
    save(asked, contributor, "Proposed.", 0)
    facts: dict[str, Any] = {"proposed": 1, "at": OPENED}
    for other in (contributor, outsider):
        with pytest.raises(PermissionDenied):
            actions.take_over(asked, clause, base_version=0, by=other, **facts)
        with pytest.raises(PermissionDenied):
            actions.set_aside(asked, clause, by=other, **facts)
    sign_in(client, contributor)
    assert client.get(PROPOSAL).status_code == 403
    sign_in(client, outsider)
    assert client.get(PROPOSAL).status_code == client.get(VERSIONS).status_code == 404
    assert answer_of(asked).version == 0


@pytest.mark.parametrize(
    "wrong", [{"do": "burn"}, {"proposed": "0"}, {"proposed": "7"}, {"base_version": "x"}]
)
def test_a_form_that_was_tampered_with_is_refused(
    wrong: dict[str, str], client: Client, asked: Report, contributor: User, focal_point: User
) -> None:
    save(asked, contributor, "Proposed.", 0)
    sign_in(client, focal_point)
    assert client.post(PROPOSAL, TAKE | wrong).status_code == 400
    assert answer_of(asked).version == 0


def test_texts_that_are_not_kept_apart_are_saved_as_the_answer(
    report: Report, clause: Commitment, contributor: User, focal_point: User
) -> None:
    facts: dict[str, Any] = {"due_on": None, "by": focal_point, "at": OPENED}
    actions.assign(report, [clause], to=contributor, apart=False, **facts)
    save(report, contributor, "At once.", 0)
    assert answer_of(report).narrative == "At once."
    assert not Proposal.objects.exists()


def test_once_taken_back_the_contributor_writes_the_answer_and_the_proposal_waits_on(
    asked: Report, clause: Commitment, contributor: User, focal_point: User
) -> None:
    save(asked, contributor, "Proposed.", 0)
    actions.take_back(asked, [clause], by=focal_point, at=OPENED)
    save(asked, contributor, "Written.", 0)
    assert answer_of(asked).narrative == "Written."
    assert Proposal.objects.get().waits
    (question,) = [q for q in questions(asked) if q.proposal]
    assert question.said["narrative"] == "Written."


def test_a_narrowed_reader_sees_the_versions_of_its_own_answer_alone(
    client: Client, asked: Report, contributor: User, focal_point: User, member: Any
) -> None:
    actions.restrict(member, person=contributor, by=focal_point, at=OPENED)
    assert [q.reference for q in shown_to(contributor, asked)] == ["2012-T1"]
    sign_in(client, contributor)
    assert client.get(VERSIONS).status_code == 200
    assert client.get(f"{HOME}answers/2012-T2/versions/").status_code == 404


def test_the_database_keeps_what_was_proposed(asked: Report, contributor: User) -> None:
    save(asked, contributor, "Proposed.", 0)
    for change in (
        lambda: Proposal.objects.update(settled=2),
        lambda: ProposalVersion.objects.update(narrative="Else."),
        lambda: ProposalVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_every_field_of_an_answer_can_be_proposed(asked: Report, contributor: User) -> None:
    said = {**SAID, "evidence": [{"title": "The law", "url": "https://example.org/law"}]}
    clause = Commitment.objects.get(reference="2012-T1")
    at = OPENED + dt.timedelta(minutes=1)
    row = actions.save_answer(asked, clause, said=said, base_version=0, by=contributor, at=at)
    assert isinstance(row, Proposal)
    assert row.said() == ProposalVersion.objects.get().said()
    assert row.evidence == said["evidence"]
    with pytest.raises(ValidationError):
        actions.save_answer(
            asked, clause, said={"mood": "good"}, base_version=1, by=contributor, at=at
        )


def test_a_proposal_that_waits_wants_a_word_before_the_report_is_submitted(
    asked: Report, contributor: User
) -> None:
    answer_all(asked)
    save(asked, contributor, "Proposed.", 0)
    kinds = {w.kind for w in checks.warnings(questions(asked)) if w.reference == "2012-T1"}
    assert "proposal_waits" in kinds
    Proposal.objects.update(settled=1)
    kinds = {w.kind for w in checks.warnings(questions(asked)) if w.reference == "2012-T1"}
    assert "proposal_waits" not in kinds
