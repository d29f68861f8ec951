"""Whoever holds an acknowledgement asks whether it is genuine; nobody else learns anything."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from members.models import Message, User
from reporting import acknowledgements, actions
from reporting.models import Report, Version
from tests.cast import sign_in

from .conftest import OPENED

pytestmark = pytest.mark.django_db
UNKNOWN = "Not known here."


def ask(client: Client, reference: str, version: str, sha256: str) -> Any:
    typed = {"reference": reference, "version": version, "sha256": sha256}
    return client.post("/verify/", typed)


def answer(page: Any) -> str:
    """The words of the answer alone."""
    assert page.status_code == 200
    [said] = re.findall(r'role="status"><p>(.*?)</p>', page.content.decode(), re.S)
    return str(said)


@pytest.fixture
def version(bring: Callable[[str], Report]) -> Version:
    return bring("submitted").versions.get()


@pytest.mark.parametrize(
    "named",
    [
        *("1", "version 1", "1 February 2026, 09:00:00 UTC", "2026-02-01T09:00:00Z"),
        *("1 février 2026, 09:00:00 UTC", "1 فبراير 2026، 09:00:00 UTC"),
        "\u200e1\u200e",
    ],
)
def test_an_acknowledgement_is_genuine_by_its_number_or_its_time(
    named: str, client: Client, version: Version
) -> None:
    assert "Genuine and current." in answer(ask(client, "2026-ALB", named, version.sha256))
    spaced = f" {version.sha256[:32].upper()} {version.sha256[32:]} "
    assert "Genuine and current." in answer(ask(client, "2026-alb", named, spaced))


def test_who_holds_a_genuine_one_reads_when_it_was_really_submitted(
    client: Client, version: Version
) -> None:
    page = ask(client, "2026-ALB", "1", version.sha256).content.decode()
    assert "2026-ALB, version 1, submitted at 2026-02-01 09:00:00 UTC" in page
    assert "The register says" not in ask(client, "2026-ALB", "1", "0" * 64).content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_reference_may_be_copied_with_its_version_as_it_is_printed(
    client: Client, version: Version, language: str
) -> None:
    with translation.override(language):
        lines = acknowledgements.as_text(version, "Albania").splitlines()
    printed = lines[2].partition(": ")[2]
    assert printed.startswith("2026-ALB") and printed.endswith("1")
    for number, told in (("1", "Genuine and current."), ("2", UNKNOWN)):
        page = ask(client, f"{printed[:-1]}{number}", "1", version.sha256)
        assert told in answer(page), number


def test_names_are_compared_where_they_are_typed(
    client: Client, version: Version, focal_point: User
) -> None:
    right = {"reference": "2026-ALB", "version": "1", "sha256": version.sha256}
    for names, told in (
        ({"member": "alb", "by": str(focal_point).upper()}, "Genuine and current."),
        ({"member": "", "by": str(focal_point)}, "Genuine and current."),
        ({"member": "BEL"}, UNKNOWN),
        ({"by": "Somebody Else"}, UNKNOWN),
    ):
        assert told in answer(client.post("/verify/", right | names)), names


def test_who_takes_another_name_or_is_forgotten_leaves_a_genuine_receipt(
    client: Client, version: Version, focal_point: User
) -> None:
    right = {"reference": "2026-ALB", "version": "1", "sha256": version.sha256}
    before = str(focal_point)
    for now in ("Another Name", ""):
        User.objects.filter(pk=focal_point.pk).update(name=now)
        for name, told in ((before, "Genuine and current."), ("Nobody", UNKNOWN)):
            assert told in answer(client.post("/verify/", right | {"by": name})), name
    later = acknowledgements.as_text(Version.objects.get(), "Albania").encode()
    assert (
        acknowledgements.judged(
            **acknowledgements.read(later), named=acknowledgements.names(later)
        )[0]
        == "current"
    )


def test_the_mail_leads_to_the_page(version: Version) -> None:
    assert "\nhttp" in (body := Message.objects.get(subject__endswith="received").body)
    assert "/verify/\n" in body


def test_a_later_version_is_told_of(client: Client, version: Version, focal_point: User) -> None:
    report = version.report
    actions.recall(report, by=focal_point, at=OPENED)
    second = actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    earlier = answer(ask(client, "2026-ALB", "1", version.sha256))
    assert "Genuine, but a later version was submitted." in earlier
    assert "Genuine and current." in answer(ask(client, "2026-ALB", "2", second.sha256))
    assert UNKNOWN in answer(ask(client, "2026-ALB", "2", version.sha256))


def test_a_version_that_its_member_took_back_is_not_called_current(
    client: Client, version: Version, focal_point: User
) -> None:
    actions.recall(version.report, by=focal_point, at=OPENED)
    told = answer(ask(client, "2026-ALB", "1", version.sha256))
    assert "Genuine, but withdrawn by the member." in told
    assert "current" not in told


def test_a_published_version_stands_while_a_new_one_is_written_or_was_taken_back(
    client: Client, bring: Callable[[str], Report], focal_point: User
) -> None:
    report = bring("published")
    first = report.versions.get()
    actions.reopen(report, by=focal_point, at=OPENED)
    assert "Genuine and current." in answer(ask(client, "2026-ALB", "1", first.sha256))
    second = actions.submit(report, by=focal_point, key=uuid.uuid4(), at=OPENED)
    later = answer(ask(client, "2026-ALB", "1", first.sha256))
    assert "a later version was submitted" in later
    actions.recall(report, by=focal_point, at=OPENED)
    assert "Genuine and current." in answer(ask(client, "2026-ALB", "1", first.sha256))
    assert "withdrawn by the member" in answer(ask(client, "2026-ALB", "2", second.sha256))


def test_everything_else_gets_one_and_the_same_answer(client: Client, version: Version) -> None:
    right = ("2026-ALB", "1", version.sha256)
    wrong = [
        ("2026-BEL", "1", version.sha256),
        ("2026-ZZZ", "1", version.sha256),
        ("nothing", "1", version.sha256),
        ("2026-ALB", "2", version.sha256),
        ("2026-ALB", "", version.sha256),
        ("2026-ALB", "2 February 2026, 09:00:00 UTC", version.sha256),
        ("2026-ALB", "1", "0" * 64),
        ("2026-ALB", "1", version.sha256[:-1]),
        ("2026-ALB", "1", ""),
        ("2026-BEL", "1", ""),
        ("2026-ALB", "1", "a\u202eb"),
        ("2026-ALB", "1", "\u00e9" * 64),
        ("", "", ""),
    ]
    assert "Genuine" in answer(ask(client, *right))
    assert {answer(ask(client, *typed)) for typed in wrong} == {answer(ask(client, "x", "1", "2"))}
    assert UNKNOWN in answer(client.post("/verify/"))


def test_a_draft_and_a_report_that_does_not_exist_take_the_same_queries(
    client: Client, report: Report, django_assert_num_queries: Any
) -> None:
    for reference in ("2026-ALB", "2026-ZZZ"):
        with django_assert_num_queries(1):
            assert UNKNOWN in answer(ask(client, reference, "1", "0" * 64))


def test_the_fingerprint_is_compared_without_telling_how_much_of_it_is_right(
    client: Client, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []

    def compare(ours: bytes, given: bytes) -> bool:
        compared.append(given)
        return True

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert "Genuine" in answer(ask(client, "2026-ALB", "1", "0"))
    assert UNKNOWN in answer(ask(client, "2026-BEL", "1", "0"))
    assert compared.count(b"0") == 2, "once for each, also where there is no report"


def test_the_acknowledgement_leads_to_the_page(
    client: Client, version: Version, focal_point: User
) -> None:
    sign_in(client, focal_point)
    assert 'href="/verify/"' in client.get("/reporting/2026-ALB/submitted/1/").content.decode()
    assert 'method="post"' in client.get("/verify/").content.decode()
    assert client.get("/verify/?reference=2026-ALB").status_code == 400
