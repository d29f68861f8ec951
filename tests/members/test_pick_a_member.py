"""Staff type a member instead of looking through ninety: without a script, and never guessed."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from members.forms.picking import MemberPicker
from members.models import Freeze, Member, Name, User
from tests.cast import a_member, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/secretariat/people/frozen/"


@pytest.fixture
def picker(member: Member) -> MemberPicker:
    for code, text in (("CIV", "Côte d’Ivoire"), ("GIN", "Guinea"), ("PNG", "Papua New Guinea")):
        Name.objects.get_or_create(member=a_member(code), text=text, source="test")
    named = Member.objects.named(dt.date(2026, 1, 1)).filter(code__in=["CIV", "GIN", "PNG"])
    return MemberPicker(named, required=False)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CIV", "CIV"),
        ("civ", "CIV"),
        ("Côte d’Ivoire (CIV)", "CIV"),
        (" cote d’ivoire ", "CIV"),
        ("Guinea", "GIN"),  # its whole name, although another holds it too
        ("Papua New Guinea (PNG)", "PNG"),
    ],
)
def test_code_and_name_are_taken_as_they_are_typed(
    picker: MemberPicker, typed: str, code: str
) -> None:
    assert picker.clean(typed).code == code


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_typed_is_no_member(picker: MemberPicker, nothing: str | None) -> None:
    assert picker.clean(nothing) is None


def test_a_part_of_a_name_is_answered_by_whom_it_could_mean(picker: MemberPicker) -> None:
    with pytest.raises(ValidationError, match=r"Guinea \(GIN\), Papua New Guinea \(PNG\)"):
        picker.clean("guin")
    with pytest.raises(ValidationError, match=r"Whom do you mean: Papua New Guinea \(PNG\)\?"):
        picker.clean("papua")


@pytest.mark.parametrize("typed", ["Atlantis", "Guinea (XXX)", "ALB", "\x00", "()", "x" * 5000])
def test_whoever_is_not_offered_is_not_taken(picker: MemberPicker, typed: str) -> None:
    with pytest.raises(ValidationError):
        picker.clean(typed)


def test_a_page_offers_the_names_and_shows_again_what_was_typed(
    client: Client, editor: User, member: Member
) -> None:
    if not member.names.filter(text="Albania").exists():
        Name.objects.create(member=member, text="Albania", source="test")
    page = sign_in(client, editor).get(PAGE).content.decode()
    named = re.search(r'<input type="text" name="member"[^>]* list="([^"]+)"', page)
    assert named and f'<datalist id="{named[1]}">' in page
    assert '<option value="Albania (ALB)">' in page
    refused = client.post(PAGE, {"member": '"><b>x', "because": "A dispute."})
    assert refused.status_code == 400
    assert 'value="&quot;&gt;&lt;b&gt;x"' in refused.content.decode()
    assert 'aria-invalid="true"' in refused.content.decode()
    assert client.post(PAGE, {"member": "albania", "because": "A dispute."}).status_code == 302
    assert Freeze.objects.get().member == member
