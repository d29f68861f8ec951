"""Someone sends a form while the database is away: nothing typed is lost."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from members.access import access, anyone
from members.asking import knows


@access(anyone)
@knows("step")
def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection unexpectedly")


@access(anyone)
@knows("step")
def cut(request: HttpRequest) -> HttpResponse:
    raise InterfaceError("connection already closed")


@access(anyone)
def wrong(request: HttpRequest) -> HttpResponse:
    raise ValueError("a mistake of ours")


urlpatterns = [
    path("away/", away),
    path("cut/", cut),
    path("wrong/", wrong),
    path("api/v1/away/", away),
    path("", include("alliance.urls")),
]
handler400 = "alliance.errors.bad_request"
handler500 = "alliance.errors.server_error"

TYPED = "What we did: <b>training</b> & more\nsecond line"


@pytest.fixture
def browser() -> Iterator[Client]:
    """A client that gets answers as a browser would, errors included."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize("where", ["/away/", "/cut/"])
def test_the_text_comes_back_in_a_form(browser: Client, where: str) -> None:
    answer = browser.post(f"{where}?step=2", {"narrative": TYPED, "tags": ["one", "two"]})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "What we did: &lt;b&gt;training&lt;/b&gt; &amp; more\nsecond line</textarea>" in page
    assert f'<form method="post" action="{where}?step=2">' in page
    assert page.count('name="tags"') == 2
    assert "csrfmiddlewaretoken" in page


def test_passwords_and_codes_do_not_come_back(browser: Client) -> None:
    typed = {
        "login": "ann@alliance.example",
        "password": "hunter2hunter2",
        "new_password1": "hunter3",
    }
    page = browser.post("/away/", typed).content.decode()
    assert "ann@alliance.example" in page
    assert "hunter" not in page


def test_programs_get_a_problem(browser: Client) -> None:
    answer = browser.get("/api/v1/away/")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "30"


def test_our_own_mistakes_stay_500(browser: Client) -> None:
    answer = browser.post("/wrong/", {"narrative": TYPED})
    assert answer.status_code == 500
    assert "Retry-After" not in answer


@pytest.mark.usefixtures("fresh_database")
def test_a_real_database_that_is_away(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session of a signed-in person cannot be read, long before any view."""
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    browser.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    answer = browser.post("/members/", {"narrative": TYPED})
    assert answer.status_code == 503
    assert "second line</textarea>" in answer.content.decode()
