"""The secretariat says what was published wrong; everyone can read what is right, for good."""

import datetime as dt
import uuid
from typing import Any

import pytest
from defusedxml import ElementTree
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from members.events import broken_links
from members.models import Event, PublicVersion, User
from reporting import actions
from reporting.api.urls import RESOURCES
from reporting.models import Erratum
from tests.cast import play, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 7, 12)
SAID: dict[str, Any] = {
    "what": "A report was counted twice <b>.",
    "published_in": "The page of the round 2024, and the zip of 1 July 2026.",
    "dataset": "cycles",
    "figure": "reports published of the round 2024, government members",
    "old_value": 42,
    "old_denominator": 70,
    "new_value": 41,
    "new_denominator": 70,
    "wrong_since": dt.date(2026, 7, 1),
    "corrected_on": DAY,
    "corrects": None,
}


def publish(by: User, **said: Any) -> Erratum:
    given = {"on": DAY, "key": uuid.uuid4()} | SAID | said
    return actions.publish_erratum(by=by, **given)


def typed(**said: Any) -> dict[str, Any]:
    """What the form sends."""
    facts = SAID | {"corrected_on": timezone.now().date(), "read_again": "on"} | said
    facts.setdefault("key", str(uuid.uuid4()))
    return {name: value for name, value in facts.items() if value is not None}


def rows(client: Client, **asked: Any) -> list[dict[str, Any]]:
    return client.get("/api/v1/errata/", asked).json()["results"]


# Publishing an entry


def test_a_reviewer_publishes_one_and_everyone_reads_it(client: Client, reviewer: User) -> None:
    sign_in(client, reviewer)
    sent = client.post("/secretariat/errata/", typed())
    assert (sent.status_code, sent["Location"]) == (302, "/data/errata/#e1")
    client.logout()
    html = client.get("/data/errata/").content.decode()
    assert 'id="e1"' in html
    assert "42 of 70" in html
    assert "41 of 70" in html
    assert "A report was counted twice &lt;b&gt;." in html
    (row,) = rows(client)
    assert row["number"] == 1
    assert (row["old_value"], row["old_denominator"]) == (42, 70)
    assert (row["new_value"], row["new_denominator"]) == (41, 70)
    assert row["wrong_since"] == "2026-07-01"
    assert row["corrects"] is None
    assert client.get("/api/v1/errata/1/").json() == row


def test_the_act_is_on_record(reviewer: User) -> None:
    publish(reviewer)
    event = Event.objects.get(chain="errata")
    assert (event.verb, event.actor, event.number) == ("publish_erratum", reviewer, 1)
    assert event.detail["old_value"] == 42
    assert "twice" not in str(event.detail)
    assert broken_links("errata") == []


def test_what_everyone_holds_is_asked_for_again(reviewer: User) -> None:
    before = PublicVersion.objects.get(pk=1).number
    publish(reviewer)
    assert PublicVersion.objects.get(pk=1).number > before


@pytest.mark.parametrize(
    "part", ["editor", "analyst", "focal_point", "contributor", "former", "disabled"]
)
def test_nobody_else_publishes_one(part: str) -> None:
    with pytest.raises(PermissionDenied):
        publish(play(part))
    assert not Erratum.objects.exists()


def test_the_same_form_sent_twice_is_one_entry(client: Client, reviewer: User) -> None:
    sign_in(client, reviewer)
    form = typed()
    assert client.post("/secretariat/errata/", form)["Location"] == "/data/errata/#e1"
    assert client.post("/secretariat/errata/", form)["Location"] == "/data/errata/#e1"
    assert Erratum.objects.count() == 1
    assert Event.objects.filter(chain="errata").count() == 1


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("what", {"what": ""}),
        ("what", {"what": "d41d8cd98f00b204e9800998ecf8427e"}),
        ("published_in", {"published_in": None}),
        ("dataset", {"dataset": "drafts"}),
        ("figure", {"figure": ""}),
        ("figure", {"figure": "a\x00b"}),
        ("old_value", {"old_value": None, "old_denominator": None}),
        ("old_value", {"old_value": None, "new_value": None, "new_denominator": None}),
        ("old_value", {"old_value": "-1"}),
        ("new_value", {"new_value": None}),
        ("new_value", {"new_value": "9" * 30}),
        ("corrected_on", {"corrected_on": "2099-01-01"}),
        ("corrected_on", {"corrected_on": "12/07/2026"}),
        ("wrong_since", {"wrong_since": timezone.now().date() + dt.timedelta(days=9)}),
        ("corrects", {"corrects": "7"}),
        ("corrects", {"corrects": "9" * 40}),
        ("key", {"key": "x"}),
        ("read_again", {"read_again": None}),
    ],
)
def test_a_form_that_cannot_be_is_sent_back_and_nothing_is_stored(
    client: Client, reviewer: User, field: str, said: dict[str, Any]
) -> None:
    sign_in(client, reviewer)
    answer = client.post("/secretariat/errata/", typed(**said))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Erratum.objects.exists()
    assert not Event.objects.filter(chain="errata").exists()


def test_an_entry_of_words_alone_needs_no_figure(client: Client, reviewer: User) -> None:
    none = dict.fromkeys(("old_value", "old_denominator", "new_value", "new_denominator"))
    publish(reviewer, **none, figure="", dataset="", wrong_since=None)
    (row,) = rows(client)
    for name in ("dataset", "figure", "old_value", "new_denominator", "wrong_since"):
        assert row[name] is None
    assert "not known" in client.get("/data/errata/").content.decode()


def test_a_figure_can_be_withdrawn_without_another(client: Client, reviewer: User) -> None:
    publish(reviewer, new_value=None, new_denominator=None)
    assert "withdrawn, without another" in client.get("/data/errata/").content.decode()
    feed = client.get("/feeds/published.atom").content.decode()
    assert "42 of 70 is withdrawn." in feed


# Entries stay


def test_a_correction_of_a_correction_is_a_new_entry(client: Client, reviewer: User) -> None:
    first = publish(reviewer)
    publish(reviewer, corrects=first, old_value=41, new_value=40, dataset="errata")
    assert [row["corrects"] for row in rows(client)] == [None, 1]
    html = client.get("/data/errata/").content.decode()
    assert html.index('id="e2"') < html.index('id="e1"')
    assert html.count('href="#e2"') == 2  # its own address, and "corrected by"


def test_no_entry_is_changed_or_deleted(reviewer: User) -> None:
    entry = publish(reviewer)
    for attempt in (
        lambda: Erratum.objects.update(new_value=1),
        lambda: Erratum.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Erratum.objects.get().new_value == 41


@pytest.mark.parametrize(
    "said",
    [
        {"figure": ""},
        {"old_value": None},
        {"new_value": None},
        {"corrected_on": dt.date(2026, 6, 1)},
        {"corrected_on": DAY + dt.timedelta(days=1)},
    ],
)
def test_the_database_refuses_what_makes_no_sense(said: dict[str, Any]) -> None:
    facts = SAID | {"number": 1, "published_on": DAY, "key": uuid.uuid4()} | said
    with pytest.raises(IntegrityError), transaction.atomic():
        Erratum.objects.create(**facts)


def test_a_day_to_come_is_refused(reviewer: User) -> None:
    with pytest.raises(ValidationError) as refused:
        publish(reviewer, on=timezone.now().date() + dt.timedelta(days=9))
    assert "published_on" in refused.value.message_dict


# Taking them away


def test_a_day_is_asked_for(client: Client, reviewer: User) -> None:
    publish(reviewer)
    assert rows(client, as_of="2026-07-11") == []
    assert len(rows(client, as_of="2026-07-12")) == 1
    assert client.get("/api/v1/errata/1/?as_of=2026-07-11").status_code == 404


def test_entries_of_a_dataset_are_asked_for(client: Client, reviewer: User) -> None:
    publish(reviewer)
    assert len(rows(client, dataset="cycles,members")) == 1
    assert rows(client, dataset="members") == []
    assert client.get("/api/v1/errata/?dataset=drafts").status_code == 400


@pytest.mark.parametrize("key", ["2", "0", "01", "x", "e1", "9" * 40])
def test_what_is_no_number_is_not_there(client: Client, reviewer: User, key: str) -> None:
    publish(reviewer)
    assert client.get(f"/api/v1/errata/{key}/").status_code == 404


def test_the_feed_tells_of_it_under_an_id_that_stays(client: Client, reviewer: User) -> None:
    publish(reviewer)
    feed = ElementTree.fromstring(client.get("/feeds/published.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.iter(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "Erratum 1"
    assert entry.findtext(f"{atom}id").endswith(",2026:errata/1")
    assert entry.find(f"{atom}link").get("href").endswith("/data/errata/#e1")
    told = entry.findtext(f"{atom}summary")
    assert "twice &lt;b&gt;." in told
    assert "not 42 of 70 but 41 of 70" in told


def test_invented_entries_are_marked_everywhere(client: Client, reviewer: User) -> None:
    publish(reviewer, synthetic=True)
    assert client.get("/api/v1/errata/")["X-Data"] == "synthetic"
    export = client.get("/api/v1/exports/errata.csv")
    assert export["X-Data"] == "synthetic"
    assert 'filename="synthetic-errata-' in export["Content-Disposition"]
    feed = client.get("/feeds/published.atom")
    assert feed["X-Data"] == "synthetic"
    assert "[Synthetic] Erratum 1" in feed.content.decode()
    assert '<span class="synthetic">' in client.get("/data/errata/").content.decode()


def test_every_dataset_can_be_named() -> None:
    assert set(Erratum.Dataset.values) == {resource.name for resource in RESOURCES}
