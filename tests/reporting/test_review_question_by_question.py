"""A reviewer goes through a report: what stands beside each question, and what was just done."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, Lineage, Statement
from members.models import User
from reporting import actions
from reporting.models import Report
from tests.cast import sign_in

from .conftest import OPENED
from .test_desk_pages import DESK, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    return sign_in(client, reviewer)


def question(desk: Client, reference: str) -> str:
    """The part of the page about one question."""
    page = desk.get(DESK).content.decode()
    return page.partition(f'id="q-{reference}"')[2].partition('<section id="q-')[0]


def folded(desk: Client, reference: str) -> bool:
    """Does a phone keep the question folded?"""
    return '<details class="folds"><summary>' in question(desk, reference)


def test_the_lineage_stands_beside_the_question_and_leads_to_what_was_answered_there(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    bring("submitted")
    one, two = (Commitment.objects.get(reference=f"2012-T{n}") for n in (1, 2))
    Lineage.objects.create(kind="restates", source_commitment=two, target_commitment=one)
    whole = Statement.objects.exclude(pk=one.statement_id).first() or one.statement
    Lineage.objects.create(kind="extends", source_commitment=one, target_statement=whole)
    assert "2012-T2 restates this text" in re.sub(r"<[^>]+>", "", question(desk, "2012-T1"))
    assert 'href="#q-2012-T2"' in question(desk, "2012-T1"), "it is answered in this report"
    assert f'href="/statements/{whole.code}/"' in question(desk, "2012-T1")
    assert "Restates" in question(desk, "2012-T2")
    assert "estates" not in question(desk, "2012-S2a")


def test_lineage_takes_one_query_however_many_links(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            desk.get(DESK)
        return len(caught)

    bring("submitted")
    queries()
    without = queries()
    clauses = list(Commitment.objects.filter(reference__in=["2012-T1", "2012-T2", "2012-S2a"]))
    for one in clauses:
        Lineage.objects.create(kind="extends", source_commitment=one, target_commitment=clauses[0])
    assert queries() == without


def test_a_phone_folds_an_answer_without_a_remark_and_no_other(
    desk: Client, bring: Callable[[str], Report], reviewer: User
) -> None:
    report = bring("submitted")
    clause = Commitment.objects.get(reference="2012-T2")
    actions.comment(report, clause, text="Since when?", internal=False, by=reviewer, at=OPENED)
    assert folded(desk, "2012-T1")
    assert not folded(desk, "2012-T2"), "somebody asked something"
    empty = {"on": "2012-T1", "text": ""}
    page = desk.post(f"{DESK}comments/", empty).content.decode()
    refused = page.partition('id="q-2012-T1"')[2]
    assert refused.index('<details class="folds" open>') < refused.index("</h2>") + 60


def test_every_act_is_confirmed_on_the_page_that_follows(
    desk: Client, bring: Callable[[str], Report]
) -> None:
    bring("submitted")
    for act, told in (
        ("take", "You review 2026-ALB now."),
        ("give-back", "You let go of 2026-ALB; another can take it."),
        ("start-review", "The review of 2026-ALB has begun."),
        ("accept", "2026-ALB is accepted. Its member can look at it now."),
        ("return", "2026-ALB is returned to its member."),
    ):
        page = desk.post(f"{DESK}{act}/", {"because": "Which year?"}, follow=True)
        assert told in words(page), act
        assert told not in words(desk.get(DESK)), "said once"


def test_an_administrator_is_told_whom_it_assigned(
    client: Client, bring: Callable[[str], Report], administrator: User, reviewer: User
) -> None:
    bring("submitted")
    desk = sign_in(client, administrator)
    for to, told in ((reviewer.pk, f"{reviewer} reviews 2026-ALB now."), ("", "Nobody reviews")):
        assert told in words(desk.post(f"{DESK}reviewer/", {"to": to}, follow=True))
