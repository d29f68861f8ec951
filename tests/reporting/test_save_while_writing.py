"""An answer is saved while it is written: what htmx is told in a line, and that nothing is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from members.models import User
from reporting import actions
from reporting.models import Answer, AnswerVersion, Report
from tests.cast import prove, sign_in

from .conftest import OPENED, SAID
from .test_writing_pages import T1, TYPED, words

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def send(client: Client, **typed: str) -> Any:
    return client.post(T1, {**TYPED, **typed}, headers=BY_SCRIPT)


def kept() -> Answer:
    return Answer.objects.get(commitment__reference="2012-T1")


def test_a_pause_saves_a_version_and_says_so_in_one_line(writer: Client, report: Report) -> None:
    told = send(writer)
    assert (told.status_code, told["HX-Reswap"]) == (200, "innerHTML")
    assert re.search(r"Saved \d\d:\d\d UTC, .*, version 1, focal point", words(told))
    assert 'data-version="1"' in told.content.decode()
    assert len(told.content) < 400, "a line, not a page"
    assert send(writer, base_version="1", narrative="More.").status_code == 200
    origins = list(AnswerVersion.objects.values_list("version", "origin", "narrative"))
    assert origins == [(1, "autosave", TYPED["narrative"]), (2, "autosave", "More.")]


def test_a_save_that_is_sent_twice_adds_one_version(writer: Client, report: Report) -> None:
    assert send(writer).status_code == 200
    assert 'data-version="1"' in send(writer).content.decode()
    assert kept().version == 1


def test_a_save_asks_little_of_the_database(
    writer: Client, report: Report, django_assert_max_num_queries: Any
) -> None:
    writer.get("/healthz")
    with django_assert_max_num_queries(18):
        send(writer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"narrative": "hash d41d8cd98f00b204e9800998ecf8427e"}, "What has been done"),
        ({"evidence_title_0": "A", "evidence_url_0": "http://a.org"}, "The link must begin with"),
        ({"base_version": ""}, "This field is required"),
    ],
)
def test_words_that_cannot_be_kept_are_named_and_nothing_is_stored(
    typed: dict[str, str], said: str, writer: Client, report: Report
) -> None:
    told = send(writer, **typed)
    assert (told.status_code, told["HX-Reswap"]) == (400, "innerHTML")
    assert "Not saved:" in words(told) and said in words(told)
    assert not AnswerVersion.objects.exists()


def test_an_answer_that_is_not_complete_is_saved_as_far_as_it_is(
    writer: Client, report: Report
) -> None:
    told = send(writer, status="not_applicable", evidence_title_0="Half a link")
    assert "Without link 1: it needs a title and an address." in words(told)
    assert (kept().status, kept().evidence) == ("not_applicable", [])


def test_two_writers_are_told_and_led_to_both_texts(
    writer: Client, report: Report, clause: Commitment, contributor: User
) -> None:
    said = {**SAID, "narrative": "Theirs."}
    actions.save_answer(report, clause, said=said, base_version=0, by=contributor, at=OPENED)
    told = send(writer, narrative="Mine.")
    assert told.status_code == 409
    assert "Not saved: contributor saved version 1 at 09:00 UTC." in words(told)
    assert "data-stop" in told.content.decode() and "<button" in told.content.decode()
    assert kept().narrative == "Theirs."
    page = writer.post(T1, {**TYPED, "narrative": "Mine."})
    assert page.status_code == 409
    assert "Mine." in words(page) and "Theirs." in words(page)


def test_one_person_in_two_places_is_told_so(
    writer: Client, report: Report, clause: Commitment, focal_point: User
) -> None:
    actions.save_answer(report, clause, said=SAID, base_version=0, by=focal_point, at=OPENED)
    assert "you saved version 1 in another place" in words(send(writer))


def test_a_report_submitted_meanwhile_takes_no_more_words(
    writer: Client, bring: Callable[[str], Report]
) -> None:
    bring("submitted")
    told = send(writer, narrative="Too late.")
    assert (told.status_code, "data-stop" in told.content.decode()) == (409, True)
    assert "This one is submitted." in words(told)
    assert kept().narrative == SAID["narrative"]


def test_an_ended_session_is_told_in_place_and_the_text_waits_behind_sign_in(
    client: Client, report: Report, focal_point: User
) -> None:
    told = send(client, narrative="Typed for an hour.")
    assert (told.status_code, told["HX-Reswap"]) == (401, "innerHTML")
    assert "Not saved: your session has ended." in words(told)
    assert f"?next={T1}" in told.content.decode()
    client.force_login(focal_point)
    told = send(client, narrative="Typed for an hour.")
    assert (told.status_code, "Not saved: show first that it is you." in words(told)) == (401, True)
    prove(client, focal_point)
    assert "Typed for an hour." in client.get(T1).content.decode()
    assert send(client, narrative="Typed for an hour.").status_code == 200
    assert "Your session had ended" not in words(client.get(T1))


def test_a_page_older_than_the_sign_in_is_given_a_token_that_works(
    focal_point: User, report: Report
) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), focal_point)
    told = send(client, csrfmiddlewaretoken="x" * 64)
    assert (told.status_code, told["HX-Reswap"]) == (403, "innerHTML")
    assert not AnswerVersion.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', told.content.decode())
    assert token
    assert send(client, csrfmiddlewaretoken=token[1]).status_code == 200


def test_another_members_answer_and_a_clause_that_is_not_asked_are_not_there(
    client: Client, outsider: User, focal_point: User, report: Report
) -> None:
    assert send(sign_in(client, outsider)).status_code == 404
    here = T1.replace("2012-T1", "2012-S3")
    sign_in(client, focal_point)
    assert client.post(here, TYPED, headers=BY_SCRIPT).status_code == 404
    assert not AnswerVersion.objects.exists()


def test_the_same_words_keep_the_signature_under_them_and_others_take_it_away(
    report: Report, clause: Commitment, focal_point: User
) -> None:
    signed = {**SAID, "no_change": True}
    one = actions.save_answer(
        report, clause, said=signed, base_version=0, by=focal_point, at=OPENED
    )
    assert one.no_change
    by_form = {**SAID, "visibility": "public"}
    same = actions.save_answer(
        report, clause, said=by_form, base_version=1, by=focal_point, at=OPENED
    )
    assert (same.version, same.no_change) == (1, True)
    other = {**by_form, "narrative": "Something new."}
    changed = actions.save_answer(
        report, clause, said=other, base_version=1, by=focal_point, at=OPENED
    )
    assert (changed.version, changed.no_change) == (2, False)
