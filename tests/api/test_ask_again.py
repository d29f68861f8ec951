"""An analyst asks again: 304 while the public data are the same, a new answer when they are not."""

import datetime as dt
import subprocess
import sys
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.http import http_date, parse_http_date

from commitments import serializers
from commitments.models import Commitment, Theme
from members.api import freshness
from members.models import Event, Member, Message, Name, PublicVersion
from reporting.models import Answer, Cycle, Extension, Report

from .published import publish_report
from .reading import DATED, RESOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
ADDRESSES = [
    *("", "schema/", *(f"{name}/" for name in RESOURCES)),
    *("members/ALB/", "commitments/2012-T1/", "reports/2026-ALB/", "cycles/2026/"),
]


def etag(client: Client, address: str = "members/", **headers: str) -> str:
    return client.get(f"/api/v1/{address}", headers=headers)["ETag"]


@pytest.fixture
def _long_ago(published: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code and the data changed a while before the requests of the test."""
    past = timezone.now() - dt.timedelta(minutes=5)
    monkeypatch.setattr(freshness, "code_changed_at", lambda: past)
    PublicVersion.objects.update(changed_at=past)


def test_two_workers_of_one_server_name_the_same_moment() -> None:
    ask = "import django; django.setup(); from members.api import freshness as f; "
    ask += "print(f.code_version(), f.code_changed_at().timestamp())"
    told = set()
    for _ in range(2):
        time.sleep(1)  # moments are told in whole seconds
        worker = [sys.executable, "-c", ask]
        told.add(subprocess.run(worker, capture_output=True, text=True, check=True).stdout)
    assert len(told) == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_held_is_not_sent_again_and_costs_one_query(client: Client, address: str) -> None:
    held = etag(client, address)
    for sent in (held, f"W/{held}", f'"x", {held}'):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(f"/api/v1/{address}", headers={"If-None-Match": sent})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer["ETag"] == held
        assert len(asked) == 1


@pytest.mark.usefixtures("_long_ago")
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_has_not_changed_since_is_not_sent_again(client: Client, address: str) -> None:
    modified = client.get(f"/api/v1/{address}")["Last-Modified"]
    same = client.get(f"/api/v1/{address}", headers={"If-Modified-Since": modified})
    assert same.status_code == 304
    before = http_date(parse_http_date(modified) - 1)
    older = client.get(f"/api/v1/{address}", headers={"If-Modified-Since": before})
    assert older.status_code == 200


def test_a_change_within_the_same_second_is_not_missed(client: Client) -> None:
    modified = client.get("/api/v1/members/")["Last-Modified"]
    Member.objects.filter(code="ALB").update(joined_on=dt.date(2020, 1, 1))
    again = client.get("/api/v1/members/", headers={"If-Modified-Since": modified})
    assert again.status_code == 200


@pytest.mark.parametrize("held", ["*", "If-Modified-Since"])
def test_conditions_do_not_hide_what_is_not_there(client: Client, held: str) -> None:
    later = http_date(timezone.now().timestamp() + 3600)
    headers = {"If-None-Match": "*"} if held == "*" else {held: later}
    assert client.get("/api/v1/members/XXX/", headers=headers).status_code == 404
    assert client.get("/api/v1/members/?kind=x", headers=headers).status_code == 400
    assert client.get("/api/v1/members/ALB/", headers=headers).status_code == 304


def test_a_condition_that_fails_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/members/", headers={"If-Match": '"another"'})
    assert answer.status_code == 412
    assert answer["Content-Type"] == "application/problem+json"
    same = client.get("/api/v1/members/", headers={"If-Match": etag(client)})
    assert same.status_code == 200


def public_changes() -> dict[str, Any]:
    """Something that changes a public row, by what is changed."""
    member = Member.objects.get(code="ALB")
    return {
        "a member": lambda: Member.objects.filter(pk=member.pk).update(left_on="2030-01-01"),
        "a name": lambda: Name.objects.create(member=member, text="A", source="B"),
        "a theme": lambda: Theme.objects.create(code="new", label="New"),
        "a clause": lambda: Commitment.objects.filter(reference="2012-T1").update(title="T"),
        "a cycle": lambda: Cycle.objects.filter(code="2028").update(due_on="2028-08-01"),
        "a report": lambda: publish_report("AUT"),
    }


@pytest.mark.parametrize(
    "what", ["a member", "a name", "a theme", "a clause", "a cycle", "a report"]
)
def test_the_etag_changes_with_every_public_row(client: Client, what: str) -> None:
    held = etag(client)
    public_changes()[what]()
    assert etag(client) != held


@pytest.mark.usefixtures("_long_ago")
def test_nothing_unpublished_moves_a_single_byte(client: Client, focal_point: Any) -> None:
    def everything() -> list[tuple[bytes, dict[str, str]]]:
        answers = [client.get(f"/api/v1/{address}") for address in ADDRESSES]
        answers += [client.get(f"/api/v1/{name}/?as_of=2026-08-01") for name in DATED]
        answers += [
            client.get("/api/v1/progress/?q=secret"),
            client.get("/api/v1/reports/2026-AUT/"),
        ]
        return [(answer.content, dict(answer.headers)) for answer in answers]

    before = everything()
    cycle, member = Cycle.objects.get(code="2026"), Member.objects.get(code="AUT")
    report = Report.objects.create(cycle=cycle, member=member, synthetic=True)
    answer = Answer.objects.create(
        report=report,
        commitment=Commitment.objects.get(reference="2012-T1"),
        narrative="secret",
        status="implemented",
    )
    Answer.objects.filter(pk=answer.pk).update(narrative="another secret", version=2)
    Message.objects.create(kind="workflow", to="a@example.org", subject="s", body="b")
    assert Event.objects.count() == 0
    assert everything() == before


def test_a_decision_on_a_due_date_shows_once_it_is_published(client: Client, editor: Any) -> None:
    held = etag(client)
    decided = Extension.objects.create(
        cycle=Cycle.objects.get(code="2026"),
        member=Member.objects.get(code="AUT"),
        reason="An election.",
        decided_by=editor,
        decided_on=dt.date(2026, 6, 1),
    )
    Extension.objects.filter(pk=decided.pk).update(reason="A general election.")
    assert etag(client) == held
    tags = {held}
    for published_on in (dt.date(2027, 2, 1), dt.date(2027, 2, 2), None):
        Extension.objects.filter(pk=decided.pk).update(published_on=published_on)
        tags.add(etag(client))
    assert len(tags) == 4


def test_loading_the_same_registry_again_changes_nothing(client: Client) -> None:
    held = etag(client)
    call_command("load_registry", verbosity=0)
    assert etag(client) == held


def test_the_etag_goes_with_the_query_the_host_and_the_settings(
    client: Client, settings: Any
) -> None:
    tags = [
        etag(client),
        etag(client, "members/?page_size=5"),
        etag(client, "members/?page_size=6"),
        etag(client, "signatures/"),
        etag(client, Host="localhost"),
    ]
    settings.DEMO = not settings.DEMO
    tags.append(etag(client))
    settings.FIRST_CYCLE += 2
    tags.append(etag(client))
    assert len(set(tags)) == len(tags)


def test_the_etag_changes_when_a_day_or_a_deadline_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(text: str) -> str:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromisoformat(text))
        return etag(client, "cycles/")

    assert at("2026-07-02T00:00:00Z") == at("2026-07-02T11:59:59Z")
    assert at("2026-07-02T11:59:59Z") != at("2026-07-02T12:00:00Z")
    assert at("2026-07-02T23:59:59Z") != at("2026-07-03T00:00:00Z")


def test_the_etag_changes_with_the_code(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held = etag(client)
    monkeypatch.setattr(freshness, "code_version", lambda: "another")
    assert etag(client) != held


def test_whatever_the_reader_speaks_the_answer_is_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    monkeypatch.setattr(serializers, "reason", lambda line: translation.get_language())
    plain = client.get("/api/v1/obligations/?member=ALB&page_size=1")
    french = {"Accept-Language": "fr"}
    assert client.get("/cycles/", headers=french)["Content-Language"] == "fr"
    same = client.get("/api/v1/obligations/?member=ALB&page_size=1", headers=french)
    assert same.json()["results"][0]["reason"] == "en"
    assert same.content == plain.content
    assert same["ETag"] == plain["ETag"]
    assert same["Content-Language"] == "en"


def test_an_error_is_never_taken_for_the_answer(client: Client) -> None:
    for address in ("members/XXX/", "members/?kind=x"):
        answer = client.get(f"/api/v1/{address}")
        assert "ETag" not in answer
        assert "Last-Modified" not in answer
