"""Someone reads in French or Arabic what the register says in its own words about its data."""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation

from commitments.models import Commitment, Passage, Signature
from members.languages import said
from members.models import GroupMember, Member
from reporting import summaries
from reporting.models import PublishedObservation
from tests.api.published import observe

pytestmark = pytest.mark.django_db
CLAUSE = "/commitments/2012-G1/"


def in_language(client: Client, path: str, language: str) -> str:
    client.cookies["django_language"] = language
    return client.get(path).content.decode()


def judged() -> None:
    for member, before, value in (("ALB", 913, 1004), ("BEL", 2000, 2100)):
        observe(member, 2021, before)
        observe(member, 2022, value)
    summaries.build(now=timezone.now())


def test_the_arithmetic_of_a_verdict_is_written_in_the_language(client: Client) -> None:
    judged()
    assert "3,104 in 2022 against 2,913 in 2021: +6.6%" in in_language(client, CLAUSE, "en")
    french = in_language(client, CLAUSE, "fr")
    assert "3\u00a0104 en 2022 contre 2\u00a0913 en 2021\u00a0: +6,6\u00a0%" in french
    arabic = in_language(client, CLAUSE, "ar")
    assert "3,104 في عام 2022 مقابل 2,913 في عام 2021" in arabic
    assert "members counted" not in french + arabic


def test_kept_arithmetic_that_the_numbers_give_no_more_is_quoted(client: Client) -> None:
    judged()
    PublishedObservation.objects.filter(member="ALB", year=2022).update(
        shown_until=timezone.now().date()
    )
    quoted = '<span lang="en" dir="ltr">2 of 2 members counted. 3,104 in 2022'
    assert quoted in in_language(client, CLAUSE, "fr")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_note_and_role_of_the_register_is_translated(language: str) -> None:
    ours = {
        *Commitment.objects.values_list("source_note", flat=True),
        *Passage.objects.values_list("note", flat=True),
        *Signature.objects.values_list("source_note", flat=True),
        *GroupMember.objects.values_list("role", flat=True),
        *Member.objects.values_list("note", flat=True),
    } - {""}
    with translation.override(language):
        assert len(ours) > 40
        assert [words for words in ours if said(words) == words] == []


def test_a_note_stands_in_the_language_and_an_unknown_one_is_marked(client: Client) -> None:
    assert "Imprimé «\u00a0by December 2014\u00a0»." in in_language(
        client, "/statements/2012/", "fr"
    )
    assert "Union européenne\u00a0: membre" in in_language(client, "/members/AUT/", "fr")
    note = "Cette désignation est sans préjudice des positions sur le statut."
    for path in ("/", "/members/", "/members/XKX/"):
        assert note in in_language(client, path, "fr"), path
    Member.objects.filter(code="XKX").update(note="Other words.")
    for path in ("/", "/members/", "/members/XKX/"):
        html = in_language(client, path, "ar")
        assert '<span lang="en" dir="ltr">Other words.</span>' in html, path
        assert not re.search(r"(?<!>)Other words", html), path
