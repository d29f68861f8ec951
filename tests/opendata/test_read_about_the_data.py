"""An analyst reads what there is, what it means, how to quote it; and nothing else shows."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client

from commitments.models import Commitment
from members.missing import REASONS
from members.models import Member
from reporting.models import Answer, Cycle, Report
from tests.api.reading import RESOURCES

from .reading import FORMS

pytestmark = pytest.mark.django_db


def test_the_page_leads_to_everything(client: Client, settings: Any) -> None:
    html = client.get("/data/").content.decode()
    for name in RESOURCES:
        for form in FORMS:
            assert f'href="/api/v1/exports/{name}.{form}"' in html
    for code in REASONS:
        assert f"<code>{code}</code>" in html
    assert settings.DATA_LICENCE[2] in html
    assert f"Data as of {dt.datetime.now(dt.UTC).date()}." in html
    assert 'href="/data/dictionary/"' in html


def test_search_engines_find_the_data_set_described(client: Client, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"
    html = client.get("/data/").content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    told = json.loads(text)
    assert told["@type"] == "Dataset"
    assert told["license"] == settings.DATA_LICENCE[2]
    for one in told["distribution"][:4]:
        answer = client.head(one["contentUrl"].removeprefix("http://testserver"))
        assert answer["Content-Type"].partition(";")[0] == one["encodingFormat"]


def test_the_description_has_what_search_engines_ask_for(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://register.example"
    for settings.DEMO in (True, False):
        html = client.get("/data/").content.decode()
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        told = json.loads(text)
        assert told["@context"] == "https://schema.org"
        assert told["name"]
        assert 50 <= len(told["description"]) <= 5000
        assert ("SYNTHETIC" in told["description"]) is settings.DEMO
        assert told["creator"]["@type"] == "Organization"
        assert told["creator"]["name"]
        for name in ("url", "identifier", "license"):
            assert told[name].startswith("https://")
        assert dt.date.fromisoformat(told["dateModified"])
        assert dt.date.fromisoformat(told["temporalCoverage"].removesuffix("/.."))
        assert len(told["variableMeasured"]) == len(RESOURCES)
        assert told["isAccessibleForFree"] is True
        for one in told["distribution"]:
            assert one["@type"] == "DataDownload"
            assert one["contentUrl"].startswith("https://register.example/")
            assert "/" in one["encodingFormat"]


def test_nothing_ends_the_description_early(client: Client, settings: Any) -> None:
    settings.DATA_LICENCE = ("x", "</script><b>", "</script><script>alert(1)</script>&")
    html = client.get("/data/").content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert json.loads(text)["license"] == settings.DATA_LICENCE[2]


def test_the_dictionary_is_a_page_too(client: Client) -> None:
    html = client.get("/data/dictionary/").content.decode()
    for dataset in client.get("/api/v1/dictionary/").json()["datasets"]:
        assert f'id="{dataset["code"]}"' in html
        for column in dataset["columns"]:
            assert f"<code>{column['code']}</code>" in html


@pytest.mark.usefixtures("published")
def test_a_draft_changes_no_byte_of_what_can_be_taken_away(client: Client) -> None:
    addresses = ["/data/", "/data/dictionary/", "/feeds/published.atom", "/api/v1/dictionary/"]
    addresses += [f"/api/v1/exports/{name}.{form}" for name in RESOURCES for form in FORMS[:3]]

    def everything() -> list[tuple[bytes, dict[str, str]]]:
        answers = [client.get(address) for address in addresses]
        for answer in answers:
            answer.headers.pop("Last-Modified", None)  # settles by itself after two seconds
        return [(answer.getvalue(), dict(answer.headers)) for answer in answers]

    before = everything()
    cycle, member = Cycle.objects.get(code="2026"), Member.objects.get(code="AUT")
    report = Report.objects.create(cycle=cycle, member=member, synthetic=True)
    clause = Commitment.objects.get(reference="2012-T1")
    facts = {"narrative": "secret", "status": "implemented"}
    Answer.objects.create(report=report, commitment=clause, **facts)
    assert everything() == before


def test_the_limit_is_told_as_what_it_is(client: Client) -> None:
    html = client.get("/api/").content.decode()
    assert "Each process of the site counts for itself" in html
