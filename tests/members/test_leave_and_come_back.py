"""A member leaves and comes back, or takes the place of another: no earlier fact is overwritten."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from commitments.models import Obligation
from members.models import Event, Member, Name, Succession, Suspension, User
from reporting.figures import rounds_of
from reporting.models import Cycle
from tests.cast import a_member, sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/members/{}/"
LEFT, BACK = "2023-06-01", "2024-03-01"


@pytest.fixture
def desk(client: Client, editor: User, member: Member) -> Client:
    return sign_in(client, editor)


def send(desk: Client, do: str, code: str = "ALB", **typed: str) -> Any:
    path = PATH.format(code)
    version = str(desk.get(path).context["version"])
    return desk.post(path, {"do": do, "version": version, "source": "A letter"} | typed)


def refused(answer: Any, field: str) -> str:
    assert answer.status_code == 400
    assert field in answer.context["form"].errors, answer.context["form"].errors
    return str(answer.context["form"].errors[field])


def owed(code: str, day: str) -> int:
    lines = Obligation.objects.in_force(dt.date.fromisoformat(day))
    return lines.filter(member__code=code, basis="membership").count()


@pytest.fixture
def back(desk: Client) -> Member:
    """Albania, which left and came back."""
    Member.objects.filter(code="ALB").update(joined_on="2022-07-01", joined_source="First letter")
    assert send(desk, "leave", on=LEFT).status_code == 302
    assert send(desk, "rejoin", on=BACK, source="Second letter").status_code == 302
    return a_member("ALB")


def test_who_left_and_came_back_keeps_its_first_day_and_owes_nothing_between(
    desk: Client, back: Member, editor: User
) -> None:
    assert (str(back.joined_on), back.left_on) == ("2022-07-01", None)
    days = ("2022-06-30", "2022-07-01", "2023-05-31", LEFT, "2024-02-29", BACK, "2030-01-01")
    assert [owed("ALB", day) for day in days] == [0, 6, 6, 0, 0, 6, 6]
    page = desk.get(PATH.format("ALB")).content.decode()
    assert "Had left" in page and "from 1 June 2023 until 1 March 2024" in page
    assert "Suspended" not in page
    event = Event.objects.filter(chain="member:ALB").latest("number")
    assert (event.verb, event.actor) == ("came back", editor)


def test_a_day_between_finds_no_member(desk: Client, back: Member) -> None:
    for day, status in (("2023-05-31", 200), (LEFT, 404), ("2024-02-29", 404), (BACK, 200)):
        assert Client().get(f"/api/v1/members/ALB/?as_of={day}").status_code == status, day
    row = Client().get("/api/v1/members/ALB/").json()
    assert (row["joined_on"], row["left_on"]) == ("2022-07-01", None)
    between = Client().get("/members/ALB/?as_of=2024-01-01").content.decode()
    assert "It left the alliance on 1 June 2023" in between
    today = Client().get("/members/ALB/").content.decode()
    assert "left the alliance on 1 June 2023 and came back on 1 March 2024" in today
    rounds = rounds_of(list(Cycle.objects.filter(code__in=["2024", "2026"])))
    counts = {one.cycle.code: one.members["government"] for one in rounds}
    assert counts["2026"] == counts["2024"] + 1, "it was none when that of 2024 opened"


def test_the_list_at_the_desk_says_who_is_away(desk: Client, back: Member) -> None:
    Suspension.objects.update(until=dt.date(2199, 1, 1))
    for standing, found in (("left", True), ("member", False), ("suspended", False)):
        page = desk.get("/secretariat/members/", {"standing": standing})
        codes = [row["member"].code for row in page.context["rows"]]
        assert ("ALB" in codes) is found, standing
    page = desk.get("/secretariat/members/", {"standing": "left"})
    assert [str(row["standing"]) for row in page.context["rows"]] == ["has left"]


def test_only_who_has_left_comes_back_and_only_later(desk: Client) -> None:
    assert send(desk, "rejoin", on=BACK).status_code == 400
    send(desk, "leave", on=LEFT)
    assert "1 June 2023" in refused(send(desk, "rejoin", on=LEFT), "on")
    assert not Suspension.objects.exists()


def test_a_suspension_that_was_open_ends_with_the_leaving(desk: Client) -> None:
    send(desk, "suspend", on="2023-01-01")
    send(desk, "leave", on=LEFT, source="Leaving")
    assert send(desk, "rejoin", on=BACK).status_code == 302
    [rests, away] = Suspension.objects.order_by("since")
    assert (str(rests.until), rests.end_source, away.kind) == (LEFT, "Leaving", "away")
    assert owed("ALB", BACK) == 6


def test_no_two_times_cross(desk: Client, back: Member) -> None:
    refused(send(desk, "leave", on="2023-12-01"), "on")
    refused(send(desk, "suspend", on="2023-12-01"), "on")
    refused(send(desk, "join", on="2023-12-01"), "on")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(member=back, since="2024-02-01", until="2025-01-01", source="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(member=back, since="2025-02-01", kind="away", source="x")


def test_a_return_typed_wrong_is_corrected_or_taken_back(desk: Client, back: Member) -> None:
    time = str(Suspension.objects.get().pk)
    facts = {"time": time, "since": LEFT, "end_source": "Second letter"}
    refused(send(desk, "correct", **facts, until=""), "until")
    refused(send(desk, "correct", **facts, until="2023-01-01"), "until")
    refused(send(desk, "correct", **facts | {"since": "2021-01-01"}, until=BACK), "__all__")
    assert send(desk, "correct", **facts, until="2024-02-01").status_code == 302
    assert owed("ALB", "2024-02-01") == 6
    page = desk.get(PATH.format("ALB") + "history/")
    changes = [change for entry in page.context["entries"] for change in entry.changes]
    assert ("Until", BACK, "2024-02-01") in changes
    assert send(desk, "strike", time=time).status_code == 302
    assert owed("ALB", "2024-01-01") == 6


def test_correcting_the_joining_says_so(desk: Client, editor: User) -> None:
    page = desk.get(PATH.format("ALB")).content.decode()
    assert "Correct the joining" in page and ">Joining<" not in page
    assert send(desk, "join", on="2022-09-01").status_code == 302
    event = Event.objects.get(chain="member:ALB")
    assert (event.verb, event.actor) == ("joining corrected", editor)


@pytest.fixture
def new(editor: User) -> Member:
    """A member that was admitted, and stands under no text."""
    one = Member.objects.create(
        code="NEW", kind="government", joined_on="2025-05-01", joined_source="orig"
    )
    Name.objects.create(member=one, text="New", source="x")
    return one


def test_a_succession_never_overwrites_an_earlier_joining(desk: Client, new: Member) -> None:
    facts = {"former": "DNK", "on": "2026-10-01"}
    refused(send(desk, "succeed", "NEW", **facts), "joins")
    told = refused(send(desk, "succeed", "NEW", **facts, joins="no"), "joins")
    assert "1 May 2025" in told and not Succession.objects.exists()
    assert send(desk, "succeed", "NEW", **facts, joins="yes").status_code == 302
    new.refresh_from_db()
    assert (str(new.joined_on), new.joined_source) == ("2025-05-01", "orig")
    assert [owed("NEW", day) for day in ("2025-05-01", "2026-10-01")] == [6, 6]
    assert str(a_member("DNK").left_on) == "2026-10-01"


def test_a_founder_does_not_become_a_member_by_succession(desk: Client) -> None:
    told = refused(send(desk, "succeed", former="DNK", on="2026-10-01", joins="no"), "joins")
    assert "as a member before this day" in told
    assert a_member("ALB").joined_on is None
    early = send(desk, "succeed", former="DNK", on="2026-10-01", joins="yes")
    assert early.status_code == 302 and a_member("ALB").joined_on is None


def test_who_was_no_member_goes_on_as_none(desk: Client, new: Member, back: Member) -> None:
    told = refused(
        send(desk, "succeed", "NEW", former="DNK", on="2024-10-01", joins="yes"), "joins"
    )
    assert "no member on this day" in told
    refused(send(desk, "succeed", "ALB", former="DNK", on="2024-01-01", joins="yes"), "joins")


def test_a_joining_by_succession_is_not_moved_past_it(desk: Client, new: Member) -> None:
    Member.objects.filter(pk=new.pk).update(joined_on=None, joined_source="")
    facts = {"former": "DNK", "on": "2026-10-01", "joins": "no"}
    assert send(desk, "succeed", "NEW", **facts).status_code == 302
    new.refresh_from_db()
    assert str(new.joined_on) == "2026-10-01"
    refused(send(desk, "join", "NEW", on="2026-11-01"), "on")
