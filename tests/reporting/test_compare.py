"""A visitor puts members, or the rounds of one member, side by side."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from reporting.models import PublishedAnswer

from .public import page, publish, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rounds(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022


def cells(html: str, reference: str) -> list[str]:
    """The words of each column beside a clause."""
    row = html.split(f'href="/commitments/{reference}/"')[1].split("</tr>")[0]
    return [words(f"<td{cell}") for cell in row.split("<td")[1:]]


def test_members_stand_side_by_side_in_one_round(client: Client) -> None:
    publish("ALB")
    html = page(client, "/compare/?first=ALB&second=BEL&third=INTERPOL&cycle=2024")
    answered = PublishedAnswer.objects.filter(member="ALB").order_by("commitment").first()
    assert answered
    of_albania, of_belgium, of_interpol = cells(html, answered.commitment)
    assert answered.status.replace("_", " ") == of_albania.lower()
    assert of_belgium == "Not yet published"
    assert of_interpol in ("Not owed", "Not yet published")
    assert "/api/v1/progress/?member=ALB,BEL,INTERPOL&amp;cycle=2024" in html


def test_a_round_that_is_not_collected_says_so(client: Client) -> None:
    publish("ALB")
    of_2014 = cells(page(client, "/compare/?first=ALB&second=BEL&cycle=2014"), "2012-T1")
    assert of_2014 == ["Not collected", "Not collected"]


def test_one_member_stands_beside_itself_in_two_rounds(client: Client) -> None:
    publish("ALB", "2022")
    publish("ALB", "2024")
    html = page(client, "/compare/?first=ALB&cycle=2022&other=2024")
    assert "Albania</a>, 2022" in html
    assert "Albania</a>, 2024" in html
    assert len(cells(html, "2012-T1")) == 2


def test_only_what_differs_can_be_shown(client: Client) -> None:
    publish("ALB")
    every = page(client, "/compare/?first=ALB&second=BEL&cycle=2024")
    some = page(client, "/compare/?first=ALB&second=BEL&cycle=2024&only=differing")
    assert 0 < some.count('<th scope="row">') < every.count('<th scope="row">')


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("first=ALB&second=ALB", "Choose each member once."),
        ("first=ALB&cycle=2024&other=2024", "Choose two different rounds."),
        ("first=ALB&second=BEL&other=2024", "Compare several members in one round"),
        ("first=XXX", "Member"),
        ("first=ALB&first=BEL", "first"),
        ("fifth=ALB", "fifth"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_word(
    client: Client, query: str, told: str
) -> None:
    assert told in words(page(client, f"/compare/?{query}", 400))


def test_one_member_alone_is_asked_for_another(client: Client) -> None:
    publish("ALB")
    assert "Choose a second member" in words(page(client, "/compare/?first=ALB"))
    assert "Choose the members to compare" in words(page(client, "/compare/"))


def test_four_members_take_a_bounded_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    publish("ALB")
    page(client, "/compare/")
    with django_assert_max_num_queries(32):
        page(client, "/compare/?first=ALB&second=BEL&third=INTERPOL&fourth=IWF&cycle=2024")


def test_a_draft_reaches_no_column(client: Client) -> None:
    report = publish("ALB")
    report.shown_until = dt.date(2024, 9, 1)
    report.save()
    PublishedAnswer.objects.filter(report=report).update(shown_until=dt.date(2024, 9, 1))
    html = page(client, "/compare/?first=ALB&second=BEL&cycle=2024")
    assert cells(html, "2012-T1")[0] == "Not yet published"
