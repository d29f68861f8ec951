"""An editor keeps summits and meetings: their days, who took part, and what follows from it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from commitments import actions
from commitments.models import Meeting, Obligation, Participation, Statement
from members.actions.records import Stale, Writing
from members.history import version_of
from members.models import Event, PublicVersion, User
from reporting import sums
from tests.cast import a_member, sign_in

pytestmark = pytest.mark.django_db
LIST, NEW = "/secretariat/meetings/", "/secretariat/meetings/new/"
TYPED = {
    "version": "0",
    "title": "A summit",
    "kind": "summit",
    "begins_on": "2022-06-01",
    "ends_on": "2022-06-02",
    "place": "Brussels",
    "link": "https://example.org/summit",
    "statement": "2022",
    "source": "Its programme",
}
LATER = TYPED | {"kind": "meeting", "begins_on": "2199-01-05", "ends_on": "2199-01-05"}
LATER |= {"statement": "", "title": "To come"}


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    return sign_in(client, editor)


def made(desk: Client, typed: dict[str, str] = TYPED) -> Meeting:
    answer = desk.post(NEW, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return Meeting.objects.get(pk=answer.url.strip("/").split("/")[-1])


def send(desk: Client, meeting: Meeting, do: str, **typed: Any) -> Any:
    page = f"{LIST}{meeting.pk}/"
    if "version" not in typed:
        form = desk.get(page).context["deeds"][0][1]
        typed["version"] = str(form["version"].value())
    return desk.post(page, {"do": do, **typed})


def attend(desk: Client, meeting: Meeting, *codes: str) -> Any:
    return send(desk, meeting, "attend", members=codes, source="List of participants")


def by_participation() -> list[tuple[str, str]]:
    lines = Obligation.objects.filter(basis="participation").order_by("member__code", "pk")
    return list(lines.values_list("member__code", "commitment__reference"))


def test_a_meeting_is_recorded_public_at_once_and_listed(desk: Client) -> None:
    stamp = PublicVersion.objects.get().number
    meeting = made(desk)
    assert PublicVersion.objects.get().number > stamp
    event = Event.objects.get(chain="meetings")
    assert (event.verb, event.about) == ("meeting recorded", f"meeting:{meeting.pk}")
    assert event.detail == {"begins": "2022-06-01", "ends": "2022-06-02"}
    listed = desk.get(LIST).content.decode()
    assert "A summit" in listed and "1 June 2022 to 2 June 2022" in listed
    shown = desk.get(f"{LIST}{meeting.pk}/").content.decode()
    assert "https://example.org/summit" in shown and "Its programme" in shown


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "required"),
        ("kind", "party", "valid choice"),
        ("begins_on", "2022-06-31", "valid date"),
        ("ends_on", "2022-05-31", "before the first day"),
        ("link", "http://example.org/", "https://"),
        ("link", "https://", "valid URL"),
        ("link", "https://someone@example.org/", "user name"),
        ("link", "javascript:alert(1)", "https://"),
        ("statement", "2014-GOV", "another day"),
        ("statement", "2099", "valid choice"),
        ("source", "", "required"),
        ("title", "a\x00b", "cannot be stored"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    desk: Client, field: str, value: str, words: str
) -> None:
    answer = desk.post(NEW, TYPED | {field: value})
    assert answer.status_code == 400
    assert words.lower() in str(answer.context["form"].errors[field]).lower()
    assert not Meeting.objects.exists() and not Event.objects.filter(chain="meetings").exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_year_out_of_this_world_is_refused(desk: Client, day: str) -> None:
    typed = LATER | {"begins_on": day, "ends_on": day}
    assert desk.post(NEW, typed).status_code == 400
    assert not Meeting.objects.exists()


def test_who_took_part_in_the_summit_is_bound_at_once_and_the_figures_know(desk: Client) -> None:
    meeting, before = made(desk), sums.facts()
    assert by_participation() == []
    assert attend(desk, meeting, "ALB", "BEL").status_code == 302
    found = by_participation()
    assert {code for code, _ in found} == {"ALB", "BEL"}
    assert all(reference.startswith("2022-") for _, reference in found)
    assert sums.facts() != before
    page = desk.get("/secretariat/members/ALB/signatures/").content.decode()
    assert f'href="{LIST}{meeting.pk}/"' in page and "List of participants" in page
    told = Event.objects.get(chain="member:ALB", verb="attendance recorded")
    assert told.detail == {"meeting": meeting.pk}


def test_nobody_is_bound_by_a_meeting_that_adopted_nothing(desk: Client) -> None:
    meeting = made(desk, TYPED | {"statement": ""})
    assert attend(desk, meeting, "ALB").status_code == 302
    assert Participation.objects.get().statement is None and by_participation() == []
    corrected = send(desk, meeting, "correct", **{k: v for k, v in TYPED.items() if k != "version"})
    assert corrected.status_code == 302
    assert {code for code, _ in by_participation()} == {"ALB"}
    Meeting.objects.filter(pk=meeting.pk).update(statement=None)
    assert by_participation() == [], "whatever path the change took"


def test_an_attendance_taken_back_binds_no_more_and_its_copy_stays(desk: Client) -> None:
    meeting = made(desk)
    attend(desk, meeting, "ALB")
    row = Participation.objects.get()
    answer = send(desk, meeting, "strike", participation=row.pk, because="Another of its name")
    assert answer.status_code == 302 and by_participation() == []
    assert Event.objects.filter(chain="member:ALB", verb="attendance struck").exists()
    assert "removed" in desk.get(f"{LIST}{meeting.pk}/").content.decode()
    assert "Attendance" in desk.get("/secretariat/members/ALB/history/").content.decode()


def test_nobody_took_part_in_what_has_not_begun_or_twice(desk: Client) -> None:
    later = made(desk, LATER)
    answer = attend(desk, later, "ALB")
    assert answer.status_code == 400 and not Participation.objects.exists()
    meeting = made(desk)
    attend(desk, meeting, "ALB")
    assert attend(desk, meeting, "ALB").status_code == 400
    assert Participation.objects.count() == 1


def test_one_wrong_member_and_none_is_recorded(desk: Client) -> None:
    answer = attend(desk, made(desk), "ALB", "NOBODY")
    assert answer.status_code == 400 and "members" in answer.context["form"].errors
    assert not Participation.objects.exists()


def test_a_cancelled_meeting_says_why_and_is_not_cancelled_twice(desk: Client) -> None:
    meeting = made(desk, LATER)
    assert send(desk, meeting, "cancel", because="").status_code == 400
    assert send(desk, meeting, "cancel", because="A strike").status_code == 302
    assert "A strike" in desk.get(f"{LIST}{meeting.pk}/").content.decode()
    assert send(desk, meeting, "cancel", because="Again").status_code == 400
    assert send(desk, meeting, "attend", members=["ALB"], source="x").status_code == 400


def test_what_took_place_is_not_cancelled(desk: Client, editor: User) -> None:
    for typed, present in ((TYPED, []), (TYPED | {"statement": ""}, ["BEL"])):
        meeting = made(desk, typed)
        if present:
            attend(desk, meeting, *present)
        writing = Writing(editor, timezone.now(), 0, ())
        with pytest.raises(Exception, match="It took place"):
            actions.cancel_meeting(meeting, writing, because="No")
        assert Meeting.objects.get(pk=meeting.pk).cancelled_on is None


def test_what_members_took_part_in_cannot_lie_ahead(desk: Client) -> None:
    meeting = made(desk, TYPED | {"statement": ""})
    attend(desk, meeting, "ALB")
    answer = send(desk, meeting, "correct", **{k: v for k, v in LATER.items() if k != "version"})
    assert answer.status_code == 400 and "begins_on" in answer.context["form"].errors


def test_whoever_saves_second_sees_both_and_loses_nothing(desk: Client) -> None:
    meeting = made(desk, LATER)
    seen = version_of(meeting, (Meeting.pgh_event_model,))  # type: ignore[attr-defined]
    first, second = LATER | {"place": "Paris"}, LATER | {"place": "Accra", "version": str(seen)}
    assert send(desk, meeting, "correct", **first | {"version": str(seen)}).status_code == 302
    answer = send(desk, meeting, "correct", **second)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Paris" in page and 'value="Accra"' in page
    meeting.refresh_from_db()
    assert meeting.place == "Paris"
    again = str(answer.context["form"]["version"].value())
    assert send(desk, meeting, "correct", **second | {"version": again}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == "Accra"


def test_the_actions_ask_their_rule_and_their_version_themselves(
    desk: Client, reviewer: User, editor: User
) -> None:
    meeting, now = made(desk), timezone.now()
    copies = (Meeting.pgh_event_model,)  # type: ignore[attr-defined]
    facts = {"members": [a_member("ALB")], "source": "x"}
    with pytest.raises(PermissionDenied):
        actions.record_attendance(meeting, Writing(reviewer, now, 1, copies), **facts)
    with pytest.raises(PermissionDenied):
        actions.record_meeting(Writing(reviewer, now, 0, ()), title="x")
    with pytest.raises(Stale):
        actions.record_attendance(meeting, Writing(editor, now, 7, copies), **facts)
    later = made(desk, LATER)
    with pytest.raises(ValidationError, match="before it has begun"):
        actions.record_attendance(later, Writing(editor, now, 1, copies), **facts)
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": dt.date(2022, 5, 1)},
        {"begins_on": dt.date(1022, 6, 1)},
        {"link": "http://example.org/"},
        {"title": ""},
        {"source": ""},
        {"cancelled_on": dt.date(2022, 5, 1)},
        {"cancelled_on": dt.date(2022, 5, 1), "cancelled_because": "A text was adopted there"},
        {"cancelled_because": "Without a day"},
    ],
)
def test_the_database_refuses_what_contradicts_itself(desk: Client, wrong: dict[str, Any]) -> None:
    meeting = made(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**wrong)


def test_the_database_keeps_one_summit_for_a_text_and_its_copies(desk: Client) -> None:
    meeting = made(desk)
    assert desk.post(NEW, TYPED).status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(member=a_member("ALB"), source="x")
    row = Participation.objects.create(meeting=meeting, member=a_member("ALB"), source="x")
    row.refresh_from_db()
    assert row.statement == Statement.objects.get(code="2022"), "the meeting's, whatever is written"
    copies = Meeting.pgh_event_model.objects  # type: ignore[attr-defined]
    with pytest.raises(DatabaseError), transaction.atomic():
        copies.all().delete()


def test_a_post_that_names_nothing_is_told_so(desk: Client) -> None:
    answer = send(desk, made(desk), "burn")
    assert answer.status_code == 400 and "nothing that can be recorded" in answer.content.decode()
    assert desk.get(f"{LIST}{10**30}/").status_code == 404


def test_the_calendars_count_each_change_and_no_other(desk: Client) -> None:
    meeting = made(desk, LATER)
    Meeting.objects.filter(pk=meeting.pk).update(source="Another letter")
    meeting.refresh_from_db()
    assert meeting.sequence == 0
    for change in ({"ends_on": dt.date(2199, 1, 6)}, {"place": "Accra"}, {"title": "Moved"}):
        Meeting.objects.filter(pk=meeting.pk).update(**change)
    meeting.refresh_from_db()
    assert meeting.sequence == 3


def test_the_page_of_a_text_tells_the_summit_that_adopted_it(desk: Client) -> None:
    page = "/statements/2022/"
    before = desk.get(page)
    assert "Adopted at" not in before.content.decode()
    attend(desk, made(desk), "ALB", "BEL")
    after = desk.get(page).content.decode()
    assert 'href="https://example.org/summit"' in after and "1 June 2022 to 2 June 2022" in after
    assert "2 members recorded as having taken part" in after
    assert "Adopted at" not in desk.get("/statements/2022-TF/").content.decode()
