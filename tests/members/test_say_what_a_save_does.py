"""What is saved in a record says what it does: it replaces, is shown later, ties members."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from members.models import Member, User
from tests.cast import a_member, sign_in
from tests.members.test_keep_a_record import DAY, PATH, send, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, editor: User, member: Member) -> Client:
    return sign_in(client, editor)


def test_a_save_that_would_replace_theirs_says_so(desk: Client) -> None:
    seen = str(version(desk))
    assert send(desk, "note", note="Theirs.").status_code == 302
    page = send(desk, "note", version=seen, note="Mine.").content.decode()
    assert "Save mine instead" in page and "in the place of what stands now" in page
    assert "as well" not in page and "adds it" not in page
    seen, path = str(version(desk, PATH + "names/")), PATH + "names/"
    typed = {"kind": "", "since": DAY, "source": "x"}
    assert send(desk, "rename", path, text="Theirs", **typed).status_code == 302
    page = send(desk, "rename", path, version=seen, text="Mine", **typed).content.decode()
    assert "Save mine as well" in page and "Saving adds it" in page


def test_a_region_is_changed_at_the_desk_with_its_source(desk: Client) -> None:
    assert send(desk, "region", region="Asia", region_source="").status_code == 400
    assert send(desk, "region", region="Asia", region_source="own").status_code == 302
    assert (a_member("ALB").region, a_member("ALB").region_source) == ("Asia", "own")


def test_a_name_to_come_is_said_to_be_shown_later(desk: Client) -> None:
    path, later = PATH + "names/", timezone.now().date() + dt.timedelta(days=400)
    typed = {"text": "Later", "source": "x", "since": later.isoformat()}
    assert send(desk, "rename", path, **typed, kind="").status_code == 302
    page = desk.get(path).content.decode()
    assert f"It is shown from {later:%-d %B %Y} on" in page
    formal = typed | {"text": "Formal", "kind": "formal"}
    assert send(desk, "rename", path, **formal).status_code == 302
    assert "It is shown from" not in desk.get(path).content.decode()
