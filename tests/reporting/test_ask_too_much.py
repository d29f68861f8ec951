"""The pages of writers and of the desk refuse what they do not know, and keep little unasked."""

import re

import pytest
from django.test import Client

from members.models import User
from reporting.models import Report
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
REPORT = "/reporting/2026-ALB/"
WRITING = ["/reporting/", REPORT, f"{REPORT}check/", f"{REPORT}answers/2012-T1/"]
DESK = ["", "reviews/", "reports/2026-ALB/", "rounds/2026/", "rounds/2026/extensions/BEL/"]


def refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    page = client.get(f"{path}?unknown=1")
    assert page.status_code == 400
    words = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "unknown: this page does not know this parameter." in words


@pytest.mark.parametrize("path", WRITING)
def test_a_writers_page_refuses_an_unknown_parameter(
    path: str, client: Client, report: Report, focal_point: User
) -> None:
    refused(sign_in(client, focal_point), path)


@pytest.mark.parametrize("path", DESK)
def test_a_page_of_the_desk_refuses_an_unknown_parameter(
    path: str, client: Client, report: Report, reviewer: User
) -> None:
    refused(sign_in(client, reviewer), f"/secretariat/{path}")


def test_no_stranger_fills_the_store_with_texts_kept_before_sign_in(report: Report) -> None:
    for _again in range(12):
        stranger = Client(REMOTE_ADDR="192.0.2.77")
        assert stranger.post(f"{REPORT}answers/2012-T1/", {"narrative": "Kept."}).status_code == 302
    assert "typed_by_path" not in stranger.session
    another = Client(REMOTE_ADDR="192.0.2.78")
    another.post(f"{REPORT}answers/2012-T1/", {"narrative": "Kept."})
    assert "typed_by_path" in another.session
