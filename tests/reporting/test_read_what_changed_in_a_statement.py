"""The secretariat reads when and by whom the facts of a published statement were changed."""

import re
from typing import Any

import pghistory
import pytest
from django.test import Client

from commitments.models import Statement
from members.models import User
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
PATH = "/secretariat/wordings/2012/history/"


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_each_version_of_a_statements_facts_is_told_with_who_and_when(
    client: Client, editor: User, reviewer: User
) -> None:
    with pghistory.context(person=editor.pk):
        Statement.objects.filter(code="2012").update(place="Brussels, Belgium")
    page = words(sign_in(client, reviewer).get(PATH))
    assert f"Statement changed {editor}" in page
    assert "before: Brussels after: Brussels, Belgium" in page
    assert "Names under it, and positions" in page
    assert PATH in client.get("/secretariat/statements/").content.decode()
    assert client.get(PATH.replace("2012", "none")).status_code == 404


def test_the_tab_stands_beside_the_wording(client: Client, editor: User) -> None:
    wording = sign_in(client, editor).get("/secretariat/wordings/2012/").content.decode()
    assert PATH in wording
    assert "/secretariat/wordings/2012/" in client.get(PATH).content.decode()
