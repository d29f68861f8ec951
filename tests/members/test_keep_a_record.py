"""An editor keeps a member's record: dated facts, their history, and two editors at once."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from commitments.models import Obligation
from members import history
from members.actions import records
from members.models import (
    Event,
    GroupMember,
    Member,
    Name,
    PublicVersion,
    Suspension,
    User,
)
from members.views import record_tabs
from tests.cast import a_member, sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/members/ALB/"
DAY = "2024-03-01"


@pytest.fixture
def desk(client: Client, editor: User, member: Member) -> Client:
    return sign_in(client, editor)


def version(desk: Client, path: str = PATH) -> int:
    return desk.get(path).context["version"]


def send(desk: Client, do: str, path: str = PATH, **typed: str) -> Any:
    typed.setdefault("version", str(version(desk, path)))
    return desk.post(path, {"do": do, **typed})


def by_membership(code: str, day: dt.date) -> int:
    lines = Obligation.objects.in_force(day).filter(member__code=code, basis="membership")
    return lines.count()


def test_every_tab_has_its_address_and_names_the_member(desk: Client) -> None:
    page = desk.get(PATH)
    for name, _words, _here in page.context["tabs"]:
        path = PATH if name == "record" else f"{PATH}{name.removeprefix('record-')}/"
        answer = desk.get(path)
        assert answer.status_code == 200
        assert "Albania" in answer.content.decode()
        assert f'href="{path}" aria-current="page"' in answer.content.decode()


def test_a_suspended_member_owes_nothing_as_one_until_it_is_one_again(desk: Client) -> None:
    assert by_membership("ALB", dt.date(2024, 6, 1)) == 6
    stamp = PublicVersion.objects.get().number
    assert send(desk, "suspend", on=DAY, source="letter of 1 March").status_code == 302
    assert PublicVersion.objects.get().number > stamp
    assert by_membership("ALB", dt.date(2024, 2, 29)) == 6
    assert by_membership("ALB", dt.date(2024, 3, 1)) == 0
    assert Obligation.objects.in_force(dt.date(2024, 3, 1)).filter(member__code="ALB").exists()

    assert send(desk, "resume", on="2025-01-01", source="letter of 2025").status_code == 302
    assert by_membership("ALB", dt.date(2024, 12, 31)) == 0
    assert by_membership("ALB", dt.date(2025, 1, 1)) == 6
    keys = list(Obligation.objects.filter(member__code="ALB").values_list("pk", flat=True))
    assert len(keys) == len(set(keys))
    assert "from 1 March 2024 until 1 January 2025" in desk.get(PATH).content.decode()


def test_a_member_that_leaves_owes_no_more_as_one_and_the_public_page_follows(desk: Client) -> None:
    before = desk.get("/api/v1/members/ALB/").headers["ETag"]
    assert send(desk, "leave", on=DAY, source="note verbale").status_code == 302
    assert by_membership("ALB", dt.date(2024, 3, 1)) == 0
    after = desk.get("/api/v1/members/ALB/?as_of=2024-02-29")
    assert after.json()["left_on"] == DAY
    assert after.headers["ETag"] != before

    assert send(desk, "leave", on="", source="").status_code == 302
    assert by_membership("ALB", dt.date(2024, 3, 1)) == 6


def test_a_new_name_is_shown_from_its_day_on_and_the_old_one_stays(desk: Client) -> None:
    typed = {"text": "New Albania", "kind": "", "since": DAY, "source": "letter"}
    assert send(desk, "rename", PATH + "names/", **typed).status_code == 302
    assert desk.get("/api/v1/members/ALB/").json()["name"] == "New Albania"
    assert desk.get("/api/v1/members/ALB/?as_of=2024-02-29").json()["name"] == "Albania"

    formal = typed | {"text": "The New Republic of Albania", "kind": "formal"}
    assert send(desk, "rename", PATH + "names/", **formal).status_code == 302
    assert desk.get("/api/v1/members/ALB/").json()["name"] == "New Albania"


def test_a_printed_name_cannot_be_corrected(desk: Client) -> None:
    printed = Name.objects.filter(member__code="ALB").exclude(statement="").first()
    assert printed
    typed = {"name": str(printed.pk), "text": "x", "kind": "", "since": "", "source": "x"}
    answer = send(desk, "correct", PATH + "names/", **typed)
    assert answer.status_code == 400
    assert "name" in answer.context["form"].errors


def test_the_last_name_that_is_shown_stays_one(desk: Client) -> None:
    own = Name.objects.get(member__code="ALB", statement="")
    typed = {"name": str(own.pk), "text": "Albania", "kind": "formal", "source": "x"}
    answer = send(desk, "correct", PATH + "names/", **typed)
    assert answer.status_code == 400
    assert "at least one name" in str(answer.context["form"].errors["kind"])
    own.refresh_from_db()
    assert own.kind == ""


def test_a_place_in_a_group_begins_and_ends_on_its_days(desk: Client) -> None:
    path = PATH + "groups/"
    typed = {"group": "taskforce", "role": "Vice Chair", "since": DAY, "source": "minutes"}
    assert send(desk, "place", path, **typed).status_code == 302
    place = GroupMember.objects.get(member__code="ALB", role="Vice Chair")
    ended = {"place": str(place.pk), "source": "minutes of 2025"}
    early = send(desk, "end", path, until="2024-02-01", **ended)
    assert early.status_code == 400 and "until" in early.context["form"].errors
    assert send(desk, "end", path, until="2025-03-01", **ended).status_code == 302
    place.refresh_from_db()
    assert place.until == dt.date(2025, 3, 1)


def test_a_successor_joins_on_the_day_the_other_leaves_and_signs_nothing_by_it(
    desk: Client, other_member: Member
) -> None:
    new = Member.objects.create(code="NEW", kind="government")
    Name.objects.create(member=new, text="New", source="x")
    path, signed = "/secretariat/members/NEW/", other_member.signatures.count()
    typed = {"former": other_member.code, "on": DAY, "source": "letters", "joins": "no"}
    assert send(desk, "succeed", path, **typed).status_code == 302
    other_member.refresh_from_db()
    assert other_member.left_on == Member.objects.get(code="NEW").joined_on == dt.date(2024, 3, 1)
    assert other_member.signatures.count() == signed and not new.signatures.exists()
    again = send(desk, "succeed", path, **typed)
    assert again.status_code == 400 and "former" in again.context["form"].errors


@pytest.mark.parametrize(
    ("do", "path", "typed", "field"),
    [
        ("suspend", PATH, {"on": "31 March", "source": "x"}, "on"),
        ("suspend", PATH, {"on": DAY, "source": " "}, "source"),
        ("join", PATH, {"on": DAY, "source": ""}, "source"),
        ("join", PATH, {"on": DAY, "source": "a\u202eb"}, "source"),
        ("join", PATH, {"on": DAY, "source": "x", "version": "-1"}, "version"),
        ("succeed", PATH, {"former": "ALB", "on": DAY, "source": "x"}, "former"),
        ("rename", PATH + "names/", {"text": "x" * 201, "source": "x"}, "text"),
        ("rename", PATH + "names/", {"text": "x", "kind": "nickname", "source": "x"}, "kind"),
        ("place", PATH + "groups/", {"group": "nobody", "role": "x", "source": "x"}, "group"),
        ("treaty", PATH + "treaties/", {"stage": "read", "on": DAY, "source": "x"}, "stage"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
    desk: Client, do: str, path: str, typed: dict[str, str], field: str
) -> None:
    before = version(desk, path)
    answer = send(desk, do, path, **typed)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert f'id="{do}-{field}_error"' in answer.content.decode() or field == "version"
    assert version(desk, path) == before
    assert not Event.objects.exists()


def test_a_membership_rests_once_at_a_time(desk: Client) -> None:
    assert send(desk, "resume", on=DAY, source="x").status_code == 400
    assert send(desk, "suspend", on=DAY, source="x").status_code == 302
    assert send(desk, "suspend", on="2025-01-01", source="x").status_code == 400
    early = send(desk, "resume", on="2024-02-01", source="x")
    assert early.status_code == 400 and "on" in early.context["form"].errors
    with pytest.raises(DatabaseError), transaction.atomic():
        Suspension.objects.create(
            member=a_member("ALB"), since=dt.date(2025, 1, 1), source="by hand"
        )


def test_a_stale_save_shows_both_and_writes_nothing_until_its_writer_decides(desk: Client) -> None:
    path, seen = PATH + "names/", version(desk, PATH + "names/")
    theirs = {"text": "Their name", "kind": "", "since": DAY, "source": "their letter"}
    assert send(desk, "rename", path, **theirs).status_code == 302
    mine = {"text": "My name", "kind": "", "since": DAY, "source": "my letter"}
    answer = send(desk, "rename", path, version=str(seen), **mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My name" in page and "Their name" in page and "their letter" in page
    assert not Name.objects.filter(text="My name").exists()

    again = answer.context["again"]["version"].value()
    assert send(desk, "rename", path, version=str(again), **mine).status_code == 302
    assert set(Name.objects.filter(source__endswith="letter").values_list("text", flat=True)) == {
        "My name",
        "Their name",
    }


def test_a_change_by_another_way_makes_a_save_stale_too(desk: Client, member: Member) -> None:
    seen = version(desk)
    Member.objects.filter(pk=member.pk).update(note="By hand.")
    stale = send(desk, "join", version=str(seen), on=DAY, source="x")
    assert stale.status_code == 409
    assert "By hand." in stale.content.decode()
    other = version(desk, PATH + "groups/")
    typed = {"group": "taskforce", "role": "member", "since": DAY, "source": "x"}
    assert send(desk, "place", PATH + "groups/", version=str(other), **typed).status_code == 302


def test_the_history_tells_who_changed_what_from_what(desk: Client, editor: User) -> None:
    send(desk, "join", on="2020-01-01", source="first letter")
    send(desk, "join", on=DAY, source="second letter")
    page = desk.get(PATH + "history/")
    newest = page.context["entries"][0]
    assert newest.by == str(editor)
    assert ("Joined on", "2020-01-01", DAY) in newest.changes
    assert ("Source of the joining", "first letter", "second letter") in newest.changes
    verbs = list(Event.objects.filter(chain="member:ALB").values_list("verb", "about", "actor"))
    assert verbs == [("joining corrected", "member:ALB", editor.pk)] * 2


def test_nobody_changes_a_copy_in_the_history(desk: Client) -> None:
    send(desk, "note", note="A note.")
    copies = record_tabs.MEMBERSHIP[0].objects
    for change in (lambda: copies.update(note="Another."), lambda: copies.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_reviewer_reads_the_record_and_changes_nothing(
    client: Client, reviewer: User, member: Member
) -> None:
    sign_in(client, reviewer)
    assert not client.get(PATH).context["deeds"]
    assert client.post(PATH, {"do": "note", "note": "x", "version": "1"}).status_code == 403


def test_the_action_refuses_whoever_does_not_keep_reference_data(
    reviewer: User, member: Member
) -> None:
    copies = record_tabs.MEMBERSHIP
    writing = records.Writing(reviewer, timezone.now(), history.version_of(member, copies), copies)
    with pytest.raises(records.PermissionDenied):
        records.annotate(member, writing, note="x")
    member.refresh_from_db()
    assert member.note == ""


def test_the_treaty_record_judges_its_clause_on_the_public_page(desk: Client) -> None:
    path, public = PATH + "treaties/", "/members/ALB/"
    assert "cannot be told" in desk.get(public).content.decode()
    signed = {"stage": "signed", "on": "2008-12-17", "source": "treaty office"}
    assert send(desk, "treaty", path, **signed).status_code == 302
    assert "cannot be told" in desk.get(public).content.decode()
    typed = {"stage": "ratified", "on": "2009-04-14", "source": "treaty office"}
    assert send(desk, "treaty", path, **typed).status_code == 302
    page = desk.get(public).content.decode()
    assert "<strong>met</strong>" in page and "ratified on 14 April 2009" in page

    fact = a_member("ALB").treaty_facts.get(stage="ratified")
    assert send(desk, "strike", path, fact=str(fact.pk)).status_code == 302
    assert "cannot be told" in desk.get(public).content.decode()
    assert "ratified or acceded" in desk.get(PATH + "history/").content.decode()


def test_only_a_government_member_has_a_treaty_record(desk: Client) -> None:
    path = "/secretariat/members/INTERPOL/treaties/"
    if not Member.objects.filter(code="INTERPOL").exists():
        Member.objects.create(code="INTERPOL", kind="intergovernmental")
    typed = {"stage": "ratified", "on": DAY, "source": "x"}
    assert send(desk, "treaty", path, **typed).status_code == 400
    assert "Lanzarote" not in desk.get("/members/INTERPOL/").content.decode()


def test_a_position_stands_beside_the_obligation_and_changes_none(desk: Client) -> None:
    owed = Obligation.objects.filter(member__code="ALB").count()
    path = PATH + "signatures/"
    typed = {"statement": "2015", "on_endorsement": "on", "on": DAY, "source": "letter"}
    assert send(desk, "position", path, text="We read it so.", **typed).status_code == 302
    assert "We read it so." in desk.get("/members/ALB/").content.decode()
    assert Obligation.objects.filter(member__code="ALB").count() == owed
    wrong = typed | {"statement": "2012"}
    answer = send(desk, "position", path, text="x", **wrong)
    assert answer.status_code == 400 and "on_endorsement" in answer.context["form"].errors


def test_an_accession_and_a_withdrawal_bind_and_free_from_their_days(desk: Client) -> None:
    a_member("ALB").signatures.all()
    path = PATH + "signatures/"
    signed = {s.statement.code: s for s in a_member("ALB").signatures.select_related("statement")}
    again = {"statement": "2012", "printed": "Albania", "on": DAY, "source": "letter"}
    if "2012" in signed:
        assert send(desk, "accede", path, **again).status_code == 400
        out = {"signature": str(signed["2012"].pk), "on": DAY, "source": "note verbale"}
        assert send(desk, "withdraw", path, **out).status_code == 302
        left = Obligation.objects.in_force(dt.date(2024, 3, 1)).filter(statement__code="2012")
        assert not left.filter(member__code="ALB").exists()
        for page in (path, "/members/ALB/"):
            assert "from 5 December 2012 until 1 March 2024" in desk.get(page).content.decode()
    other = Member.objects.exclude(signatures__statement__code="2012").filter(kind="government")[0]
    path = f"/secretariat/members/{other.code}/signatures/"
    early = send(desk, "accede", path, **again | {"on": "2010-01-01"})
    assert early.status_code == 400 and "on" in early.context["form"].errors
    assert send(desk, "accede", path, **again).status_code == 302
    owed = Obligation.objects.filter(member=other, statement__code="2012", basis="signature")
    assert {line.since for line in owed} == {dt.date(2024, 3, 1)}


def test_who_withdrew_may_accede_again_from_that_day_on(desk: Client) -> None:
    path = "/secretariat/members/AUS/signatures/"
    first = a_member("AUS").signatures.get(statement__code="2012")
    again = {"statement": "2012", "printed": "Australia", "source": "letter"}
    standing = send(desk, "accede", path, **again | {"on": "2025-01-01"})
    assert "stands under this statement already" in str(standing.context["form"].errors)
    out = {"signature": str(first.pk), "on": DAY, "source": "note verbale"}
    assert send(desk, "withdraw", path, **out).status_code == 302

    early = send(desk, "accede", path, **again | {"on": "2024-02-01"})
    assert "until 1 March 2024" in str(early.context["form"].errors["on"])
    assert send(desk, "accede", path, **again | {"on": "2025-01-01"}).status_code == 302
    late = send(desk, "withdraw", path, **out | {"on": "2025-02-01"})
    assert late.status_code == 400, "of the first time it is only corrected"

    told = desk.get(path).content.decode()
    assert "1 March 2024" in told and "1 January 2025" in told
    now = desk.get("/api/v1/signatures/?member=AUS&statement=2012").json()["results"]
    before = desk.get("/api/v1/signatures/?member=AUS&statement=2012&as_of=2024-02-29").json()
    assert [row["signed_on"] for row in now] == ["2025-01-01"]
    assert [row["withdrawn_on"] for row in before["results"]] == [DAY]
    call_command("load_registry", verbosity=0)  # the files know the first accession alone
    assert a_member("AUS").signatures.filter(statement__code="2012").count() == 2


def test_what_a_member_is_a_part_of_is_said_in_its_record(desk: Client) -> None:
    path = "/secretariat/members/AUT/"
    said = {"part_of": "DEU", "reports_through": "DEU"}
    assert send(desk, "relate", path, **said).status_code == 302
    held = a_member("AUT")
    assert held.part_of == held.reports_through == a_member("DEU")
    assert Event.objects.get(verb="related").detail == {"part_of": "DEU", "through": "DEU"}

    chain = send(desk, "relate", "/secretariat/members/BEL/", reports_through="AUT")
    assert "reports through another" in str(chain.context["form"].errors["reports_through"])
    over = send(desk, "relate", "/secretariat/members/DEU/", reports_through="FRA")
    assert "Others report through" in str(over.context["form"].errors["reports_through"])
    itself = send(desk, "relate", path, part_of="AUT")
    assert itself.status_code == 400 and "part_of" in itself.context["form"].errors

    assert send(desk, "relate", path).status_code == 302
    assert a_member("AUT").part_of is None
