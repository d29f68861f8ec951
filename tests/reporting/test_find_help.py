"""Whoever was harmed finds help from every public page: a child, a young person, an adult."""

import re

import pytest
from django.test import Client

from .public import PAGES, page, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [a for a in PAGES if "?" not in a])
def test_every_page_leads_to_help_before_its_matter(client: Client, address: str) -> None:
    assert '<a href="/about/#help">Help for victims</a>' in page(client, address).split("<main")[0]


def test_help_is_for_children_for_the_young_and_for_adults(client: Client) -> None:
    html = page(client, "/about/").partition('id="help"')[2].partition("</section>")[0]
    heads = [words(head) for head in re.findall(r"<h3>.*?</h3>", html, re.DOTALL)]
    assert len(heads) == 3 and "adults" in heads[2]
    for place in (
        "https://childhelplineinternational.org/helplines/",
        "https://takeitdown.ncmec.org/",
        "https://www.childline.org.uk/",
        "https://www.inhope.org/",
        "https://www.mariecollinsfoundation.org.uk/",
    ):
        assert f'<a href="{place}' in html
    assert "not your fault" in words(html)
