"""An old report shows the questions it was asked, whatever the register corrects afterwards."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from commitments.actions import keep_correction
from commitments.models import Commitment, Signature, Statement
from members.models import User
from reporting import actions, asked, questions
from reporting.models import Cycle, KeptForm, Report, Version
from tests.cast import sign_in

from .conftest import OPENED

pytestmark = pytest.mark.django_db
T1 = "2012-T1"
PAGES = [("/reporting/2026-ALB/answers/2012-T1/", "focal_point")]
PAGES += [("/secretariat/reports/2026-ALB/", "reviewer")]


def correct_the_register() -> None:
    """Another title, another wording, another order, another date, another basis."""
    clauses = Commitment.objects.filter(reference=T1)
    clauses.update(title="Corrected title", position=900, section="Moved")
    keep_correction(clauses.get(), clauses.get().lead_in, "corrected wording;")
    Statement.objects.filter(code="2012").update(place="Elsewhere", adopted_on=dt.date(2012, 1, 2))
    Signature.objects.filter(member__code="ALB", statement__code="2012").update(
        withdrawn_on=dt.date(2013, 1, 1), withdrawal_source="test"
    )


def plainly(found: list[questions.Question]) -> list[Any]:
    return [
        (q.reference, asked.wording(q.commitment), q.commitment.statement.place, q.is_owed)
        for q in found
    ]


def test_a_submitted_report_keeps_its_wording_order_and_basis(
    bring: Callable[[str], Report], report: Report
) -> None:
    before = plainly(questions.questions(report))
    bring("submitted")
    correct_the_register()
    assert plainly(questions.questions(report)) == before
    line = next(q.line for q in questions.questions(report) if q.reference == T1)
    assert line and (line.basis, line.first_since) == ("signature", dt.date(2012, 12, 5))


def test_a_draft_is_asked_what_the_register_says_now(report: Report) -> None:
    correct_the_register()
    now = {q.reference for q in questions.questions(report)}
    assert T1 not in now, "it withdrew, so nothing of it is owed"


def test_every_earlier_submission_shows_its_own_questions(
    bring: Callable[[str], Report], report: Report, focal_point: User
) -> None:
    bring("submitted")
    first = plainly(questions.asked_in(report, Version.objects.get()))
    actions.recall(report, by=focal_point, at=OPENED)
    Commitment.objects.filter(reference=T1).update(title="Corrected title")
    report.refresh_from_db()
    bring("submitted")
    assert plainly(questions.asked_in(report, Version.objects.get(number=1))) == first
    second = questions.asked_in(report, Version.objects.get(number=2))
    assert next(q for q in second if q.reference == T1).commitment.title == "Corrected title"
    assert [f.number for f in KeptForm.objects.all()] == [1, 2]


@pytest.mark.parametrize(("page", "who"), PAGES)
def test_pages_of_an_old_report_show_the_words_of_then(
    page: str,
    who: str,
    bring: Callable[[str], Report],
    client: Client,
    request: pytest.FixtureRequest,
) -> None:
    then = Commitment.objects.get(reference=T1).title
    bring("published")
    correct_the_register()
    shown = sign_in(client, request.getfixturevalue(who)).get(page).content.decode()
    assert then in shown
    assert "Corrected title" not in shown
    assert "corrected wording" not in shown


def test_the_acknowledged_text_names_the_form_and_its_fingerprint(
    bring: Callable[[str], Report],
) -> None:
    bring("submitted")
    content, form = json.loads(Version.objects.get().content), KeptForm.objects.get()
    assert content["form"] == {"number": 1, "sha256": asked.sha256(form.content)}
    assert {row["commitment"] for row in content["answers"]} <= {
        row["commitment"] for row in content["asked"]
    }


def test_the_same_form_is_kept_once_and_a_changed_word_makes_a_new_one(cycle: Cycle) -> None:
    first = actions.keep_form(cycle, at=OPENED)
    assert actions.keep_form(cycle, at=OPENED) == first
    keep_correction(Commitment.objects.get(reference=T1), "", "corrected wording;")
    assert actions.keep_form(cycle, at=OPENED).number == 2


def test_nobody_changes_or_removes_a_kept_form(cycle: Cycle) -> None:
    form = actions.keep_form(cycle, at=OPENED)
    for touch in (
        lambda: KeptForm.objects.update(content="{}"),
        lambda: KeptForm.objects.filter(pk=form.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            touch()


def test_the_kept_fields_are_those_of_the_page(cycle: Cycle) -> None:
    form = asked.Form(actions.keep_form(cycle, at=OPENED))
    assert [choice.value for choice in form.fields["status"].choices][-1] == "nothing_to_report"
    assert form.fields["narrative"].heading == "What has been done"


def test_a_clause_that_is_gone_from_the_register_is_still_shown(
    bring: Callable[[str], Report], report: Report
) -> None:
    """Answers hold their clause; one asked only of delegates may have none, and could go."""
    bring("submitted")
    form = asked.Form(KeptForm.objects.get())
    clause = form.clauses([T1])[T1]
    Commitment.objects.filter(reference=T1).update(reference="2012-T1-gone")
    gone = form.clauses([T1])[T1]
    assert (gone.pk, gone.text) == (None, clause.text)
