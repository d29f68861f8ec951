"""Somebody types a printed name: the register suggests whom it means, says why, and waits."""

import pytest
from django.test import Client

from members.models import Event, Name, User
from members.resolving import Known, suggest
from tests.cast import sign_in

KNOWN = [
    Known("ALB", "Albania"),
    Known("PHL", "Philippines"),
    Known("KOR", "Republic of Korea"),
    Known("PRK", "Democratic People's Republic of Korea"),
    Known("MKD", "North Macedonia"),
    Known("MKD", "The former Yugoslav Republic of Macedonia", former=True),
    Known("CIV", "Côte d'Ivoire"),
    Known("MDA", "Moldova, Republic of"),
    Known("LCA", "Saint Lucia"),
    Known("BIH", "Bosnia and Herzegovina"),
    Known("GBR", "United Kingdom of Great Britain and Northern Ireland"),
    Known("GBR", "United Kingdom"),
    Known("USA", "United States of America"),
    Known("NZL", "New Zealand"),
]
TABLE = [
    ("Albania", [("ALB", "same")]),
    ("ALBANIA", [("ALB", "folded")]),
    ("  albania ", [("ALB", "folded")]),
    ("the Philippines", [("PHL", "article")]),
    ("Cote d'Ivoire", [("CIV", "folded")]),
    ("COTE D IVOIRE", [("CIV", "folded")]),
    ("Korea, Republic of", [("KOR", "turned"), ("PRK", "form")]),
    ("Korea", [("KOR", "form"), ("PRK", "form")]),
    ("Republic of Albania", [("ALB", "form")]),
    ("Republic of Moldova", [("MDA", "turned")]),
    ("St. Lucia", [("LCA", "folded")]),
    ("Bosnia & Herzegovina", [("BIH", "folded")]),
    ("The former Yugoslav Republic of Macedonia", [("MKD", "same")]),
    ("Former Yugoslav Republic of Macedonia", [("MKD", "article")]),
    ("phl", [("PHL", "code")]),
    ("New Zeland", [("NZL", "close")]),
    ("Rep. of Albania", [("ALB", "short")]),
    ("UK", [("GBR", "initials")]),
    ("U.K.", [("GBR", "initials")]),
    ("uk", []),
    ("FYROM", [("MKD", "initials")]),
    ("Great Britain", [("GBR", "part")]),
    ("Macedonia", [("MKD", "part")]),
    ("Kindgom of Albania", [("ALB", "close")]),
    ("Republc of Moldova", [("MDA", "close")]),
    ("United States", [("USA", "part")]),
    ("United Kingdom", [("GBR", "same")]),
    ("Zealand Newer", []),
    ("Atlantis", []),
    ("", []),
    (" ,. ", []),
    ("the", []),
    ("Republic of", []),
]


@pytest.mark.parametrize(("printed", "expected"), TABLE)
def test_a_printed_name_is_matched_for_a_reason(
    printed: str, expected: list[tuple[str, str]]
) -> None:
    assert [(one.member, one.why) for one in suggest(printed, KNOWN)] == expected


def test_a_former_name_says_that_it_is_one() -> None:
    (told,) = suggest("the former yugoslav republic of macedonia", KNOWN)
    assert told.former and told.name.startswith("The former")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("printed", "code", "words"),
    [
        ("Rep. of Albania", "ALB", "short forms"),
        ("UK", "GBR", "an abbreviation"),
        ("Great Britain", "GBR", "one is a part of the other"),
        ("Macedonia", "MKD", "a former name"),
        ("Kindgom of Spain", "ESP", "spelt much like it"),
    ],
)
def test_the_registers_own_names_answer_with_the_reason(
    client: Client, editor: User, printed: str, code: str, words: str
) -> None:
    page = sign_in(client, editor).get("/secretariat/names/", {"q": printed})
    assert page.context["rows"][0]["member"].code == code
    assert words in page.content.decode()


@pytest.mark.django_db
def test_a_person_confirms_before_anything_is_kept(client: Client, editor: User) -> None:
    sign_in(client, editor)
    page = client.get("/secretariat/names/", {"q": "Republic of Albania"})
    assert [row["member"].code for row in page.context["rows"]] == ["ALB"]
    assert not Name.objects.filter(text="Republic of Albania").exists()

    typed = {"printed": "Republic of Albania", "member": "ALB", "source": "list of a meeting"}
    assert client.post("/secretariat/names/", typed).status_code == 302
    kept = Name.objects.get(text="Republic of Albania")
    assert (kept.kind, kept.member.code) == ("also", "ALB")
    assert Event.objects.get().verb == "renamed"
    assert client.get("/api/v1/members/ALB/").json()["name"] == "Albania"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"printed": "Atlantis", "member": "ATL", "source": "x"}, "member"),
        ({"printed": "Atlantis", "member": "ALB", "source": ""}, "source"),
        ({"printed": "", "member": "ALB", "source": "x"}, "printed"),
    ],
)
def test_a_name_that_nobody_chose_a_member_for_is_not_kept(
    client: Client, editor: User, typed: dict[str, str], field: str
) -> None:
    answer = sign_in(client, editor).post("/secretariat/names/", typed)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_same_name_twice_is_told_and_not_kept_twice(client: Client, editor: User) -> None:
    sign_in(client, editor)
    typed = {"printed": "Shqiperia", "member": "ALB", "source": "x"}
    assert client.post("/secretariat/names/", typed).status_code == 302
    assert client.post("/secretariat/names/", typed).status_code == 400
    assert Name.objects.filter(text="Shqiperia").count() == 1
