"""Someone reads the public pages in French or Arabic; what was printed in English stays so."""

import datetime as dt
import re

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import timezone, translation

from commitments.models import Commitment, Statement, Theme
from members.languages import in_order, said
from members.models import Group, Member
from reporting import definition, summaries
from reporting.models import Printed
from reporting.workbooks import layout
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db

PAGES = [
    *("/", "/statements/", "/statements/2014-GOV/", "/commitments/", "/commitments/2012-S2/"),
    *("/members/", "/members/ALB/", "/matrix/", "/cycles/", "/compare/", "/search/?q=taskforce"),
    *("/data/", "/data/dictionary/", "/data/errata/", "/summaries/", "/about/", "/verify/"),
]
# Of the frame, the forms and the tables; none of them may be left over.
ENGLISH = [
    *("Skip to content", "Statements<", "Commitments<", "Members<", "Sign in", "Privacy"),
    *("What the figures do not say", "All statements", "government member", "Adopted", "Search<"),
]


@pytest.mark.parametrize(("language", "way"), [("fr", "ltr"), ("ar", "rtl")])
def test_every_public_page_is_in_the_language(client: Client, language: str, way: str) -> None:
    client.cookies["django_language"] = language
    for path in PAGES:
        answer = client.get(path)
        html = answer.content.decode()
        assert answer.status_code == 200, path
        assert f'<html lang="{language}" dir="{way}">' in html, path
        assert 'class="unreviewed"' in html, path
        ours = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", html, flags=re.DOTALL)
        assert [words for words in ENGLISH if words in ours] == [], path


def test_what_was_printed_stays_and_is_marked(client: Client) -> None:
    client.cookies["django_language"] = "ar"
    text = Commitment.objects.get(reference="2012-S3").text
    html = client.get("/commitments/2012-S3/").content.decode()
    assert f'<blockquote lang="en" dir="ltr">{text}</blockquote>' in html


def test_a_name_that_is_no_word_of_the_language_is_marked_as_english(client: Client) -> None:
    marked = '<span lang="en" dir="ltr">Internet Watch Foundation</span>'
    for path in ("/members/", "/members/IWF/", "/search/?q=watch"):
        client.cookies["django_language"] = "fr"
        assert marked in client.get(path).content.decode(), path
        client.cookies["django_language"] = "en"
        english = client.get(path).content.decode()
        assert "Internet Watch Foundation" in english and marked not in english, path
    client.cookies["django_language"] = "fr"
    assert "<h1>Albanie</h1>" in client.get("/members/ALB/").content.decode()


def test_our_words_for_data_are_translated() -> None:
    ours = {
        *Commitment.objects.values_list("title", flat=True),
        *Theme.objects.values_list("label", flat=True),
        *Statement.objects.values_list("place", flat=True),
        *Group.objects.values_list("name", flat=True),
    }
    members = Member.objects.filter(kind=Member.Kind.GOVERNMENT).named(LONG_AGO)
    ours |= {member.display_name for member in members}
    with translation.override("ar"):
        assert [word for word in ours if said(word) == word] == []
        assert said("Internet Watch Foundation") == "Internet Watch Foundation"


def test_names_stand_in_the_order_of_the_language() -> None:
    found = Member.objects.filter(code__in=["EST", "DEU", "ZZZ", "ALB", "SWE"]).named(LONG_AGO)
    with translation.override("fr"):
        names = [member.display_name for member in in_order(found)]
    assert names == ["Albanie", "Allemagne", "Estonie", "Suède"]


def test_a_member_is_found_by_its_name_in_the_language(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    assert 'href="/members/DEU/"' in client.get("/search/?q=allemagne").content.decode()


def test_a_workbook_filled_in_in_arabic_is_read_in_english() -> None:
    status = definition.from_data(definition.as_data())["status"]
    with translation.override("ar"):
        label = layout.label_of(status, "in_progress")
    assert label != "In progress"
    assert layout.value_of(status, label) == "in_progress"


def test_days_and_lists_are_written_as_the_language_writes_them(client: Client) -> None:
    pages = {}
    for language in ("fr", "ar"):
        client.cookies["django_language"] = language
        # The dictionary's words for columns and codes are those of the files, in English.
        paths = [path for path in PAGES if path != "/data/dictionary/"]
        pages[language] = {path: client.get(path).content.decode() for path in paths}
    assert "1er juillet" in pages["fr"]["/"] and "1er juillet" in pages["fr"]["/members/ALB/"]
    for path, html in pages["fr"].items():
        assert not re.search(r"\b1 (?:janvier|juillet|décembre)", html), path
        assert re.findall(r"[a-zé»\d] ?[:;!?] [a-zé].{20}", _ours(html)) == [], path
    for path, html in pages["ar"].items():
        assert re.findall(r".{20}[\u0600-\u06ff] ?[,;] .{20}", _ours(html)) == [], path


def _ours(html: str) -> str:
    """The words of a page without what is quoted in English, examples and drawings of the head."""
    rest = re.sub(r"<(head|script|pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)
    rest = re.sub(r'<(\w+)[^>]* lang="en".*?</\1>', "", rest, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", rest)


def test_a_moment_has_the_comma_of_the_language() -> None:
    moment = Context({"at": dt.datetime(2026, 12, 1, 21, 0, tzinfo=dt.UTC)})
    shown = Template('{{ at|date:"j F Y, H:i" }}')
    with translation.override("ar"):
        assert shown.render(moment) == "1 ديسمبر 2026، 21:00"
    with translation.override("fr"):
        assert shown.render(moment) == "1er décembre 2026, 21:00"
        assert Template('{{ none|date:"j F Y" }}').render(Context({"none": None})) == ""


def test_a_file_that_is_in_english_says_so(client: Client) -> None:
    [built] = summaries.build(["cycle-2026"], now=timezone.now())
    Printed.objects.create(summary=built, sha256="0" * 64, pdf=b"%PDF")
    client.cookies["django_language"] = "fr"
    for ending in ("csv", "xlsx", "pdf"):
        answer = client.get(f"/summaries/cycle-2026.{ending}")
        assert (answer.status_code, answer["Content-Language"]) == (200, "en"), ending
    assert client.get("/summaries/cycle-2026/")["Content-Language"] == "fr"
    assert client.get("/data/bulk/SHA256SUMS")["Content-Language"] == "en"
