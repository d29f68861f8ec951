"""A report of an earlier round that exists elsewhere: a link in the record, in files, in public."""

import io
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from members.actions.records import Writing
from members.models import Event, Member, User
from reporting import actions
from reporting.models import ReportElsewhere
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
TAB, IMPORT = "/secretariat/members/ALB/reports/", "/secretariat/import/"
URL = "https://archive.example.org/report.pdf"
LINK = {"title": "Our report", "year": "2014", "url": URL, "language": "fr", "source": "A letter"}
HEAD = "member,year,title,url,language,source\n"


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sent(desk: Client, do: str, **said: str) -> Any:
    version = desk.get(TAB).context["version"]
    return desk.post(TAB, {"do": do, "version": version, **said})


def test_a_link_is_recorded_shown_to_everyone_corrected_and_taken_out(
    client: Client, editor: User, member: Member
) -> None:
    desk, shown = sign_in(client, editor), f"/members/{member.code}/"
    assert "exist elsewhere" not in words(Client().get(shown))
    assert sent(desk, "link", **LINK).status_code == 302
    page = Client().get(shown)
    assert "2014: Our report (French). Source: A letter" in words(page)
    assert f'<a href="{URL}" rel="nofollow noopener"' in page.content.decode()
    assert sent(desk, "link", **LINK | {"title": "Its report"}).status_code == 302
    link = ReportElsewhere.objects.get()
    assert link.title == "Its report"
    assert "Report elsewhere" in words(desk.get("/secretariat/members/ALB/history/"))
    assert sent(desk, "strike", link=str(link.pk)).status_code == 302
    assert not ReportElsewhere.objects.exists()
    assert Event.objects.filter(chain="member:ALB").count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://archive.example.org/x"},
        {"url": "https://192.0.2.1/x"},
        {"url": "https://a:b@archive.example.org/"},
        {"title": "d41d8cd98f00b204e9800998ecf8427e"},
        {"year": "2011"},
        {"year": "2150"},
        {"language": "xx"},
        {"source": " "},
    ],
)
def test_what_is_no_public_link_is_refused_beside_its_field(
    wrong: dict[str, str], client: Client, editor: User, member: Member
) -> None:
    desk = sign_in(client, editor)
    answer = sent(desk, "link", **LINK | wrong)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(wrong)
    assert not ReportElsewhere.objects.exists()


def test_the_action_and_the_database_refuse_by_themselves(reviewer: User, member: Member) -> None:
    facts = LINK | {"year": 2014}
    with pytest.raises(PermissionDenied):
        actions.link_report(member, Writing(reviewer, timezone.now(), 0, ()), **facts)
    for wrong in ({"url": "http://x.example.org"}, {"title": ""}, {"year": 1999}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportElsewhere.objects.create(member=member, **facts | wrong)


def _workbook(rows: list[list[Any]]) -> SimpleUploadedFile:
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return SimpleUploadedFile("rows.xlsx", made.getvalue())


def test_a_workbook_is_tried_and_imported_and_comes_out_as_it_went_in(
    client: Client, editor: User, member: Member
) -> None:
    desk = sign_in(client, editor)
    rows = [HEAD.strip().split(","), ["ALB", 2014, "=1+1, ours", URL, "en", "A letter"]]
    formula = desk.post(IMPORT, {"kind": "reports", "file": _workbook(rows)})
    assert formula.status_code == 400
    assert [wrong[:2] for wrong in formula.context["wrong"]] == [(2, "title")]

    rows[1][2] = "Ours, in two\nlines"
    tried = desk.post(IMPORT, {"kind": "reports", "file": _workbook(rows)})
    assert tried.status_code == 200, tried.context["form"].errors or tried.context["wrong"]
    assert not ReportElsewhere.objects.exists()
    form = tried.context["form"]
    kept = {name: form[name].value() for name in ("kind", "rows", "seen")}
    assert desk.post(IMPORT, kept).status_code == 302
    assert ReportElsewhere.objects.get().title == "Ours, in two lines"

    for ending in ("csv", "xlsx"):
        out = b"".join(desk.get(f"{IMPORT}reports.{ending}"))  # type: ignore[arg-type]
        file = SimpleUploadedFile(f"rows.{ending}", out)
        again = desk.post(IMPORT, {"kind": "reports", "file": file})
        assert dict(again.context["counts"])["as it stands already"] == 1
    for kind in ("members", "signatures", "treaties", "contacts"):
        out = b"".join(desk.get(f"{IMPORT}{kind}.xlsx"))  # type: ignore[arg-type]
        file = SimpleUploadedFile("rows.xlsx", out)
        again = desk.post(IMPORT, {"kind": kind, "file": file})
        assert again.status_code in (200, 400) and not again.context.get("wrong"), kind
    assert desk.get(f"{IMPORT}answers.csv").status_code == 404
