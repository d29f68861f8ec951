"""A visitor looks for words: every answer can be reached, and a typing error is no dead end."""

import datetime as dt
import re

import pytest
from django.test import Client

from reporting.models import PublishedAnswer

from .public import page, publish, words

pytestmark = pytest.mark.django_db
MANY = ["ALB", "AUT", "BEL", "BIH", "BGR", "CAN", "COL", "CRI", "CYP", "CZE", "DEU", "DNK"]


def answers(html: str) -> list[str]:
    """The member and clause of each answer shown."""
    found = re.findall(r'<h3><a href="/members/([\w-]+)/.*?href="/commitments/([\w-]+)/', html)
    return [" ".join(pair) for pair in found]


def test_every_answer_that_was_found_can_be_reached_page_by_page(client: Client) -> None:
    for code in MANY:
        publish(code, narrative="A wombat was trained.")
    stored = PublishedAnswer.objects.count()
    assert stored > 40
    html, reached = page(client, "/search/?q=wombat"), []
    assert f"1 to 20 of {stored} found, newest first" in words(html)
    while True:
        reached += answers(html)
        following = re.search(r'<a href="\?([^"]*)" rel="next"', html)
        if not following:
            break
        html = page(client, f"/search/?{following[1].replace('&amp;', '&')}")
        assert "No member has this in a name." not in html
    assert len(reached) == len(set(reached)) == stored
    page(client, "/search/?q=wombat&page=9", 404)
    page(client, "/search/?q=wombat&page=0", 400)


def test_the_newest_answers_stand_first_by_the_day_of_their_publication(client: Client) -> None:
    publish("BEL", narrative="A wombat.", on=dt.date(2025, 3, 1))
    publish("ALB", narrative="A wombat.")  # shown from 1 August 2024
    assert [one.split()[0] for one in answers(page(client, "/search/?q=wombat"))][:5] == [
        *["BEL"] * 4,
        "ALB",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("datbase", "database"), ("Albnia", "albania"), ("victms databse", "victims database")],
)
def test_who_types_wrongly_is_offered_what_was_meant(
    client: Client, typed: str, meant: str
) -> None:
    html = page(client, f"/search/?q={typed}&as_of=2024-09-01")
    (link,) = re.findall(r'Did you mean: <a href="([^"]*)"', html)
    assert f">{meant}</a>" in html
    assert 'id="nothing"' not in page(client, link.replace("&amp;", "&"))
    assert "as_of=2024-09-01" in link


@pytest.mark.parametrize("typed", ["zzzzzz", "%", "a b c d e f zzzz", "-x", "x" * 200])
def test_who_finds_nothing_is_told_what_to_do_next(client: Client, typed: str) -> None:
    html = page(client, f"/search/?q={typed.replace('%', '%25')}")
    assert "Did you mean" not in html
    assert 'href="/commitments/"' in html and "Try fewer of them" in words(html)
