"""Staff find every page of the desk from every other, and are offered none that refuses them."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from members.models import User
from reporting import actions
from reporting.models import Cycle, Report
from reporting.templatetags.places import DESK, MORE
from tests.cast import a_member, sign_in

from .conftest import OPENED
from .test_desk_pages import words

pytestmark = pytest.mark.django_db
HEADER = re.compile(r'<header class="mast">.*?</header>', re.DOTALL)


def header(client: Client, path: str) -> str:
    found = HEADER.search(client.get(path).content.decode())
    assert found
    return found[0]


def links(client: Client, path: str) -> list[str]:
    return re.findall(r'href="(/(?:secretariat|admin)/[^"]*)"', header(client, path))


@pytest.mark.parametrize("person", ["editor", "reviewer", "administrator"])
def test_the_desk_offers_its_pages_and_none_that_refuses(
    person: str, client: Client, cycle: Cycle, request: pytest.FixtureRequest
) -> None:
    sign_in(client, request.getfixturevalue(person))
    offered = links(client, "/secretariat/members/")
    assert {client.get(path).status_code for path in offered} == {200}
    assert ("/secretariat/import/" in offered) == (person != "reviewer")
    assert ("/secretariat/erasures/" in offered) == (person == "administrator")
    assert len(offered) >= len(DESK) + len(MORE) - 3
    assert links(client, "/secretariat/outbox/") == offered


def test_the_page_one_is_on_is_marked_and_so_is_the_one_above(
    client: Client, reviewer: User, bring: Callable[[str], Report]
) -> None:
    bring("submitted")
    sign_in(client, reviewer)
    assert '<a href="/secretariat/" aria-current="page">' in header(client, "/secretariat/")
    below = header(client, "/secretariat/reports/2026-ALB/")
    assert '<a href="/secretariat/reviews/" aria-current="true">' in below
    assert below.count("aria-current") == 1


def test_a_focal_point_moves_between_the_pages_of_its_report(
    client: Client, report: Report, focal_point: User
) -> None:
    sign_in(client, focal_point)
    home = "/reporting/2026-ALB/"
    shown = header(client, home)
    pages = ["", "check/", "people/", "extension/"]
    assert re.findall(rf'<a href="{home}([^"]*)"', shown) == pages
    assert f'<a href="{home}check/" aria-current="page">' in header(client, f"{home}check/")
    assert {client.get(f"{home}{page}").status_code for page in pages} == {200}


def test_a_contributor_is_not_offered_whom_the_focal_point_asks(
    client: Client, report: Report, contributor: User
) -> None:
    sign_in(client, contributor)
    shown = header(client, "/reporting/2026-ALB/")
    for page in re.findall(r'<a href="(/reporting/2026[^"]*)"', shown):
        assert client.get(page).status_code == 200
    assert "/people/" not in shown


def test_the_public_site_keeps_its_own_places(client: Client, reviewer: User) -> None:
    shown = header(sign_in(client, reviewer), "/members/")
    assert 'href="/matrix/"' in shown
    assert 'href="/secretariat/"' in shown
    assert "/secretariat/members/" not in shown


def test_today_says_how_many_of_how_many_and_leads_to_all(
    client: Client, bring: Callable[[str], Report], cycle: Cycle, reviewer: User
) -> None:
    desk, now = sign_in(client, reviewer), dt.datetime.now(dt.UTC)
    report = bring("submitted")
    assert "of 1 that wait" not in words(desk.get("/secretariat/"))
    for n in range(9):
        Report.objects.create(
            cycle=cycle, member=a_member(f"M{n}"), state="submitted", first_submitted_at=now
        )
    page = desk.get("/secretariat/")
    assert "The 8 of 10 that wait longest. All that wait for review" in words(page)
    assert 'href="/secretariat/reviews/?queue=waiting"' in page.content.decode()
    actions.start_review(report, by=reviewer, at=OPENED)
    assert "The 8 of 9 that wait longest." in words(desk.get("/secretariat/"))


def test_every_round_is_listed_with_where_its_reports_stand(
    client: Client, bring: Callable[[str], Report], editor: User
) -> None:
    bring("submitted")
    page = words(sign_in(client, editor).get("/secretariat/rounds/"))
    assert "2026 1 January 2026 1 July 2026 31 December 2026 0 1 0 0 0" in page
