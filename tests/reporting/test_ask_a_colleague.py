"""A focal point asks colleagues for answers, sees how far they are, and hides the rest."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from commitments.models import Commitment
from members.models import Event, Invitation, Message, Role, User
from reporting import actions, calendars, workflow
from reporting.models import Assignment, Comment, Report, Restriction
from reporting.questions import questions, shown_to
from tests.cast import person, sign_in

from .conftest import OPENED, SAID

pytestmark = pytest.mark.django_db
HOME = "/reporting/2026-ALB/"
PEOPLE = f"{HOME}people/"
T1, T2 = f"{HOME}answers/2012-T1/", f"{HOME}answers/2012-T2/"
TYPED = {"status": "planned", "narrative": "A law is being written.", "visibility": "public"}
TYPED |= {"base_version": "0"}
DAY = dt.date(2026, 6, 1)


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").split())


@pytest.fixture
def ask(report: Report, focal_point: User) -> Callable[..., list[Assignment]]:
    def of(to: User, *references: str, due_on: dt.date | None = DAY, **facts: Any) -> Any:
        clauses = Commitment.objects.filter(reference__in=references or ["2012-T1"])
        facts = {"by": focal_point, "at": OPENED} | facts
        return actions.assign(report, clauses, to=to, due_on=due_on, **facts)

    return of


@pytest.fixture
def speaker(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def mails(to: User) -> list[Message]:
    return list(Message.objects.filter(to=to.email).order_by("pk"))


def test_a_focal_point_asks_a_colleague_for_a_section_and_a_single_question(
    speaker: Client, report: Report, contributor: User
) -> None:
    asked = questions(report)
    section = [q for q in asked if q.reference.startswith("2012-S")]
    section = [q for q in section if q.commitment.section == section[0].commitment.section]
    day = timezone.now().date() + dt.timedelta(days=9)
    sent = {
        "person": contributor.pk,
        "due_on": day.isoformat(),
        "sections": f"2012|{section[0].commitment.section}",
        "questions": "2012-T1",
    }
    assert speaker.post(PEOPLE, sent)["Location"] == PEOPLE
    held = {q.reference for q in questions(report) if q.is_held_by(contributor)}
    assert held == {"2012-T1", *(q.reference for q in section)}
    (mail,) = mails(contributor)
    assert f"{len(held)} questions are asked of you" in mail.subject
    assert "2012-T1" not in mail.body
    page = words(speaker.get(HOME))
    assert f"contributor {len(held)} questions, 0 answered, asked for by" in page
    assert f"0 of {len(held)} questions answered" in words(speaker.get(PEOPLE))
    event = Event.objects.get(verb="assign")
    assert event.detail["commitments"] == sorted(held)
    assert event.detail["due_on"] == day.isoformat()


def test_what_is_asked_stands_in_the_colleagues_own_home_and_calendar(
    client: Client, report: Report, contributor: User, ask: Callable[..., Any]
) -> None:
    day = timezone.now().date() + dt.timedelta(days=9)
    ask(contributor, "2012-T1", "2012-T2", due_on=day)
    page = words(sign_in(client, contributor).get("/reporting/"))
    assert "Asked of you, 2026-ALB 0 of 2 answered" in page
    assert "2012-T1" in page
    entries = {e.key: e for e in calendars.of_person(contributor, timezone.now())}
    assert entries[f"asked-2026-ALB-{day}"].title == "2026-ALB: 2 questions asked of you"


def test_asking_somebody_else_ends_the_first_and_asking_again_tells_nobody(
    report: Report, member: Any, contributor: User, ask: Callable[..., Any]
) -> None:
    second = person(Role.Kind.CONTRIBUTOR, of=member, name="second")
    ask(contributor)
    assert ask(contributor) == []
    assert len(mails(contributor)) == 1
    ask(second)
    rows = list(Assignment.objects.order_by("pk"))
    assert [(r.person, r.ended_at is None) for r in rows] == [(contributor, False), (second, True)]


def test_what_is_taken_back_is_the_focal_points_again(
    speaker: Client, report: Report, contributor: User, ask: Callable[..., Any]
) -> None:
    ask(contributor, "2012-T1", "2012-T2")
    assert speaker.post(f"{PEOPLE}take-back/", {"questions": "2012-T1"}).status_code == 302
    assert [q.reference for q in questions(report) if q.assignment] == ["2012-T2"]
    assert "1 question is no longer asked of you" in mails(contributor)[-1].subject
    assert speaker.post(f"{PEOPLE}take-back/", {"questions": "2012-T1"}).status_code == 302
    assert len(mails(contributor)) == 2
    assert Assignment.objects.count() == 2


def test_a_reminder_counts_what_is_still_open(
    speaker: Client, report: Report, contributor: User, ask: Callable[..., Any]
) -> None:
    ask(contributor, "2012-T1", "2012-T2")
    clause = Commitment.objects.get(reference="2012-T1")
    actions.save_answer(report, clause, said=SAID, base_version=0, by=contributor, at=OPENED)
    speaker.post(f"{PEOPLE}{contributor.pk}/remind/")
    assert "1 question is asked of you" in mails(contributor)[-1].subject
    assert speaker.post(f"{PEOPLE}999999/remind/").status_code == 404


def test_a_contributor_whose_view_is_narrowed_finds_nothing_else(
    client: Client, report: Report, contributor: User, focal_point: User, ask: Callable[..., Any]
) -> None:
    ask(contributor)
    sign_in(client, focal_point)
    client.post(f"{PEOPLE}{contributor.pk}/view/", {"shown": "own"})
    sign_in(client, contributor)
    assert client.get(T1).status_code == 200
    assert client.post(T1, TYPED).status_code == 302
    for address in (T2, f"{HOME}preview/"):
        assert client.get(address).status_code == 404
    assert client.post(T2, TYPED).status_code == 404
    for address in (HOME, f"{HOME}check/"):
        page = words(client.get(address))
        assert "2012-T1" in page
        assert "2012-T2" not in page
    clause = Commitment.objects.get(reference="2012-T2")
    with pytest.raises(PermissionDenied):
        actions.save_answer(report, clause, said=SAID, base_version=0, by=contributor, at=OPENED)
    sign_in(client, focal_point)
    client.post(f"{PEOPLE}{contributor.pk}/view/", {"shown": "all"})
    sign_in(client, contributor)
    assert client.get(T2).status_code == 200
    verbs = Event.objects.filter(chain="accounts", about=f"person:{contributor.pk}")
    assert list(verbs.values_list("verb", flat=True)) == ["view narrowed", "view widened"]


def test_narrowing_twice_is_one_row_and_a_focal_point_is_never_narrowed(
    member: Any, report: Report, contributor: User, focal_point: User
) -> None:
    facts: dict[str, Any] = {"by": focal_point, "at": OPENED}
    actions.restrict(member, person=contributor, **facts)
    actions.restrict(member, person=contributor, **facts)
    assert Restriction.objects.count() == 1
    assert shown_to(contributor, report) == []
    with pytest.raises(ValidationError):
        actions.restrict(member, person=focal_point, **facts)
    Role.objects.create(
        user=contributor, kind="focal_point", member=member, since=dt.date(2026, 1, 1)
    )
    again = User.objects.get(pk=contributor.pk)
    assert len(shown_to(again, report)) == len(questions(report))


def test_a_former_contributor_holds_nothing_and_is_let_in_nowhere(
    client: Client, report: Report, contributor: User, ask: Callable[..., Any]
) -> None:
    ask(contributor)
    contributor.roles.update(until=timezone.now().date())
    assert not [q for q in questions(report) if q.assignment]
    assert sign_in(client, contributor).get(T1).status_code == 403
    with pytest.raises(ValidationError, match="person"):
        ask(User.objects.get(pk=contributor.pk), "2012-T2")


def test_nobody_else_asks_and_nobody_of_another_member_is_asked(
    report: Report,
    member: Any,
    contributor: User,
    outsider: User,
    reviewer: User,
    ask: Callable[..., Any],
) -> None:
    for other in (contributor, outsider, reviewer):
        with pytest.raises(PermissionDenied):
            ask(contributor, by=other)
        with pytest.raises(PermissionDenied):
            actions.restrict(member, person=contributor, by=other, at=OPENED)
    with pytest.raises(ValidationError, match="person"):
        ask(outsider)
    with pytest.raises(ValidationError, match="due_on"):
        ask(contributor, due_on=dt.date(2020, 1, 1))
    with pytest.raises(ValidationError, match="does not ask"):
        ask(contributor, "2014-CSO-A1" if _whole_register() else "2012-S3") or _unasked()
    assert not Assignment.objects.exists()


def _whole_register() -> bool:
    return Commitment.objects.filter(reference="2014-CSO-A1").exists()


def _unasked() -> None:
    raise ValidationError("does not ask: there is no such clause here")


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"questions": "2012-T1"}, "person"),
        ({"person": "me"}, "Choose at least one question."),
        ({"person": "me", "questions": "2012-T1", "due_on": "2020-01-01"}, "This day is over."),
        ({"person": "me", "questions": "2012-T1", "due_on": "soon"}, "valid date"),
        ({"person": "me", "questions": "nothing"}, "not one of the available choices"),
        ({"person": "me", "sections": "2012|nothing"}, "not one of the available choices"),
        ({"person": "999999", "questions": "2012-T1"}, "not one of the available choices"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_asked(
    sent: dict[str, str], named: str, speaker: Client, report: Report, contributor: User
) -> None:
    if sent.get("person") == "me":
        sent = sent | {"person": str(contributor.pk)}
    page = speaker.post(PEOPLE, sent)
    assert page.status_code == 400
    assert named in page.content.decode()
    assert not Assignment.objects.exists()


def test_an_outsider_is_not_among_those_who_can_be_asked(
    speaker: Client, report: Report, outsider: User, former: User
) -> None:
    for other in (outsider, former):
        sent = {"person": str(other.pk), "questions": "2012-T1"}
        assert speaker.post(PEOPLE, sent).status_code == 400
        assert speaker.post(f"{PEOPLE}{other.pk}/view/", {"shown": "own"}).status_code == 404


def test_a_submitted_report_is_no_longer_asked_about(
    speaker: Client, bring: Callable[[str], Report], contributor: User, ask: Callable[..., Any]
) -> None:
    ask(contributor)
    bring("submitted")
    with pytest.raises(workflow.WrongMoment):
        ask(contributor, "2012-T2")
    sent = {"person": str(contributor.pk), "questions": "2012-T2"}
    assert speaker.post(PEOPLE, sent).status_code == 409
    assert speaker.post(f"{PEOPLE}take-back/", {"questions": "2012-T1"}).status_code == 409


def test_the_database_holds_what_the_actions_promise(
    report: Report, contributor: User, outsider: User, ask: Callable[..., Any]
) -> None:
    (row,) = ask(contributor)
    facts = {"answer": row.answer, "assigned_at": OPENED, "assigned_by": row.assigned_by}
    ended = {"ended_at": OPENED, "ended_by": row.assigned_by}
    rows = Assignment.objects.filter(pk=row.pk)
    for change in (
        lambda: Assignment.objects.create(person=contributor, **facts),  # a second open one
        lambda: Assignment.objects.create(person=outsider, **facts, **ended),
        lambda: rows.update(due_on=None),
        lambda: rows.update(ended_at=OPENED),
        lambda: rows.delete(),
        lambda: rows.update(**ended) and rows.update(ended_at=None, ended_by=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_colleague_is_invited_to_write_for_the_same_member(
    speaker: Client, report: Report, member: Any, contributor: User
) -> None:
    sent = speaker.post(f"{PEOPLE}invite/", {"email": "Colleague@cast.example"})
    assert sent["Location"] == PEOPLE
    offer = Invitation.objects.get()
    assert (offer.kind, offer.member, offer.email) == (
        "contributor",
        member,
        "colleague@cast.example",
    )
    assert "colleague@cast.example" in words(speaker.get(PEOPLE))
    for again in ("colleague@cast.example", contributor.email, "none"):
        assert speaker.post(f"{PEOPLE}invite/", {"email": again}).status_code == 400
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("n", [1, 40])
def test_the_pages_take_the_same_queries_for_one_question_asked_and_for_all(
    n: int,
    speaker: Client,
    report: Report,
    contributor: User,
    ask: Callable[..., Any],
    django_assert_max_num_queries: Any,
) -> None:
    ask(contributor, *[q.reference for q in questions(report)][:n])
    for page, most in ((HOME, 25), (PEOPLE, 25)):
        with django_assert_max_num_queries(most):
            assert speaker.get(page).status_code == 200


def test_a_narrowed_view_hides_the_comments_on_other_answers_too(
    client: Client,
    member: Any,
    bring: Callable[[str], Report],
    contributor: User,
    focal_point: User,
    reviewer: User,
    ask: Callable[..., Any],
) -> None:
    ask(contributor)
    actions.restrict(member, person=contributor, by=focal_point, at=OPENED)
    report = bring("submitted")
    actions.start_review(report, by=reviewer, at=OPENED)
    report.refresh_from_db()
    for reference in ("2012-T1", "2012-T2"):
        clause = Commitment.objects.get(reference=reference)
        facts: dict[str, Any] = {"text": f"On {reference}.", "by": reviewer, "at": OPENED}
        actions.comment(report, clause, internal=False, **facts)
    page = words(sign_in(client, contributor).get(f"{HOME}comments/"))
    assert "On 2012-T1." in page
    assert "On 2012-T2." not in page
    seen = Comment.objects.seen_by(contributor).values_list("commitment__reference", flat=True)
    assert list(seen) == ["2012-T1"]
    hidden = Comment.objects.get(commitment__reference="2012-T2")
    reply = client.post(f"{HOME}comments/{hidden.pk}/", {"text": "I never saw it."})
    assert reply.status_code == 404
    both = words(sign_in(client, focal_point).get(f"{HOME}comments/"))
    assert "On 2012-T1." in both
    assert "On 2012-T2." in both


def test_a_colleague_is_invited_in_the_language_chosen_or_in_that_of_the_others(
    client: Client, report: Report, focal_point: User
) -> None:
    User.objects.filter(pk=focal_point.pk).update(language="fr")
    speaker = sign_in(client, focal_point)
    assert '<option value="fr" selected>' in speaker.get(PEOPLE).content.decode()
    for email, language, spoken in (("a@cast.example", "ar", "ar"), ("b@cast.example", "", "fr")):
        sent = {"email": email, "language": language}
        assert speaker.post(f"{PEOPLE}invite/", sent).status_code == 302
        assert Invitation.objects.get(email=email).language == spoken
        assert Message.objects.get(to=email).language == spoken
    sent = {"email": "c@cast.example", "language": "tlh"}
    assert speaker.post(f"{PEOPLE}invite/", sent).status_code == 400
