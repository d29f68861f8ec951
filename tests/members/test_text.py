"""What a person types is stored as typed, or refused with a word about what is wrong."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from members.models import Member, Name
from members.text import normalise


@pytest.mark.parametrize(
    "text",
    [
        "Côte d’Ivoire",
        "Türkiye\nand a second line\twith a tab",
        "می‌خواهم",  # a zero-width non-joiner, which Persian spelling needs
        "אב\u200fגד",  # a right-to-left mark
        "👩\u200d🔬",  # a joiner
        "الالتزام الأول",
        "",
    ],
)
def test_text_of_any_language_is_kept(text):
    assert normalise(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "U+0000"),
        ("bell\x07", "U+0007"),
        ("next line\x85", "U+0085"),
        ("overridden \u202egnp.exe", "U+202E"),
        ("isolated \u2066a\u2069", "U+2066"),
        ("half a pair \ud800", "U+D800"),
    ],
)
def test_a_character_that_hides_or_breaks_is_refused_and_named(text, code):
    with pytest.raises(ValidationError, match=code.replace("+", r"\+")):
        normalise(text)


def test_line_ends_of_every_system_become_one():
    assert normalise("a\r\nb\rc\n") == "a\nb\nc\n"


def test_two_spellings_of_one_letter_are_stored_as_one():
    assert normalise("e\u0301") == "é"


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    try:
        once = normalise(text)
    except ValidationError:
        return
    assert normalise(once) == once


@pytest.mark.django_db
def test_a_forbidden_character_does_not_reach_the_store_past_the_forms():
    member = Member.objects.create(code="AAA", kind=Member.Kind.GOVERNMENT)
    with pytest.raises(ValidationError):
        Name.objects.create(member=member, text="A\x00A", source="own")


@pytest.mark.django_db
def test_a_name_is_stored_in_one_spelling():
    member = Member.objects.create(code="AAA", kind=Member.Kind.GOVERNMENT)
    name = Name.objects.create(member=member, text="Cafe\u0301", source="own")
    name.refresh_from_db()
    assert name.text == "Café"
