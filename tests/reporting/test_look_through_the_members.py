"""The secretariat looks through its members, and takes the list out as a file."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Member, Message, Name, Role, Suspension, User
from tests.cast import a_member, person, sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/members/"


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    return sign_in(client, reviewer)


def codes(desk: Client, **asked: str) -> list[str]:
    answer = desk.get(PATH, asked)
    assert answer.status_code == 200
    return [row["member"].code for row in answer.context["rows"]]


def test_a_member_is_found_by_any_name_it_had_in_any_spelling(desk: Client) -> None:
    member = a_member("ALB")
    Name.objects.create(member=member, text="Shqipëria", kind="also", source="x")
    for words in ("SHQIPERIA", "shqipëria", "alb"):
        assert "ALB" in codes(desk, q=words)
    assert codes(desk, q="no such name") == []


def test_the_filters_narrow_and_the_order_changes(desk: Client) -> None:
    today = timezone.now().date()
    assert set(codes(desk, kind="intergovernmental")) == {"INTERPOL", "UNODC", "EU", "AU"} & set(
        codes(desk)
    )
    assert "ALB" in codes(desk, region="Europe") and "ALB" not in codes(desk, region="Asia")
    assert "ALB" not in codes(desk, group="taskforce")
    assert codes(desk, sort="code") == sorted(codes(desk))

    Suspension.objects.create(member=a_member("ALB"), since=today, source="x")
    Member.objects.filter(code="BEL").update(left_on=today, joined_on=dt.date(2023, 1, 1))
    assert codes(desk, standing="suspended") == ["ALB"]
    assert codes(desk, standing="left") == ["BEL"]
    assert not {"ALB", "BEL"} & set(codes(desk, standing="member"))
    assert codes(desk, sort="joined")[0] == "BEL"


def test_a_member_is_without_a_contact_until_mail_to_one_gets_through(desk: Client) -> None:
    assert "ALB" in codes(desk, standing="unreachable")
    focal = person(Role.Kind.FOCAL_POINT, of=a_member("ALB"), name="a")
    assert "ALB" not in codes(desk, standing="unreachable")
    lost = timezone.now() - dt.timedelta(days=40)
    Message.objects.create(
        kind="workflow", to=focal.email, subject="-", state="dead", created_at=lost
    )
    assert "ALB" in codes(desk, standing="unreachable")
    rows = desk.get("/secretariat/").context["rows"]
    assert [row["note"] for row in rows if "unreachable" in row["url"]] == ["oldest 40 days"]


@pytest.mark.parametrize("asked", [{"kind": "state"}, {"page": "0"}, {"group": "x"}, {"what": "x"}])
def test_a_question_that_makes_no_sense_is_refused(desk: Client, asked: dict[str, str]) -> None:
    assert desk.get(PATH, asked).status_code == 400
    assert desk.get("/secretariat/members.csv", asked).status_code == 400


def test_the_file_holds_what_the_list_shows_under_the_names_of_the_registrys_file(
    desk: Client,
) -> None:
    Member.objects.filter(code="ALB").update(note="=1+1")
    answer = desk.get("/secretariat/members.csv", {"region": "Europe"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert {row["code"] for row in rows} == set(codes(desk, region="Europe"))
    albania = next(row for row in rows if row["code"] == "ALB")
    assert albania["note"] == "'=1+1" and albania["name"] == "Albania"
    assert desk.get("/secretariat/members.json").status_code == 404


def _more(number: int) -> None:
    made = Member.objects.bulk_create(
        Member(code=f"Q{n:04d}", kind="government", region="Europe") for n in range(number)
    )
    Name.objects.bulk_create(Name(member=m, text=f"Name {m.code}", source="x") for m in made)
    user = person(Role.Kind.ANALYST, name="many")
    Role.objects.bulk_create(
        Role(user=user, kind="contributor", member=m, since=dt.date(2020, 1, 1)) for m in made
    )


@pytest.mark.parametrize("many", [3, 1000])
def test_a_thousand_members_take_as_many_queries_as_three(
    desk: Client, many: int, django_assert_num_queries: Any
) -> None:
    _more(many)
    desk.get(PATH)
    with django_assert_num_queries(9):
        answer = desk.get(PATH, {"q": "name", "standing": "member", "sort": "joined"})
    assert len(answer.context["rows"]) == min(many, 100)
    assert bool(answer.context["next_url"]) is (many > 100)


def test_today_counts_what_the_pages_it_leads_to_show(desk: Client) -> None:
    person(Role.Kind.FOCAL_POINT, of=a_member("ALB"), name="a")
    page = desk.get("/secretariat/")
    counted = {row["url"]: row["count"] for row in [*page.context["rows"], *page.context["others"]]}
    assert counted.pop(f"{PATH}?standing=unreachable") == len(codes(desk, standing="unreachable"))
    for url, count in counted.items():
        shown = desk.get(url).context
        if "queue=" in url:
            assert len(shown["rows"]) == count
    outbox = next(url for url in counted if "outbox" in url)
    assert "state=dead" in outbox
    Message.objects.create(kind="workflow", to="x@cast.example", subject="-", state="dead")
    Message.objects.create(kind="workflow", to="x@cast.example", subject="-")
    rows = desk.get("/secretariat/").context["rows"]
    dead = next(row["count"] for row in rows if "outbox" in row["url"])
    assert dead == desk.get(outbox).context["total"] == 1
