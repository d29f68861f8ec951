"""The secretariat imports rows: a trial first, then all of them or none."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from commitments.models import Signature
from members.models import Event, Invitation, Member, Message, Name, TreatyFact, User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/import/"
TREATIES = (
    "member,stage,on,source\nALB,ratified,2009-04-14,treaty office\nBEL,signed,2007-10-25,x\n"
)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


def trial(desk: Client, kind: str, rows: str) -> Any:
    return desk.post(PATH, {"kind": kind, "rows": rows})


def confirm(desk: Client, tried: Any) -> Any:
    """What the browser sends when the rows that were tried are confirmed as shown."""
    form = tried.context["form"]
    sent = {name: form[name].value() or "" for name in ("kind", "rows", "seen")}
    return desk.post(PATH, {**sent, "rows": sent["rows"].replace("\n", "\r\n")})


def told(answer: Any) -> list[tuple[int, str]]:
    """What the rows would do, by row."""
    return [(row, effect.about) for row, _deed, effect in answer.context["effects"]]


def errors(answer: Any) -> list[tuple[int, str]]:
    assert answer.status_code == 400
    return [(row, column) for row, column, _words in answer.context["wrong"]]


def test_a_trial_tells_every_effect_and_keeps_nothing(desk: Client) -> None:
    tried = trial(desk, "treaties", TREATIES)
    assert tried.status_code == 200
    assert told(tried) == [
        (2, "ALB, ratified"),
        (3, "BEL, signed"),
    ]
    assert not TreatyFact.objects.exists() and not Event.objects.exists()

    assert confirm(desk, tried).status_code == 302
    assert TreatyFact.objects.count() == 2
    assert Event.objects.filter(verb="treaty recorded").count() == 2


def test_the_same_file_twice_changes_nothing_the_second_time(desk: Client) -> None:
    confirm(desk, trial(desk, "treaties", TREATIES))
    again = trial(desk, "treaties", TREATIES)
    assert dict(again.context["counts"]) == {
        "added": 0,
        "changed": 0,
        "as it stands already": 2,
    }
    confirm(desk, again)
    assert Event.objects.count() == 2


def test_one_wrong_row_and_none_is_imported(desk: Client) -> None:
    wrong = TREATIES + "Republic of Albania,signed,2008-12-17,x\nCAN,read,17 May,\n"
    answer = trial(desk, "treaties", wrong)
    assert errors(answer) == [(4, "member"), (5, "stage"), (5, "on"), (5, "source")]
    assert "ALB (Albania)" in answer.content.decode()
    seen = answer.context["form"]["seen"].value()
    kept = desk.post(PATH, {"kind": "treaties", "rows": wrong, "seen": seen})
    assert kept.status_code == 400
    assert not TreatyFact.objects.exists()


def test_rows_that_differ_from_those_tried_are_tried_again(desk: Client) -> None:
    tried = trial(desk, "treaties", TREATIES)
    seen = tried.context["form"]["seen"].value()
    other = TREATIES.replace("2009", "2010")
    assert desk.post(PATH, {"kind": "treaties", "rows": other, "seen": seen}).status_code == 200
    assert not TreatyFact.objects.exists()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("member,stage,on\nALB,signed,2008-12-17", [(1, "source")]),
        ("member,stage,on,source,more\n", [(1, "more")]),
        ("member,stage,on,source,on\n", [(1, "on")]),
        ("member,stage,on,source\nALB,signed\n", [(2, "on")]),
        ("member,stage,on,source\nALB,read\n", [(2, "on"), (2, "stage")]),
        ("member,stage,on,source\nALB,read,2008-12-17,x,y\n", [(2, ""), (2, "stage")]),
        ("member,stage,on\nATL,signed,17 May", [(1, "source"), (2, "member"), (2, "on")]),
        ('member,stage,on,source\n"ALB', [(2, "")]),
        ('member,stage,on,source\nALB,"a"b,,\nATL,signed,2008-12-17,x', [(2, ""), (3, "member")]),
        ("member,stage,on,source\n\nATL,signed,2008-12-17,x", [(3, "member")]),
        ("member,stage,on,source\nALB,signed,2008-12-17,a\u202eb\n", [(2, "source")]),
        ("member,stage,on,source\nALB,read,2008-12-17,a\0b\n", [(2, "source"), (2, "stage")]),
    ],
)
def test_a_table_that_is_not_as_agreed_is_refused_by_row_and_column(
    desk: Client, rows: str, found: list[tuple[int, str]]
) -> None:
    assert errors(trial(desk, "treaties", rows)) == found


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "treaties", "rows": ""}, "file"),
        ({"kind": "answers", "rows": "x"}, "kind"),
        ({"kind": "treaties", "rows": "x" * 400_001}, "rows"),
        ({"kind": "treaties", "rows": "x", "seen": "a\u202eb"}, "seen"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    desk: Client, sent: dict[str, str], field: str
) -> None:
    answer = desk.post(PATH, sent)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


def test_a_file_is_read_once_and_one_that_is_no_text_is_refused(desk: Client) -> None:
    file = SimpleUploadedFile("t.csv", TREATIES.encode("utf-8-sig"))
    tried = desk.post(PATH, {"kind": "treaties", "file": file})
    assert tried.status_code == 200 and len(tried.context["effects"]) == 2
    for content in (b"\xff\xfe\x00", b"\x89PNG\xff\n", b"PK\x03\x04\xff"):
        file = SimpleUploadedFile("t.csv", content)
        answer = desk.post(PATH, {"kind": "treaties", "file": file})
        assert answer.status_code == 400 and "file" in answer.context["form"].errors


def test_everything_wrong_is_told_at_once_and_what_is_sound_is_shown(desk: Client) -> None:
    rows = TREATIES + "ATL,read,2008-12-17,x\nCAN,signed\nCAN,signed,2008-12-17,a\u202eb\n"
    answer = trial(desk, "treaties", rows)
    assert errors(answer) == [(4, "member"), (4, "stage"), (5, "on"), (6, "source")]
    assert told(answer) == [(2, "ALB, ratified"), (3, "BEL, signed")]
    assert "U+202E" in answer.content.decode()
    assert not TreatyFact.objects.exists() and not Event.objects.exists()


def test_more_rows_than_may_come_are_told_after_what_is_wrong_before(desk: Client) -> None:
    rows = "member,stage,on,source\n" + "\n" * 999 + "ATL,signed,2008-12-17,x\n" + "x\n" * 2
    assert errors(trial(desk, "treaties", rows)) == [(1001, "member"), (1002, "")]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_part_cells_as_commas_do(desk: Client, mark: str) -> None:
    rows = TREATIES.replace(",", mark).replace("treaty office", "treaty, office")
    for coding in ("utf-8-sig", "utf-16"):
        file = SimpleUploadedFile("t.csv", rows.encode(coding))
        tried = desk.post(PATH, {"kind": "treaties", "file": file})
        assert told(tried) == [(2, "ALB, ratified"), (3, "BEL, signed")]
    assert confirm(desk, tried).status_code == 302
    assert TreatyFact.objects.get(member__code="ALB").source == "treaty, office"


def test_a_letter_that_is_no_utf8_is_told_at_its_row_and_column(desk: Client) -> None:
    rows = TREATIES.replace("office", "bur\u00e9au").encode("latin-1")
    answer = desk.post(PATH, {"kind": "treaties", "file": SimpleUploadedFile("t.csv", rows)})
    assert errors(answer) == [(2, "source")]
    again = trial(desk, "treaties", answer.context["form"]["rows"].value())
    assert errors(again) == [(2, "source")]


def test_cells_of_a_workbook_that_cannot_be_taken_are_told_one_by_one(desk: Client) -> None:
    book = Workbook()
    for row in (["member", "stage", "on", "source"], [], ["ALB", "signed", "=A1", True]):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    file = SimpleUploadedFile("t.xlsx", made.getvalue())
    answer = desk.post(PATH, {"kind": "treaties", "file": file})
    assert errors(answer) == [(3, "on"), (3, "source")]
    assert "formula" in answer.context["wrong"][0][2]


def test_a_change_is_shown_with_the_value_before_and_after(desk: Client) -> None:
    confirm(desk, trial(desk, "treaties", TREATIES))
    tried = trial(desk, "treaties", TREATIES.replace("2007-10-25", "2007-11-01"))
    (change,) = tried.context["effects"][1][2].changes
    assert change == ("on", "2007-10-25", "2007-11-01")
    assert '<del dir="auto">2007-10-25</del>' in tried.content.decode()


def test_a_new_member_under_the_name_of_another_is_asked_about_first(desk: Client) -> None:
    head = "code,kind,region,region_source,part_of,reports_through,joined_on,joined_source,"
    head += "left_on,left_source,note,name\n"
    rows = f"{head}QQQ,government,Europe,own,,,2024-01-01,letter,,,,The Republic of Austria\n"
    tried = trial(desk, "members", rows)
    assert tried.status_code == 200
    assert "AUT (Austria)" in tried.content.decode()

    asked = confirm(desk, tried)
    assert asked.status_code == 400 and "apart" in asked.context["form"].errors
    assert not Member.objects.filter(code="QQQ").exists() and not Event.objects.exists()

    form = asked.context["form"]
    sent = {name: form[name].value() or "" for name in ("kind", "rows", "seen")}
    assert desk.post(PATH, {**sent, "apart": "on"}).status_code == 302
    assert Name.objects.get(member__code="QQQ").text == "The Republic of Austria"


def test_withdrawals_go_out_and_come_in_with_the_signatures(desk: Client) -> None:
    out = b"".join(desk.get("/secretariat/import/signatures.csv")).decode()
    same = trial(desk, "signatures", out)
    assert dict(same.context["counts"])["as it stands already"] == Signature.objects.count()

    held = Signature.objects.filter(statement__code="2012").first()
    assert held is not None
    (row,) = [x for x in out.splitlines() if x.startswith(f"{held.member.code},2012,")]
    left = out.replace(row, row.removesuffix(",,") + ",2025-05-01,note verbale")
    tried = trial(desk, "signatures", left)
    assert dict(tried.context["counts"])["changed"] == 1
    assert confirm(desk, tried).status_code == 302
    held.refresh_from_db()
    assert (str(held.withdrawn_on), held.withdrawal_source) == ("2025-05-01", "note verbale")
    assert errors(trial(desk, "signatures", out))[0][1] == "withdrawn_on"

    unsaid = left.replace("note verbale", "")
    assert errors(trial(desk, "signatures", unsaid))[0][1] == "withdrawal_source"
    early = left.replace("2025-05-01", "2011-05-01")
    assert errors(trial(desk, "signatures", early))[0][1] == "withdrawn_on"


def test_the_file_of_the_list_comes_in_again_as_it_went_out(desk: Client) -> None:
    Member.objects.filter(code="ALB").update(note="=1+1, and a line\nmore")
    text = b"".join(desk.get("/secretariat/members.csv")).decode()
    same = trial(desk, "members", text)
    assert same.status_code == 200, same.context["wrong"]
    assert dict(same.context["counts"])["as it stands already"] == Member.objects.count()

    changed = text.replace("'=1+1, and", "A note, and")
    assert confirm(desk, trial(desk, "members", changed)).status_code == 302
    assert Member.objects.get(code="ALB").note == "A note, and a line\nmore"
    assert Event.objects.get().verb == "revised"


def test_a_new_member_comes_with_its_name_and_a_wrong_order_of_days_is_refused(
    desk: Client,
) -> None:
    head = "code,kind,region,region_source,part_of,reports_through,joined_on,joined_source,"
    head += "left_on,left_source,note,name\n"
    row = "QQQ,government,Europe,own,,,2024-01-01,letter,{left},{source},,A new member\n"
    late = trial(desk, "members", head + row.format(left="2023-01-01", source="x"))
    assert errors(late) == [(2, "left_on")]
    fine = trial(desk, "members", head + row.format(left="", source=""))
    assert confirm(desk, fine).status_code == 302
    assert Name.objects.get(member__code="QQQ").text == "A new member"
    assert desk.get("/api/v1/members/QQQ/").json()["name"] == "A new member"


def test_signatures_follow_as_accessions_and_contacts_are_invited(desk: Client) -> None:
    other = Member.objects.exclude(signatures__statement__code="2012").filter(kind="government")[0]
    head = "member,statement,name_as_printed,signed_on,source,withdrawn_on,withdrawal_source\n"
    rows = f"{head}{other.code},2012,Its name,2024-03-01,letter,,\n"
    assert confirm(desk, trial(desk, "signatures", rows)).status_code == 302
    assert Signature.objects.get(member=other, statement__code="2012").name.text == "Its name"
    differs = rows.replace("Its name", "Another")
    assert errors(trial(desk, "signatures", differs)) == [(2, "name_as_printed")]

    rows = "member,email,role,nominated_by,nominated_on,nomination\n"
    rows += f"{other.code},New@cast.example,focal_point,Minister,2026-05-01,Ref 2\n"
    tried = trial(desk, "contacts", rows)
    assert not Invitation.objects.exists() and not Message.objects.exists()
    assert confirm(desk, tried).status_code == 302
    assert Invitation.objects.get().email == "new@cast.example"
    assert Message.objects.filter(to="new@cast.example").count() == 1
