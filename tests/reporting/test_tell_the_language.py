"""A report says in which language it is written, and whether its text is a translation."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from members.models import Event, User
from reporting import actions, workflow
from reporting.models import PublishedReport, Report
from tests.cast import sign_in

from .conftest import OPENED
from .test_writing_pages import HOME, words

pytestmark = pytest.mark.django_db
FRENCH = {"language": "fr", "unofficial_translation": True}


def test_what_was_told_stands_on_the_task_list_and_once_in_the_history(
    client: Client, focal_point: User, report: Report
) -> None:
    sign_in(client, focal_point)
    sent = {"language": "fr", "unofficial_translation": "on"}
    for _again in range(2):
        assert client.post(f"{HOME}language/", sent)["Location"] == HOME
    assert "French, unofficial translation" in words(client.get(HOME))
    assert Event.objects.filter(verb="language").count() == 1
    refused = client.post(f"{HOME}language/", {"language": "tlh"})
    assert refused.status_code == 400 and "Select a valid choice" in words(refused)


def test_it_is_published_with_the_version_that_said_it(
    client: Client, bring: Callable[[str], Report], report: Report, focal_point: User
) -> None:
    actions.say_language(report, **FRENCH, by=focal_point, at=OPENED)
    report.refresh_from_db()
    bring("published")
    row = PublishedReport.objects.get()
    assert (row.language, row.unofficial_translation) == ("fr", True)
    assert "in French, unofficial translation" in words(client.get("/members/ALB/"))
    assert "fr" not in row.row.split('"'), "the fields of the API stay as they are"


def test_a_stranger_a_wrong_code_and_a_sent_report_are_refused(
    bring: Callable[[str], Report], focal_point: User, outsider: User
) -> None:
    report = bring("submitted")
    with pytest.raises(PermissionDenied):
        actions.say_language(report, **FRENCH, by=outsider, at=OPENED)
    with pytest.raises(ValidationError):
        actions.say_language(
            report, language="tlh", unofficial_translation=False, by=focal_point, at=OPENED
        )
    with pytest.raises(workflow.WrongMoment):
        actions.say_language(report, **FRENCH, by=focal_point, at=OPENED)
    report.refresh_from_db()
    assert (report.language, Event.objects.filter(verb="language").exists()) == ("en", False)
