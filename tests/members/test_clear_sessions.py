"""A session that has ended leaves nothing behind, above all no text typed in it."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from members import tasks


@pytest.mark.django_db
def test_ended_sessions_go_and_others_stay() -> None:
    ended, going = SessionStore(), SessionStore()
    for session in (ended, going):
        session["typed"] = "A text."
        session.save()
    past = timezone.now() - dt.timedelta(minutes=1)
    Session.objects.filter(session_key=ended.session_key).update(expire_date=past)

    tasks.clear_sessions.apply(throw=True)

    assert Session.objects.get().session_key == going.session_key
