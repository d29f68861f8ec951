"""Versions of a report are listed and compared; an acknowledgement is proven by a command."""

import datetime as dt
import io
import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from commitments.models import Commitment
from members import languages
from members.models import Member, Message, User
from members.outbox import drain
from reporting import actions
from reporting.models import PublishedReport, Report, Version
from tests.cast import sign_in

from .conftest import OPENED, SAID
from .test_comment_on_a_report import words

pytestmark = pytest.mark.django_db
HOME, DESK = "/reporting/2026-ALB/", "/secretariat/reports/2026-ALB/"
Bring = Callable[[str], Report]


@pytest.fixture
def twice(bring: Bring, clause: Commitment, focal_point: User) -> Report:
    """A report submitted, recalled, changed on one clause, and submitted again."""
    report = bring("submitted")
    actions.recall(report, by=focal_point, at=OPENED)
    said = SAID | {"narrative": "The law is not in force."}
    actions.save_answer(report, clause, said=said, base_version=0, by=focal_point, at=OPENED)
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    report.refresh_from_db()
    return report


def test_two_versions_are_compared_word_by_word_on_both_sides(
    client: Client, twice: Report, focal_point: User, reviewer: User
) -> None:
    for who, page in ((focal_point, HOME), (reviewer, DESK)):
        shown = sign_in(client, who).get(f"{page}versions/").content.decode()
        assert "One answer differs." in shown
        assert "<ins>not </ins>" in shown and "<del>" not in shown
        back = client.get(f"{page}versions/?of=2&to=1").content.decode()
        assert "<del>not </del>" in back and "<ins>" not in back
        same = client.get(f"{page}versions/?of=1&to=1").content.decode()
        assert "<ins>" not in same and "<del>" not in same


def test_each_version_says_when_it_came_from_whom_and_what_became_of_it(
    client: Client, twice: Report, focal_point: User
) -> None:
    page = words(sign_in(client, focal_point).get(f"{HOME}versions/"))
    assert "2026-ALB, version 2 1 February 2026, 09:00 UTC focal point submitted" in page
    assert "2026-ALB, version 1 1 February 2026, 09:00 UTC focal point replaced by a later" in page


@pytest.mark.parametrize("asked", ["of=9", "to=9&of=1", "of=1&to=0"])
def test_a_version_that_there_is_not_is_not_found(
    asked: str, client: Client, twice: Report, focal_point: User
) -> None:
    assert sign_in(client, focal_point).get(f"{HOME}versions/?{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["of=x", "to=draft1", "of=-1", "of=99999", "at=1"])
def test_a_question_about_versions_that_makes_no_sense_is_refused(
    asked: str, client: Client, twice: Report, focal_point: User
) -> None:
    assert sign_in(client, focal_point).get(f"{HOME}versions/?{asked}").status_code == 400


def test_what_is_written_now_is_compared_for_the_member_and_hidden_from_the_desk(
    client: Client, bring: Bring, clause: Commitment, focal_point: User, reviewer: User
) -> None:
    report = bring("returned")
    said = SAID | {"narrative": "Not yet sent."}
    actions.save_answer(report, clause, said=said, base_version=0, by=focal_point, at=OPENED)
    page = sign_in(client, focal_point).get(f"{HOME}versions/").content.decode()
    assert "<ins>Not yet sent.</ins>" in page and "One answer differs." in page
    desk = sign_in(client, reviewer)
    assert "sent." not in words(desk.get(f"{DESK}versions/"))
    assert desk.get(f"{DESK}versions/?to=draft").status_code == 404


def test_a_report_written_anew_leaves_the_published_one_until_it_is_replaced(
    client: Client, bring: Bring, clause: Commitment, focal_point: User, reviewer: User
) -> None:
    report = bring("published")
    actions.reopen(report, by=focal_point, at=OPENED)
    said = SAID | {"narrative": "More has been done."}
    actions.save_answer(report, clause, said=said, base_version=0, by=focal_point, at=OPENED)
    shown = PublishedReport.objects.get()
    assert (shown.version, shown.shown_until) == (1, None)
    public = client.get("/api/v1/progress/?member=ALB&commitment=2012-T1").content.decode()
    assert "The law is in force." in public and "More has been done." not in public
    page = words(sign_in(client, focal_point).get(f"{HOME}versions/"))
    assert "published, and shown now" in page and "what is written now" in page
    actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    actions.start_review(report, by=reviewer, at=OPENED)
    actions.accept(report, by=reviewer, at=OPENED)
    assert PublishedReport.objects.get().shown_until is None
    actions.agree(report, by=focal_point, at=OPENED)
    actions.publish(report, by=reviewer, on=OPENED.date())
    page = words(client.get(f"{HOME}versions/"))
    assert "published, replaced since" in page and "published, and shown now" in page


def verify(tmp_path: Path, content: bytes) -> tuple[str, int]:
    """What the command says of a file, and its exit status."""
    file, said = tmp_path / "kept", io.StringIO()
    file.write_bytes(content)
    try:
        call_command("verify_acknowledgement", str(file), stdout=said)
    except SystemExit as end:
        return said.getvalue().partition("\n")[0], int(str(end.code))
    return said.getvalue().partition("\n")[0], 0


def kept(client: Client, number: int) -> dict[str, bytes]:
    """The acknowledgement of a version in each form that a member can keep."""
    mail = Message.objects.filter(subject__endswith="received").order_by("pk")[number - 1]
    at = f"{HOME}submitted/{number}/"
    return {
        "text": client.get(f"{at}acknowledgement.txt").content,
        "report": client.get(f"{at}report.json").content,
        "page": client.get(at).content,
        "mail": mail.body.encode(),
    }


@pytest.mark.parametrize("form", ["text", "report", "page", "mail"])
def test_an_acknowledgement_in_any_form_is_proven_by_the_command(
    form: str, client: Client, twice: Report, focal_point: User, tmp_path: Path
) -> None:
    sign_in(client, focal_point)
    assert verify(tmp_path, kept(client, 2)[form]) == ("genuine", 0)
    words_said, status = verify(tmp_path, kept(client, 1)[form])
    assert status == 2 and words_said.startswith("outdated")
    forged = kept(client, 2)[form].replace(b"2026-ALB", b"2026-BEL").replace(b'"ALB"', b'"BEL"')
    assert verify(tmp_path, forged) == ("not genuine", 1)


def test_a_mail_as_its_program_keeps_it_is_proven(
    client: Client, bring: Bring, tmp_path: Path
) -> None:
    bring("submitted")
    drain()
    sent = [m for m in mail.outbox if m.subject.endswith("received")]
    assert verify(tmp_path, sent[0].message().as_bytes()) == ("genuine", 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 100, b"{}", b"[1]", b"[" * 100_000, b"2026-ALB version 1", b"Subject: x\n\ny"],
)
def test_what_is_no_acknowledgement_is_not_genuine(
    content: bytes, twice: Report, tmp_path: Path
) -> None:
    assert verify(tmp_path, content) == ("not genuine", 1)


def test_a_report_changed_by_one_sign_is_not_genuine(twice: Report, tmp_path: Path) -> None:
    content = Version.objects.get(number=2).content
    assert verify(tmp_path, content.encode()) == ("genuine", 0)
    assert verify(tmp_path, (content + "\n").encode()) == ("genuine", 0)
    assert json.loads(content)["answers"]
    changed = content.replace("not in force", "now in force").encode()
    assert verify(tmp_path, changed) == ("not genuine", 1)


def test_a_receipt_that_was_dated_back_is_not_genuine(
    client: Client, twice: Report, focal_point: User, tmp_path: Path
) -> None:
    """In no form; and of a genuine one the register's own facts are said, names among them."""
    sign_in(client, focal_point)
    at = twice.versions.order_by("number")[1].submitted_at.astimezone(dt.UTC)
    earlier = at - dt.timedelta(days=15)
    for form, content in kept(client, 2).items():
        if form == "report":
            continue  # it holds no time; its fingerprint is its own
        text, changed = content.decode(), content.decode()
        for printed in ("%Y-%m-%d %H:%M:%S", "%-d %B %Y, %H:%M:%S"):
            changed = changed.replace(f"{at:{printed}}", f"{earlier:{printed}}")
        assert changed != text, form
        assert verify(tmp_path, changed.encode()) == ("not genuine", 1), form
        for said in (changed, text):  # nor where the seconds were cut off
            cut = re.sub(r"(\d\d:\d\d):\d\d", r"\1", said)
            assert verify(tmp_path, cut.encode()) == ("not genuine", 1), form
    said = io.StringIO()
    (tmp_path / "kept").write_bytes(kept(client, 2)["text"])
    call_command("verify_acknowledgement", str(tmp_path / "kept"), stdout=said)
    for fact in ("Member: ALB", "By: ", f"Submitted: {at:%Y-%m-%d %H:%M:%S} UTC"):
        assert fact in said.getvalue()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_receipt_with_another_name_is_not_genuine(
    language: str, client: Client, twice: Report, focal_point: User, tmp_path: Path
) -> None:
    """Of the member or of who declared; nor one without them. A report holds none to change."""
    sign_in(client, focal_point).cookies["django_language"] = language
    member, by = said_in(language, twice), str(focal_point)
    for form, content in kept(client, 2).items():
        text = content.decode()
        assert verify(tmp_path, content) == ("genuine", 0), form
        for name in (member, by):
            for other in ("Somebody Else", ""):
                changed = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", other, text)
                if changed != text:
                    told = verify(tmp_path, changed.encode())
                    assert told == ("not genuine", 1), (form, name, other)
        assert form in ("report", "mail") or (member in text and by in text)
    User.objects.filter(pk=focal_point.pk).update(name="", email="person-1@removed.invalid")
    assert verify(tmp_path, text.encode()) == ("genuine", 0), "nobody is known to compare with"


def said_in(language: str, report: Report) -> str:
    with translation.override(language):
        return languages.said(
            Member.objects.named(OPENED.date()).get(pk=report.member_id).display_name
        )


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_acknowledgement", str(tmp_path / "none"))


def test_the_files_are_the_members_alone(client: Client, twice: Report, outsider: Any) -> None:
    sign_in(client, outsider)
    for name in ("acknowledgement.txt", "report.json"):
        assert client.get(f"{HOME}submitted/1/{name}").status_code == 404
