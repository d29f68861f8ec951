"""The secretariat sees where members ask for support, as sums; nobody else sees any number."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from members.models import User
from reporting import summaries
from reporting.models import Answer, PublishedAnswer, Sum, Summary
from tests.cast import sign_in
from tests.reporting.summing import NOW, fill, round_of

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/support/"


@pytest.fixture(autouse=True)
def summed_up(settings: Any) -> None:
    settings.FIRST_CYCLE = 2022
    fill(round_of("2024", announced=dt.date(2025, 1, 30)), 1, share=0.2)
    summaries.build(["cycle-2024", "theme-victims"], now=NOW)


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def plain(clause: str) -> tuple[int, int]:
    """Answers of government members to this clause that ask for support, and all of them."""
    facts = {"cycle": "2024", "kind": "government", "owed": True, "commitment": clause}
    asked = PublishedAnswer.objects.filter(**facts).values_list("support_requested", flat=True)
    return sum(asked), len(asked)


def test_the_secretariat_sees_the_sums_by_kind_of_member(client: Client, editor: User) -> None:
    page = words(sign_in(client, editor).get(PAGE, {"cycle": "2024"}))
    asking = PublishedAnswer.objects.filter(support_requested=True, kind="government", owed=True)
    clauses = sorted(set(asking.values_list("commitment", flat=True)))
    by_clause = page.partition("By clause")[2]
    for clause in clauses:
        found = re.search(rf"{clause}, [^0-9]*(\d+) of (\d+)", by_clause)
        assert found and (int(found[1]), int(found[2])) == plain(clause)
    assert len(clauses) > 3


def test_a_round_in_which_nobody_asks_says_so(client: Client, editor: User) -> None:
    sign_in(client, editor)
    assert words(client.get(PAGE, {"cycle": "2022"})).count("Nobody asks for support.") == 3
    assert client.get(PAGE, {"cycle": "2014"}).status_code == 404
    assert client.get(PAGE, {"round": "2024"}).status_code == 400


def test_no_number_of_it_is_public(client: Client) -> None:
    assert Sum.objects.filter(support__gt=0).exists() and not Answer.objects.exists()
    for summary in Summary.objects.shown():
        for figures in client.get(f"/api/v1/summaries/{summary.scope}/").json()["figures"].values():
            told = figures["support_requested"]
            assert (told["numerator"], told["denominator"]) == (None, None)


def test_neither_members_nor_visitors_come_in(
    client: Client, focal_point: User, analyst: User
) -> None:
    assert client.get(PAGE).status_code == 302
    for person in (focal_point, analyst):
        assert sign_in(client, person).get(PAGE).status_code == 403
        client.logout()


def test_the_list_of_summaries_is_in_an_order_in_which_one_can_look(client: Client) -> None:
    summaries.build(now=NOW)
    page = client.get("/summaries/").content.decode()
    listed = re.findall(r'href="/summaries/([\w-]+)/"', page)
    rounds = [key for key in listed if key.startswith("cycle-")]
    assert rounds == sorted(rounds, reverse=True)
    clauses = [key for key in listed if key.startswith("commitment-")]
    assert clauses[:3] == ["commitment-2012-T1", "commitment-2012-T2", "commitment-2012-T3"]
    names = re.findall(r'href="/summaries/member-\w[\w-]*/">([^<]+)<', page)
    assert names == sorted(names, key=str.casefold) and len(names) > 80
    assert 'href="/summaries/"' in client.get("/").content.decode()
