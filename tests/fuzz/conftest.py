"""A real site that is asked from outside, with published rows and people who are signed in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from reporting import summaries
from tests.api.published import observe, publish_erratum, publish_some
from tests.cast import play, sign_in
from tests.database import copied
from tests.fuzz.asking import Asked
from tests.site import started

# Who asks: nobody in particular, someone who reads, someone who writes, someone who decides.
PEOPLE = ["visitor", "analyst", "focal_point", "administrator"]
# The timetable works on while requests come; what is nobody's request is nobody's doing.
EVERY = ("OUTBOX", "PLAN", "PRINT")
RARELY = {f"{one}_EVERY_SECONDS": "86400" for one in EVERY}


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Asked]:
    """The site, and for each of PEOPLE the headers that make a request theirs."""
    state = Path(tempfile.mkdtemp(prefix="alliance-fuzz-"))
    with copied(django_db_blocker) as database:
        publish_some()
        for year, value in [(2023, 100), (2024, 120), (2025, 126)]:
            observe("ALB", year, value, synthetic=True)
        publish_erratum()
        summaries.build(now=timezone.now())
        headers = {kind: _signed_in(kind) for kind in PEOPLE}
        connection.close()
        given = {"DATABASE_URL": database.url, "SECRET_KEY": settings.SECRET_KEY}
        with started(state, **given, **RARELY) as site:
            yield Asked(site, headers)
    shutil.rmtree(state, ignore_errors=True)


def _signed_in(kind: str) -> dict[str, str]:
    client = sign_in(Client(), play(kind))
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    return {"Cookie": cookies} if cookies else {}
