"""A session ends in mid-text: after sign-in the words stand in their fields; nothing is done."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Member, User
from reporting import actions
from reporting.models import Comment, Cycle, ExtensionRequest, Report, Version
from tests.cast import prove, sign_in

from .conftest import OPENED, answer_all
from .test_comment_on_a_report import say

pytestmark = pytest.mark.django_db
HOME, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
WHY = "Typed for an hour, & “quoted”."
BACK = "What you had typed stands in its fields again"
Bring = Callable[[str], Report]


def send(client: Client, path: str, **typed: str) -> str:
    """Sends a form in a session that is over, and goes where sign-in leads."""
    sent = client.post(path, {"csrfmiddlewaretoken": "x", "password": "never", **typed})
    assert sent["Location"] == f"/accounts/login/?next={path}"
    assert "The text that you typed is kept." in client.get(sent["Location"]).content.decode()
    assert "never" not in str(dict(client.session))
    return path


def back(client: Client, who: User, path: str) -> str:
    """The page where sign-in leads; signing in keeps what an anonymous session holds."""
    client.force_login(who)
    prove(client, who)
    return html.unescape(client.get(path, follow=True).content.decode())


def fields(page: str) -> dict[str, str]:
    """What stands in each text field, by its id."""
    found = re.findall(
        r'<textarea name="[^"]*"[^>]*? id="([^"]*)"[^>]*>\s*(.*?)</textarea>', page, re.S
    )
    return {name: text for name, text in found if text}


def test_the_words_on_warnings_and_the_declaration(
    client: Client, report: Report, focal_point: User
) -> None:
    answer_all(report)
    path = send(client, f"{HOME}submit/", **{"why_2012-T1_no_evidence": WHY, "entitled": "on"})
    page = back(client, focal_point, path)
    assert fields(page) == {"id_why_2012-T1_no_evidence": WHY} and BACK in page
    assert re.search(r'name="entitled"[^>]* checked', page)
    assert not re.search(r'name="no_personal_data"[^>]* checked', page)
    assert not Version.objects.exists()


def test_why_nothing_changed(client: Client, bring: Bring, focal_point: User) -> None:
    actions.recall(bring("submitted"), by=focal_point, at=OPENED)
    path = send(client, f"{HOME}submit/", why_unchanged=WHY)
    assert fields(back(client, focal_point, path))["id_why_unchanged"] == WHY


def test_a_members_reply(client: Client, bring: Bring, reviewer: User, focal_point: User) -> None:
    report = bring("submitted")
    first, other = say(report, reviewer), say(report, reviewer, "And where?")
    page = back(client, focal_point, send(client, f"{HOME}comments/{first.pk}/", text=WHY))
    assert fields(page) == {f"id_{first.pk}_text": WHY} and BACK in page
    assert Comment.objects.count() == 2 and other.resolved_at is None


def test_a_reviewers_comment_reply_and_reason_each_in_its_own_form(
    client: Client, bring: Bring, reviewer: User
) -> None:
    report = bring("submitted")
    actions.start_review(report, by=reviewer, at=OPENED)
    first = say(report, reviewer)
    send(client, f"{DESK}comments/", on="2012-T1", text=f"1 {WHY}", internal="on")
    send(client, f"{DESK}comments/{first.pk}/", text=f"2 {WHY}")
    page = back(client, reviewer, send(client, f"{DESK}return/", because=f"3 {WHY}"))
    comment, reply = "id_c_2012-T1_text", f"id_{first.pk}_text"
    expected = {comment: f"1 {WHY}", reply: f"2 {WHY}", "id_send_back_because": f"3 {WHY}"}
    assert fields(page) == expected
    assert re.search(r'id="id_c_2012-T1_internal"[^>]* checked', page), "else the member reads it"
    report.refresh_from_db()
    assert report.state == "submitted" and Comment.objects.count() == 1


def test_a_request_for_more_time_goes_once_it_is_sent(
    client: Client, report: Report, focal_point: User
) -> None:
    typed = {"wanted_until": "2026-09-01", "reason": WHY}
    path = send(client, f"{HOME}extension/", **typed)
    page = back(client, focal_point, path)
    assert fields(page) == {"id_reason": WHY} and 'value="2026-09-01"' in page
    assert not ExtensionRequest.objects.exists()
    assert client.post(path, {"reason": ""}).status_code == 400
    assert fields(client.get(path).content.decode()), "what was refused is not sent"
    assert client.post(path, typed).status_code == 302
    assert ExtensionRequest.objects.count() == 1 and "typed_by_path" not in client.session


def test_a_text_whose_form_is_gone_can_be_copied(
    client: Client, bring: Bring, focal_point: User
) -> None:
    bring("submitted")
    page = back(client, focal_point, send(client, f"{HOME}extension/", reason=WHY))
    assert not fields(page) and WHY in page


def test_it_waits_for_who_was_signed_in_and_for_twelve_hours(
    client: Client, report: Report, focal_point: User, contributor: User, outsider: User
) -> None:
    path = f"{HOME}extension/"

    def typed_by(who: User) -> None:
        session = sign_in(client, who).session
        session["began"] = (timezone.now() - dt.timedelta(hours=13)).isoformat()
        session.save()
        send(client, path, reason=WHY)

    typed_by(contributor)
    assert BACK not in back(client, focal_point, path), "a colleague's own words"
    assert "typed_by_path" not in client.session
    client.logout()
    send(client, path, reason=WHY)  # whose session was ended elsewhere is not known any more
    assert WHY not in back(client, outsider, path), "another member's"
    typed_by(focal_point)
    session = client.session
    kept = session["typed_by_path"]
    old = (timezone.now() - dt.timedelta(hours=13)).isoformat()
    session["typed_by_path"] = {path: kept[path] | {"at": old}}
    session.save()
    assert BACK not in back(client, focal_point, path)
    assert "typed_by_path" not in client.session


def test_the_oldest_text_makes_room(client: Client, report: Report) -> None:
    for n in range(3):
        client.post(f"{HOME}comments/{n}/", {"text": str(n) * 15_000})
    assert list(client.session["typed_by_path"]) == [f"{HOME}comments/{n}/" for n in (1, 2)]
    client.post(f"{HOME}comments/4/", {"text": "x" * 41_000})
    assert len(client.session["typed_by_path"]) == 2


def test_a_note_on_a_record_and_a_corrected_wording(
    client: Client, cycle: Cycle, member: Member, editor: User
) -> None:
    path = send(client, "/secretariat/members/ALB/", do="note", note=WHY, version="0")
    page = back(client, editor, path)
    assert fields(page)["note-note"] == WHY and re.search(r'id="note" open', page)
    client.logout()
    typed = {"text": WHY, "version": "1", "shown": "a" * 64}
    page = back(client, editor, send(client, "/secretariat/wordings/2012/2012-T1/", **typed))
    assert fields(page)["id_text"] == WHY
    assert "a" * 64 not in page, "the difference is looked at once more"
