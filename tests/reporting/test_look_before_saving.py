"""A writer looks at an answer, and adds and removes links, before anything is saved."""

import re

import pytest
from django.test import Client

from members.models import User
from reporting.models import AnswerVersion, Report
from tests.cast import sign_in

from .test_writing_pages import T1, TYPED, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client: Client, focal_point: User) -> Client:
    return sign_in(client, focal_point)


def test_a_preview_shows_clean_words_and_saves_nothing(writer: Client, report: Report) -> None:
    typed = {**TYPED, "narrative": "**Bold** <script>alert(1)</script> [x](//evil.example)"}
    page = writer.post(T1, {**typed, "preview": "1"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "As it will be read" in html and "<strong>Bold</strong>" in html
    assert "<script>alert" not in html and 'href="//evil' not in html
    assert "Everyone, once published. On this site" in words(page)
    assert not AnswerVersion.objects.exists()
    by_script = writer.post(T1, {**typed, "preview": "1"}, headers={"HX-Request": "true"})
    assert 'id="preview"' in by_script.content.decode()
    assert not AnswerVersion.objects.exists()


def test_links_are_added_and_removed_without_script(writer: Client, report: Report) -> None:
    def links(**pressed: str) -> tuple[list[str], str]:
        html = writer.post(T1, {**typed, **pressed}).content.decode()
        values = re.findall(r'name="evidence_title_(\d)"(?: value="([^"]*)")?', html)
        return [value for _n, value in values], html

    typed = {**TYPED, "evidence_title_0": "One", "evidence_url_0": "https://one.example.org"}
    assert links(add_link="1")[0] == ["One", ""]
    typed |= {"evidence_title_1": "Two", "evidence_url_1": "", "narrative": "Stays."}
    shown, html = links(remove_link="0")
    assert shown == ["Two"] and "Stays." in html, "a half typed link is no mistake here"
    assert links(remove_link="9")[0] == ["One", "Two"]
    assert not AnswerVersion.objects.exists()
