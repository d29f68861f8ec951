"""The secretariat tries another day for reminders, and nothing is done."""

import pytest
from django.test import Client

from members.models import Message, User
from tests.cast import sign_in
from tests.reporting.reminding import BEFORE, noon
from tests.reporting.test_rehearse_reminders import PAGE, Clock, _one_round, clock, words

__all__ = ["_one_round", "clock"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_trial_that_changes_nothing_says_so(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, editor)
    assert "The trial" not in words(client.get(PAGE))
    for same in (
        {"milestone": "after_7", "offset_days": "7"},
        {"cycle": "2026", "due_on": "2026-07-01"},
    ):
        assert "The trial changes nothing: until 30 August 2026" in words(client.get(PAGE, same))
    other = words(client.get(PAGE, {"milestone": "after_7", "offset_days": "14"}))
    assert "messages that would be added: 1, that would go: 1, that would say" in other


def test_a_letter_that_would_tell_another_day_is_marked_and_keeps_the_trial_in_its_link(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    page = words(sign_in(client, editor).get(PAGE, {"cycle": "2026", "due_on": "2026-07-11"}))
    assert "1 June 2026<br><strong>would change</strong>" in page, "the opening, of another day"
    assert f'href="{PAGE}{focal_point.pk}/2026-06-01/?cycle=2026&amp;due_on=2026-07-11"' in page
    assert "that would go: 1, that would say something else: 1." in page


def test_a_letter_of_a_trial_is_read_and_nothing_is_changed(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, editor)
    asked = "milestone=after_7&offset_days=14"
    address = f"{PAGE}{focal_point.pk}/2026-07-15/"
    assert f'href="{address}?{asked.replace("&", "&amp;")}"' in words(client.get(f"{PAGE}?{asked}"))
    page = words(client.get(f"{address}?{asked}"))
    assert "would go to" in page and "Report 2026, Albania: was due on 1 July 2026" in page
    assert client.get(address).status_code == 404, "without the trial nothing goes that day"
    assert client.get(f"{address}?milestone=after_7").status_code == 404
    assert client.get(f"{address}?day=1").status_code == 400
    assert "Sent to" in words(client.post(f"{address}?{asked}", follow=True))


def test_a_letter_of_a_trial_tells_the_day_that_is_tried_and_says_so(
    client: Client, editor: User, focal_point: User, clock: Clock
) -> None:
    clock(noon(BEFORE))
    sign_in(client, editor)
    address = f"{PAGE}{focal_point.pk}/2026-07-18/?cycle=2026&due_on=2026-08-17"
    page = words(client.get(address))
    assert "Report 2026, Albania: due on 17 August 2026" in page and "1 July" not in page
    assert "Tried: round 2026 is due on 17 August 2026." in page
    client.post(address)
    message = Message.objects.get(to=editor.email)
    assert message.subject == "Rehearsal: Report 2026, Albania: due on 17 August 2026"
    assert message.body.startswith(f"A trial: it would go to {focal_point.email} on 18 July")
    assert "If nothing changes" not in message.body and message.calendar == ""
